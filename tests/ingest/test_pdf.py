"""Are PDF files read as they are printed: words, order, pages, labels, notes and tables?

The same report in eight layouts; `tests/fixtures/make_pdfs.py` makes them. Raw pypdf and raw PDFium stand beside.
"""

from __future__ import annotations

import importlib.util
import re
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pypdf
import pypdfium2
import pytest
from rapidfuzz.distance import Indel

from indexes.passage import DocumentText
from ingest.readers.pdf import read_pdf
from ingest.readers.reading import BlockKind, Reading
from ingest.settings import ReaderLimits
from ingest.text import assemble

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
LAYOUTS = [
    f"{maker}-{columns}" for maker in ("weasyprint", "libreoffice", "latex-t1", "latex-ot1") for columns in (1, 2)
]
_WORD = re.compile(r"\w+")
_CHAPTER_NUMBER = re.compile(r"^\d (?=[^\W\d_])", re.MULTILINE)


def load_report() -> ModuleType:
    """Return the module that holds the words of the report; it is no part of a package."""
    spec = importlib.util.spec_from_file_location("report", FIXTURES / "report.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["report"] = module
    spec.loader.exec_module(module)
    return module


report = load_report()


@dataclass
class Read:
    """One layout as we read it."""

    name: str
    file: Path
    reading: Reading
    text: DocumentText

    @property
    def notes(self) -> list[str]:
        """The footnotes of this layout; the DOCX that LibreOffice prints has none."""
        return [] if self.name.startswith("libreoffice") else list(report.FOOTNOTES)

    def page_of(self, start: int) -> int:
        """Return the page of an offset into the text."""
        return next(s.number for s in self.text.segments if s.start <= start < s.end)


@pytest.fixture(scope="module", params=LAYOUTS)
def read(request: pytest.FixtureRequest) -> Read:
    """One of the eight layouts."""
    file = FIXTURES / "pdf" / f"{request.param}.pdf"
    reading = read_pdf(file, ReaderLimits())
    return Read(request.param, file, reading, assemble("report", report.TITLE, reading.blocks, reading.labels)[0])


def expected_words(notes: list[str]) -> list[str]:
    """Return the words of the report in reading order, footnotes last."""
    parts = [report.TITLE]
    for section in report.sections():
        parts += [section.heading, *(sentence for paragraph in section.paragraphs for sentence in paragraph)]
    return _WORD.findall(" ".join([*parts, report.LEAD, *report.ITEMS, *report.rows(), *notes]))


def scores(text: str, notes: list[str]) -> tuple[float, float]:
    """Return the share of the words that came out whole, and the likeness of their order (1 - indel distance)."""
    wanted, found = expected_words(notes), _WORD.findall(text)
    counts = Counter(found)
    right = sum(min(count, counts[word]) for word, count in Counter(wanted).items())
    return right / len(wanted), Indel.normalized_similarity(wanted, found)


def letters(text: str) -> str:
    """Return the bare letters and digits of a text, so that hyphens, blanks and broken accents do not count."""
    decomposed = unicodedata.normalize("NFD", text.replace("ı", "i"))
    return re.sub("[^a-z0-9]", "", decomposed.lower())


def test_words_and_order_are_right_and_better_than_the_raw_libraries(read: Read) -> None:
    """At least 99 % of the words and 97 % of the order; running heads and page numbers count as errors."""
    words, order = scores(_CHAPTER_NUMBER.sub("", read.text.text), read.notes)
    raw = [
        scores("\n".join(page.extract_text() for page in pypdf.PdfReader(read.file).pages), read.notes),
        scores("\n".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(read.file)), read.notes),
    ]
    assert words >= 0.99, f"{read.name}: {words:.4f}, raw {raw}"
    assert order >= 0.97, f"{read.name}: {order:.4f}, raw {raw}"
    assert words >= max(score for score, _ in raw)
    assert order > max(score for _, score in raw)


def test_every_sentence_stands_on_its_page(read: Read) -> None:
    """The page of each sentence is the one on which another library finds its first letters."""
    pages = [letters(page.extract_text()) for page in pypdf.PdfReader(read.file).pages]
    ours = letters_with_offsets(read.text.text)
    checked = 0
    for sentence in [*report.body_sentences(), *read.notes]:
        key = letters(sentence)
        printed = [number for number, page in enumerate(pages, start=1) if key in page]
        place = ours[0].find(key)
        assert place >= 0, f"{read.name} lost: {sentence}"
        if len(printed) == 1:
            assert read.page_of(ours[1][place]) == printed[0], sentence
            checked += 1
    assert checked > 70, "most sentences do not cross a page, so most can be checked"


