"""Is the very opposite of what is asked told from an answer?"""

from __future__ import annotations

import pytest

from indexes.analysis import fold
from qa_service.answering.opposites import opposed

OPPOSITES = [
    ("Kdy projekt skončil?", "Projekt začal v roce 2020."),
    ("When did the project end?", "Projekt začal v roce 2020."),
    ("Který host mluvil první?", "Jako poslední promluvil Jan."),
    ("Jak dlouho platí přechodný pobyt?", "Trvalý pobyt platí deset let."),
    ("When was it unofficially opened?", "It was officially opened in 1998."),
    ("What is the largest city?", "The smallest city is Vaduz."),
]
OTHERS = [
    ("Kdy projekt skončil?", "Projekt začal v roce 2020 a skončil v roce 2022."),
    ("Co řekl první a co poslední host?", "Poslední host mlčel."),
    ("Jak dlouhý je nejkratší kurz?", "Nejkratší kurz má tři dny."),
    ("How long is the course?", "The shorter course takes three days."),
    ("Kolik lidí přišlo?", "Přišlo sto lidí."),
    ("Kdo přijel?", "Nepřijel nikdo."),
    ("Může cizinec volit?", "Muzeum je otevřené."),
    ("Kolik trvala konference?", "Dočasná výstava byla celodenní."),
]


@pytest.mark.parametrize(("question", "text"), OPPOSITES)
def test_the_opposite_of_a_word_asked_for_is_seen(question, text) -> None:
    """In both languages, across them, and without diacritics."""
    assert opposed(question, text)
    assert opposed("".join(fold(char) if char.isalpha() else char for char in question), text)


@pytest.mark.parametrize(("question", "text"), OTHERS)
def test_what_merely_looks_like_an_opposite_is_none(question, text) -> None:
    """The word itself stands there too, both sides are asked for, it is a measure, or it is another word."""
    assert not opposed(question, text)
