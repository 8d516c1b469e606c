"""Do the files of the starter collection read as they are printed?"""

from __future__ import annotations

from pathlib import Path

import pytest

from indexes.embedding.hashing import HashingEmbedder
from indexes.language import detect_language
from indexes.passage import Passage
from ingest.chunking import split_into_passages
from ingest.readers.pdf import read_pdf
from ingest.readers.pdf_lists import with_bullets
from ingest.readers.pdf_page import Line
from ingest.readers.pptx import read_pptx
from ingest.readers.reading import BlockKind, Reading
from ingest.settings import PassageLimits, ReaderLimits

PUBLICATIONS = Path(__file__).resolve().parents[2] / "corpus" / "publications"


@pytest.fixture(scope="module")
def paper() -> Reading:
    """The paper in two columns with roman page numbers before its body."""
    return read_pdf(PUBLICATIONS / "guests-from-abroad" / "guests-from-abroad.pdf", ReaderLimits())


@pytest.fixture(scope="module")
def report() -> Reading:
    """The long report with footnotes."""
    file = PUBLICATIONS / "setkani-o-integraci-2017-2021" / "setkani-o-integraci-2017-2021.pdf"
    return read_pdf(file, ReaderLimits())


def passages(reading: Reading) -> tuple[Passage, ...]:
    """Return the passages of a reading under the limits of an ordinary build."""
    split = split_into_passages(
        "document", "", reading.blocks, reading.labels,
        embedder=HashingEmbedder(), limits=PassageLimits(), detect=detect_language,
    )  # fmt: skip
    return split.passages


def test_a_page_without_text_of_its_own_keeps_its_printed_number(paper: Reading) -> None:
    """The contents on page ii are furniture, yet a passage from i to iii names all three pages as printed."""
    spans = [passage.pages for passage in passages(paper) if passage.pages]
    printed = {
        number: label
        for span in spans
        for number, label in zip(range(span.first, span.last + 1), span.labels, strict=True)
    }
    assert printed == {number: label for number, label in enumerate(paper.labels, start=1) if number in printed}
    assert {"i", "iii", "iv", "1", "2"} <= set(printed.values())


def test_a_number_alone_on_a_line_ends_its_sentence(paper: Reading) -> None:
    """Slovo 21 is a name; its number wraps to a line that looks like the mark of a list."""
    assert any("Slovo 21." in block.text for block in paper.blocks)


def test_a_footnote_may_go_on_with_a_line_that_begins_with_a_year(report: Reading) -> None:
    """Only a number of its own begins a footnote, and the number is no part of it."""
    notes = [block.text for block in report.blocks if block.kind is BlockKind.FOOTNOTE]
    assert len(notes) == 6
    assert notes[1].endswith("v Turíně, 11. až 13. října 2021, pořadatel Eurocities.")
    assert all(note[0] not in ".0123456789" for note in notes)


def test_no_mark_of_a_footnote_sticks_to_a_word_and_the_table_has_its_header(report: Reading) -> None:
    """Line ends, marks and narrow columns met in one printed report."""
    texts = [block.text for block in report.blocks]
    assert any("a neziskových organizací. Kolik jich bylo" in text for text in texts)
    assert "Zkratka: ICP; Význam: Integrační centrum Praha" in texts
    assert texts[0] == "Setkání o integraci cizinců 2017–2021: přehled podle pěti pramenů"


def test_headings_have_the_levels_of_the_outline(paper: Reading) -> None:
    """Also those that take two lines, and the lines below a title that have no letters."""
    levels = {block.text: block.level for block in paper.blocks if block.kind is BlockKind.HEADING}
    assert levels["2017: four countries, no names"] == levels["2019: six guests by name"] == 1
    assert levels["From international organisations"] == levels["From town halls"] == 2
    assert "Guests from abroad: who came to compare notes on integration, 2017–2021" in levels


def test_slides_are_pages_with_their_notes() -> None:
    """What the speaker says stands on the page of its slide."""
    file = PUBLICATIONS / "praha-v-projektu-connection" / "praha-v-projektu-connection.pptx"
    texts = {(block.page, block.text) for block in read_pptx(file, ReaderLimits()).blocks}
    assert (2, "11. až 13. října 2021") in texts
    assert any(page == 2 and text.startswith("Jan Janoušek nebyl v Turíně jen posluchačem") for page, text in texts)


def test_the_marks_of_a_list_stand_with_their_items_alone() -> None:
    """Marks that a file holds after the text go before their rows and nowhere else."""

    def line(text: str, left: float, top: float) -> Line:
        return Line(text, left, left + 5 * len(text), top, top - 10, 10, 400)

    marks = [line("1.", 50, 700), line("•", 50, 680), line("21.", 70, 660), line("•", 50, 600)]
    lines = with_bullets([line("First item", 70, 700), line("Second item", 70, 680), *marks])
    assert [one.text for one in lines] == ["1. First item", "• Second item", "21."]
