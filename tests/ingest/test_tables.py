"""Does every value of a table come under the name of its column, also where cells are merged?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pptx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
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


def fill(table: Any) -> None:
    """Merge and fill the cells of an empty table of python-docx or python-pptx."""
    for first, last in MERGED:
        table.cell(*first).merge(table.cell(*last))
    for row, texts in enumerate(CELLS):
        for column, text in enumerate(texts):
            if text:
                table.cell(row, column).text = text


def in_word(folder: Path) -> list[str]:
    """Return the rows of the table as a Word file."""
    document = docx.Document()
    fill(document.add_table(rows=len(CELLS), cols=len(CELLS[0])))
    document.save(str(folder / "table.docx"))
    return [block.text for block in read_docx(folder / "table.docx", LIMITS).blocks]


def on_a_slide(folder: Path) -> list[str]:
    """Return the rows of the table on a slide."""
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    size = (Inches(1), Inches(1), Inches(8), Inches(4))
    fill(slide.shapes.add_table(len(CELLS), len(CELLS[0]), *size).table)
    presentation.save(str(folder / "table.pptx"))
    return [block.text for block in read_pptx(folder / "table.pptx", LIMITS).blocks]


def web_table(folder: Path, rows: str) -> list[str]:
    """Return the lines of a table on a web page."""
    (folder / "table.html").write_text(
        "<html><body><main><p>Obce našeho kraje vedou přehled o počtech obyvatel podle roku a místa.</p><table>"
        f"{rows}</table></main></body></html>",
        encoding="utf-8",
    )
    return [block.text for block in read_html(folder / "table.html", LIMITS).blocks][1:]


def on_the_web(folder: Path) -> list[str]:
    """Return the rows of the table on a web page."""
    return web_table(
        folder,
        "<tr><th rowspan=2>Kraj</th><th rowspan='2'>Obec</th><th colspan=2>Počet cizinců</th></tr><tr><th>2020</th><th>2021</th></tr>"
        "<tr><td rowspan=2>Liberecký</td><td>Lhota</td><td>12</td><td>15</td></tr><tr><td>Březina</td><td>7</td><td>9</td></tr>"
        "<tr><td>Praha</td><td>Praha 3</td><td colspan=2>zatím nezjištěno</td></tr>",
    )


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


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([["Termín", "úterý 9–12"], ["Místo", "radnice"], ["Telefon", "123 456 789"]], ["Termín: úterý 9–12", "Místo: radnice", "Telefon: 123 456 789"]),
        ([["Název:", "Lhota"], ["Kdo:", "Obec"]], ["Název: Lhota", "Kdo: Obec"]),
        ([["Datum", "5. 6. 2024"], ["Místo", "Praha"]], ["Datum: 5. 6. 2024", "Místo: Praha"]),
        ([["E-mail", "a@lhota.example"], ["Osoba", "J. Nová"]], ["E-mail: a@lhota.example", "Osoba: J. Nová"]),
        ([["Praha", "1 250"], ["Brno", "830"]], ["Praha: 1 250", "Brno: 830"]),
        ([["Lhota", "12"], ["Březina", "7"]], ["Lhota: 12", "Březina: 7"]),
        ([["Kurz", "200,–"], ["Rada", "zdarma"]], ["Kurz: 200,–", "Rada: zdarma"]),
        ([["Lhota", "8,1 %", "5 %"], ["Brno", "9 %", "6 %"]], ["Lhota; 8,1 %; 5 %", "Brno; 9 %; 6 %"]),
        ([["Praha", "120", "130"], ["Brno", "80", "75"]], ["Praha; 120; 130", "Brno; 80; 75"]),
        ([["Kurz", "5. 6. 2024", "6. 6. 2024"], ["Porada", "7. 6. 2024", "8. 6. 2024"]], ["Kurz; 5. 6. 2024; 6. 6. 2024", "Porada; 7. 6. 2024; 8. 6. 2024"]),
    ],
)  # fmt: skip
def test_a_first_row_of_values_names_no_columns(cells: list[list[str]], expected: list[str]) -> None:
    """The first column of a table of two may name what stands beside it, row by row."""
    assert table_rows(cells) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([["Služba", "Cena"], ["Kurz", "200 Kč"], ["Rada", "zdarma"]], "Služba: Rada; Cena: zdarma"),
        ([["Kurz", "Cena (bez 21 % DPH)"], ["Jarní", "250 Kč"], ["Letní", "300 Kč"]], "Kurz: Letní; Cena (bez 21 % DPH): 300 Kč"),
        ([["Okres", "2020", "2021/22"], ["Semily", "12", "14"]], "Okres: Semily; 2020: 12; 2021/22: 14"),
        ([["Ukazatel", "Stav k 31. 12. 2022"], ["Žáci", "150"]], "Ukazatel: Žáci; Stav k 31. 12. 2022: 150"),
        ([["Otázka", "1", "2"], ["Ano", "10", "12"]], "Otázka: Ano; 1: 10; 2: 12"),
        ([["Občanství", "31. 12. 2022", "31. 12. 2023"], ["Ukrajina", "600 000", "–"]], "Občanství: Ukrajina; 31. 12. 2022: 600 000; 31. 12. 2023: –"),
        ([["Stupeň", "10 %", "20 %"], ["Dílčí", "5", "6"]], "Stupeň: Dílčí; 10 %: 5; 20 %: 6"),
        ([["Měsíc", "9", "10", "11"], ["Klienti", "120", "130", "95"]], "Měsíc: Klienti; 9: 120; 10: 130; 11: 95"),
        ([["Věk", "0–14", "15–64"], ["Lhota", "12", "75"]], "Věk: Lhota; 0–14: 12; 15–64: 75"),
        ([["Obec", "Žáci do 15 let"], ["Lhota", "12"], ["Březina", "7"]], "Obec: Březina; Žáci do 15 let: 7"),
    ],
)  # fmt: skip
def test_names_of_columns_may_hold_figures(cells: list[list[str]], expected: str) -> None:
    """Years, numbers of columns, a rate in brackets: they stand above values all the same."""
    assert table_rows(cells)[-1] == expected


def test_a_long_cell_of_figures_is_no_number() -> None:
    """A page may hold a column of figures in one cell: thousands of them would be weighed for minutes."""
    figures = " ".join(["12"] * 40)
    assert list(table_rows([["Lhota", figures], ["Brno", "12"]])) == [f"Lhota; {figures}", "Brno; 12"]


def test_names_of_rows_on_a_web_page_are_no_header(tmp_path: Path) -> None:
    """Where the first row has a name beside a value, each row is told by itself."""
    rows = "<tr><th>Realizátor</th><td>Město Lhota</td></tr><tr><th>Podpora</th><td>kraj</td></tr>"
    assert web_table(tmp_path, rows) == ["Realizátor: Město Lhota", "Podpora: kraj"]
    corner = "<tr><td></td><th>Obce</th><th>Kraje</th></tr><tr><th>Kurzy</th><td>ano</td><td>ne</td></tr>"
    assert web_table(tmp_path, corner) == ["Kurzy; Obce: ano; Kraje: ne"]


def test_a_title_within_a_table_stands_before_each_row_below_it(tmp_path: Path) -> None:
    """A row that is one wide cell names no column; a long one is a remark, and one without rows below it stays."""
    names = "<tr><th>Služba</th><th>Telefon</th></tr>"
    rows = (
        "<tr><td colspan=2>Praha</td></tr><tr><td>Tlumočení</td><td>111</td></tr><tr><td>Kurzy</td><td>222</td></tr>"
        f"<tr><td colspan=2>{'Údaje se mění. ' * 8}</td></tr><tr><td colspan=2>Brno</td></tr><tr><td>Kurzy</td><td>333</td></tr>"
        "<tr><td colspan=2>Ostrava</td></tr>"
    )
    expected = [
        "Praha; Služba: Tlumočení; Telefon: 111",
        "Praha; Služba: Kurzy; Telefon: 222",
        ("Údaje se mění. " * 8).strip(),
        "Brno; Služba: Kurzy; Telefon: 333",
        "Ostrava",
    ]
    assert web_table(tmp_path, names + rows) == expected
    caption = "<tr><th colspan=2>Kontakty v krajích</th></tr>"
    assert web_table(tmp_path, caption + names + rows) == ["Kontakty v krajích", *expected]


def test_equal_values_of_a_row_are_no_title() -> None:
    """Only a cell over the whole row is."""
    cells = [["Od", "Do"], ["2020", "2021"], ["2021", "2021"]]
    assert table_rows(cells) == ["Od: 2020; Do: 2021", "Od: 2021; Do: 2021"]


def test_a_header_over_two_rows_is_one_also_below_the_title_of_its_table() -> None:
    """What stands over the whole table is told first."""
    title = [SpanningCell("Počty podle ministerstva", 3)]
    header = [SpanningCell("Kraj", 1, 2), SpanningCell("Počet", 2)], [SpanningCell("2020"), SpanningCell("2021")]
    values = [SpanningCell("Praha"), SpanningCell("12"), SpanningCell("15")]
    assert table_rows(grid([title, *header, values]), has_header=True) == [
        "Počty podle ministerstva",
        "Kraj: Praha; Počet 2020: 12; Počet 2021: 15",
    ]


def test_a_cell_over_rows_leaves_later_rows_in_place_where_one_of_its_rows_ends_early() -> None:
    """Browsers fill the row up; else what hangs would push the values of a later row under other names."""
    rows = [
        [SpanningCell("Obec"), SpanningCell("Rok"), SpanningCell("Pramen")],
        [SpanningCell("Lhota"), SpanningCell("2020"), SpanningCell("Ministerstvo", 1, 2)],
        [SpanningCell("Březina")],
        [SpanningCell("Zálesí"), SpanningCell("2021"), SpanningCell("Kraj")],
    ]
    assert table_rows(grid(rows)) == [
        "Obec: Lhota; Rok: 2020; Pramen: Ministerstvo",
        "Obec: Březina; Pramen: Ministerstvo",
        "Obec: Zálesí; Rok: 2021; Pramen: Kraj",
    ]


def test_texts_that_share_no_row_are_no_table_with_a_header() -> None:
    """A form places its words by a table; a name above an empty column would be lost."""
    assert table_rows([["Kontakt", ""], ["", "Dlouhá 1"]]) == ["Kontakt", "Dlouhá 1"]


def test_a_header_that_names_nothing_is_none(tmp_path: Path) -> None:
    """Else the first row of values would name the others: empty cells of a web page, a chart whose series has no name."""
    assert web_table(
        tmp_path, "<tr><th></th><th></th></tr><tr><td>Lhota</td><td>12</td></tr><tr><td>Březina</td><td>7</td></tr>"
    ) == ["Lhota; 12", "Březina; 7"]
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    data = CategoryChartData()
    data.categories = ["Lhota", "Březina"]
    data.add_series("", (12, 7))
    slide.shapes.add_chart(XL_CHART_TYPE.PIE, Inches(1), Inches(1), Inches(5), Inches(4), data)
    presentation.save(str(tmp_path / "chart.pptx"))
    rows = [block.text for block in read_pptx(tmp_path / "chart.pptx", LIMITS).blocks]
    assert rows == ["Lhota; 12", "Březina; 7"]


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


def test_a_table_within_a_frame_is_read_once(tmp_path: Path) -> None:
    """A table of one cell only places what stands in it, another table too."""
    document = docx.Document()
    frame = document.add_table(rows=1, cols=1).cell(0, 0)
    frame.text = "Přehled kurzů"
    inner = frame.add_table(rows=2, cols=2)
    for index, text in enumerate(("Obec", "Rok", "Lhota", "2021")):
        inner.cell(index // 2, index % 2).text = text
    document.save(str(tmp_path / "frame.docx"))
    texts = [block.text for block in read_docx(tmp_path / "frame.docx", LIMITS).blocks]
    assert texts == ["Přehled kurzů", "Obec: Lhota; Rok: 2021"]


def test_rows_and_cells_in_fields_of_a_form_are_read_and_rows_that_begin_later_stand_in_place(tmp_path: Path) -> None:
    """Word wraps a row or a cell that is to be filled in, and notes how many columns a row leaves out."""
    document = docx.Document()
    table = document.add_table(rows=4, cols=2)
    for row, texts in enumerate((("Obec", "Rok"), ("Lhota", "2020"), ("Březina", "2021"), ("", "2022"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    for element in (table.rows[1]._tr, table.rows[2].cells[1]._tc):
        field, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
        element.addprevious(field)
        content.append(element)
        field.append(content)
    last = table.rows[2]._tr
    before = OxmlElement("w:gridBefore")
    before.set(qn("w:val"), "1")
    last.get_or_add_trPr().append(before)
    last.remove(last.tc_lst[0])
    document.save(str(tmp_path / "form.docx"))
    texts = [block.text for block in read_docx(tmp_path / "form.docx", LIMITS).blocks]
    assert texts == ["Obec: Lhota; Rok: 2020", "Obec: Březina; Rok: 2021", "Rok: 2022"]
