"""Are DOCX, PPTX, HTML, Markdown and text read as a person reads them?

The files are made here, so that each trap stands beside what is expected of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pptx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import RGBColor
from pptx.util import Inches

from ingest.errors import UnreadableDocument
from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.pptx import read_pptx
from ingest.readers.reading import Block, BlockKind, Finding, Reading
from ingest.readers.text import read_text
from ingest.reasons import Reason
from ingest.settings import ReaderLimits

LIMITS = ReaderLimits()
ARTICLE = (
    "Obec otevřela v roce 2021 poradnu pro cizince a najala dvě interkulturní pracovnice.",
    "Poradna pomáhá s hledáním bydlení, s úřady a s přihlášením dětí do školy.",
    "Kurzy češtiny navštěvuje každý týden přes čtyřicet dospělých z osmi zemí.",
)


BLUE_BOX = (
    '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:s="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><s:wsp><s:spPr><a:solidFill>'
    '<a:srgbClr val="003366"/></a:solidFill></s:spPr><s:txbx><w:txbxContent><w:p><w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr>'
    "<w:t>Bílá v rámečku.</w:t></w:r></w:p></w:txbxContent></s:txbx></s:wsp></w:drawing>"
)


def shade(colour: str) -> Any:
    """Return the element that fills a cell or a paragraph."""
    element = OxmlElement("w:shd")
    element.set(qn("w:fill"), colour)
    return element


def kinds(reading: Reading) -> list[tuple[str, str]]:
    """Return kind and text of each block."""
    return [(block.kind.value, block.text) for block in reading.blocks]


def web_page(folder: Path, body: str, head: str = "") -> Reading:
    """Return how a page with this body is read."""
    file = folder / "page.html"
    file.write_text(
        f"<!DOCTYPE html><html lang='cs'><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    )
    return read_html(file, LIMITS)


def paragraphs() -> str:
    """Return the article as HTML."""
    return "".join(f"<p>{text}</p>" for text in ARTICLE)


def test_a_document_of_too_many_parts_is_refused_and_never_cut_short(tmp_path: Path) -> None:
    """Half of a text would be in the index as if it were the whole."""
    few = ReaderLimits(elements=30)
    lines = [f"Odstavec číslo {number} o kurzech češtiny." for number in range(31)]
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(tmp_path / "a.docx"))
    (tmp_path / "a.txt").write_text("\n\n".join(lines), encoding="utf-8")
    (tmp_path / "a.md").write_text("# Kurzy\n\n" + "\n\n".join(lines), encoding="utf-8")
    (tmp_path / "a.html").write_text("<article><p>" + "<p>".join(lines) + "</article>", encoding="utf-8")
    readers = {"docx": read_docx, "txt": read_text, "md": read_text, "html": read_html}
    for suffix, read in readers.items():
        with pytest.raises(UnreadableDocument) as caught:
            read(tmp_path / f"a.{suffix}", few)
        assert caught.value.reason is Reason.TOO_MANY_OBJECTS
        assert len(read(tmp_path / f"a.{suffix}", LIMITS).blocks) >= len(lines)


@pytest.mark.parametrize(
    ("encoding", "head", "is_guess"),
    [
        ("utf-16", "", False),
        ("utf-16-le", "", True),
        ("cp1250", "<meta charset='windows-1250'>", False),
        ("cp1250", "<meta charset='utf-8'>", True),
        ("cp1250", "", True),
    ],
)
def test_only_an_encoding_that_nothing_told_was_guessed(
    tmp_path: Path, encoding: str, head: str, is_guess: bool
) -> None:
    """A mark at the beginning of a file tells it, and a declaration that its letters bear out."""
    page = f"<html><head>{head}<title>Žádost</title></head><body>{paragraphs()}</body></html>"
    (tmp_path / "a.html").write_bytes(page.encode(encoding))
    codes = {finding.code for finding in read_html(tmp_path / "a.html", LIMITS).findings}
    assert ("encoding_guessed" in codes) is is_guess


class TestHtml:
    """Web pages."""

    @pytest.mark.parametrize("container", ["<main>{}</main>", "<article>{}</article>", "<div class='content'>{}</div>"])
    def test_the_article_is_kept_and_its_surroundings_are_not(self, tmp_path: Path, container: str) -> None:
        """Menu, breadcrumb, cookie bar, teasers, related list, sharing and footer around an article in any container."""
        around = (
            "<nav><ul><li><a href='/'>Úvod</a></li><li><a href='/n'>Novinky</a></li></ul></nav>"
            "<div class='breadcrumb'>Úvod &gt; Novinky &gt; Poradna</div><div id='cookie-bar'>Tento web používá cookies.</div>"
        )
        below = (
            "<aside class='related'><h3>Související články</h3><p>Jiná obec otevřela jinou poradnu…</p></aside>"
            "<div class='teaser'><p>Přečtěte si také o volbách…</p><a>Více</a></div><div class='share'>Sdílet na síti</div>"
            "<footer>© Obec 2021, Dlouhá 1</footer>"
        )
        reading = web_page(tmp_path, around + container.format(f"<h1>Nová poradna</h1>{paragraphs()}") + below)
        assert kinds(reading) == [("heading", "Nová poradna"), *(("paragraph", text) for text in ARTICLE)]

    @pytest.mark.parametrize(
        "hidden",
        [
            "<p style='display:none'>TAJNÉ</p>", "<p hidden>TAJNÉ</p>", "<p aria-hidden='true'>TAJNÉ</p>",
            "<p style='color:#fff'>TAJNÉ</p>", "<p style='font-size:0'>TAJNÉ</p>", "<p style='position:absolute;left:-9999px'>TAJNÉ</p>",
            "<style>.x{display:none}</style><p class='x'>TAJNÉ</p>", "<!-- TAJNÉ -->", "<script>TAJNÉ</script>", "<noscript>TAJNÉ</noscript>",
            "<template>TAJNÉ</template>", "<p style='opacity:0'>TAJNÉ</p>", "<p style='visibility:hidden'>TAJNÉ</p>",
            "<p style='font-size: 0.0em !important'>TAJNÉ</p>", "<p style='FONT-SIZE:1px'>TAJNÉ</p>", "<p style='display:/**/none'>TAJNÉ</p>",
            "<p style='color:rgba(255, 255, 255, .9)'>TAJNÉ</p>", "<p style='color:#fefefe;background:ivory'>TAJNÉ</p>",
            "<p style='color:white;background:#fff url(black.png)'>TAJNÉ</p>", "<p style='margin-left:-9999px'>TAJNÉ</p>",
            "<p style='width:1px;height:1px;overflow:hidden'>TAJNÉ</p>", "<p style='color:transparent'>TAJNÉ</p>",
        ],
    )  # fmt: skip
    def test_what_a_reader_does_not_see_is_not_read(self, tmp_path: Path, hidden: str) -> None:
        """Many ways to hide text; the visible neighbours stay."""
        reading = web_page(tmp_path, f"<main>{paragraphs()}{hidden}<p>Konec článku o poradně.</p></main>")
        assert "TAJNÉ" not in " ".join(block.text for block in reading.blocks)
        assert reading.blocks[-1].text == "Konec článku o poradně."

    @pytest.mark.parametrize(
        "style",
        [
            "font-size:0.9em", "font-size: .875rem", "opacity:0.85", "border-width:1px", "min-height:1px", "line-height:1px",
            "margin-top:-120px;padding-top:120px", "width:1px;white-space:nowrap", "color:#fff;background:#036",
            "color:white;background-color:rgb(0, 60, 120)", "color:#ffffff;background:linear-gradient(navy, teal)",
            "background-color:#fff", "border:1px solid white",
        ],
    )  # fmt: skip
    def test_what_a_reader_sees_is_read_however_it_is_set(self, tmp_path: Path, style: str) -> None:
        """Small letters, thin borders, anchors moved up and white letters on a dark ground are seen by everybody."""
        reading = web_page(tmp_path, f"<main>{paragraphs()}<p style='{style}'>Otevřeno je každé úterý.</p></main>")
        assert reading.blocks[-1].text == "Otevřeno je každé úterý."
        assert reading.findings == ()

    def test_the_ground_of_white_letters_may_be_that_of_a_box_around_them(self, tmp_path: Path) -> None:
        """And what is hidden on paper alone is seen on the screen."""
        box = "<div style='background:#8a0000'><p><span style='color:#fff'>Úřad je zavřený.</span></p></div>"
        cell = "<table><tr><td bgcolor='#003366'><font style='color:white'>Od pondělí</font></td><td>platí</td></tr></table>"
        style = "<style>@media print { .note { color: black } .box { display: none } }</style>"
        reading = web_page(tmp_path, f"<main>{paragraphs()}{box}{cell}<p class='box'>Zavolejte nám.</p></main>", style)
        assert [block.text for block in reading.blocks[-3:]] == [
            "Úřad je zavřený.",
            "Od pondělí; platí",
            "Zavolejte nám.",
        ]

    def test_lists_tables_and_heading_levels_are_kept(self, tmp_path: Path) -> None:
        """List items, rows with their column names, and the depth of headings."""
        table = "<table><tr><th>Obec</th><th>Rok</th></tr><tr><td>Lhota</td><td>2021</td></tr></table>"
        body = f"<main><h1>A</h1>{paragraphs()}<h2>B</h2><p>Nabízíme:</p><ul><li>kurzy češtiny</li><li>poradenství</li></ul>{table}</main>"
        reading = web_page(tmp_path, body)
        assert [(b.text, b.level) for b in reading.blocks if b.kind is BlockKind.HEADING] == [("A", 1), ("B", 2)]
        assert kinds(reading)[-3:] == [
            ("list_item", "kurzy češtiny"),
            ("list_item", "poradenství"),
            ("table_row", "Obec: Lhota; Rok: 2021"),
        ]

    def test_metadata_of_the_page_is_taken(self, tmp_path: Path) -> None:
        """Title, site, author and date as the head of the page names them."""
        head = (
            "<title>Poradna | Obec</title><meta property='og:title' content='Nová poradna'><meta name='author' content='Jana Nová'>"
            "<meta property='og:site_name' content='Obec Lhota'><meta property='article:published_time' content='2021-03-12T08:00:00Z'>"
        )
        metadata = web_page(tmp_path, f"<main>{paragraphs()}</main>", head).metadata
        assert (metadata.title, metadata.authors, metadata.publisher, metadata.language) == (
            "Nová poradna",
            ("Jana Nová",),
            "Obec Lhota",
            "cs",
        )
        assert metadata.date is not None
        assert metadata.date.isoformat() == "2021-03-12"

    def test_a_page_without_text_is_refused(self, tmp_path: Path) -> None:
        """A script application holds nothing to read."""
        with pytest.raises(UnreadableDocument) as caught:
            web_page(tmp_path, "<div id='root'></div><script>start()</script>")
        assert caught.value.reason is Reason.NO_TEXT


class TestDocx:
    """Word files."""

    def test_structure_is_kept(self, tmp_path: Path) -> None:
        """Headings with levels, lists, tables with their header, and text in order."""
        document = docx.Document()
        document.core_properties.title, document.core_properties.author = "Zpráva", "Jana Nová"
        document.add_heading("Úvod", 1)
        document.add_paragraph(ARTICLE[0])
        document.add_heading("Služby", 2)
        document.add_paragraph("kurzy češtiny", style="List Bullet")
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(table._cells, ("Obec", "Rok", "Lhota", "2021"), strict=True):
            cell.text = text
        document.save(str(tmp_path / "a.docx"))
        reading = read_docx(tmp_path / "a.docx", LIMITS)
        assert [(b.kind.value, b.text, b.level) for b in reading.blocks] == [
            ("heading", "Úvod", 1), ("paragraph", ARTICLE[0], 0), ("heading", "Služby", 2),
            ("list_item", "kurzy češtiny", 0), ("table_row", "Obec: Lhota; Rok: 2021", 0),
        ]  # fmt: skip
        assert (reading.metadata.title, reading.metadata.authors, reading.labels) == ("Zpráva", ("Jana Nová",), ())

    def test_a_table_of_contents_is_left_out_and_reported(self, tmp_path: Path) -> None:
        """Word gives its lines styles of their own; the chapters themselves stay."""
        document = docx.Document()
        for style in ("toc 1", "toc 2"):
            document.styles.add_style(style, WD_STYLE_TYPE.PARAGRAPH)
        for text, style in (("Obsah", "TOC Heading"), ("Úvod\t3", "toc 1"), ("Služby obce\t4", "toc 2")):
            document.add_paragraph(text, style=style)
        document.add_heading("Úvod", 1)
        document.add_paragraph(ARTICLE[0])
        document.save(str(tmp_path / "a.docx"))
        reading = read_docx(tmp_path / "a.docx", LIMITS)
        assert kinds(reading) == [("heading", "Úvod"), ("paragraph", ARTICLE[0])]
        assert reading.findings == (Finding("table_of_contents", 3, sample="Obsah Úvod 3 Služby obce 4"),)

    def test_a_style_for_body_text_that_is_made_from_a_heading_is_none(self, tmp_path: Path) -> None:
        """Its outline level, 9, says so; without one, it is a heading as what it was made from."""
        document = docx.Document()
        for name, level in (("Perex", "9"), ("Kapitola", None), ("Oddíl", "1")):
            style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = document.styles["Heading 1"]
            if level is not None:
                outline = OxmlElement("w:outlineLvl")
                outline.set(qn("w:val"), level)
                style.element.get_or_add_pPr().append(outline)
            document.add_paragraph(f"Text stylu {name}", style=name)
        document.save(str(tmp_path / "a.docx"))
        blocks = read_docx(tmp_path / "a.docx", LIMITS).blocks
        assert [(block.kind.value, block.level) for block in blocks] == [
            ("paragraph", 0),
            ("heading", 1),
            ("heading", 2),
        ]

    def test_hidden_and_deleted_text_is_left_out_and_inserted_text_is_kept(self, tmp_path: Path) -> None:
        """Vanished and white runs are reported; tracked deletions are gone, tracked insertions are text."""
        document = docx.Document()
        paragraph = document.add_paragraph("Viditelná věta. ")
        paragraph.add_run("SKRYTÉ").font.hidden = True
        paragraph.add_run("BÍLÉ").font.color.rgb = RGBColor(255, 255, 255)
        for name, tag, text in (("w:del", "w:delText", "SMAZANÉ"), ("w:ins", "w:t", "vložené")):
            change, run, content = OxmlElement(name), OxmlElement("w:r"), OxmlElement(tag)
            content.text = text
            run.append(content)
            change.append(run)
            paragraph._p.append(change)
        document.save(str(tmp_path / "a.docx"))
        reading = read_docx(tmp_path / "a.docx", LIMITS)
        assert kinds(reading) == [("paragraph", "Viditelná věta. vložené")]
        assert [(finding.code, finding.sample) for finding in reading.findings] == [("hidden_text", "SKRYTÉ BÍLÉ")]

    def test_white_letters_on_a_coloured_ground_are_read(self, tmp_path: Path) -> None:
        """The header of a table is often set so: in a shaded cell, a shaded paragraph or a filled box."""
        document = docx.Document()
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(table._cells, ("Obec", "Rok", "Lhota", "2021"), strict=True):
            cell.paragraphs[0].add_run(text).font.color.rgb = (
                RGBColor(255, 255, 255) if text in ("Obec", "Rok") else None
            )
            if text in ("Obec", "Rok"):
                cell._tc.get_or_add_tcPr().append(shade("1F3864"))
        for colour in ("C00000", "FFFFFF"):
            paragraph = document.add_paragraph()
            paragraph.add_run(f"Bílá na {colour}.").font.color.rgb = RGBColor(255, 255, 255)
            paragraph._p.get_or_add_pPr().append(shade(colour))
        document.add_paragraph().add_run()._r.append(parse_xml(BLUE_BOX))
        document.save(str(tmp_path / "a.docx"))
        reading = read_docx(tmp_path / "a.docx", LIMITS)
        assert [block.text for block in reading.blocks] == [
            "Obec: Lhota; Rok: 2021",
            "Bílá na C00000.",
            "Bílá v rámečku.",
        ]
        assert [(finding.code, finding.sample) for finding in reading.findings] == [("hidden_text", "Bílá na FFFFFF.")]

    def test_text_boxes_are_read_once(self, tmp_path: Path) -> None:
        """A text box is written twice in the file, for new and old programs, and read once."""
        document = docx.Document()
        paragraph = document.add_paragraph(ARTICLE[0])
        content, inner, run, text = (OxmlElement(tag) for tag in ("w:txbxContent", "w:p", "w:r", "w:t"))
        text.text = "Rámeček s kontaktem na poradnu"
        run.append(text)
        inner.append(run)
        content.append(inner)
        outer = paragraph.add_run()._r
        outer.append(content)
        document.save(str(tmp_path / "a.docx"))
        assert kinds(read_docx(tmp_path / "a.docx", LIMITS)) == [
            ("paragraph", ARTICLE[0]), ("paragraph", "Rámeček s kontaktem na poradnu"),
        ]  # fmt: skip

    def test_a_file_without_words_is_refused(self, tmp_path: Path) -> None:
        """An empty document has no text."""
        docx.Document().save(str(tmp_path / "a.docx"))
        with pytest.raises(UnreadableDocument) as caught:
            read_docx(tmp_path / "a.docx", LIMITS)
        assert caught.value.reason is Reason.NO_TEXT


class TestPptx:
    """Presentations."""

    def test_slides_are_pages_and_hidden_ones_are_left_out(self, tmp_path: Path) -> None:
        """Title, points, table and notes of each slide with its number; the hidden slide is reported."""
        presentation = pptx.Presentation()
        for number in range(1, 4):
            slide = presentation.slides.add_slide(presentation.slide_layouts[1])
            slide.shapes.title.text = f"Snímek {number}"
            slide.placeholders[1].text = f"první bod {number}\ndruhý bod {number}"
        presentation.slides[1]._element.set("show", "0")
        last = presentation.slides[2]
        table = last.shapes.add_table(2, 2, Inches(1), Inches(5), Inches(6), Inches(1)).table
        for index, text in enumerate(("Obec", "Rok", "Lhota", "2021")):
            table.cell(index // 2, index % 2).text = text
        last.notes_slide.notes_text_frame.text = ARTICLE[1]
        presentation.save(str(tmp_path / "a.pptx"))
        reading = read_pptx(tmp_path / "a.pptx", LIMITS)
        assert [(b.kind.value, b.text, b.page) for b in reading.blocks] == [
            ("heading", "Snímek 1", 1), ("list_item", "první bod 1", 1), ("list_item", "druhý bod 1", 1),
            ("heading", "Snímek 3", 3), ("list_item", "první bod 3", 3), ("list_item", "druhý bod 3", 3),
            ("table_row", "Obec: Lhota; Rok: 2021", 3), ("paragraph", ARTICLE[1], 3),
        ]  # fmt: skip
        assert reading.labels == ("1", "2", "3")
        assert [(finding.code, finding.pages) for finding in reading.findings] == [("hidden_slides", (2,))]

    def test_marks_of_footnotes_are_left_out_and_exponents_stay(self, tmp_path: Path) -> None:
        """In titles, points and tables; an index below the line is no mark."""
        presentation = pptx.Presentation()
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        frame = slide.placeholders[1].text_frame
        table = slide.shapes.add_table(1, 2, Inches(1), Inches(5), Inches(6), Inches(1)).table
        for paragraph, parts in (
            (slide.shapes.title.text_frame.paragraphs[0], (("Programy obcí", 0), ("1", 30000))),
            (frame.paragraphs[0], (("pomoc organizací", 0), ("12", 30000), (" na 60 m", 0), ("2", 30000))),
            (frame.add_paragraph(), (("emise CO", 0), ("2", -25000))),
            (table.cell(0, 0).text_frame.paragraphs[0], (("Lhota", 0), ("*", 30000))),
        ):
            for text, baseline in parts:
                run = paragraph.add_run()
                run.text = text
                run._r.get_or_add_rPr().set("baseline", str(baseline))
        table.cell(0, 1).text = "12"
        presentation.save(str(tmp_path / "a.pptx"))
        assert [block.text for block in read_pptx(tmp_path / "a.pptx", LIMITS).blocks] == [
            "Programy obcí", "pomoc organizací na 60 m²", "emise CO2", "Lhota; 12",
        ]  # fmt: skip

    def test_the_number_of_a_slide_in_a_box_is_no_text(self, tmp_path: Path) -> None:
        """A field that the program fills in; a figure that its author typed stays."""
        presentation = pptx.Presentation()
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        for text in ("3", "7"):
            box = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(1), Inches(1))
            box.text_frame.text = text
        field = box.text_frame.paragraphs[0]._p
        run = field.r_lst[0]
        run.tag = run.tag.removesuffix("}r") + "}fld"
        run.set("type", "slidenum")
        presentation.save(str(tmp_path / "a.pptx"))
        assert [block.text for block in read_pptx(tmp_path / "a.pptx", LIMITS).blocks] == ["3"]


class TestText:
    """Plain text and Markdown."""

    def read(self, folder: Path, text: str) -> list[Block]:
        """Return the blocks of a text."""
        (folder / "a.txt").write_text(text)
        return list(read_text(folder / "a.txt", LIMITS).blocks)

    def test_broken_lines_are_joined_and_paragraphs_are_not(self, tmp_path: Path) -> None:
        """Lines that a program broke at the edge become one paragraph, with a word parted by a hyphen put together."""
        wrapped = (
            "Obec otevřela v roce 2021 poradnu pro cizince a najala dvě interkul-\n"
            "turní pracovnice, které mluví ukrajinsky, vietnamsky a anglicky a\n"
            "pomáhají s bydlením i se školou. Zájem je velký, proto se otevírací\ndoba prodlouží.\n\n"
            "Druhý odstavec popisuje kurzy češtiny, které navštěvuje každý týden\n"
            "přes čtyřicet dospělých z osmi zemí. Kurzy jsou zdarma.\n"
        )
        blocks = self.read(tmp_path, wrapped)
        assert [block.text[:40] for block in blocks] == [
            "Obec otevřela v roce 2021 poradnu pro ci",
            "Druhý odstavec popisuje kurzy češtiny, k",
        ]
        assert "interkulturní pracovnice, které mluví ukrajinsky, vietnamsky a anglicky a pomáhají" in blocks[0].text

    def test_markdown_signs_give_shape_and_are_no_words(self, tmp_path: Path) -> None:
        """Headings, items, emphasis, links and a table."""
        text = "# Poradna\n\nObec **otevřela** [poradnu](https://example.org).\n\n## Služby\n\n- kurzy\n- _rady_\n\n| Obec | Rok |\n|---|---|\n| Lhota | 2021 |\n"
        assert [(b.kind.value, b.text, b.level) for b in self.read(tmp_path, text)] == [
            ("heading", "Poradna", 1), ("paragraph", "Obec otevřela poradnu.", 0), ("heading", "Služby", 2),
            ("list_item", "kurzy", 0), ("list_item", "rady", 0), ("table_row", "Obec: Lhota; Rok: 2021", 0),
        ]  # fmt: skip

    @pytest.mark.parametrize("between", ["Nová poradna", "© Obec", "Jan Novák\n\n2021"])
    def test_a_first_line_above_its_repetition_or_an_author_is_a_heading(self, tmp_path: Path, between: str) -> None:
        """Pages saved as text begin with their title twice, with a name, with a year; a list begins with none."""
        blocks = self.read(tmp_path, f"Nová poradna\n\n{between}\n\n{ARTICLE[0]}\n")
        assert blocks[0] == Block(BlockKind.HEADING, "Nová poradna", level=1)
        towns = self.read(tmp_path, "Pardubice\n\nPraha\n\nBrno\n\nZlín\n")
        assert {block.kind for block in towns} == {BlockKind.PARAGRAPH}

    def test_short_lines_above_text_are_headings(self, tmp_path: Path) -> None:
        """A line without a full stop above a longer one heads it; a lead-in with a colon does not."""
        blocks = self.read(
            tmp_path, f"Nová poradna\n\n{ARTICLE[0]}\n\nNabízíme:\n\n• kurzy češtiny pro dospělé\n• poradenství\n"
        )
        assert [block.kind.value for block in blocks] == ["heading", "paragraph", "paragraph", "list_item", "list_item"]
