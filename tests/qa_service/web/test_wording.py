"""Are pages, dates, languages and filters put into the right words?"""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from qa_service.citations import SLIDES
from qa_service.web.address import read_address
from qa_service.web.messages import messages
from qa_service.web.wording import (
    Caution,
    cautions,
    evidence_columns,
    facet_lists,
    language_words,
    page_words,
    quote_link,
    year_bars,
)  # fmt: skip
from tests.scripted_service import ANSWER_BODY, link_body

CZECH, ENGLISH = messages("cs"), messages("en")


@pytest.mark.parametrize(
    ("pages", "czech", "english"),
    [
        ({"first": 3, "last": 3, "labels": ["3"]}, "s.\u00a03", "p.\u00a03"),
        (
            {"first": 3, "last": 4, "labels": ["iii", "iv"]},
            "s.\u00a0iii–iv (strany PDF 3–4)",
            "pp.\u00a0iii–iv (PDF pages 3–4)",
        ),
        ({"first": 14, "last": 14, "labels": ["12"]}, "s.\u00a012 (strana PDF 14)", "p.\u00a012 (PDF page 14)"),
    ],
)
def test_the_printed_page_comes_first_and_the_pdf_page_where_it_differs(
    pages: dict[str, object], czech: str, english: str
) -> None:
    """A reader finds the page on paper and on the screen."""
    assert page_words(CZECH, pages, "application/pdf") == czech
    assert page_words(ENGLISH, pages, "application/pdf") == english


def test_pages_of_a_presentation_are_called_slides() -> None:
    """A slide has no printed number."""
    one, several = {"first": 3, "last": 3, "labels": ["3"]}, {"first": 3, "last": 4, "labels": ["3", "4"]}
    assert [page_words(CZECH, pages, SLIDES) for pages in (one, several)] == ["snímek 3", "snímky 3–4"]
    assert [page_words(ENGLISH, pages, SLIDES) for pages in (one, several)] == ["slide 3", "slides 3–4"]


def test_a_reader_is_warned_about_dates_on_both_sides() -> None:
    """Expired yesterday and valid from tomorrow are said, valid today is not."""
    today = date(2026, 11, 21)
    undated = {"valid_from": None, "valid_to": None, "superseded_by": None}
    assert cautions(CZECH, {**undated, "valid_to": "2026-11-21"}, [], None, today) == []
    (expired,) = cautions(CZECH, {**undated, "valid_to": "2026-11-20"}, [], None, today)
    assert expired.words.startswith("Platilo do 20.\u00a011.\u00a02026")
    (coming,) = cautions(ENGLISH, {**undated, "valid_from": "2026-11-22"}, [], None, today)
    assert coming.words == "Valid only from 22 November 2026."
    superseded = [{"kind": "superseded", "document": "x"}, {"kind": "expired"}]
    assert cautions(ENGLISH, {**undated, "superseded_by": "x"}, superseded, None, today) == [
        Caution("A newer version of this document exists.")
    ]
    outdone, newer = [{"kind": "newer_version", "document": "y"}], link_body("y", "Second edition")
    assert cautions(ENGLISH, undated, outdone, newer, today) == [
        Caution("The collection holds a newer document on the same subject.", newer)
    ]


def test_evidence_in_two_languages_stands_in_two_columns() -> None:
    """The column of the first citation comes first."""
    columns = evidence_columns(CZECH, ANSWER_BODY["citations"])
    assert [(c.heading, [q["number"] for q in c.citations]) for c in columns] == [
        ("Z\u00a0českých dokumentů", [1]),
        ("Z\u00a0anglických dokumentů", [2]),
    ]


def test_a_language_that_is_neither_is_named_by_its_code() -> None:
    """A Slovak paragraph is not passed off as Czech."""
    assert language_words(CZECH, "sk") == "jazyk: sk"
    foreign = [{**ANSWER_BODY["citations"][0], "language": "sk"}]
    assert evidence_columns(CZECH, foreign)[0].heading == "Z\u00a0dokumentů v\u00a0jiných jazycích"


def test_a_chosen_filter_stays_visible_without_hits() -> None:
    """What cannot be seen cannot be taken back."""
    address = read_address([("q", "x"), ("kind", "law"), ("publisher", "Nakladatel")], "cs")
    facets = {f.name: f for f in facet_lists(CZECH, {"kind": {"guide": 2}, "publisher": {}}, address)}
    assert [(c.value, c.words, c.count, c.chosen) for c in facets["kind"].choices] == [
        ("law", "právní předpis", 0, True),
        ("guide", "příručka", 2, False),
    ]
    assert facets["publisher"].choices[0].words == "Nakladatel"


def test_years_without_documents_keep_their_place_in_the_picture() -> None:
    """The bars stand on a true scale of years."""
    assert [(bar.year, bar.height) for bar in year_bars({"2019": 4, "2021": 2})] == [(2019, 34), (2020, 0), (2021, 17)]
    assert [bar.height for bar in year_bars({"2019": 200, "2020": 1})] == [34, 1]
    assert year_bars({"2019": 4}) == []


def test_the_link_of_a_quote_is_the_citation_with_the_place_of_the_quote() -> None:
    """Without JavaScript the server marks the quote, and the fragment still scrolls to the passage."""
    citation = ANSWER_BODY["citations"][0]
    link = urlsplit(quote_link(CZECH, citation))
    query = parse_qs(link.query)
    assert link.fragment == f"passage={citation['passage_id']}"
    assert query["quote"] == [f"{citation['start']}-{citation['end']}"]
    assert query["lang"] == ["cs"]
    assert query["release"] == [citation["url"].split("release=")[1].split("#")[0]]
