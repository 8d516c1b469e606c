"""Are sources cited as ISO 690, BibTeX, RIS and CSL-JSON want it, in both languages and down to the page?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from corpus.document import Document, DocumentKind, Metadata
from indexes.passage import PageSpan
from qa_service.citations import SLIDES, CitationFormat, authors, citation_text, cite, page_locator, permalink

REPORT = Document(
    id="zprava-2019",
    title="Zpráva o integraci & soužití",
    metadata=Metadata(
        authors=("Mgr. Jan Novák, Ph.D.", "Malá, Eva", "Ministerstvo vnitra"),
        publisher="Člověk v tísni",
        place="Praha",
        year=2019,
        kind=DocumentKind.REPORT,
        language="cs",
        url="https://example.org/zprava_2019",
    ),
    file_name="zprava.pdf",
    media_type="application/pdf",
    sha256="0" * 64,
)
BARE = Document("list", "Leták", Metadata(), "list.txt", "text/plain", "0" * 64)
ROMAN = PageSpan(4, 5, ("iv", "v"))


def test_czech_reference_names_the_printed_page_first_and_the_file_page_beside_it() -> None:
    """ISO 690 in Czech, with the locator that leads a reader of the paper and one of the file to the place."""
    assert citation_text(REPORT, ROMAN, "cs") == (
        "NOVÁK, Jan; MALÁ, Eva a Ministerstvo vnitra. Zpráva o integraci & soužití. Online. "
        "Člověk v tísni, 2019, s. iv–v (s. 4–5 v PDF). Dostupné z: https://example.org/zprava_2019."
    )


def test_english_reference_says_the_same_in_english() -> None:
    """The reader's language is used for everything around the title."""
    assert citation_text(REPORT, ROMAN, "en", accessed=date(2026, 11, 21)) == (
        "NOVÁK, Jan; MALÁ, Eva and Ministerstvo vnitra. Zpráva o integraci & soužití. Online. "
        "Člověk v tísni, 2019, pp. iv–v (pp. 4–5 of the PDF). "
        "Available from: https://example.org/zprava_2019. [viewed 2026-11-21]."
    )


@pytest.mark.parametrize("form", CitationFormat)
def test_the_place_that_a_document_speaks_of_is_not_cited_as_where_it_was_published(form: CitationFormat) -> None:
    """A report on Dresden published in Prague has no Dresden publisher."""
    assert "Praha" not in cite(REPORT, form, ROMAN, "cs")


def test_a_year_that_nobody_wrote_stands_in_square_brackets() -> None:
    """So ISO 690 marks what the citer supplies; a given year stands bare."""
    assert "Člověk v tísni, [2019], s. iv" in citation_text(replace(REPORT, inferred=frozenset({"year"})), ROMAN, "cs")
    assert "Člověk v tísni, 2019, s. iv" in citation_text(REPORT, ROMAN, "cs")


def test_a_reference_without_facts_is_title_and_undated() -> None:
    """Nothing is invented for a file of which only the title is known."""
    assert citation_text(BARE, None, "cs") == "Leták. [b. r.]."
    assert citation_text(BARE, None, "en") == "Leták. [n. d.]."


@pytest.mark.parametrize(
    ("pages", "language", "expected"),
    [
        (None, "cs", ""),
        (PageSpan(7, 7, ("7",)), "cs", "s. 7"),
        (PageSpan(7, 8, ("7", "8")), "en", "pp. 7–8"),
        (PageSpan(4, 4, ("iv",)), "en", "p. iv (p. 4 of the PDF)"),
        (PageSpan(9, 9, ("7",)), None, "s. 7 (s. 9 v PDF)"),
    ],
)
def test_page_locator(pages: PageSpan | None, language: str | None, expected: str) -> None:
    """The page of the file appears only where it differs from the printed one."""
    assert page_locator(REPORT, pages, language) == expected


def test_slides_are_called_slides() -> None:
    """A presentation has no printed pages."""
    slides = Document("p", "P", Metadata(), "p.pptx", SLIDES, "0" * 64)
    assert page_locator(slides, PageSpan(3, 3, ("3",)), "cs") == "snímek 3"
    assert page_locator(slides, PageSpan(3, 4, ("3", "4")), "cs") == "snímky 3–4"
    assert page_locator(slides, PageSpan(3, 3, ("3",)), "en") == "slide 3"


