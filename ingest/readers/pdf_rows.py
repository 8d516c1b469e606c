"""Which lines of a page are rows of a table although their cells nearly touch?

Where a cell fills its column ("Zkratka Význam"), no gap parts it from the next. The row above or below shows the
columns: a line whose words begin where its cells begin is cut there.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.readers.pdf_glyphs import Glyphs
from ingest.readers.pdf_letters import Character, characters
from ingest.readers.pdf_page import Cell, Line

PlacedLine = tuple[int, str, Line]
"""The text index of the first character of a row as PDFium counts, its characters, and the line made of them."""

_NEAR = 2.0
"""Points by which the beginnings of the cells of one column may differ."""
_ROW_PITCH = 2.5
"""Rows of one table are not further apart than this, in heights of the font."""
_MOST_CHARS = 200


def with_narrow_gaps(glyphs: Glyphs, placed: Sequence[PlacedLine]) -> list[Line]:
    """Return the lines of a page, those among the rows of a table with the cells of their neighbours' columns."""
    lines = [line for _, _, line in placed]
    if not any(line.cells for line in lines):
        return lines
    for index in range(len(lines) - 1, -1, -1):  # a header lies above its rows, so the lower neighbour comes first
        line = lines[index]
        if line.cells or len(line.text) > _MOST_CHARS or line.text.endswith((".", ":", ";", ",", "\ufffe")):
            continue
        for other in lines[index + 1 : index + 2] + lines[max(index - 1, 0) : index]:
            if _may_be_row(line, other):
                start, content, _ = placed[index]
                lines[index] = _cut(glyphs, start, content, line, other.cells)
    return lines


def _may_be_row(line: Line, other: Line) -> bool:
    distance = abs(line.bottom - other.bottom)
    return (
        len(other.cells) > 1
        and abs(line.left - other.left) < _NEAR
        and line.right > other.cells[-1].left + _NEAR
        and 0 < distance < _ROW_PITCH * max(line.size, other.size)
    )


def _cut(glyphs: Glyphs, start: int, content: str, line: Line, columns: Sequence[Cell]) -> Line:
    """Return the line with cells where a word that the file sets apart begins at each of the columns."""
    row = characters(glyphs, start, content)
    begins = [0]
    for column in columns[1:]:
        found = [i for i in range(begins[-1] + 1, len(row)) if _begins_at(glyphs, start, row, i, column.left)]
        if not found:
            return line
        begins.append(found[0])
    ends = [*begins[1:], len(row)]
    return line._replace(cells=tuple(_cell(row[first:end]) for first, end in zip(begins, ends, strict=True)))


def _begins_at(glyphs: Glyphs, start: int, row: Sequence[Character], place: int, left: float) -> bool:
    """Return whether a word begins here; the blank before it stands in no file, PDFium put it between two texts."""
    if row[place][0].isspace() or not row[place - 1][0].isspace() or abs(row[place][1] - left) > _NEAR:
        return False
    index = glyphs.index(start + place - 1)
    return index >= 0 and glyphs.is_generated(index)


def _cell(row: Sequence[Character]) -> Cell:
    return Cell(row[0][1], row[-1][2], " ".join("".join(char for char, _, _ in row).split()))
