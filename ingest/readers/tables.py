"""How does a table become sentences that can be found and quoted one by one?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

_HEADER_CHARS = 80
_MOST_COLUMNS = 100
_NUMBER = re.compile(r"[\d\s.,]*\d[\d\s.,]*(?:%|Kč|CZK|€|EUR)?[.,\s–-]*", re.IGNORECASE)
_FIGURE_DIGITS = 3
"""Fewer may be the number of a month, an hour or a column."""
_YEARS = re.compile(r"(?:19|20)\d{2}(?:\s?[–/-]\s?(?:19|20)?\d{2})?")
_DAY = re.compile(r"\d\.\s?\d{1,2}\.\s?\d{4}")
_PAIR = 2
"""Columns of a table that names in the first what stands in the second."""
_HEADER_ROWS = 2
"""Rows of a header whose upper names stand over several columns each."""


class SpanningCell(NamedTuple):
    """A cell as files keep it; `text` is None where the cell above goes on."""

    text: str | None
    columns: int = 1
    rows: int = 1


def grid(rows: Iterable[Sequence[SpanningCell]]) -> list[list[str]]:
    """Return the cells as text, each in its column: without that, values would come under the names of other columns.

    A cell over several rows is repeated in each, so that every row can be read by itself. One over several columns of the
    header names all of them, together with the names below it; any other has its text in the first. A row that is one
    cell over all columns has no other cells.
    """
    kept = list(rows)
    titles = [[row[0].text or ""] for row in takewhile(_is_title, kept)]
    kept = kept[len(titles) :]
    lines: list[list[str]] = []
    hanging: dict[int, tuple[str, int]] = {}
    for row in kept:
        lines.append([row[0].text or ""] if _is_title(row) and not hanging else _line(row, lines, hanging))
    if len(lines) > _HEADER_ROWS and _has_names_below(kept[0], kept[1]):
        lines[:_HEADER_ROWS] = [_named_twice(lines[0], lines[1])]
    return titles + lines


def _is_title(row: Sequence[SpanningCell]) -> bool:
    return len(row) == 1 and row[0].columns > 1 and row[0].rows == 1


def _line(
    row: Sequence[SpanningCell], lines: Sequence[Sequence[str]], hanging: dict[int, tuple[str, int]]
) -> list[str]:
    """Return the texts of a row below `lines`, into which cells hang from above, and note those that hang on."""
    line: list[str] = []
    for cell in row:
        _hang(line, hanging)
        above = lines[-1][len(line)] if lines and len(line) < len(lines[-1]) else ""
        text = above if cell.text is None else cell.text
        for offset in range(min(cell.columns, _MOST_COLUMNS - len(line))):
            value = text if offset == 0 or not lines else ""
            if cell.rows > 1:
                hanging[len(line)] = (value, cell.rows - 1)
            line.append(value)
    _hang(line, hanging)
    while len(line) <= max(hanging, default=-1):  # the row ends before the last column into which a cell hangs
        line.append("")
        _hang(line, hanging)
    return line


def _hang(line: list[str], hanging: dict[int, tuple[str, int]]) -> None:
    """Extend a row over the columns into which cells hang from above."""
    while len(line) in hanging:
        value, left = hanging.pop(len(line))
        if left > 1:
            hanging[len(line)] = (value, left - 1)
        line.append(value)


def _has_names_below(first: Sequence[SpanningCell], second: Sequence[SpanningCell]) -> bool:
    """Return whether the second row names columns too: those over which a name of the first stands, and no others."""
    spread = sum(cell.columns for cell in first if cell.columns > 1)
    others = [cell for cell in first if cell.columns == 1 and cell.text]
    begun = sum(cell.columns for cell in second if cell.text)
    return len(first) > 1 and 0 < spread == begun and all(cell.rows > 1 or _goes_on(first, second) for cell in others)


def _goes_on(first: Sequence[SpanningCell], second: Sequence[SpanningCell]) -> bool:
    """Return whether every narrow cell of the first row goes on in the second, as Word keeps it."""
    return sum(cell.text is None for cell in second) == sum(cell.columns == 1 for cell in first)


def _named_twice(above: Sequence[str], below: Sequence[str]) -> list[str]:
    pairs = zip(above, [*below, *[""] * (len(above) - len(below))], strict=False)
    return [f"{one} {other}".strip() if one != other else one for one, other in pairs]


def table_rows(rows: Sequence[Sequence[str]], *, has_header: bool | None = None) -> list[str]:
    """Return each row as one line that can be read without the rest: every cell with the name of its column.

    `rows` are the cells as text; one cell alone among longer rows is the title of those below it, which begin with it.
    `has_header` says whether the first row names the columns; None lets its look decide. A table without a header gives
    its cells parted by semicolons, one of two columns that names values in its first those with their names.
    """
    filled = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    may_be_pairs = not has_header
    if has_header and not any(cell.strip() for row in rows[:1] for cell in row):
        has_header = False  # it names nothing
    width = max(map(len, filled), default=0)
    captions, filled = _parted(filled, width, is_named=bool(has_header))
    named = looks_like_header(filled) if has_header is None or (has_header and captions) else has_header
    header = filled[0] if named and len(filled) > 1 else []
    if may_be_pairs and not header and width == _PAIR and (has_header is False or _are_pairs(filled)):
        filled = [[f"{row[0].rstrip(':')}: {row[1]}", ""] if len(row) == _PAIR and all(row) else row for row in filled]
    return [*captions, *_told(header, filled[1:] if header else filled, width)]


def _parted(rows: list[list[str]], width: int, *, is_named: bool) -> tuple[list[str], list[list[str]]]:
    """Return the lines over a table, which have one text for all columns, and its other rows.

    Where its first row `is_named` as the header, a name may stand alone in it.
    """
    is_list = all(len(set(filter(None, row))) == 1 for row in rows)
    start = 0 if is_list else next(i for i, row in enumerate(rows) if not _is_caption(row, width, is_named=is_named))
    return [row[0] for row in rows[:start]], rows[start:]


def _is_caption(row: Sequence[str], width: int, *, is_named: bool) -> bool:
    return len(row) == 1 < width if is_named else bool(row[0]) and not set(row) - {row[0], ""}


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row names columns: short words without numbers above rows that are not all like it."""
    if len(rows) < 2 or len(rows[0]) < 2:  # noqa: PLR2004 - a header needs a row below it and two columns
        return False
    first = [cell for cell in rows[0] if cell]
    if len(first) < len(rows[0]) - 1 or any(len(cell) > _HEADER_CHARS for cell in first):
        return False
    if all(sum(map(bool, row)) == 1 for row in rows):  # what stands in no row together is no table
        return False
    are_figures = bool(first[1:]) and all(map(_is_figure, first[1:]))
    if (are_figures and not _are_above_others(rows)) or _are_pairs(rows):
        return False
    return not any(char.isdigit() for cell in first[1:] for char in cell) or any(
        char.isdigit() for row in rows[1:] for cell in row[1:] for char in cell
    )


