"""Are words and ranges put together again that run over the end of a line?"""

from __future__ import annotations

import pytest

from ingest.readers.line_ends import compounds, joined_lines

WORDS = compounds(["Vztahy česko-ukrajinské jsou dobré.", "bez spojovníku"])


@pytest.mark.parametrize(
    ("text", "following", "joined"),
    [
        ("kurzy jazyko-", "vých škol", "kurzy jazykových škol"),
        ("kurzy jazyko\ufffe", "vých škol", "kurzy jazykových škol"),
        ("centra česko\ufffe", "ukrajinská", "centra česko-ukrajinská"),
        ("centra česko-", "-ukrajinská", "centra česko-ukrajinská"),
        ("centra česko\ufffe", "slovenská", "centra československá"),
        ("palác Clam\ufffe", "Gallas", "palác Clam-Gallas"),
        ("je\ufffe", "li to možné", "je-li to možné"),
        ("učitelé vysvětli\ufffe", "li rodičům", "učitelé vysvětlili rodičům"),
        ("nemoc covid-", "19 v roce", "nemoc covid-19 v roce"),
        ("objednání e\ufffe", "mailem nebo", "objednání e-mailem nebo"),
        ("v letech 2017–", "2021", "v letech 2017–2021"),
        ("zákon č. 326/", "1999 Sb.", "zákon č. 326/1999 Sb."),
        ("obec –", "a to každá", "obec – a to každá"),
        ("na konci", ", nebo", "na konci, nebo"),
        ("první", "druhý", "první druhý"),
        ("VZDĚLÁ-", "VÁNÍ", "VZDĚLÁ- VÁNÍ"),
    ],
)
def test_two_lines_become_one(text: str, following: str, joined: str) -> None:
    """A hyphen is dropped where it parts a word and stays where the word has one."""
    assert joined_lines(text, following, WORDS) == joined


def test_words_with_a_hyphen_are_known_by_their_beginning() -> None:
    """The ending changes with the case, so four letters of the second part are enough."""
    assert {("česko", "ukra")} == WORDS
