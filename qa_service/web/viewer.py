"""How is the cleaned text of a document laid out, so that every page, heading and passage has its place and name?

The text is one line for each paragraph. It is cut at line ends and at the edges of passages and pages; pieces of one
passage stand in one element, whose id is what `#passage=` in an address points to. Page breaks are milestones inside
the text, because passages run across them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Generic, TypeVar

from indexes.passage import DocumentText, PageSegment, Passage
from qa_service.web.marking import Run, Span, marked_runs

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or heading, or the part of it that belongs to one passage and page.

    `level` is 2..6 for a heading (1 is the title of the document), else None. `page` is set where a page begins.
    """

    runs: tuple[Run, ...]
    level: int | None
    page: PageSegment | None
    is_continued: bool
    anchor: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring blocks of one passage, or of none."""

    passage: Passage | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """A heading as the table of contents names it."""

    text: str
    level: int
    anchor: str


def lay_out(text: DocumentText, passages: Sequence[Passage], quote: Span | None = None) -> list[Stretch]:
    """Return the document as stretches in reading order; `quote` (offsets into the text) is marked."""
    owned = _owned(passages)
    owners = _Places(owned)
    pages = _Places([(segment.start, segment.end, segment) for segment in text.segments])
    headings = _Places([(heading.start, heading.end, heading.level) for heading in text.headings])
    levels = _Levels()
    placed = []
    shown_page = None
    for start, end in _pieces(text, owned):
        segment = pages.at(start)
        begins_page = segment is not None and segment.number != shown_page
        shown_page = segment.number if segment else shown_page
        block = Block(
            runs=marked_runs(text.text, [quote] if quote else [], start, end),
            level=levels.next(headings.at(start)),
            page=segment if begins_page else None,
            is_continued=start > 0 and text.text[start - 1] != "\n",
            anchor=f"at={start}",
        )
        placed.append((owners.at(start), block))
    return [_stretch(list(group)) for _, group in groupby(placed, key=lambda pair: pair[0] and pair[0].id)]


def contents(stretches: Sequence[Stretch]) -> list[ContentsLine]:
    """Return the headings of a document that was laid out, in order."""
    blocks = (block for stretch in stretches for block in stretch.blocks)
    return [
        ContentsLine("".join(run.text for run in block.runs), block.level, block.anchor)
        for block in blocks
        if block.level is not None
    ]


class _Levels:
    """Keeps heading levels from skipping one on the way down, so that a screen reader's outline has no holes."""

    def __init__(self) -> None:
        self._previous = 1

    def next(self, level: int | None) -> int | None:
        if level is None:
            return None
        self._previous = min(level + 1, self._previous + 1, 6)
        return self._previous


def _stretch(placed: Sequence[tuple[Passage | None, Block]]) -> Stretch:
    return Stretch(placed[0][0], tuple(block for _, block in placed))


def _owned(passages: Sequence[Passage]) -> list[tuple[int, int, Passage]]:
    """Return which passage owns which stretch: where two overlap, the earlier one keeps what it has."""
    owned = []
    position = 0
    for passage in sorted(passages, key=lambda p: (p.start, p.end)):
        start = max(position, passage.start)
        if start < passage.end:
            owned.append((start, passage.end, passage))
            position = passage.end
    return owned


def _pieces(text: DocumentText, owned: Sequence[tuple[int, int, Passage]]) -> Iterator[Span]:
    edges = {0, len(text.text)}
    edges.update(edge for start, end, _ in owned for edge in (start, end))
    edges.update(edge for segment in text.segments for edge in (segment.start, segment.end))
    edges.update(index + 1 for index, character in enumerate(text.text) if character == "\n")
    ordered = sorted(edges)
    for start, end in pairwise(ordered):
        if text.text[start:end].strip():
            yield start, end


class _Places(Generic[T]):
    """Finds which of several stretches (in order, not overlapping) covers a position of the text."""

    def __init__(self, stretches: Sequence[tuple[int, int, T]]) -> None:
        self._stretches = stretches
        self._starts = [start for start, _, _ in stretches]

    def at(self, position: int) -> T | None:
        index = bisect_right(self._starts, position) - 1
        if index < 0 or position >= self._stretches[index][1]:
            return None
        return self._stretches[index][2]
