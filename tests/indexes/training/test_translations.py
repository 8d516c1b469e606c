"""Does the table of translations learn which words mean each other?"""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from indexes.analysis import passage_terms
from indexes.training.translations import how_telling, learn, read_pairs, read_sides, write
from indexes.translation import TranslationTable

PAIRS = [
    ("red car", "červené auto"),
    ("red house", "červený dům"),
    ("green car", "zelené auto"),
    ("green house", "zelený dům"),
    ("old green house", "starý zelený dům"),
    ("old red car", "staré červené auto"),
] * 2


def key(word: str, language: str) -> str:
    """Return the key of one word."""
    return passage_terms(word, language)[0]


def learned() -> dict[str, list[tuple[str, float]]]:
    """Return the table learned from the pairs."""
    return learn(*read_sides(("made", english, czech) for english, czech in PAIRS))


@pytest.mark.parametrize(
    ("czech", "english"), [("auto", "car"), ("dům", "house"), ("červený", "red"), ("zelený", "green"), ("starý", "old")]
)
def test_words_that_stand_opposite_each_other_translate_both_ways(czech: str, english: str) -> None:
    """However often the same other words stand beside them."""
    table = learned()
    for source, target in ((key(czech, "cs"), key(english, "en")), (key(english, "en"), key(czech, "cs"))):
        best, probability = table[source][0]
        assert best == target
        assert probability > 0.9


def test_a_word_seen_once_is_not_believed() -> None:
    """One pair may be a mistake."""
    table = learn(*read_sides(("made", *pair) for pair in [*PAIRS, ("blue sky", "modrá obloha")]))
    assert key("modrá", "cs") not in table


def test_equal_pairs_give_an_equal_table_that_can_be_read_again(tmp_path: Path) -> None:
    """Byte for byte, and with the probabilities to half a step of their scale."""
    words = {term: term for found in learned().values() for term, _ in found} | {term: term for term in learned()}
    for name in ("first.npz", "second.npz"):
        write(learned(), words, {key("auto", "cs"): 0.2, "n10": 0.4}, tmp_path / name)
    table = TranslationTable.load(tmp_path / "first.npz")
    for source, found in learned().items():
        read = [(item.term, item.probability) for item in table.translations(source)]
        assert [term for term, _ in read] == [term for term, _ in found]
        assert [probability for _, probability in read] == pytest.approx([p for _, p in found], abs=0.5 / 255)
    assert table.telling(key("auto", "cs")) == pytest.approx(0.2)
    assert table.telling(key("dům", "cs")) == 1.0
    assert (table.telling("n10"), table.translations("n10")) == (pytest.approx(0.4), ())
    assert (tmp_path / "first.npz").read_bytes() == (tmp_path / "second.npz").read_bytes()


def test_the_glossary_gives_each_variant_and_skips_remarks(tmp_path: Path) -> None:
    """Variants are parted by semicolons on either side."""
    file = tmp_path / "glossary.tsv"
    file.write_text("# remark\n\nforeigner; foreign national\tcizinec\n", encoding="utf-8")
    assert list(read_pairs(tmp_path, file)) == [
        ("glossary", "foreigner", "cizinec"),
        ("glossary", " foreign national", "cizinec"),
    ]


def test_words_left_in_their_language_translate_nothing() -> None:
    """An English "for" within a Czech name is no form of a Czech word; without the rule it would be most of "fórum"."""
    left = ("Dynamics for banks", "Dynamics for banky")
    czech_side, _ = read_sides(("made", *pair) for pair in [left, ("forum", "fórum")] * 2)
    assert key("for", "cs") == key("fórum", "cs")
    assert czech_side.surfaces[key("fórum", "cs")] == {"fórum": 2}


def test_a_word_of_many_general_texts_tells_less() -> None:
    """By its idf in general texts as a share of the largest; texts of one trade say nothing about that."""
    pairs = [("tatoeba", "a red car", "červené auto"), ("tatoeba", "a green car", "zelené auto")]
    told = how_telling(read_sides(iter([*pairs, ("msdocs-cpp", "red file", "červený soubor")])))
    assert told[key("auto", "cs")] == pytest.approx(math.log(1 + 0.5 / 2.5) / math.log(5))
    assert told[key("red", "en")] == pytest.approx(math.log(1 + 1.5 / 1.5) / math.log(5))
    assert key("file", "en") not in told


def test_a_number_tells_by_the_texts_of_both_languages() -> None:
    """It stands in two of the three Czech texts and in one of the three English ones, and is no term to translate."""
    pairs = [("natural-cc", "10 cars", "10 aut"), ("natural-cc", "ten cars", "10 aut"), ("natural-cc", "car", "auto")]
    sides = read_sides(iter(pairs))
    assert how_telling(sides)["n10"] == pytest.approx(math.log(1 + 3.5 / 3.5) / math.log(13))
    assert not any("n10" in side.numbers for side in sides)


@pytest.mark.parametrize(
    ("surfaces", "language", "word"),
    [
        ({"Praze": 5, "Prahy": 3, "praha": 1}, "cs", "Praha"),
        ({"účastníků": 4, "Účastníci": 3}, "cs", "účastník"),
        ({"manually": 6, "manual": 3, "manuals": 1}, "en", "manual"),
        ({"represents": 2}, "en", "represent"),
        ({"Windowsu": 1}, "cs", "Windowsu"),
    ],
)
def test_readers_are_shown_a_word_as_a_dictionary_has_it(surfaces: dict[str, int], language: str, word: str) -> None:
    """In its first form and with its capital; a word that no dictionary knows as it was written."""
    readable = pytest.importorskip("indexes.training.readable", reason="the extra [training] is not installed")
    assert readable.readable(key(next(iter(surfaces)), language), surfaces, language) == word
