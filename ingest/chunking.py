"""How is a document cut into passages that can be found, understood and quoted by themselves?

Whole sentences of one section, balanced in size; a heading goes with the text below it, a lead-in with its list, a
table row is never cut from its column names. Every passage is a stretch of the document's text, exactly.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexes.embedding.embedder import Embedder
from indexes.passage import DocumentText, PageSpan, Passage, PassageKind, embedding_input, passage_id
from ingest.block_languages import Detect, block_languages
from ingest.readers.reading import Block, BlockKind
from ingest.runs import PASSAGE_KINDS, Run, Unit, joined_runs, runs_of
from ingest.sentences import split_long, split_sentences
from ingest.settings import PassageLimits
from ingest.text import BlockSpan, assemble

_LEAST_ROOM = 48
"""Tokens that are left to the text however long title and headings are; beyond, the model cuts."""
_SPECIAL_TOKENS = 2
_NEEDS_NEIGHBOUR = re.compile(
    r"(?:Tento|Tato|Toto|Tyto|Těmto|Těch|Tím|Proto|Avšak|Však|Jeho|Její|Jejich|On[aoi]?|Ten|Ta|To|Takto|Dále|Naopak|Zároveň|Kromě toho|"
    r"This|These|Those|That|They|It|He|She|His|Her|Their|However|Therefore|Thus|Moreover|Such|Instead)\b"
)


@dataclass(frozen=True, slots=True)
class SplitDocument:
    """A document as it is stored: its text and its passages."""

    text: DocumentText
    passages: tuple[Passage, ...]
    languages: dict[str, int]
    """Characters of each language; those of no known language under an empty code."""

    @property
    def main_language(self) -> str | None:
        """The language of most of the text; None where no language is known."""
        known = {language: size for language, size in self.languages.items() if language}
        return max(known, key=lambda language: known[language], default=None)


def split_into_passages(
    document_id: str,
    title: str,
    blocks: Sequence[Block],
    labels: Sequence[str],
    *,
    embedder: Embedder,
    limits: PassageLimits,
    detect: Detect,
) -> SplitDocument:
    """Return the text of a document and its passages in order.

    No passage is longer than `limits` allow or than the embedder takes with title and headings before it. `labels` are
    the printed page numbers, empty for a file without pages.
    """
    text, spans = assemble(document_id, title, blocks, labels)
    languages = block_languages(spans, text.text, detect)
    cutter = _Cutter(text, title, labels, embedder, limits)
    runs = joined_runs(runs_of(text.text, spans, languages, cutter.units), limits, cutter.page_at)
    passages = _with_ids([passage for run in runs for passage in cutter.cut(run)])
    shares: Counter[str] = Counter()
    for span, language in zip(spans, languages, strict=True):
        shares[language or ""] += span.end - span.start
    return SplitDocument(text, tuple(passages), dict(shares))


class _Cutter:
    """Cuts runs into passages of the right size."""

    def __init__(
        self, text: DocumentText, title: str, labels: Sequence[str], embedder: Embedder, limits: PassageLimits
    ) -> None:
        self._text = text
        self._title = title
        self._labels = labels
        self._embedder = embedder
        self._limits = limits
        self._pages = [segment.start for segment in text.segments]
        self._rooms: dict[tuple[str, ...], int] = {}

    def units(self, span: BlockSpan, language: str | None, index: int) -> list[Unit]:
        """Return the sentences of a block, those beyond any limit cut into pieces."""
        text = self._text.text[span.start : span.end]
        whole = span.kind in (BlockKind.TABLE_ROW, BlockKind.HEADING)
        spans = [(0, len(text))] if whole else split_sentences(text)
        pieces = [piece for start, end in spans for piece in split_long(text, start, end, self._limits.most_chars)]
        counts = self._embedder.token_counts([text[start:end] for start, end in pieces])
        room = self._room(span.heading)
        units = []
        for (start, end), tokens in zip(pieces, counts, strict=True):
            for part_start, part_end, part_tokens in self._small_enough(text, start, end, tokens, room):
                units.append(
                    Unit(span.start + part_start, span.start + part_end, part_tokens, span.kind, language, False, index)
                )
        if units:
            units[-1] = replace(units[-1], ends_block=True)
        return units

    def _small_enough(self, text: str, start: int, end: int, tokens: int, room: int) -> list[tuple[int, int, int]]:
        if tokens <= room or end - start < 2:  # noqa: PLR2004 - a single character cannot be cut
            return [(start, end, tokens)]
        size = max((end - start) // math.ceil(tokens / room * 1.1), 1)
        pieces = split_long(text, start, end, size)
        counts = self._embedder.token_counts([text[a:b] for a, b in pieces])
        return [
            part
            for (a, b), count in zip(pieces, counts, strict=True)
            for part in self._small_enough(text, a, b, count, room)
        ]

    def _room(self, heading: tuple[str, ...]) -> int:
        """Return how many tokens are left to the text of a passage below title and headings."""
        if heading not in self._rooms:
            context = embedding_input(self._title, heading, "")
            taken = self._embedder.token_counts([context])[0] + _SPECIAL_TOKENS
            self._rooms[heading] = max(min(self._limits.most_tokens, self._embedder.max_tokens - taken), _LEAST_ROOM)
        return self._rooms[heading]

    def page_at(self, offset: int) -> int | None:
        """Return the page of an offset into the text, None in a file without pages."""
        segments = self._text.segments
        return segments[max(bisect_right(self._pages, offset) - 1, 0)].number if segments else None

    def cut(self, run: Run) -> list[Passage]:
        """Return the passages of a run."""
        heading = run.heading
        room = self._room(heading)
        groups = self._groups(run.units, room)
        passages = []
        for number, group in enumerate(groups):
            led = heading
            lead = run.leads.get(group[0].block, "") if number > 0 else ""
            if lead and lead not in heading and self._room((*heading, lead)) >= sum(unit.tokens for unit in group):
                led = (*heading, lead)
            before = groups[number - 1][-1] if number else None
            passages.append(self._passage(self._with_neighbour(group, before, room), led))
        return passages

    def _groups(self, units: Sequence[Unit], room: int) -> list[list[Unit]]:
        """Return the units in groups of nearly equal size, none above `room` tokens, cut at paragraphs where possible."""
        total = sum(unit.tokens for unit in units)
        target = total / math.ceil(total / room) if total else 1
        groups: list[list[Unit]] = []
        size = chars = 0
        rest = total
        for unit in units:
            length = unit.end - unit.start
            last = groups[-1][-1] if groups else None
            is_full = size + unit.tokens > room or chars + length > self._limits.most_chars
            is_enough = size + unit.tokens / 2 > target or (
                size >= min(self._limits.least_tokens, target * 0.85) and last is not None and last.ends_block
            )
            if last is None or is_full or (is_enough and not self._is_glued(last) and rest > room / 5):
                carried = self._carried(groups, unit, room) if last is not None else []
                groups.append([*carried, unit])
                size, chars = sum(u.tokens for u in groups[-1]), sum(u.end - u.start for u in groups[-1])
            else:
                groups[-1].append(unit)
                size, chars = size + unit.tokens, chars + length
            rest -= unit.tokens
        return groups

    def _is_glued(self, unit: Unit) -> bool:
        """A lead-in or a heading line goes with what follows it."""
        return unit.kind is BlockKind.HEADING or self._text.text[unit.end - 1] == ":"

    def _carried(self, groups: list[list[Unit]], unit: Unit, room: int) -> list[Unit]:
        """Take a lead-in or heading at the end of the full group over into the next one."""
        last = groups[-1][-1]
        if len(groups[-1]) > 1 and self._is_glued(last) and last.tokens + unit.tokens <= room:
            return [groups[-1].pop()]
        return []

    def _with_neighbour(self, group: list[Unit], before: Unit | None, room: int) -> list[Unit]:
        """Put the sentence before in front of one that points back to it ("Tato opatření ...")."""
        first = group[0]
        if (
            before is None
            or before.block != first.block
            or not _NEEDS_NEIGHBOUR.match(self._text.text, first.start, first.end)
        ):
            return group
        fits = before.tokens <= room / 4 and before.tokens + sum(unit.tokens for unit in group) <= room
        return (
            [before, *group]
            if fits and before.end - before.start + group[-1].end - first.start <= self._limits.most_chars
            else group
        )

    def _passage(self, group: Sequence[Unit], heading: tuple[str, ...]) -> Passage:
        start, end = group[0].start, group[-1].end
        kinds: Counter[PassageKind] = Counter()
        languages: Counter[str | None] = Counter()
        for unit in group:
            kinds[PASSAGE_KINDS.get(unit.kind, PassageKind.PROSE)] += unit.end - unit.start
            languages[unit.language] += unit.end - unit.start
        return Passage(
            id="",
            document_id=self._text.document_id,
            text=self._text.text[start:end],
            language=languages.most_common(1)[0][0],
            heading=heading,
            pages=self._page_span(start, end),
            start=start,
            end=end,
            sentences=tuple((unit.start - start, unit.end - start) for unit in group),
            kind=kinds.most_common(1)[0][0],
        )

    def _page_span(self, start: int, end: int) -> PageSpan | None:
        segments = self._text.segments
        if not segments:
            return None
        first = max(bisect_right(self._pages, start) - 1, 0)
        last = max(bisect_right(self._pages, end - 1) - 1, first)
        numbers = [segment.number for segment in segments[first : last + 1]]
        low, high = min(numbers), max(numbers)
        return PageSpan(low, high, tuple(self._labels[low - 1 : high]))


def _with_ids(passages: Sequence[Passage]) -> list[Passage]:
    counts: defaultdict[tuple[int | None, str], int] = defaultdict(int)
    named = []
    for passage in passages:
        page = passage.pages.first if passage.pages else None
        ordinal = counts[page, passage.text]
        counts[page, passage.text] += 1
        named.append(replace(passage, id=passage_id(passage.document_id, page, passage.text, ordinal)))
    return named
