"""How is a document cut into passages that can be found, understood and quoted by themselves?

Whole sentences of one section, balanced in size; a heading goes with the text below it, a lead-in with its list, a
table row is never cut from its column names. Every passage is a stretch of the document's text, exactly.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from indexes.embedding.embedder import Embedder
from indexes.passage import DocumentText, PageSpan, Passage, PassageKind, embedding_input, passage_id
from ingest.readers.reading import Block, BlockKind
from ingest.sentences import split_long, split_sentences
from ingest.settings import PassageLimits
from ingest.text import BlockSpan, assemble

Detect = Callable[[str], str | None]

_TINY_SHARE = 0.25
"""A section below this share of the largest passage joins its neighbour under the same heading."""
_LEAST_ROOM = 48
"""Tokens that are left to the text however long title and headings are; beyond, the model cuts."""
_SPECIAL_TOKENS = 2
_LANGUAGE_CHARS = 200
"""A stretch of this length in another language becomes a passage of its own."""
_DETECT_CHARS = 40
"""Shorter texts are judged with their neighbours, or have their language."""
_WHOLE_CHARS = 4000
_LEAD_CHARS = 160
_NEEDS_NEIGHBOUR = re.compile(
    r"(?:Tento|Tato|Toto|Tyto|Těmto|Těch|Tím|Proto|Avšak|Však|Jeho|Její|Jejich|On[aoi]?|Ten|Ta|To|Takto|Dále|Naopak|Zároveň|Kromě toho|"
    r"This|These|Those|That|They|It|He|She|His|Her|Their|However|Therefore|Thus|Moreover|Such|Instead)\b"
)
_KINDS = {
    BlockKind.LIST_ITEM: PassageKind.LIST,
    BlockKind.TABLE_ROW: PassageKind.TABLE,
    BlockKind.FOOTNOTE: PassageKind.FOOTNOTE,
}


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, list item or table row: what passages are made of. Offsets are those of the document's text."""

    start: int
    end: int
    tokens: int
    kind: BlockKind
    language: str | None
    ends_block: bool
    block: int


@dataclass(slots=True)
class _Run:
    """Neighbouring units that may share a passage: one section, one language, one of text, table or footnotes."""

    heading: tuple[str, ...]
    units: list[_Unit]
    above: _Unit | None = None
    """The heading line right above, taken into the text where sections are joined."""
    lead: str = ""
    tokens: int = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = sum(unit.tokens for unit in self.units)


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
    languages = _languages(spans, text.text, detect)
    cutter = _Cutter(text, title, labels, embedder, limits)
    runs = _joined(_runs(text.text, spans, languages, cutter), limits, cutter)
    passages = _with_ids([passage for run in runs for passage in cutter.cut(run)])
    shares: Counter[str] = Counter()
    for span, language in zip(spans, languages, strict=True):
        shares[language or ""] += span.end - span.start
    return SplitDocument(text, tuple(passages), dict(shares))


def _languages(spans: Sequence[BlockSpan], text: str, detect: Detect) -> list[str | None]:
    """Return the language of each block; one that cannot be told has that of the block above, at the top the commonest."""
    found = _detected([text[span.start : span.end] for span in spans], detect)
    sizes: Counter[str] = Counter()
    for span, language in zip(spans, found, strict=True):
        sizes[language or ""] += span.end - span.start
    del sizes[""]
    last = sizes.most_common(1)[0][0] if sizes else detect(text[:_WHOLE_CHARS])
    filled = []
    for language in found:
        last = language or last
        filled.append(last)
    return filled


def _detected(texts: Sequence[str], detect: Detect) -> list[str | None]:
    """Return the language of each text; neighbours that are too short to tell are judged together."""
    found = [detect(text) if len(text) >= _DETECT_CHARS else None for text in texts]
    start = 0
    while start < len(texts):
        end = start
        while end < len(texts) and found[end] is None:
            end += 1
        together = " ".join(texts[start:end])[:_WHOLE_CHARS]
        if len(together) >= _DETECT_CHARS and end - start > 1:
            found[start:end] = [detect(together)] * (end - start)
        start = end + 1
    return found


