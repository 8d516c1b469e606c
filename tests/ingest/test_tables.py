"""Does every value of a table come under the name of its column, also where cells are merged?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pptx
import pytest
from pptx.util import Inches

from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.pptx import read_pptx
from ingest.readers.tables import SpanningCell, grid, table_rows
from ingest.settings import ReaderLimits

LIMITS = ReaderLimits()
CELLS = (
    ("Kraj", "Obec", "Počet cizinců", ""),
    ("", "", "2020", "2021"),
    ("Liberecký", "Lhota", "12", "15"),
    ("", "Březina", "7", "9"),
    ("Praha", "Praha 3", "zatím nezjištěno", ""),
)
MERGED = (((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3)), ((2, 0), (3, 0)), ((4, 2), (4, 3)))
"""First and last place, as row and column, of each cell that is merged."""
ROWS = [
    "Kraj: Liberecký; Obec: Lhota; Počet cizinců 2020: 12; Počet cizinců 2021: 15",
    "Kraj: Liberecký; Obec: Březina; Počet cizinců 2020: 7; Počet cizinců 2021: 9",
    "Kraj: Praha; Obec: Praha 3; Počet cizinců 2020: zatím nezjištěno",
]


def in_word(folder: Path) -> list[str]:
    """Return the rows of the table as a Word file."""
    document = docx.Document()
    table = document.add_table(rows=len(CELLS), cols=len(CELLS[0]))
    for first, last in MERGED:
        table.cell(*first).merge(table.cell(*last))
    for row, texts in enumerate(CELLS):
        for column, text in enumerate(texts):
            if text:
                table.cell(row, column).text = text
    document.save(str(folder / "table.docx"))
    return [block.text for block in read_docx(folder / "table.docx", LIMITS).blocks]


def on_a_slide(folder: Path) -> list[str]:
    """Return the rows of the table on a slide."""
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    size = (Inches(1), Inches(1), Inches(8), Inches(4))
    table = slide.shapes.add_table(len(CELLS), len(CELLS[0]), *size).table
    for first, last in MERGED:
        table.cell(*first).merge(table.cell(*last))
    for row, texts in enumerate(CELLS):
        for column, text in enumerate(texts):
            if text:
                table.cell(row, column).text = text
    presentation.save(str(folder / "table.pptx"))
    return [block.text for block in read_pptx(folder / "table.pptx", LIMITS).blocks]


def on_the_web(folder: Path) -> list[str]:
    """Return the rows of the table on a web page."""
    (folder / "table.html").write_text(
        "<html><body><main><p>Obce našeho kraje vedou přehled o počtech obyvatel podle roku a místa.</p><table>"
        "<tr><th rowspan=2>Kraj</th><th rowspan='2'>Obec</th><th colspan=2>Počet cizinců</th></tr><tr><th>2020</th><th>2021</th></tr>"
        "<tr><td rowspan=2>Liberecký</td><td>Lhota</td><td>12</td><td>15</td></tr><tr><td>Březina</td><td>7</td><td>9</td></tr>"
        "<tr><td>Praha</td><td>Praha 3</td><td colspan=2>zatím nezjištěno</td></tr></table></main></body></html>",
        encoding="utf-8",
    )
    return [block.text for block in read_html(folder / "table.html", LIMITS).blocks][1:]


@pytest.mark.parametrize("read", [in_word, on_a_slide, on_the_web])
def test_merged_cells_leave_every_value_under_its_own_name(read: Callable[[Path], list[str]], tmp_path: Path) -> None:
    """Cells over rows are repeated, and names over columns go before those below them."""
    assert read(tmp_path) == ROWS


def test_without_the_spans_values_would_come_under_other_names() -> None:
    """Negative control: the same cells one after another."""
    cells = [["Kraj", "Obec", "Počet"], ["Liberecký", "Lhota", "12"], ["Březina", "7"]]
    assert table_rows(cells)[-1] == "Kraj: Březina; Obec: 7"


@pytest.mark.parametrize("spans", [(10**6, 1), (1, 10**6), (10**6, 10**6)])
def test_spans_beyond_reason_end_with_the_table(spans: tuple[int, int]) -> None:
    """A file may claim any number of rows and columns."""
    lines = grid([[SpanningCell("a", *spans)], [SpanningCell("b")], [SpanningCell("c")]])
    assert len(lines) == 3
    assert max(map(len, lines)) <= 101


def test_a_first_row_with_one_wide_cell_is_no_header_of_two_rows() -> None:
    """A caption over the whole table, and a row of values below names that do not hang over, stay rows of their own."""
    caption = [
        [SpanningCell("Přehled obcí", 2)],
        [SpanningCell("Obec"), SpanningCell("Rok")],
        [SpanningCell("Lhota"), SpanningCell("2021")],
    ]
    assert table_rows(grid(caption)) == ["Přehled obcí", "Obec: Lhota; Rok: 2021"]
    wide = [
        [SpanningCell("Obec"), SpanningCell("Počet", 2)],
        [SpanningCell("Lhota"), SpanningCell("12"), SpanningCell("15")],
        [SpanningCell("Březina"), SpanningCell("7"), SpanningCell("9")],
    ]
    assert table_rows(grid(wide)) == ["Obec: Lhota; Počet: 12; Počet: 15", "Obec: Březina; Počet: 7; Počet: 9"]


def test_a_table_within_a_cell_keeps_its_rows_apart(tmp_path: Path) -> None:
    """Word files nest tables; the row of the outer one says whose they are."""
    document = docx.Document()
    outer = document.add_table(rows=2, cols=2)
    for column, text in enumerate(("Obec", "Kurzy")):
        outer.cell(0, column).text = text
    outer.cell(1, 0).text = "Lhota"
    inner = outer.cell(1, 1).add_table(rows=3, cols=2)
    for row, texts in enumerate((("Rok", "Počet"), ("2020", "3"), ("2021", "4"))):
        for column, text in enumerate(texts):
            inner.cell(row, column).text = text
    document.save(str(tmp_path / "nested.docx"))
    texts = [block.text for block in read_docx(tmp_path / "nested.docx", LIMITS).blocks]
    assert texts == ["Obec: Lhota; Kurzy: Rok: 2020; Počet: 3; Rok: 2021; Počet: 4"]
