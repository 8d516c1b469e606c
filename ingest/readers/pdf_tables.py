"""Where does a table begin among the lines of a page, and which are its rows?"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import partial, reduce
from itertools import pairwise

from ingest.readers.line_ends import Compound, joined_lines
from ingest.readers.pdf_page import Cell, Line

_LEAST_ROWS = 2
_MARK = re.compile(r"\W{1,2}|\(?(?:\d{1,2}|[a-z])[.)]")
"""What stands before the items of a list; the gap behind it makes no table."""
_ROW_GAP = 2.5
"""Rows of one table are not further apart than this, in heights of the font."""
_LEADING = 0.9
"""Share of the height of the font that parts the lines of one cell at most."""
_APART = 0.3
"""Share of the height of the font by which rows stand further apart than the lines of one row."""
_LEAST_GROUPS = 3
"""A header and two rows: a single wide gap parts the header from rows of one line each."""
_FIGURES = re.compile(r"[\d\s.,%–-]+")
_MOST_LINES = 12
"""Of the other cells of a row, as far as is looked ahead."""
_NEAR = 6.0
"""Points by which the edges of cells of one column may differ."""


def table_at(lines: Sequence[Line], index: int, words: Collection[Compound] = ()) -> tuple[list[list[str]], int]:
    """Return the cells of the table that begins at `lines[index]` and how many lines it takes: ([], 0) if none does.

    `words` are those that the document writes with a hyphen.
    """
    if not lines[index].cells:
        return [], 0
    end = index
    while end < len(lines) and (taken := _taken(lines, index, end)):
        end += taken
    grid = lines[index:end]
    columns = _columns(grid)
    rows = _rows(grid, columns, words)
    if len(rows) < _LEAST_ROWS or len(columns) < 2 or not _is_regular(rows):  # noqa: PLR2004 - one column is a list
        return [], 0
    return rows, end - index


def _taken(lines: Sequence[Line], first: int, index: int) -> int:
    """Return how many lines from `index` on go on with the table that begins at `first`: a row, or the text of a cell."""
    line = lines[index]
    if line.cells and _MARK.fullmatch(line.cells[0].text):
        return 0
    if index == first:
        return 1
    lowest = min(lines[first:index], key=lambda above: above.bottom)
    gap = lowest.bottom - _row_top(lines, index, lowest)
    if gap >= _ROW_GAP * max(line.size, lowest.size) or line.top >= lines[first].top + 1:
        return 0
    if (line.cells and lowest.bottom > line.bottom) or line.left > lines[first].cells[1].left - _NEAR:
        return 1
    return _first_cell(lines, first, index, lowest.bottom)


def _row_top(lines: Sequence[Line], index: int, above: Line) -> float:
    """Return the top of the row below `above` to which a line belongs: its other cells may reach higher."""
    row = [line.top for line in lines[index : index + _MOST_LINES] if line.top < above.bottom + 1]
    return max([lines[index].top, *row])


def _first_cell(lines: Sequence[Line], first: int, index: int, lowest: float) -> int:
    """Return how many lines are text of the first column that wraps: a row that began above, or whose rest stands beside it."""
    left, second = lines[first].left, lines[first].cells[1].left
    end = index
    while end < len(lines) and _is_within(lines[end], left, second) and (end == index or _is_below(lines, end)):
        end += 1
    if end == index:
        return 0
    rest = lines[end] if end < len(lines) else None
    is_begun = rest is not None and rest.left > second - _NEAR and rest.top < lowest + 1 and _is_beside(lines, end)
    goes_on = rest is not None and bool(rest.cells) and abs(rest.left - left) < _NEAR and _is_rest(lines, end)
    return end - index if is_begun or goes_on or _is_rest(lines, index) else 0


def _is_rest(lines: Sequence[Line], index: int) -> bool:
    """Return whether a line goes on in the middle of what the line before says."""
    return lines[index].text[0].islower() and _is_below(lines, index)


def _is_below(lines: Sequence[Line], index: int) -> bool:
    """Return whether a line stands right below the one before, as lines of one cell do."""
    return not _is_beside(lines, index) and lines[index - 1].bottom - lines[index].top < _LEADING * lines[index].size


def _is_beside(lines: Sequence[Line], index: int) -> bool:
    """Return whether a line stands no lower than the one before."""
    return (lines[index].top + lines[index].bottom) / 2 > lines[index - 1].bottom


def _is_within(line: Line, left: float, right: float) -> bool:
    return not line.cells and abs(line.left - left) < _NEAR and line.right < right


def _columns(grid: Sequence[Line]) -> list[tuple[float, float]]:
    """Return the left and right edges of the columns: cells that overlap belong to one."""
    columns: list[tuple[float, float]] = []
    for cell in sorted((cell for line in grid for cell in _cells(line)), key=lambda cell: cell.left):
        if columns and cell.left < columns[-1][1] - 1:
            columns[-1] = (columns[-1][0], max(columns[-1][1], cell.right))
        else:
            columns.append((cell.left, cell.right))
    return columns


def _cells(line: Line) -> Sequence[Cell]:
    return line.cells or (Cell(line.left, line.right, line.text),)


def _is_regular(rows: Sequence[Sequence[str]]) -> bool:
    """A justified line with wide gaps looks like cells too, but not line after line in the same places."""
    filled = sum(bool(cell) for row in rows for cell in row)
    return filled >= 0.6 * len(rows) * len(rows[0])


def _column(cell: Cell, columns: Sequence[tuple[float, float]]) -> int:
    middle = (cell.left + cell.right) / 2
    return min(
        range(len(columns)),
        key=lambda i: 0 if columns[i][0] - _NEAR <= middle <= columns[i][1] + _NEAR else abs(columns[i][0] - middle),
    )


def _row(line: Line, columns: Sequence[tuple[float, float]]) -> list[str]:
    row = [""] * len(columns)
    for cell in _cells(line):
        column = _column(cell, columns)
        row[column] = f"{row[column]} {cell.text}".strip()
    return row


def _rows(grid: Sequence[Line], columns: Sequence[tuple[float, float]], words: Collection[Compound]) -> list[list[str]]:
    """Return the cells of each row; a file may hold the lines of a wrapped cell one after another, before the next cell."""
    cells = [_row(line, columns) for line in grid]
    groups = _groups(grid, cells)
    if groups:
        return [reduce(partial(_joined_rows, words=words), group) for group in groups]
    rows: list[list[str]] = []
    low = 0.0
    for index, (line, texts) in enumerate(zip(grid, cells, strict=True)):
        is_beside = (line.top + line.bottom) / 2 > low
        if rows and (is_beside or not texts[0] or _goes_on(rows[-1], grid, cells, index)):
            rows[-1] = _joined_rows(rows[-1], texts, words)
            low = min(low, line.bottom)
        else:
            rows.append(texts)
            low = line.bottom
    return rows


def _groups(grid: Sequence[Line], cells: Sequence[list[str]]) -> list[list[list[str]]]:
    """Return the lines of each row where the space between rows tells them apart; none where it does not.

    It tells where a file holds line after line over all columns, some of which are used up before the others.
    """
    pitches = [(a.top - b.top + a.bottom - b.bottom) / 2 for a, b in pairwise(grid)]
    if not pitches or min(pitches) < _LEADING * grid[0].size:
        return []
    groups = [[cells[0]]]
    for pitch, line, texts in zip(pitches, grid[1:], cells[1:], strict=True):
        if pitch > min(pitches) + _APART * line.size:
            groups.append([])
        groups[-1].append(texts)
    is_wrapped = any(not all(texts) for group in groups for texts in group[1:])
    are_begun = all(group[0][0] for group in groups[1:])  # a header may have no name for the first column
    return groups if len(groups) >= _LEAST_GROUPS and is_wrapped and are_begun and all(map(_is_row, groups)) else []


def _is_row(group: Sequence[Sequence[str]]) -> bool:
    """Return whether lines may be those of one row: no cell goes on once it has ended, nor below a figure."""
    return not any(
        (all(below) and below[0][0].isupper())
        or any(more and (not text or _FIGURES.fullmatch(text)) for text, more in zip(above, below, strict=True))
        for above, below in pairwise(group)
    )


def _joined_rows(above: Sequence[str], below: Sequence[str], words: Collection[Compound]) -> list[str]:
    return [_joined(text, more, words) for text, more in zip(above, below, strict=True)]


def _goes_on(row: Sequence[str], grid: Sequence[Line], cells: Sequence[Sequence[str]], index: int) -> bool:
    """Return whether the text of the first column goes on from the row above."""
    is_lone = not any(cells[index][1:])
    if not any(row[1:]):
        return is_lone or _is_rest(grid, index)
    return is_lone and _is_rest(grid, index) and not _begins(grid, cells, index)


def _begins(grid: Sequence[Line], cells: Sequence[Sequence[str]], index: int) -> bool:
    """Return whether other cells stand beside the text of the first column that begins here."""
    end = index + 1
    while end < len(grid) and cells[end][0] and not any(cells[end][1:]):
        end += 1
    return end < len(grid) and not cells[end][0] and _is_beside(grid, end)


def _joined(above: str, text: str, words: Collection[Compound]) -> str:
    return joined_lines(above, text, words) if above and text else above or text
