"""Which lines of a PDF are one row of a table, where a file holds line after line over all columns?"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.readers.pdf_page import Cell, Line
from ingest.readers.pdf_tables import table_at

SIZE, LEADING, LETTER = 10.0, 12.0, 5.0
COLUMNS = (70.0, 240.0, 420.0)
WRAPPED = (
    (("Služba", "Komu je určena", "Kde a kdy"),),
    (
        ("tlumočení a doprovody", "cizincům s trvalým i", "Dlouhá 5,"),
        ("na úřad", "přechodným pobytem", "úterý 9–17"),
        ("", "a jejich rodinám", ""),
    ),
    (("právní poradenství", "všem", "online po předchozím"), ("", "", "objednání")),
    (("kurzy češtiny", "rodičům", "základní škola"), ("s hlídáním dětí", "", "")),
)


def lines(rows: Sequence[Sequence[Sequence[str]]], space: float) -> list[Line]:
    """Return the lines of a table whose rows stand `space` points further apart than their own lines."""
    found, top = [], 700.0
    for row in rows:
        for texts in row:
            cells = [Cell(x, x + LETTER * len(text), text) for x, text in zip(COLUMNS, texts, strict=False) if text]
            text = " ".join(cell.text for cell in cells)
            parts = tuple(cells) if len(cells) > 1 else ()
            found.append(Line(text, cells[0].left, cells[-1].right, top, top - SIZE, SIZE, 400, parts))
            top -= LEADING
        top -= space
    return found


def test_the_space_between_rows_tells_which_lines_are_one_row() -> None:
    """Cells that wrap are read whole, also where the first line below begins like a row of its own."""
    placed = lines(WRAPPED, 4)
    assert table_at(placed, 0) == (
        [
            ["Služba", "Komu je určena", "Kde a kdy"],
            ["tlumočení a doprovody na úřad", "cizincům s trvalým i přechodným pobytem a jejich rodinám", "Dlouhá 5, úterý 9–17"],
            ["právní poradenství", "všem", "online po předchozím objednání"],
            ["kurzy češtiny s hlídáním dětí", "rodičům", "základní škola"],
        ],
        len(placed),
    )  # fmt: skip


def test_without_space_between_the_rows_a_full_line_is_a_row() -> None:
    """Negative control: nothing but the words could tell where a row begins, so some cells are parted."""
    rows, _ = table_at(lines(WRAPPED, 0), 0)
    assert ["na úřad", "přechodným pobytem a jejich rodinám", "úterý 9–17"] in rows


def test_a_space_between_groups_of_rows_joins_none_of_them() -> None:
    """Regions under a country, labels and their values: a cell that goes on below a figure or a gap is another row."""
    figures = (
        (("Kraj", "2022", "2023"),),
        (("praha", "120", "130"), ("brno", "80", ""), ("ostrava", "70", "75")),
        (("plzeň", "20", "21"), ("liberec", "30", "")),
    )
    assert len(table_at(lines(figures, 8), 0)[0]) == 6
    labels = (
        (("Jméno", "Jan Novák"), ("Funkce", "starosta")),
        (("Provoz", "pondělí dopoledne"), ("", "středa celý den")),
        (("Adresa", "Lhota"),),
    )
    rows, _ = table_at(lines(labels, 8), 0)
    assert rows[:3] == [["Jméno", "Jan Novák"], ["Funkce", "starosta"], ["Provoz", "pondělí dopoledne středa celý den"]]


def test_a_header_set_apart_joins_no_rows_of_one_line() -> None:
    """One wide gap alone, below the names of the columns, says nothing of the rows under it."""
    body = (("tlumočení", "lidem", "denně"), ("překlady", "", "denně"), ("kurzy", "rodičům", ""))
    assert table_at(lines(((("Služba", "Komu", "Kdy"),), body), 10), 0)[0][1:] == [list(texts) for texts in body]
