"""Is it found from when and until when a document says that it is valid?"""

from __future__ import annotations

import pytest

from ingest.validity import stated_validity


@pytest.mark.parametrize(
    ("line", "dates"),
    [
        ("Účinnost od 1. 1. 2024", {"valid_from": "2024-01-01"}),
        ("Platí od 22. listopadu 2026. Nahrazuje první znění.", {"valid_from": "2026-11-22"}),
        ("Platnost: od 1. 2. 2023 do 31. 12. 2023", {"valid_from": "2023-02-01", "valid_to": "2023-12-31"}),
        ("Pravidla nabývají účinnosti dnem 1. 7. 2022.", {"valid_from": "2022-07-01"}),
        ("Směrnice rady města nabývá účinnosti dnem 1. 7. 2022", {}),
        ("Ceník je platný do 30. 6. 2025", {"valid_to": "2025-06-30"}),
        ("Metodika s účinností od 15. března 2021", {"valid_from": "2021-03-15"}),
        ("Valid from 1 January 2024 to 31 December 2024", {"valid_from": "2024-01-01", "valid_to": "2024-12-31"}),
        ("Effective from: January 5, 2022", {"valid_from": "2022-01-05"}),
        ("This guide is valid until 2025-06-30.", {"valid_to": "2025-06-30"}),
        ("Zákon č. 326/1999 Sb. nabývá účinnosti dne 1. 1. 2000", {}),
        ("Konference se koná 1. 1. 2024 v Praze.", {}),
        ("Platí od roku 2024.", {}),
    ],
)
def test_dates_of_validity_are_those_that_the_document_states_of_itself(line: str, dates: dict[str, str]) -> None:
    """In Czech and English; what a line says of an act, or without a day, is nothing."""
    assert {found.field: found.date.isoformat() for found in stated_validity([line])} == dates


def test_a_law_says_of_itself_when_it_is_valid() -> None:
    """Only there the words about an act are about the document."""
    line = "Tento zákon nabývá účinnosti dnem 1. 7. 2022."
    assert [found.date.year for found in stated_validity([line], is_law=True)] == [2022]
    assert list(stated_validity([line])) == []


def test_a_line_that_begins_with_it_is_surer() -> None:
    """A field of a form says more than half a sentence."""
    (line,) = stated_validity(["Platí od 1. 1. 2024"])
    (sentence,) = stated_validity(["Ceník kurzů platí od 1. 1. 2024"])
    assert line.confidence > sentence.confidence > 0.5
