"""Do the files that people really write come out as they are read: Word, slides, web pages, Markdown, mail?"""

from __future__ import annotations

from pathlib import Path

import docx
import pptx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from ingest.readers.reading import BlockKind, Reading
from ingest.readers.registry import read_file
from ingest.settings import ReaderLimits

NAMESPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
)
PAGE = """<!DOCTYPE html><html lang="cs"><head><meta charset="utf-8"><title>Cizinci ve městě | Město Vzorov</title></head><body>
<div class="eu-cookie-compliance-banner"><p>Tyto stránky používají cookies.</p><button>Souhlasím</button></div>
<nav><ul><li><a href="/">Domů</a></li><li><a href="/urad">Úřad</a></li></ul></nav>
<main><h1>Cizinci ve městě</h1>
<p>Město nabízí cizincům poradnu<sup>1</sup>, kurzy češtiny<sup><a href="#fn2">[2]</a></sup> a byty od 30 m<sup>2</sup>.</p>
<details><summary>Kdo má nárok na kurz?</summary><p>Nárok má každý, kdo má ve městě pobyt.</p></details>
<h3><button type="button">Jak se přihlásit?</button></h3><div><p>Přihláška se podává v knihovně.</p></div>
<table><caption>Ceník kurzů</caption><tr><th>Kurz</th><th>Cena</th></tr><tr><th>A1</th><td>500 Kč</td></tr></table>
<dl><dt>Úřední hodiny</dt><dd>pondělí a středa</dd></dl>
<p>Text výzvy najdete zde. <a class="more-link" href="/dal">Číst dál</a></p>
<section class="footnotes"><ol><li>Kurzy hradí město. <a href="#r">↩</a></li></ol></section></main>
<div class="related"><h2>Související</h2><ul><li><a href="/1">Nové jízdní řády…</a></li></ul></div></body></html>"""


def read(folder: Path, name: str, content: str | bytes) -> Reading:
    """Return what is read in a file with this content."""
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_file(file, ReaderLimits())


def listed(reading: Reading) -> list[tuple[str, str]]:
    """Return kind and text of each block."""
    return [(block.kind.value, block.text) for block in reading.blocks]


def test_a_municipal_page_keeps_what_it_folds_and_loses_what_surrounds_it(tmp_path: Path) -> None:
    """Folded answers have their questions as headings; marks, arrows, bars and lists of other pages are gone."""
    assert listed(read(tmp_path, "stranka.html", PAGE)) == [
        ("heading", "Cizinci ve městě"),
        ("paragraph", "Město nabízí cizincům poradnu, kurzy češtiny a byty od 30 m²."),
        ("heading", "Kdo má nárok na kurz?"),
        ("paragraph", "Nárok má každý, kdo má ve městě pobyt."),
        ("heading", "Jak se přihlásit?"),
        ("paragraph", "Přihláška se podává v knihovně."),
        ("paragraph", "Ceník kurzů"),
        ("table_row", "Kurz: A1; Cena: 500 Kč"),
        ("list_item", "Úřední hodiny: pondělí a středa"),
        ("paragraph", "Text výzvy najdete zde."),
        ("footnote", "Kurzy hradí město."),
    ]


