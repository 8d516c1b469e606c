"""Are numbers spelled out in words read as the numbers they are, in Czech with and without diacritics and in English?"""

from __future__ import annotations

import pytest

from indexes.analysis import fold
from qa_service.answering.number_words import spelled_numbers

SPELLED = [
    ("přišlo téměř sto padesát lidí", [150]),
    ("tři tisíce korun", [3000]),
    ("dva tisíce devatenáct", [2019]),
    ("dva miliony tři sta tisíc", [2_300_000]),
    ("tři sta dvacet jedna", [321]),
    ("jednadvacet členů", [21]),
    ("pětadvacet procent", [25]),
    ("1,5 milionu korun", [1_500_000]),
    ("150 tisíc", [150_000]),
    ("dva a tři", [2, 3]),
    ("pět šest lidí", [5, 6]),
    ("a hundred and fifty people", [150]),
    ("twenty-one cities", [21]),
    ("fifteen hundred", [1500]),
    ("two thousand and nineteen", [2019]),
    ("14. pět", [5]),
]


@pytest.mark.parametrize(("text", "values"), SPELLED)
def test_words_that_make_one_number_are_read_together(text, values) -> None:
    """Also typed without diacritics; offsets are those of the text."""
    assert [number.value for number in spelled_numbers(text)] == values
    assert [number.value for number in spelled_numbers(fold(text))] == values
    assert all(
        text[number.start : number.end].strip() == text[number.start : number.end] for number in spelled_numbers(text)
    )


@pytest.mark.parametrize(
    "text", ["a set of rules", "one of them", "jedna z nich", "1 500 lidí v 38 zemích", "v roce 2019"]
)
def test_articles_and_bare_figures_spell_nothing(text) -> None:
    """Negative control: "one" and "set" are words of other meanings, figures are read elsewhere."""
    assert spelled_numbers(text) == []