def letters_with_offsets(text: str) -> tuple[str, list[int]]:
    """Return the bare letters of a text and the offset of each."""
    kept = [(letter, offset) for offset, char in enumerate(text) for letter in letters(char)]
    return "".join(letter for letter, _ in kept), [offset for _, offset in kept]


def test_printed_labels_are_those_of_the_file(read: Read) -> None:
    """LaTeX numbers its front matter in roman letters; where the file names no labels, pages are counted."""
    labels = pypdf.PdfReader(read.file).page_labels
    assert list(read.reading.labels) == labels
    assert ("i" in labels) == read.name.startswith("latex")


def test_running_heads_page_numbers_and_contents_are_left_out(read: Read) -> None:
    """The words of the head occur on every page and in no block, and no block is a bare number."""
    head = letters(report.HEAD)
    assert all(head in letters(page.extract_text()) for page in pypdf.PdfReader(read.file).pages)
    texts = [block.text for block in read.reading.blocks]
    assert [text for text in texts if head in letters(text) or text.isdigit() or ". . ." in text] == []


def test_headings_lists_tables_and_notes_are_told_apart(read: Read) -> None:
    """Each chapter is a heading, each step a list item, each row of the table a readable line, each note a footnote."""
    by_kind = {kind: [block.text for block in read.reading.blocks if block.kind is kind] for kind in BlockKind}
    headings = [re.sub(r"^\d ", "", text) for text in by_kind[BlockKind.HEADING]]
    assert headings == [report.TITLE, *report.HEADINGS]
    assert by_kind[BlockKind.LIST_ITEM] == list(report.ITEMS)
    assert by_kind[BlockKind.TABLE_ROW] == report.rows()
    assert by_kind[BlockKind.FOOTNOTE] == read.notes


def test_spaced_out_headings_are_words_and_invisible_text_is_left_out() -> None:
    """White on white, tiny and transparent text is reported and in no block; white on blue is for everybody."""
    reading = read_pdf(FIXTURES / "pdf" / "traps.pdf", ReaderLimits())
    assert [(block.kind.value, block.text) for block in reading.blocks] == [
        ("heading", "TEMATICKÁ ZPRÁVA"),
        ("paragraph", "Viditelná věta o kurzech češtiny pro cizince a o jejich cenách."),
        ("paragraph", "Bílá věta na modrém pruhu, kterou každý čtenář vidí."),
        ("paragraph", "Závěrečná věta o poradně, která je otevřena každé úterý."),
    ]
    hidden = next(finding for finding in reading.findings if finding.code == "hidden_text")
    assert (hidden.count, hidden.pages) == (3, (1,))
    assert hidden.sample.startswith("Bílá věta na bílém")


def test_no_number_of_a_footnote_is_glued_to_a_word(read: Read) -> None:
    """The raised number behind a sentence is no part of its last word or number."""
    assert not re.search(r"[^\W\d_]\d|[.,]\d\s", read.text.text.replace("/1999", ""))


@pytest.fixture(scope="module")
def marks() -> Reading:
    """A page of raised signs, and a table whose header fills its columns."""
    return read_pdf(FIXTURES / "pdf" / "marks.pdf", ReaderLimits())


def test_marks_of_footnotes_are_left_out_and_exponents_stay(marks: Reading) -> None:
    """After words, signs, years and in brackets; powers, indices, times and numbers of acts are no marks."""
    text = " ".join(block.text for block in marks.blocks if block.kind is BlockKind.PARAGRAPH)
    assert text == (
        "Pravidelná setkání odborníků ze státní správy, samosprávy a neziskových organizací. Kolik jich bylo, pramen "
        "neříká. Značka za slovem uprostřed věty a v závorce na konci, nebo dvě za sebou. Za rokem 2019 a za číslem "
        "326/1999 Sb. je značka také; hvězdička rovněž. Byt má 60 m², hustota je 120 lidí na km², objem 15 m³ a "
        "koeficient R² je 0,8. Emise CO2 klesly, § 15a odst. 3 písm. b) platí od roku 2024 a oddíl 2.1 ruší. Otevřeno "
        "je od 8:00 do 15:30 hodin, v roce 2021 přišla 1/2 lidí. Znaková čísla patří také ke značkám, metry čtvereční "
        "v textu (45 m²) nikoli."
    )


def test_a_footnote_stands_apart_from_the_body(marks: Reading) -> None:
    """Its number is no part of it, its two sentences are."""
    notes = [block.text for block in marks.blocks if block.kind is BlockKind.FOOTNOTE]
    assert notes == ["První poznámka pod čarou, která má dvě věty. Toto je druhá."]


