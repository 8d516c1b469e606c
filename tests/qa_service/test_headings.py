"""Does a section come up whose heading a query names, in any inflection and either language, and only such a one?"""

from __future__ import annotations

from datetime import date

import pytest

from corpus.document import Document, Metadata
from indexes.analysis import query_terms
from indexes.passage import DocumentFacts, PassagePlace
from qa_service.headings import NAMED_HEADING, heading_factor, named_share
from qa_service.ordering import order

TODAY = date(2026, 11, 1)


def terms(query: str, language: str) -> frozenset[str]:
    """Return what a query looks for."""
    return frozenset(term.term for term in query_terms(query, language))


def place(name: str, *heading: str) -> PassagePlace:
    """Return a Czech passage of a document of its own."""
    about = Document(name, name, Metadata(), f"{name}.txt", "text/plain", "0" * 64)
    return PassagePlace(name, "cs", DocumentFacts.of(about), heading)


@pytest.mark.parametrize(
    ("heading", "share"),
    [
        ("Poplatky", 1.0),
        ("Poplatky za povolení", 2.5 / 2.5),
        ("Správní poplatky", 1 / 2),
        ("Zdravotní pojištění", 0.0),
        ("", 0.0),
        ("§", 0.0),
    ],
)
def test_a_heading_is_named_by_the_words_it_shares_with_the_query(heading: str, share: float) -> None:
    """In any inflection, with or without diacritics; a function word counts half."""
    assert named_share(heading, "cs", terms("poplatek za povolení", "cs")) == share
    assert named_share(heading, "cs", terms("poplatku za povoleni", "cs")) == share


def test_a_heading_of_function_words_is_named_by_them() -> None:
    """A section "Kdo to potřebuje?" or "Co to je?" is asked for as it stands."""
    assert named_share("Co to je?", "cs", terms("trvalý pobyt - co to je", "cs")) == 1
    assert named_share("Co to je?", "cs", terms("trvalý pobyt", "cs")) == 0


def test_the_innermost_heading_alone_counts() -> None:
    """The passages of a whole chapter are not what a query asks for that names a section of it."""
    asked = terms("poplatky", "cs")
    assert heading_factor(place("a", "Pobyt", "Poplatky"), asked) == 1 + NAMED_HEADING
    assert heading_factor(place("a", "Poplatky", "Pobyt"), asked) == 1
    assert heading_factor(place("a"), asked) == 1


def test_the_section_that_is_named_stands_first_among_the_like() -> None:
    """And says so; one that fits far better keeps its place."""
    like = [(place("a", "Postup"), 0.50), (place("b", "Poplatky"), 0.48)]
    first, second = order(like, frozenset(), TODAY, terms("trvalý pobyt poplatky", "cs"))
    assert (first.place.id, second.place.id) == ("b", "a")
    assert ("named_heading", 1 + NAMED_HEADING) in first.factors
    assert [found.place.id for found in order(like, frozenset(), TODAY)] == ["a", "b"]
    better = [(place("a", "Postup"), 0.60), (place("b", "Poplatky"), 0.48)]
    assert order(better, frozenset(), TODAY, terms("trvalý pobyt poplatky", "cs"))[0].place.id == "a"
