"""Do letters come out as their author wrote them?"""

from __future__ import annotations

import unicodedata

import pytest

from ingest.cleaning import clean_text, compose_accents


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("ﬁnanční ﬂexibilita", "finanční flexibilita"),
        ("in\u00adte\u00adgra\u00adce", "integrace"),
        (unicodedata.normalize("NFD", "příliš žluťoučký"), "příliš žluťoučký"),
        ("1\u00a0500\u202fKč", "1 500 Kč"),
        ("a\u200bb\u2060c\ufeffd", "abcd"),
        ("\x1b[31mčervené\x1b[0m písmo", "červené písmo"),
        ("prvý\x00 druhý\x07 třetí\x85 čtvrtý", "prvý druhý třetí čtvrtý"),
        ("vlevo\u202evpravo", "vlevovpravo"),
        ("jazyko\ufffevých", "jazykových"),
        ("m² a x³", "m² a x³"),
        ("\ud800osamocená", "\ufffdosamocená"),
    ],
)
def test_signs_that_no_reader_sees_are_gone_and_letters_stay(raw: str, clean: str) -> None:
    """Ligatures, soft hyphens, control and direction characters; superscripts keep their meaning."""
    assert clean_text(raw) == clean


def test_cleaning_a_clean_text_changes_nothing() -> None:
    """The function can be applied twice."""
    text = clean_text("  Zákon\u00a0č. 326/1999\tSb.,  o pobytu ")
    assert clean_text(text) == text == "Zákon č. 326/1999 Sb., o pobytu"


@pytest.mark.parametrize(
    ("raw", "composed"),
    [
        ("Pˇr´ıliˇs ˇzlut’ouˇck´y k˚uˇn ´upˇel d’´abelsk´e ´ody", "Příliš žluťoučký kůň úpěl ďábelské ódy"),
        ("ˇStˇep´an a ´Ustav", "Štěpán a Ústav"),
        ("it’s and don’t", "it’s and don’t"),
    ],
)
def test_accents_of_old_fonts_are_put_onto_their_letters(raw: str, composed: str) -> None:
    """The two glyphs of an accented letter become one letter; an English apostrophe stays."""
    assert compose_accents(raw) == composed