def test_a_header_that_fills_its_columns_names_them(marks: Reading) -> None:
    """No gap parts "Zkratka" from "Význam", but the rows below show where the second column begins."""
    rows = [block.text for block in marks.blocks if block.kind is BlockKind.TABLE_ROW]
    assert rows == [
        "Zkratka: PICUM; Význam: mezinárodní platforma pro migranty",
        "Zkratka: MHMP; Význam: Magistrát hlavního města Prahy",
        "Zkratka: IOM; Význam: Mezinárodní organizace pro migraci",
    ]


@pytest.fixture(scope="module")
def office() -> Reading:
    """Rules of a municipality with a form and a table of three pages."""
    return read_pdf(FIXTURES / "pdf" / "office.pdf", ReaderLimits())


def test_bold_lines_are_headings_although_the_font_says_nothing_of_its_weight(office: Reading) -> None:
    """The name of the font tells; two centred lines are one heading."""
    headings = [block.text for block in office.blocks if block.kind is BlockKind.HEADING]
    assert headings == ["Pravidla pro příspěvky", "Čl. 1 Úvodní ustanovení", "Čl. 2 Podmínky"]


def test_the_lines_of_a_form_keep_their_words_and_lose_their_dots(office: Reading) -> None:
    """Dots that lead to no number are no table of contents."""
    texts = [block.text for block in office.blocks]
    assert {"Jméno a příjmení:", "Podpis žadatele:"} <= set(texts)
    assert "table_of_contents" not in {finding.code for finding in office.findings}


def test_rows_at_the_edge_of_a_page_are_no_running_heads(office: Reading) -> None:
    """Rows that differ in their numbers alone are all kept, and all have the header that is printed once."""
    rows = [(block.page, block.text) for block in office.blocks if block.text.startswith("Obec: ")]
    assert [text for _, text in rows] == [f"Obec: Obec {n}; Kurzy: {3 * n}; Částka: {n} 000 Kč" for n in range(1, 41)]
    assert {page for page, _ in rows} >= {2, 3}


def test_a_first_cell_that_wraps_stays_in_its_row(office: Reading) -> None:
    """The file holds the lines of the first cell before the other cells of the row."""
    assert [block.text for block in office.blocks if block.text.startswith("Ukazatel: ")] == [
        "Ukazatel: Počet cizinců; Rok 2022: 1 250; Rok 2023: 1 310",
        "Ukazatel: Účastníci kurzů češtiny, kteří dokončili aspoň jedno pololetí výuky; Rok 2022: 85; Rok 2023: 112",
        "Ukazatel: Žáci s OMJ; Rok 2022: 64; Rok 2023: 71",
    ]


def test_cells_that_wrap_stay_in_their_rows_wherever_they_stand_in_them() -> None:
    """The file holds the lines of one cell after another; cells begin, stand or end at one height, page by page."""
    reading = read_pdf(FIXTURES / "pdf" / "tables.pdf", ReaderLimits())
    rows = [
        "Služba: tlumočení a doprovody na úřad; Komu je určena: cizincům s trvalým i přechodným pobytem a jejich rodinným "
        "příslušníkům; Kde a kdy: Dlouhá 5, úterý 9–17",
        "Služba: právní poradenství; Komu je určena: všem; Kde a kdy: online po předchozím objednání na telefonu 123 456 789 "
        "nebo e-mailem",
        "Služba: kurzy češtiny pro rodiče s hlídáním dětí předškolního věku; Komu je určena: rodičům; Kde a kdy: základní "
        "škola, čtvrtek odpoledne",
        "Služba: Dobrovolníci; Komu je určena: dětem; Kde a kdy: klub",
    ]
    found = [(block.page, block.text) for block in reading.blocks if block.kind is BlockKind.TABLE_ROW]
    assert found == [(page, row) for page in (1, 2, 3) for row in rows]


def test_numbered_titles_at_the_top_of_their_pages_are_no_running_heads() -> None:
    """They differ in their number alone, as running heads do in that of the page, but are set in much larger letters."""
    reading = read_pdf(FIXTURES / "pdf" / "tables.pdf", ReaderLimits())
    headings = [(block.page, block.text) for block in reading.blocks if block.kind is BlockKind.HEADING]
    assert headings == [(1, "Služby 1"), (2, "Služby 2"), (3, "Služby 3")]


def test_a_ragged_line_ends_no_paragraph(office: Reading) -> None:
    """A line that ends with its sentence, but had no room for the next word, goes on."""
    texts = [block.text for block in office.blocks]
    assert (
        "Formulář odevzdejte na odboru sociálních věcí. Vyřídí ho do třiceti dnů od podání, v létě do šedesáti."
        in texts
    )