def _runs(text: str, spans: Sequence[BlockSpan], languages: Sequence[str | None], cutter: _Cutter) -> list[_Run]:
    runs: list[_Run] = []
    pending: list[_Unit] = []
    lead = ""
    for index, (span, language) in enumerate(zip(spans, languages, strict=True)):
        units = cutter.units(span, language, index)
        if span.kind is BlockKind.HEADING:
            pending = units[:1] if span.is_counted else []
            runs.append(_Run((), []))
            continue
        lead = text[span.start : span.end] if _is_lead(text, span) else lead if span.kind is BlockKind.LIST_ITEM else ""
        if runs and runs[-1].units and _goes_on(runs[-1], span, language, units):
            runs[-1].units.extend(units)
            runs[-1].tokens += sum(unit.tokens for unit in units)
        elif pending and not span.heading:  # a title among headings of its rank stands in no path, so it leads its text
            runs.append(_Run((), [*pending, *units]))
        else:
            runs.append(_Run(span.heading, units, pending[0] if pending else None))
        runs[-1].lead = lead
        pending = []
    return [run for run in runs if run.units]


def _is_lead(text: str, span: BlockSpan) -> bool:
    return span.kind is BlockKind.PARAGRAPH and text[span.end - 1] == ":" and span.end - span.start <= _LEAD_CHARS


def _goes_on(run: _Run, span: BlockSpan, language: str | None, units: Sequence[_Unit]) -> bool:
    last = run.units[-1]
    if run.heading != span.heading or _group(last.kind) != _group(span.kind):
        return False
    size = units[-1].end - units[0].start
    return last.language == language or size < _LANGUAGE_CHARS


def _group(kind: BlockKind) -> PassageKind:
    """Prose and lists may share a passage, tables and footnotes keep to themselves."""
    found = _KINDS.get(kind, PassageKind.PROSE)
    return PassageKind.PROSE if found is PassageKind.LIST else found


def _joined(runs: Sequence[_Run], limits: PassageLimits, cutter: _Cutter) -> list[_Run]:
    """Return the runs with tiny neighbouring sections put together; those of two slides or pages stay apart."""
    tiny = _TINY_SHARE * limits.most_tokens
    joined: list[_Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if (
            last is not None
            and _may_join(last, run)
            and (last.tokens < tiny or run.tokens < tiny)
            and last.tokens + run.tokens <= limits.least_tokens
            and cutter.page_at(last.units[0].start) == cutter.page_at(run.units[0].start)
        ):
            joined[-1] = _together(last, run)
        else:
            joined.append(run)
    return joined


def _may_join(above: _Run, run: _Run) -> bool:
    if PassageKind.FOOTNOTE in (_group(above.units[-1].kind), _group(run.units[0].kind)):
        return above.units[-1].kind is run.units[0].kind
    common = len(_common(above.heading, run.heading))
    return common >= max(len(above.heading), len(run.heading)) - 1 and above.units[-1].language == run.units[0].language


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    size = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:size]


