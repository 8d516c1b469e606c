"""Which neighbouring sentences of a document may share a passage?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from indexes.passage import PassageKind
from ingest.readers.reading import BlockKind
from ingest.settings import PassageLimits
from ingest.text import BlockSpan

_TINY_SHARE = 0.25
"""A section below this share of the largest passage joins its neighbour under the same heading."""
_LANGUAGE_CHARS = 200
"""A stretch of this length in another language becomes a passage of its own."""
_LEAD_CHARS = 160
PASSAGE_KINDS = {
    BlockKind.LIST_ITEM: PassageKind.LIST,
    BlockKind.TABLE_ROW: PassageKind.TABLE,
    BlockKind.FOOTNOTE: PassageKind.FOOTNOTE,
}
"""The kind of a passage by that of its blocks; all others make prose."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, list item or table row: what passages are made of. Offsets are those of the document's text."""

    start: int
    end: int
    tokens: int
    kind: BlockKind
    language: str | None
    ends_block: bool
    block: int


@dataclass(slots=True)
class Run:
    """Neighbouring units that may share a passage: one section, one language, one of text, table or footnotes."""

    heading: tuple[str, ...]
    units: list[Unit]
    above: Unit | None = None
    """The heading line right above, taken into the text where sections are joined."""
    leads: dict[int, str] = field(default_factory=dict)
    """The lead-in above the list to which a block belongs, by the number of the block."""
    tokens: int = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = sum(unit.tokens for unit in self.units)


def runs_of(
    text: str,
    spans: Sequence[BlockSpan],
    languages: Sequence[str | None],
    units_of: Callable[[BlockSpan, str | None, int], list[Unit]],
) -> list[Run]:
    """Return the runs of a document in order; `units_of` gives the units of a block, its language and its number."""
    runs: list[Run] = []
    pending: list[Unit] = []
    lead = ""
    for index, (span, language) in enumerate(zip(spans, languages, strict=True)):
        units = units_of(span, language, index)
        if span.kind is BlockKind.HEADING:
            pending = units[:1] if span.is_counted else []
            runs.append(Run((), []))
            lead = ""
            continue
        lead = text[span.start : span.end] if _is_lead(text, span) else lead if span.kind is BlockKind.LIST_ITEM else ""
        if runs and runs[-1].units and _goes_on(runs[-1], span):
            _extend(runs, units)
        elif pending and not span.heading:  # a title among headings of its rank stands in no path, so it leads its text
            runs.append(Run((), [*pending, *units]))
        else:
            runs.append(Run(span.heading, units, pending[0] if pending else None))
        if lead and span.kind is BlockKind.LIST_ITEM:
            runs[-1].leads[index] = lead
        pending = []
    return [run for run in runs if run.units]


def _is_lead(text: str, span: BlockSpan) -> bool:
    return span.kind is BlockKind.PARAGRAPH and text[span.end - 1] == ":" and span.end - span.start <= _LEAD_CHARS


def _goes_on(run: Run, span: BlockSpan) -> bool:
    return run.heading == span.heading and group(run.units[-1].kind) == group(span.kind)


def _extend(runs: list[Run], units: Sequence[Unit]) -> None:
    """Add the units of a block to the last run; a long stretch at its end in another language than its first is cut off."""
    run, language = runs[-1], units[0].language
    run.units.extend(units)
    run.tokens += sum(unit.tokens for unit in units)
    if language == run.units[0].language:
        return
    start = len(run.units)
    while run.units[start - 1].language == language:
        start -= 1
    if run.units[-1].end - run.units[start].start >= _LANGUAGE_CHARS:
        runs.append(Run(run.heading, run.units[start:], leads=run.leads))
        run.tokens -= runs[-1].tokens
        del run.units[start:]


def group(kind: BlockKind) -> PassageKind:
    """Prose and lists may share a passage, tables and footnotes keep to themselves."""
    found = PASSAGE_KINDS.get(kind, PassageKind.PROSE)
    return PassageKind.PROSE if found is PassageKind.LIST else found


def joined_runs(runs: Sequence[Run], limits: PassageLimits, page_at: Callable[[int], int | None]) -> list[Run]:
    """Return the runs with tiny neighbouring sections put together; those of two slides or pages stay apart.

    `page_at` gives the page of an offset into the text.
    """
    tiny = _TINY_SHARE * limits.most_tokens
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if (
            last is not None
            and _may_join(last, run)
            and (last.tokens < tiny or run.tokens < tiny)
            and last.tokens + run.tokens <= limits.least_tokens
            and page_at(last.units[0].start) == page_at(run.units[0].start)
        ):
            joined[-1] = _together(last, run)
        else:
            joined.append(run)
    return joined


def _may_join(above: Run, run: Run) -> bool:
    if PassageKind.FOOTNOTE in (group(above.units[-1].kind), group(run.units[0].kind)):
        return above.units[-1].kind is run.units[0].kind
    common = len(_common(above.heading, run.heading))
    return common >= max(len(above.heading), len(run.heading)) - 1 and above.units[-1].language == run.units[0].language


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    size = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:size]


def _together(above: Run, run: Run) -> Run:
    heading = _common(above.heading, run.heading)
    is_lost = heading != above.heading or not heading
    first = [above.above] if above.above is not None and is_lost else []
    inner = [run.above] if run.above is not None and run.above.start >= above.units[-1].end else []
    units = [*first, *above.units, *inner, *run.units]
    return Run(heading, units, None if first else above.above, above.leads | run.leads)