def _is_number(cell: str) -> bool:
    """Return whether a cell is a number or a date by itself, and no year. A long one is not: looking would take minutes."""
    return len(cell) <= _HEADER_CHARS and _NUMBER.fullmatch(cell) is not None and not _YEARS.fullmatch(cell)


def _is_figure(cell: str) -> bool:
    """Return whether a cell is a number that names no column: a large one, or one with a unit."""
    is_bare = cell.rstrip(" .,–-")[-1:].isdigit()
    return _is_number(cell) and (not is_bare or sum(map(str.isdigit, cell)) >= _FIGURE_DIGITS)


def _are_above_others(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether days or shares in the first row stand above numbers of another form, which they name.

    In two columns both look alike, so a name beside its value is supposed there.
    """
    forms = {_form(cell) for cell in rows[0][1:] if cell}
    below = [cell for row in rows[1:] for cell in row[1:] if any(map(str.isalnum, cell))]
    are_numbers = bool(below) and all(cell[0].isdigit() for cell in below)
    return len(rows[0]) > _PAIR and "" not in forms and are_numbers and forms.isdisjoint(map(_form, below))


def _form(cell: str) -> str:
    """Return what a number is more than a count: "day", "share" or nothing."""
    return "share" if "%" in cell else "day" if _DAY.search(cell) else ""


def _are_pairs(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first of two columns names the values in the second, row by row ("Místo: | Městský úřad")."""
    pairs = [row for row in rows if len(row) == _PAIR and all(row)]
    if max(map(len, rows)) != _PAIR or len(pairs) < 2 or any(len(name) > _HEADER_CHARS for name, _ in pairs):  # noqa: PLR2004
        return False
    value = pairs[0][1]
    is_value = "@" in value or (any(map(str.isdigit, value)) and not _YEARS.search(value))
    are_numbers = all(_is_number(other) for _, other in pairs[1:])
    return (
        sum(name.endswith(":") for name, _ in pairs) > len(pairs) / 2
        or _is_number(value)
        or (is_value and not are_numbers)
    )


def _told(header: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Yield the rows below a header, each with the title that stands above it; a title without rows by itself."""
    title, is_told = "", True
    for row in rows:
        if len(row) > 1 or width == 1:
            yield _joined([title, *_named_cells(header, row)] if title else _named_cells(header, row))
            is_told = True
        elif len(row[0]) > _HEADER_CHARS:
            yield row[0]
        else:
            if not is_told:
                yield title
            title, is_told = row[0], False
    if not is_told:
        yield title


def _named_cells(header: Sequence[str], row: Sequence[str]) -> list[str]:
    named = []
    for index, cell in enumerate(row):
        name = header[index] if index < len(header) else ""
        if cell:
            named.append(f"{name.rstrip(':')}: {cell}" if name and name != cell else cell)
    return named


def _joined(cells: Sequence[str]) -> str:
    return "; ".join(cell.rstrip(";") for cell in cells)
