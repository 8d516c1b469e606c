"""How far to the right does the text of a column reach, so that a line that stops short of it ends a paragraph?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ingest.readers.pdf_page import Line

Edges: TypeAlias = dict[int, float]
"""The right edge of the text by the stripe in which its lines begin."""

_STRIPE = 30
"""Lines that begin in one stripe of so many points belong to one column."""
_LEAST_LINES = 10
"""So many lines that begin at one place are a column of text."""
_TOUCH = 1.0
"""Points by which a line may reach over the edge of its column."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of text with another one beside it; lines over both may stand above and below."""

    right: float
    """Where the column beside it begins."""
    top: float
    bottom: float
    edges: Edges

    def holds(self, line: Line) -> bool:
        """Return whether a line stands in this column, beside the other."""
        return line.right <= self.right + _TOUCH and self.bottom <= (line.top + line.bottom) / 2 <= self.top


def column_edges(lines: Sequence[Line]) -> Edges:
    """Return the right edge of the text that begins in each stripe of 30 points or in one of its neighbours."""
    edges: Edges = {}
    for line in lines:
        stripe = int(line.left // _STRIPE)
        if line.right > edges.get(stripe, 0.0):
            edges[stripe] = line.right
    stripes = {stripe + step for stripe in edges for step in (-1, 0, 1)}
    return {stripe: max(edges.get(stripe + step, 0.0) for step in (-1, 0, 1)) for stripe in stripes}


def edge_of(line: Line, edges: Edges) -> float:
    """Return the right edge of the text among which a line begins, 0 where none is known."""
    return edges.get(int(line.left // _STRIPE), 0.0)


def narrow_columns(lines: Sequence[Line]) -> list[Column]:
    """Return the columns that have another one to their right, from left to right; none on most pages.

    Without them a title or an abstract over all columns would make every line of the first look short.
    """
    beginning: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if not line.cells:
            beginning[round(line.left)].append(line)
    lefts = sorted(left for left, column in beginning.items() if len(column) >= _LEAST_LINES)
    columns = []
    for left in lefts[1:]:
        top, bottom = max(line.top for line in beginning[left]), min(line.bottom for line in beginning[left])
        beside = Column(left, top, bottom, {})
        inside = [line for line in lines if beside.holds(line)]
        if len(inside) >= _LEAST_LINES:
            columns.append(Column(left, top, bottom, column_edges(inside)))
    return columns
