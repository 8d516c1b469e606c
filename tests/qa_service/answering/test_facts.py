"""Are numbers, dates, names and denials recognised in both languages, however they are written?"""

from __future__ import annotations

import pytest

from qa_service.answering.facts import (
    body_words,
    counting_ends,
    denies,
    has_date,
    has_number,
    names,
    number_keys,
    years,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 250 korun", "1,250 crowns"),
        ("čtyři hodiny", "4 hodiny"),
        ("ctyri hodiny", "four hours"),
        ("14. května 2019", "2019-05-14"),
        ("21. 9. 2021", "21 September 2021"),
        ("8. a 9. června", "8–9 June"),
        ("téměř sto padesát", "almost 150"),
        ("tri tisice korun", "3 000 Kč"),
        ("a hundred and fifty", "150"),
        ("dvacet pět procent", "pětadvacet procent"),
        ("1,5 milionu", "1 500 000"),
    ],
)
def test_equal_figures_have_equal_keys(one, other) -> None:
    """Separators, words and languages make no difference."""
    shared = number_keys(one) & number_keys(other)
    assert shared
    assert {key for key in number_keys(one) if key[0] in "nd"} == {key for key in number_keys(other) if key[0] in "nd"}


@pytest.mark.parametrize(
    ("one", "other"),
    [("čtyři", "čtyřicet"), ("2019", "2018"), ("3,5", "35"), ("14. 5. 2019", "14. 6. 2019"), ("sto", "sto padesát")],
)
def test_other_figures_have_other_keys(one, other) -> None:
    """Negative control."""
    assert not number_keys(one) <= number_keys(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Na konferenci vystoupil starosta Kolína Vít Rakušan.", ["Kolína Vít Rakušan"]),
        ("Konferenci pořádalo OBSE/ODIHR v Praze 14.", ["OBSE/ODIHR", "Praze 14"]),
        ("Kdo je Jan Janoušek?", ["Jan Janoušek"]),
        ("Konference se konala loni. Účastníci děkovali.", []),
        ("In September the Prague Integration Centre opened on Monday.", ["Prague Integration Centre"]),
        ("SIMI pořádala fórum.", ["SIMI"]),
        ("Je Praha členem Eurocities?", ["Praha", "Eurocities"]),
        ("What is Jan Kopkáš's position?", ["Jan Kopkáš"]),
    ],
)
def test_names_are_runs_of_capitals_but_not_what_opens_a_sentence(text, expected) -> None:
    """Months and days of the English calendar name nobody."""
    found = names(text)
    assert [name.text for name in found] == expected
    assert all(text[name.start : name.end] == name.text for name in found)


@pytest.mark.parametrize(
    ("test", "holds", "does_not"),
    [
        (has_date, "Setkání proběhlo v říjnu.", "Setkání proběhlo na úřadu."),
        (has_date, "The doors open at 9:30.", "You may come at any time."),
        (has_number, "Přišlo sto padesát lidí.", "Bylo to 14. května 2019."),
        (body_words, "Pořádalo to Ministerstvo vnitra.", "Pořádal to soused."),
    ],
)
def test_kinds_of_evidence_are_told_apart(test, holds, does_not) -> None:
    """A year is no number of people, a neighbour no institution."""
    assert test(holds)
    assert not test(does_not)


@pytest.mark.parametrize(
    "text",
    ["Kurz není povinný.", "Kurz neni povinny.", "The course is not free.", "It isn’t free.", "bez poplatku", "nelze"],
)
def test_denials_are_seen(text) -> None:
    """In both languages, without diacritics too."""
    assert denies(text)


@pytest.mark.parametrize(
    "text",
    [
        "Neziskové organizace v Německu",
        "Nejprve přišli někteří, nebo v neděli",
        "the northern network of neighbours needs news",
        "nezletilý žák",
    ],
)
def test_words_that_merely_begin_like_a_denial_deny_nothing(text) -> None:
    """The Czech prefix stands in many words of our subject."""
    assert not denies(text)


def test_years_are_four_digits_by_themselves() -> None:
    """Not a part of a longer number."""
    assert years("V roce 2019 a 120191 lidí, č. 1999/2000") == {"2019", "1999", "2000"}


def test_the_days_of_a_date_count_nothing() -> None:
    """In "11. až 13. října 2021 pořádá síť měst" no number tells how many towns there are."""
    text = "11. až 13. října 2021 pořádá síť měst, v roce 2020 jich bylo 38."
    assert not has_number(text[: text.index(",")])
    assert [text[:end] for end in counting_ends(text)] == [text[:-1]]


@pytest.mark.parametrize("part", ["8. června 2017", "9. června", "8 June", "červen"])
def test_a_day_or_a_month_is_told_by_the_days_that_hold_it(part) -> None:
    """What says "8. a 9. června 2017" says each of them."""
    assert number_keys(part) <= number_keys("8. a 9. června 2017")
    assert not number_keys("10. června") <= number_keys("8. a 9. června 2017")


def test_the_number_of_a_district_counts_nothing_in_a_row_of_districts() -> None:
    """A comma behind it ends the name, and the name keeps its number; behind a count there is what it counts."""
    assert not has_number("Přispěly městské části Praha 14, Praha 4 a Praha 7.")
    assert has_number("Přispěly Praha 14, Praha 4 a 3 obce.")
