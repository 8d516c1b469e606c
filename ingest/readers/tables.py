"""How does a table become sentences that can be found and quoted one by one?"""

from __future__ import annotations

from collections.abc import Sequence

_HEADER_CHARS = 80


def table_rows(rows: Sequence[Sequence[str]], *, has_header: bool | None = None) -> list[str]:
    """Return each row as one line that can be read without the rest: every cell with the name of its column.

    `rows` are the cells as text. `has_header` says whether the first row names the columns; None lets its look decide.
    A table without a header gives its cells parted by semicolons.
    """
    filled = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    captions, filled = ([], filled) if has_header else _parted(filled)
    if not filled:
        return captions
    named = looks_like_header(filled) if has_header is None else has_header
    if not named or len(filled) == 1:
        return captions + [_joined([cell for cell in row if cell]) for row in filled]
    header = filled[0]
    return captions + [_joined(_named_cells(header, row)) for row in filled[1:]]


def _parted(rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Return the lines over a table, which have one text for all columns, and its other rows."""
    is_list = all(len(set(filter(None, row))) == 1 for row in rows)
    start = next((i for i, row in enumerate(rows) if is_list or not row[0] or set(row) - {row[0], ""}), 0)
    return [row[0] for row in rows[:start]], rows[start:]


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row names columns: short words without numbers above rows that are not all like it."""
    if len(rows) < 2 or len(rows[0]) < 2:  # noqa: PLR2004 - a header needs a row below it and two columns
        return False
    first = [cell for cell in rows[0] if cell]
    if len(first) < len(rows[0]) - 1 or any(len(cell) > _HEADER_CHARS for cell in first):
        return False
    return not any(char.isdigit() for cell in first[1:] for char in cell) or any(
        char.isdigit() for row in rows[1:] for cell in row[1:] for char in cell
    )


def _named_cells(header: Sequence[str], row: Sequence[str]) -> list[str]:
    named = []
    for index, cell in enumerate(row):
        name = header[index] if index < len(header) else ""
        if cell:
            named.append(f"{name.rstrip(':')}: {cell}" if name and name != cell else cell)
    return named


def _joined(cells: Sequence[str]) -> str:
    return "; ".join(cell.rstrip(";") for cell in cells)