def _together(above: _Run, run: _Run) -> _Run:
    heading = _common(above.heading, run.heading)
    is_lost = heading != above.heading or not heading
    first = [above.above] if above.above is not None and is_lost else []
    inner = [run.above] if run.above is not None and run.above.start >= above.units[-1].end else []
    return _Run(heading, [*first, *above.units, *inner, *run.units], None if first else above.above, run.lead)


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

    def units(self, span: BlockSpan, language: str | None, index: int) -> list[_Unit]:
        """Return the sentences of a block, those beyond any limit cut into pieces."""
        text = self._text.text[span.start : span.end]
        whole = span.kind in (BlockKind.TABLE_ROW, BlockKind.HEADING)
        spans = [(0, len(text))] if whole else split_sentences(text)
        pieces = [piece for start, end in spans for piece in split_long(text, start, end, self._limits.most_chars)]
        counts = self._embedder.token_counts([text[start:end] for start, end in pieces])
        units = []
        for (start, end), tokens in zip(pieces, counts, strict=True):
            for part_start, part_end, part_tokens in self._small_enough(text, start, end, tokens):
                units.append(
                    _Unit(
                        span.start + part_start, span.start + part_end, part_tokens, span.kind, language, False, index
                    )
                )
        if units:
            units[-1] = replace(units[-1], ends_block=True)
        return units

    def _small_enough(self, text: str, start: int, end: int, tokens: int) -> list[tuple[int, int, int]]:
        room = self._room(())
        if tokens <= room or end - start < 2:  # noqa: PLR2004 - a single character cannot be cut
            return [(start, end, tokens)]
        size = max((end - start) // math.ceil(tokens / room * 1.1), 1)
        pieces = split_long(text, start, end, size)
        counts = self._embedder.token_counts([text[a:b] for a, b in pieces])
        return [
            part for (a, b), count in zip(pieces, counts, strict=True) for part in self._small_enough(text, a, b, count)
        ]

    def _room(self, heading: tuple[str, ...]) -> int:
        """Return how many tokens are left to the text of a passage below title and headings."""
        context = embedding_input(self._title, heading, "")
        taken = self._embedder.token_counts([context])[0] + _SPECIAL_TOKENS
        return max(min(self._limits.most_tokens, self._embedder.max_tokens - taken), _LEAST_ROOM)

    def page_at(self, offset: int) -> int | None:
        """Return the page of an offset into the text, None in a file without pages."""
        segments = self._text.segments
        return segments[max(bisect_right(self._pages, offset) - 1, 0)].number if segments else None

    def cut(self, run: _Run) -> list[Passage]:
        """Return the passages of a run."""
        heading = run.heading
        room = self._room(heading)
        groups = self._groups(run.units, room)
        passages = []
        for number, group in enumerate(groups):
            led = heading
            is_led = number > 0 and run.lead and group[0].kind is BlockKind.LIST_ITEM
            if (
                is_led
                and run.lead not in heading
                and self._room((*heading, run.lead)) >= sum(unit.tokens for unit in group)
            ):
                led = (*heading, run.lead)
            before = groups[number - 1][-1] if number else None
            passages.append(self._passage(self._with_neighbour(group, before, room), led))
        return passages

    def _groups(self, units: Sequence[_Unit], room: int) -> list[list[_Unit]]:
        """Return the units in groups of nearly equal size, none above `room` tokens, cut at paragraphs where possible."""
        total = sum(unit.tokens for unit in units)
        target = total / math.ceil(total / room) if total else 1
        groups: list[list[_Unit]] = []
        size = chars = 0
        for position, unit in enumerate(units):
            length = unit.end - unit.start
            last = groups[-1][-1] if groups else None
            is_full = size + unit.tokens > room or chars + length > self._limits.most_chars
            is_enough = size + unit.tokens / 2 > target or (
                size >= min(self._limits.least_tokens, target * 0.85) and last is not None and last.ends_block
            )
            rest = sum(later.tokens for later in units[position:])
            if last is None or is_full or (is_enough and not self._is_glued(last) and rest > room / 5):
                carried = self._carried(groups, unit, room) if last is not None else []
                groups.append([*carried, unit])
                size, chars = sum(u.tokens for u in groups[-1]), sum(u.end - u.start for u in groups[-1])
            else:
                groups[-1].append(unit)
                size, chars = size + unit.tokens, chars + length
        return groups

    def _is_glued(self, unit: _Unit) -> bool:
        """A lead-in or a heading line goes with what follows it."""
        return unit.kind is BlockKind.HEADING or self._text.text[unit.end - 1] == ":"

    def _carried(self, groups: list[list[_Unit]], unit: _Unit, room: int) -> list[_Unit]:
        """Take a lead-in or heading at the end of the full group over into the next one."""
        last = groups[-1][-1]
        if len(groups[-1]) > 1 and self._is_glued(last) and last.tokens + unit.tokens <= room:
            return [groups[-1].pop()]
        return []

    def _with_neighbour(self, group: list[_Unit], before: _Unit | None, room: int) -> list[_Unit]:
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

    def _passage(self, group: Sequence[_Unit], heading: tuple[str, ...]) -> Passage:
        start, end = group[0].start, group[-1].end
        kinds: Counter[PassageKind] = Counter()
        languages: Counter[str | None] = Counter()
        for unit in group:
            kinds[_KINDS.get(unit.kind, PassageKind.PROSE)] += unit.end - unit.start
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
