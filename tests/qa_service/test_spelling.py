"""Is the word found that a reader meant?"""

from __future__ import annotations

import pytest

from qa_service.spelling import Spelling

SPELLING = Spelling({"pobyt": 40, "pobytu": 30, "žádost": 20, "integrace": 50, "interakce": 2, "dávka": 3, "dávky": 9})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pobty", ["pobyt"]),
        ("integrce", ["integrace"]),
        ("inetgracee", ["integrace"]),
        ("zadsot", ["žádost"]),
        ("ŽÁDOSR", ["žádost"]),
        ("davk", ["dávky", "dávka"]),
    ],
)
def test_a_slip_finds_the_word(typed: str, meant: list[str]) -> None:
    """One slip is forgiven, two in long words; of equally near words the commoner comes first."""
    assert SPELLING.corrections(typed) == meant


@pytest.mark.parametrize("typed", ["pobyt", "POBYT", "zadost", "byt", "", "xyzxyz", "2021"])
def test_words_that_are_here_short_or_far_are_left_alone(typed: str) -> None:
    """Nothing is suggested for a word of the release, whatever its case and diacritics, nor by guessing."""
    assert SPELLING.corrections(typed) == []