@pytest.fixture
def word(tmp_path: Path) -> Path:
    """A Word file with marks, tracked changes, a text box, a bold heading and a table under one line."""
    document = docx.Document()
    document.add_heading("Metodika pro obce", 0)
    paragraph = document.add_paragraph("Obec může žádat o příspěvek")
    paragraph.add_run("5").font.superscript = True
    paragraph.add_run(" na třídu o 60 m")
    paragraph.add_run("2").font.superscript = True
    tracked = document.add_paragraph("Lhůta je ")
    for tag, inner in (("del", "<w:delText>třicet</w:delText>"), ("ins", "<w:t>šedesát</w:t>")):
        tracked._p.append(parse_xml(f"<w:{tag} {nsdecls('w')}><w:r>{inner}</w:r></w:{tag}>"))
    tracked.add_run(" dnů.")
    box = "<w:txbxContent><w:p><w:r><w:t>Text v rámečku.</w:t></w:r></w:p></w:txbxContent>"
    document.add_paragraph("Odstavec.")._p.append(
        parse_xml(
            f"<w:r {nsdecls('w')} {NAMESPACES}><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}"
            f"</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        )
    )
    document.add_paragraph().add_run("Tučný nadpis bez stylu").bold = True
    document.add_paragraph("Text pod nadpisem.")
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "Rozpočet na rok 2024"
    for row, cells in ((1, ("Položka", "Částka", "Zdroj")), (2, ("Kurzy", "10 000 Kč", "AMIF"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    document.save(str(tmp_path / "word.docx"))
    return tmp_path / "word.docx"


def test_a_word_file_reads_as_it_is_printed(word: Path) -> None:
    """Marks are gone, exponents stay, insertions count, a box is read once, bold lines head, a title row is no header."""
    assert listed(read_file(word, ReaderLimits())) == [
        ("heading", "Metodika pro obce"),
        ("paragraph", "Obec může žádat o příspěvek na třídu o 60 m²"),
        ("paragraph", "Lhůta je šedesát dnů."),
        ("paragraph", "Odstavec."),
        ("paragraph", "Text v rámečku."),
        ("heading", "Tučný nadpis bez stylu"),
        ("paragraph", "Text pod nadpisem."),
        ("table_row", "Rozpočet na rok 2024"),
        ("table_row", "Položka: Kurzy; Částka: 10 000 Kč; Zdroj: AMIF"),
    ]


def test_the_day_on_which_a_file_was_made_is_no_date_of_publication(word: Path) -> None:
    """Templates are years old; the year alone is kept, as the weakest of hints."""
    metadata = read_file(word, ReaderLimits()).metadata
    assert metadata.date is None
    assert metadata.year is not None


def test_a_slide_tells_its_chart_its_groups_and_its_notes(tmp_path: Path) -> None:
    """The figures of a chart stand nowhere else in the file."""
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Graf a skupina"
    data = CategoryChartData()
    data.categories = ["2020", "2021"]
    data.add_series("Počet kurzů", (8, 13.5))
    chart = slide.shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(2), Inches(4), Inches(3), data
    ).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "Kurzy češtiny v obci"
    group = slide.shapes.add_group_shape()
    for top, text in ((3, "dole"), (2, "nahoře")):
        box = group.shapes.add_textbox(Inches(6), Inches(top), Inches(2), Inches(1))
        box.text_frame.text = f"Ve skupině {text}"
    slide.notes_slide.notes_text_frame.text = "Řečník vysvětluje graf."
    deck.save(str(tmp_path / "snimky.pptx"))
    assert [text for _, text in listed(read_file(tmp_path / "snimky.pptx", ReaderLimits()))] == [
        "Graf a skupina",
        "Kurzy češtiny v obci",
        "2020; Počet kurzů: 8",
        "2021; Počet kurzů: 13.5",
        "Ve skupině nahoře",
        "Ve skupině dole",
        "Řečník vysvětluje graf.",
    ]


def test_markdown_has_front_matter_notes_tasks_and_escaped_bars(tmp_path: Path) -> None:
    """Signs are dropped, words stay, notes stand apart, and the front matter is metadata."""
    reading = read(
        tmp_path,
        "navod.md",
        "---\ntitle: Jak začít\nauthor: Jana Nováková\ndate: 2023-04-01\nlang: cs\n---\n\n# Jak začít\n\n"
        "Obec má **tři** možnosti[^1] a web <https://obec.cz>.\n\n- [x] hotovo\n- [ ] čeká\n\n"
        "| Kurz | Cena |\n|---|---|\n| A2 \\| B1 | 700 Kč |\n\n[^1]: První poznámka.\n\n[odkaz]: https://obec.cz\n",
    )
    assert listed(reading) == [
        ("heading", "Jak začít"),
        ("paragraph", "Obec má tři možnosti a web https://obec.cz."),
        ("list_item", "hotovo"),
        ("list_item", "čeká"),
        ("table_row", "Kurz: A2 | B1; Cena: 700 Kč"),
        ("footnote", "První poznámka."),
    ]
    about = reading.metadata
    assert (about.title, about.authors, str(about.date), about.language) == (
        "Jak začít", ("Jana Nováková",), "2023-04-01", "cs",
    )  # fmt: skip


def test_a_mail_in_an_old_encoding_has_whole_paragraphs(tmp_path: Path) -> None:
    """Lines broken at the edge are joined, those of a list, an address and a head are not."""
    text = (
        "Předmět: Pozvánka na kulatý stůl\nOd: jana@mesto.cz\n\nVážení kolegové,\n\n"
        "dovolujeme si vás pozvat na kulatý stůl o integraci cizinců, který se\n"
        "uskuteční ve čtvrtek 25. března 2021 od 9 hodin v Ústí nad Labem. Účast je\n"
        "zdarma, tlumočení do ukrajinštiny zajištěno.\n\nProgram:\n- 9:00 zahájení\n- 11:00 diskuse\n\n"
        "> Kdy se to koná?\n\nS pozdravem\nJana Nováková\n--\nMěstský úřad, odbor školství\n"
    )
    texts = [text for _, text in listed(read(tmp_path, "mail.txt", text.encode("cp1250")))]
    assert texts == [
        "Předmět: Pozvánka na kulatý stůl",
        "Od: jana@mesto.cz",
        "Vážení kolegové,",
        "dovolujeme si vás pozvat na kulatý stůl o integraci cizinců, který se uskuteční ve čtvrtek 25. března 2021 od "
        "9 hodin v Ústí nad Labem. Účast je zdarma, tlumočení do ukrajinštiny zajištěno.",
        "Program:",
        "9:00 zahájení",
        "11:00 diskuse",
        "Kdy se to koná?",
        "S pozdravem",
        "Jana Nováková",
        "Městský úřad, odbor školství",
    ]


def test_lines_that_are_only_short_are_not_joined(tmp_path: Path) -> None:
    """Negative control: no line of an address or a programme was broken at an edge."""
    text = "Program setkání\nZahájení v knihovně\nPříklady z obcí\nspolečný oběd\nZávěr a poděkování\n"
    reading = read(tmp_path, "program.txt", text)
    assert [block.text for block in reading.blocks] == text.splitlines()
    assert BlockKind.TABLE_ROW not in {block.kind for block in reading.blocks}