@pytest.mark.parametrize(
    ("written", "family", "given"),
    [
        ("Jan Novák", "Novák", "Jan"),
        ("doc. PhDr. Jana Marie Nováková, CSc.", "Nováková", "Jana Marie"),
        ("Nováková, Jana", "Nováková", "Jana"),
        (
            "Konsorcium nevládních organizací pracujících s migranty",
            "Konsorcium nevládních organizací pracujících s migranty",
            "",
        ),
        ("Integrační centrum Praha", "Integrační centrum Praha", ""),
        ("UNHCR", "UNHCR", ""),
        ("SIMI Praha", "SIMI Praha", ""),
    ],
)
def test_persons_are_told_from_bodies(written: str, family: str, given: str) -> None:
    """A person's family name leads the reference, a body keeps its name whole."""
    document = Document("d", "D", Metadata(authors=(written,)), "d.txt", "text/plain", "0" * 64)
    (name,) = authors(document)
    assert (name.family, name.given) == (family, given)


def test_more_than_three_authors_are_cut_to_the_first() -> None:
    """As ISO 690 allows."""
    many = Document(
        "d", "D", Metadata(authors=("A B", "C D", "E F", "G H"), year=2020), "d.txt", "text/plain", "0" * 64
    )
    assert citation_text(many, None, "cs") == "B, A et al. D. 2020."


def test_bibtex_escapes_what_tex_would_read_as_a_command() -> None:
    """Also braces and ampersands of titles, but not the address."""
    entry = cite(REPORT, CitationFormat.BIBTEX, ROMAN, "cs")
    assert entry.startswith(
        "@techreport{zprava-2019,\n  author = {Novák, Jan and Malá, Eva and {Ministerstvo vnitra}},\n"
    )
    assert r"title = {{Zpráva o integraci \& soužití}}" in entry
    assert "url = {https://example.org/zprava_2019}" in entry
    assert "pages = {iv--v}" in entry
    assert entry.count("{") == entry.count("}")


def test_ris_has_one_field_a_line_and_an_end() -> None:
    """Lines end with CR LF, the record with ER."""
    lines = cite(REPORT, CitationFormat.RIS, ROMAN, "cs").split("\r\n")
    assert lines[:3] == ["TY  - RPRT", "AU  - Novák, Jan", "AU  - Malá, Eva"]
    assert "SP  - iv" in lines
    assert lines[-2:] == ["ER  - ", ""]


def test_a_line_break_in_a_title_cannot_forge_a_ris_field() -> None:
    """A title is data, whatever it contains."""
    forged = Document("d", "Title\r\nER  - \r\nTY  - BOOK", Metadata(), "d.txt", "text/plain", "0" * 64)
    assert cite(forged, CitationFormat.RIS).count("\r\nER  - ") == 1
    assert cite(forged, CitationFormat.RIS).count("\r\n") == 4


def test_csl_json_is_an_array_of_one_item() -> None:
    """Names are split for persons and literal for bodies."""
    (item,) = json.loads(cite(REPORT, CitationFormat.CSL, ROMAN, "en"))
    assert item["author"] == [
        {"family": "Novák", "given": "Jan"},
        {"family": "Malá", "given": "Eva"},
        {"literal": "Ministerstvo vnitra"},
    ]
    assert (item["type"], item["page"], item["issued"]) == ("report", "iv–v", {"date-parts": [[2019]]})


def test_permalink_is_pinned_to_release_and_passage() -> None:
    """Path-absolute by itself, absolute with a public address."""
    assert permalink("zprava-2019", "r1", "00ff") == "/documents/zprava-2019?release=r1#passage=00ff"
    assert permalink("zprava-2019", "r1", public_url="https://s.example/") == (
        "https://s.example/documents/zprava-2019?release=r1"
    )


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (CitationFormat.BIBTEX, "  url = {{{}}},"),
        (CitationFormat.RIS, "UR  - {}"),
        (CitationFormat.CSL, '    "URL": "{}",'),
    ],
)
def test_a_reference_manager_gets_the_publishers_address_or_else_that_of_the_collection(
    form: CitationFormat, field: str
) -> None:
    """An entry without any address cannot be followed back."""
    link = "https://example.cz/documents/list?release=r"
    assert field.format(link) in cite(BARE, form, ROMAN, "cs", link=link).splitlines()
    assert field.format(REPORT.metadata.url) in cite(REPORT, form, ROMAN, "cs", link=link).splitlines()
    assert link not in cite(REPORT, form, ROMAN, "cs", link=link)
    assert "URL" not in cite(BARE, form, ROMAN, "cs").upper()


def test_a_text_on_a_conference_is_no_conference() -> None:
    """CSL keeps the type "event" for citing the event itself."""
    summary = replace(REPORT, metadata=replace(REPORT.metadata, kind=DocumentKind.CONFERENCE))
    assert json.loads(cite(summary, CitationFormat.CSL, ROMAN, "cs"))[0]["type"] == "document"
