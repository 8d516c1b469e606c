"""Do the forms of a Czech word meet, also where the query is typed without diacritics, and only they?"""

from __future__ import annotations

from itertools import combinations, permutations
from pathlib import Path

import pytest

from indexes.analysis import fold
from indexes.analysis.stems import stems

FAMILIES = [
    line.lower().split()
    for line in (Path(__file__).parent / "word_families.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
SAME_PERSON = {("pracovník", "pracovnice")}
"""The feminine of a masculine: the lists of lemmas hold them together, and a reader who asks for one means both."""


def meet(first: str, second: str) -> bool:
    """Tell whether two words share a key."""
    return not set(stems(first, "cs")).isdisjoint(stems(second, "cs"))


def share_of_meetings(pairs: list[tuple[str, str]]) -> float:
    """Return the share of the pairs that meet."""
    return sum(meet(*pair) for pair in pairs) / len(pairs)


def test_the_list_is_long_enough_to_judge_by() -> None:
    """At least sixty families, each of at least three forms."""
    assert len(FAMILIES) >= 60
    assert min(map(len, FAMILIES)) >= 3


def test_forms_of_one_word_meet() -> None:
    """At least 95 % of all pairs of forms of one word share a key."""
    pairs = [pair for family in FAMILIES for pair in combinations(family, 2)]
    assert share_of_meetings(pairs) >= 0.95


def test_forms_typed_without_diacritics_meet_those_written_with_them() -> None:
    """At least 95 % of the pairs of a written form and another form typed without diacritics share a key."""
    pairs = [(first, fold(second)) for family in FAMILIES for first, second in permutations(family, 2)]
    assert share_of_meetings([pair for pair in pairs if not pair[1].startswith(pair[0])]) >= 0.95


def test_different_words_stay_apart() -> None:
    """No two families share a key, the feminine of a masculine aside."""
    false = {
        (first[0], second[0])
        for first, second in combinations(FAMILIES, 2)
        if any(meet(one, other) for one in first for other in second)
    }
    assert false - SAME_PERSON == set()


def test_the_measure_sees_words_that_do_not_meet() -> None:
    """Negative control: forms of different words do not count as meeting."""
    assert share_of_meetings([("cizinec", "obec"), ("praha", "prach"), ("škola", "skála")]) == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [("children", "child"), ("migrants", "migrant"), ("policies", "policy"), ("housing", "housed")],
)
def test_english_forms_meet(first: str, second: str) -> None:
    """English plurals and verb forms share a key."""
    assert stems(first, "en") == stems(second, "en")
