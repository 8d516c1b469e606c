"""Do near-equal passages come in the order that a reader wants, and unequal ones in that of their scores?"""

from __future__ import annotations

from datetime import date

import pytest

from corpus.document import Document, Metadata
from indexes.passage import DocumentFacts, PassagePlace
from qa_service.ordering import named_years, order

TODAY = date(2026, 11, 1)


def scored(
    name: str, score: float, metadata: Metadata | None = None, document: str | None = None
) -> tuple[PassagePlace, float]:
    """Return a passage of a document of its own, unless another is named, with its fused score."""
    home = document or name
    about = Document(home, home, metadata or Metadata(), f"{home}.txt", "text/plain", "0" * 64)
    return PassagePlace(name, "cs", DocumentFacts.of(about)), score


def names(passages: list[tuple[PassagePlace, float]], query: str = "azyl") -> list[str]:
    """Return the passage ids in the final order."""
    return [found.place.id for found in order(passages, named_years(query), TODAY)]


def test_newer_comes_first_among_equals() -> None:
    """Of two equal passages the one of the newer document stands first; one without a year stands between."""
    old, undated, new = (
        scored("a", 0.5, Metadata(year=2014)),
        scored("b", 0.5),
        scored("c", 0.5, Metadata(year=2026)),
    )
    assert names([old, undated, new]) == ["c", "b", "a"]


def test_age_never_puts_a_worse_answer_first() -> None:
    """Ten years cost two per cent, no more."""
    assert names([scored("a", 0.50, Metadata(year=1990)), scored("b", 0.48, Metadata(year=2026))]) == ["a", "b"]


@pytest.mark.parametrize(
    "ended", [Metadata(year=2026, valid_to=date(2025, 12, 31)), Metadata(year=2026, superseded_by="b")]
)
def test_what_is_out_of_force_stands_behind_what_is_in_force(ended: Metadata) -> None:
    """A superseded document, or one whose validity has ended, gives way to an equal one."""
    assert names([scored("a", 0.5, ended), scored("b", 0.5, Metadata(year=2026))]) == ["b", "a"]


@pytest.mark.parametrize("query", ["poplatky v roce 2014", "poplatky 21. 9. 2014"])
def test_a_named_year_is_respected(query: str) -> None:
    """A query that names a year wants documents of that year, however old, also such as were valid then."""
    old, new = scored("a", 0.5, Metadata(year=2014)), scored("b", 0.5, Metadata(year=2026))
    lasting = scored("c", 0.5, Metadata(year=2012, valid_from=date(2012, 1, 1), valid_to=date(2015, 1, 1)))
    assert names([new, old, lasting], query) == ["a", "c", "b"]


def test_numbers_that_are_no_years_name_none() -> None:
    """An amount or a section is not a year."""
    assert named_years("1 500 Kč podle § 46, 326/1999 Sb.") == {1999}
    assert named_years("byt 3000") == frozenset()


def test_one_document_does_not_fill_the_page() -> None:
    """The fourth passage of a document gives way to another document that is nearly as good."""
    of_one = [scored(f"a{n}", 0.60 - n / 100, document="a") for n in range(5)]
    found = names([*of_one, scored("b", 0.53)])
    assert found[:2] == ["a0", "a1"]
    assert found.index("b") < found.index("a3")


def test_a_document_that_alone_has_the_answer_keeps_its_places() -> None:
    """Far worse documents do not come up because there are many passages of the right one."""
    of_one = [scored(f"a{n}", 0.60 - n / 100, document="a") for n in range(5)]
    assert names([*of_one, scored("b", 0.30)])[-1] == "b"


def test_what_moved_a_passage_is_told() -> None:
    """The score is the fused score times the factors, and never above 1."""
    (found,) = order([scored("a", 1.0, Metadata(year=2014))], frozenset({2014}), TODAY)
    assert dict(found.factors) == {"named_year": 1.03}
    assert found.score == 1.0
