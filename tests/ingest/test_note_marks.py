"""Are the marks of footnotes told from exponents, times and the words they stand behind?"""

from __future__ import annotations

import pytest

from ingest.note_marks import is_minutes, is_note_mark, is_power, without_note_marks


@pytest.mark.parametrize(
    ("before", "mark"),
    [
        ("organizací", "5"), ("organizací.", "12"), ("v roce 2019", "3"), ("326/1999 Sb.", "4"), ("slovem", "[3]"),
        ("slovem", "(4)"), ("řekl:“", "5"), ("(podle zákona)", "6"), ("programmes", "*"), ("and so on,", "1, 2"),
    ],
)  # fmt: skip
def test_a_raised_sign_behind_a_word_is_a_mark(before: str, mark: str) -> None:
    """Words, signs of a sentence, years and numbers of acts carry marks."""
    assert is_note_mark(before, mark)


@pytest.mark.parametrize(
    ("before", "mark"),
    [
        ("60 m", "2"), ("lidí na km", "2"), ("koeficient R", "2"), ("celkem 10", "3"), ("od 8", "00"), ("do 15", "30"),
        ("", "5"), ("(", "5"), ("§", "15"), ("1", "st"), ("slovo", "větší"),
    ],
)  # fmt: skip
def test_exponents_times_and_letters_are_none(before: str, mark: str) -> None:
    """A power of a unit, a letter or ten, the minutes of a time, and what stands behind nothing."""
    assert not is_note_mark(before, mark)


def test_exponents_and_minutes_are_known() -> None:
    """Each of the two is told from the other and from a mark."""
    assert is_power("60 m", "2")
    assert not is_power("slovem", "2")
    assert is_minutes("od 8", "00")
    assert not is_minutes("v roce 2019", "30")


def test_superior_figures_are_left_out_where_they_are_marks() -> None:
    """Exponents, fractions and superior figures at the beginning of a line stay."""
    text = "Podpora organizací¹, obcí²,³ a škol.⁴ Byt má 60 m², R² je 0,8 a 10³ lidí."
    assert without_note_marks(text) == "Podpora organizací, obcí a škol. Byt má 60 m², R² je 0,8 a 10³ lidí."
    assert without_note_marks("¹ Viz zákon.") == "¹ Viz zákon."
