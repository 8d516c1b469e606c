"""Does the shipped table know what the words of the field mean in the other language?"""

from __future__ import annotations

from pathlib import Path

import pytest

from indexes.analysis import analysed_words
from indexes.errors import IndexesError
from indexes.translation import LEAST_STEP, TRANSLATIONS, TranslationTable, bundled_translations


def first_words(text: str, language: str) -> list[str]:
    """Return the best translation of each word of a text."""
    table = bundled_translations()
    return [found[0].word for word in analysed_words(text, language) if (found := table.translations(word.keys[0]))]


@pytest.mark.parametrize(
    ("czech", "english"),
    [
        ("azyl", "asylum"),
        ("uprchlíci", "refugees"),
        ("dítě", "child"),
        ("smlouva", "contract"),
        ("škola", "school"),
    ],
)
def test_words_of_the_field_translate_both_ways(czech: str, english: str) -> None:
    """The most probable translation is another form of the expected word."""
    keys = {word.keys for word in analysed_words(english, "en")}
    assert {word.keys for word in analysed_words(first_words(czech, "cs")[0], "en")} == keys
    keys = {word.keys for word in analysed_words(czech, "cs")}
    assert {word.keys for word in analysed_words(first_words(english, "en")[0], "cs")} == keys


def test_probabilities_are_sorted_and_add_up_to_at_most_one() -> None:
    """They are shares of one word's meaning (each rounded to a byte)."""
    (key,) = analysed_words("práce", "cs")[0].keys
    found = [item.probability for item in bundled_translations().translations(key)]
    assert found == sorted(found, reverse=True)
    assert 0 < sum(found) <= 1 + len(found) / 255


def test_common_words_tell_less_than_rare_ones() -> None:
    """In texts at large, in either language; what is unknown tells most."""
    table = bundled_translations()

    def telling(word: str, language: str) -> float:
        return table.telling(analysed_words(word, language)[0].keys[0])

    assert telling("člověk", "cs") < telling("cizinec", "cs") < telling("azyl", "cs") <= 1
    assert telling("people", "en") < telling("foreigner", "en") < telling("asylum", "en") <= 1
    assert table.telling("cxyzxyz") == 1


def test_a_word_is_not_taken_for_a_function_word() -> None:
    """An English "for" in Czech texts once made "fórum" mean nothing else, and find nothing."""
    (key,) = analysed_words("fórum", "cs")[0].keys
    assert bundled_translations().translations(key)[0].word == "forum"


@pytest.mark.parametrize(("word", "language", "shown"), [("Prague", "en", "Praha"), ("městech", "cs", "city")])
def test_translations_are_shown_as_a_dictionary_has_them(word: str, language: str, shown: str) -> None:
    """In the nominative, and names with their capital."""
    table = bundled_translations()
    assert shown in [item.word for item in table.translations(analysed_words(word, language)[0].keys[0])[:3]]


def test_an_unknown_term_has_no_translations() -> None:
    """Neither an unknown word nor a number is translated."""
    assert bundled_translations().translations("cxyzxyz") == ()
    assert bundled_translations().translations("n1500") == ()


@pytest.mark.parametrize(("word", "kin"), [("policie", "policejní"), ("škola", "školní"), ("cizinec", "cizí")])
def test_words_that_translate_alike_are_related(word: str, kin: str) -> None:
    """Derived words, which no stemmer brings together, meet by way of the other language."""
    table = bundled_translations()
    (key,), (wanted,) = analysed_words(word, "cs")[0].keys, analysed_words(kin, "cs")[0].keys
    found = {item.term: item.probability for item in table.related(key)}
    assert key not in found
    assert wanted in found


def test_the_probability_of_a_related_term_is_summed_over_all_ways() -> None:
    """There and back again, by each translation that is probable enough."""
    table = bundled_translations()
    (key,) = analysed_words("cizinec", "cs")[0].keys
    ways = [(way.term, way.probability) for way in table.translations(key) if way.probability >= LEAST_STEP]
    for item in table.related(key):
        there_and_back = [
            there * back.probability
            for way, there in ways
            for back in table.translations(way)
            if back.term == item.term
        ]
        assert item.probability == pytest.approx(sum(there_and_back))
    assert table.related("cxyzxyz") == ()


def test_the_table_is_small_enough_to_ship() -> None:
    """Under 8 MB."""
    assert TRANSLATIONS.stat().st_size < 8_000_000


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    """A file that is no table is an error with its name, never an empty table."""
    file = tmp_path / "translations.npz"
    file.write_bytes(b"PK nothing")
    with pytest.raises(IndexesError, match=r"translations\.npz"):
        TranslationTable.load(file)
