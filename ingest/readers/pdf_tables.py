"""Where does a table begin among the lines of a page, and which are its rows?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.readers.pdf_page import Cell, Line

_LEAST_ROWS = 2
_MARK = re.compile(r"\W{1,2}|\(?(?:\d{1,2}|[a-z])[.)]")
"""What stands before the items of a list; the gap behind it makes no table."""
_NEAR = 6.0
"""Points by which the edges of cells of one column may differ."""


def table_at(lines: Sequence[Line], index: int) -> tuple[list[list[str]], int]:
    """Return the cells of the table that begins at `lines[index]` and how many lines it takes: ([], 0) if none does."""
    if not lines[index].cells:
        return [], 0
    end = index
    while end < len(lines) and _is_row(lines, index, end):
        end += 1
    grid = lines[index:end]
    columns = _columns(grid)
    rows = _with_wrapped([_row(line, columns) for line in grid])
    if len(rows) < _LEAST_ROWS or len(columns) < 2 or not _is_regular(rows):  # noqa: PLR2004 - one column is a list
        return [], 0
    return rows, end - index


def _is_row(lines: Sequence[Line], first: int, index: int) -> bool:
    """Return whether a line goes on with the table that begins at `first`: a row, or a cell that wraps or stands apart."""
    line = lines[index]
    if line.cells and _MARK.fullmatch(line.cells[0].text):
        return False
    if index == first:
        return bool(line.cells)
    lowest = min(lines[first:index], key=lambda above: above.bottom)
    is_near = lowest.bottom - line.top < 2.5 * max(line.size, lowest.size) and line.top < lines[first].top + 1
    is_in_columns = line.left > lines[first].cells[1].left - _NEAR
    is_row = bool(line.cells and lowest.bottom > line.bottom) or is_in_columns
    return is_near and (is_row or _is_first_cell(lines, first, index))


def _is_first_cell(lines: Sequence[Line], first: int, index: int) -> bool:
    """Return whether a line is text of the first column that wraps: a row that began above, or whose rest stands beside it."""
    left, second = lines[first].left, lines[first].cells[1].left
    end = index
    while end < len(lines) and _is_within(lines[end], left, second):
        end += 1
    if end == index:
        return False
    line, above = lines[index], lines[index - 1]
    if line.text[0].islower() and 0 < above.bottom - line.top < line.size / 2:
        return True
    rest = lines[end] if end < len(lines) else None
    return (
        rest is not None
        and rest.left > second - _NEAR
        and lines[end - 1].bottom - 1 < rest.bottom
        and rest.top < line.top + line.size
    )


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


def _with_wrapped(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows with those that only continue the one above joined to it.

    Nothing stands in their first column, or nothing but the rest of what wrapped there.
    """
    joined: list[list[str]] = []
    for row in rows:
        is_lone = not any(row[1:])
        if joined and (not row[0] or (is_lone and (row[0][0].islower() or not any(joined[-1][1:])))):
            joined[-1] = [f"{above} {cell}".strip() for above, cell in zip(joined[-1], row, strict=True)]
        else:
            joined.append(row)
    return joined
