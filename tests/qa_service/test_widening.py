"""Is a query widened by what is known, openly, and only as far as the reader agrees?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from indexes.analysis import analysed_words
from indexes.translation import TranslationTable, bundled_translations
from qa_service.glossary import Glossary, Variant, bundled_glossary
from qa_service.spelling import Spelling
from qa_service.widening import PART_OF_NUMBER, AlsoSearched, WidenedQuery, Widening


def variant(text: str, language: str) -> Variant:
    """Return a variant of a glossary entry."""
    return Variant(text, language, tuple(word for word in analysed_words(text, language) if not word.is_common))


GLOSSARY = Glossary([[variant("Labour Office", "en"), variant("úřad práce", "cs")]])
VOCABULARY = {"cizinec": 5, "povolení": 7}
EVERYTHING_TELLS = np.full(3, 255, dtype=np.uint8)


@pytest.fixture
def widening() -> Widening:
    """Everything that an installation may know."""
    key = analysed_words("cizinec", "cs")[0].keys[0].encode()
    table = TranslationTable(
        [key, b"eforeign", b"ework"],
        [b"cizinec", b"foreigner", b"work"],
        np.array([0, 2, 2, 2], dtype=np.uint32),
        np.array([1, 2], dtype=np.uint32),
        np.array([204, 26], dtype=np.uint8),
        telling=EVERYTHING_TELLS,
    )
    return Widening(table, GLOSSARY)


def widen(widening: Widening, text: str, without: Sequence[str] = (), language: str | None = "cs") -> WidenedQuery:
    """Return a query widened over a release that holds every key but those with an x."""
    return widening.widen(text, language, lambda term: int("x" not in term), lambda: Spelling(VOCABULARY), without)


def test_translations_are_alternatives_of_their_word(widening: Widening) -> None:
    """Each has its probability for credit; only probable ones are told."""
    widened = widen(widening, "práva cizinců")
    credit_of = {item.term: item.credit for item in widened.words[1].alternatives}
    assert credit_of["eforeign"] == pytest.approx(0.8)
    assert credit_of["ework"] == pytest.approx(26 / 255)
    assert widened.also_searched == (AlsoSearched("foreigner", "cizinců", "translation"),)


def test_a_word_without_translation_may_stand_as_it_is_in_the_other_language(widening: Widening) -> None:
    """Names are written alike in both languages."""
    terms = {item.term for item in widen(widening, "MIPEX").words[0].alternatives}
    assert {"cmipex", "emipex"} <= terms


def test_a_word_that_is_common_everywhere_counts_less() -> None:
    """However rare it happens to be in the release; what the table does not know counts in full, function words as ever."""
    keys = [analysed_words(word, "cs")[0].keys[0].encode() for word in ("azyl", "dodal")]
    none, empty = np.zeros(3, dtype=np.uint32), np.array([], dtype=np.uint32)
    told = np.array([255, 51], dtype=np.uint8)
    table = TranslationTable(keys, [b"azyl", b"dodat"], none, empty, empty.astype(np.uint8), telling=told)
    widened = widen(Widening(table), "azyl, dodal k Odihru")
    assert [word.weight for word in widened.words] == [pytest.approx(1.0), pytest.approx(0.2), 0.5, 1.0]
    assert [word.weight for word in widen(Widening(), "azyl, dodal").words] == [1.0, 1.0]


def test_function_words_and_numbers_count_by_what_they_tell_in_a_text_only() -> None:
    """Among eight chosen words they count as ever, among eleven half so, and from fourteen on as any other word."""
    keys, told = [b"c-je", b"d2021-06-09", b"n10"], np.array([51, 255, 102], dtype=np.uint8)
    none, empty = np.zeros(4, dtype=np.uint32), np.array([], dtype=np.uint32)
    table = TranslationTable(keys, keys, none, empty, empty.astype(np.uint8), telling=told)

    def weights(words: int) -> list[float]:
        text = " ".join(["je", "10", "9. 6. 2021", *("xy" + "z" * number for number in range(words - 2))])
        return [word.weight for word in widen(Widening(table), text).words[:3]]

    assert weights(8) == [0.5, 1.0, 1.0]
    assert weights(11) == pytest.approx([0.5 * math.sqrt(0.2), math.sqrt(0.4), 1.0])
    assert weights(14) == weights(20) == pytest.approx([0.5 * 0.2, 0.4, 1.0])


def test_a_slip_counts_as_what_it_is_a_slip_of() -> None:
    """A common word mistyped is not a rare one."""
    key = analysed_words("povolení", "cs")[0].keys[0].encode()
    none, empty = np.zeros(2, dtype=np.uint32), np.array([], dtype=np.uint32)
    told = np.array([51], dtype=np.uint8)
    table = TranslationTable([key], [b"povolen\xc3\xad"], none, empty, empty.astype(np.uint8), telling=told)
    assert [word.weight for word in widen(Widening(table), "poxoleni").words] == [pytest.approx(0.2)]
    assert [word.weight for word in widen(Widening(), "poxoleni").words] == [1.0]


def test_a_glossary_term_adds_its_other_variants(widening: Widening) -> None:
    """They weigh together as much as the words they stand for, a little less."""
    widened = widen(widening, "na úřadu práce")
    assert [item.term for item in widened.variants] == ["elabour", "eoffic"]
    assert sum(item.credit for item in widened.variants) == pytest.approx(2 * 0.8)
    assert AlsoSearched("Labour Office", "úřadu práce", "glossary") in widened.also_searched


def test_a_translation_that_the_glossary_vouches_for_counts_once(widening: Widening) -> None:
    """It is a surer alternative of its word, not one more word, which would favour passages of the other language."""
    table = widening._translations
    vouching = Widening(table, Glossary([[variant("foreigner", "en"), variant("cizinec", "cs")]]))
    widened = widen(vouching, "cizinec a práce")
    alternatives = {item.term: item.credit for item in widened.words[0].alternatives}
    assert widened.variants == ()
    assert alternatives["eforeign"] == pytest.approx(0.8)
    assert [item.term for item in widen(Widening(None, vouching._glossary), "cizinec a práce").variants] == ["eforeign"]


def test_what_is_a_translation_and_in_the_glossary_is_told_once() -> None:
    """By the glossary, which staff can change; a word of the query that stands twice is told once as well."""
    key = analysed_words("azyl", "cs")[0].keys[0].encode()
    table = TranslationTable(
        [key, b"easylum"],
        [b"azyl", b"asylum"],
        np.array([0, 1, 1], dtype=np.uint32),
        np.array([1], dtype=np.uint32),
        np.array([204], dtype=np.uint8),
        telling=EVERYTHING_TELLS,
    )
    both = Widening(table, Glossary([[variant("Asylum", "en"), variant("azyl", "cs")]]))
    assert widen(both, "azyl a azyl").also_searched == (AlsoSearched("Asylum", "azyl", "glossary"),)


def test_an_unknown_word_is_respelled_openly(widening: Widening) -> None:
    """The correction is searched beside the word as typed, told, and suggested; the query itself stays."""
    widened = widen(widening, "poxoleni cizinců")
    assert AlsoSearched("povolení", "poxoleni", "spelling") in widened.also_searched
    assert widened.suggestions == ("povolení cizinců",)
    assert widened.words[0].word.surface == "poxoleni"


def test_a_word_that_the_collection_lacks_is_no_slip(widening: Widening) -> None:
    """A word of which there are translations is spelt right, however near another word is."""
    widened = widening.widen("cizinec", "cs", lambda _: 0, lambda: Spelling({"cizinek": 5}))
    assert widened.suggestions == ()
    assert Widening().widen("cizinec", "cs", lambda _: 0, lambda: Spelling({"cizinek": 5})).suggestions == ("cizinek",)


def test_only_a_few_unknown_words_are_looked_up(widening: Widening) -> None:
    """A long text of unknown words costs no more than five of them."""
    asked: list[str] = []

    class Counting(Spelling):
        def corrections(self, word: str, limit: int = 2) -> list[str]:
            asked.append(word)
            return []

    widening.widen(" ".join(f"xyzx{letter}" for letter in "abcdefghij"), None, lambda _: 0, lambda: Counting({}))
    assert len(asked) == 5


@pytest.mark.parametrize("without", [["Labour office"], ["*"]])
def test_a_reader_can_take_back_what_was_added(widening: Widening, without: list[str]) -> None:
    """A term that is refused is neither searched nor told, whatever its case."""
    widened = widen(widening, "úřad práce", without)
    assert widened.variants == ()
    assert [item for item in widened.also_searched if item.source == "glossary"] == []


def test_taking_everything_back_leaves_the_words_of_the_query(widening: Widening) -> None:
    """With the sign for all, nothing but the own keys of the words is searched."""
    widened = widen(widening, "poxoleni cizinců", ["*"])
    assert widened.also_searched == ()
    assert [item.term for item in widened.words[1].alternatives] == list(widened.words[1].word.keys)


def test_function_words_are_not_highlighted(widening: Widening) -> None:
    """They are marked only where the query has no other words."""
    assert "c-na" not in widen(widening, "na úřadu").highlighted_terms()
    assert "c-co" in widen(widening, "co to je").highlighted_terms()


def test_function_words_that_a_translation_adds_are_not_highlighted() -> None:
    """With the shipped table "kolik" is searched as "how" and "what" too, which would mark half of the lines."""
    (word,) = widen(Widening(bundled_translations()), "kolik").words
    added = {item.term for item in word.alternatives if item.term.startswith("e-")}
    assert {"e-how", "e-what"} <= added
    assert widen(Widening(bundled_translations()), "kolik").highlighted_terms() & added == set()


@pytest.fixture
def kin() -> Widening:
    """A table in which "police" leads from "policie" to "policejní"."""
    table = TranslationTable(
        [b"cpolicejn", b"cpolici", b"epolic"],
        [b"policejn\xc3\xad", b"policie", b"police"],
        np.array([0, 1, 2, 4], dtype=np.uint32),
        np.array([2, 2, 1, 0], dtype=np.uint32),
        np.array([255, 255, 153, 102], dtype=np.uint8),
        telling=EVERYTHING_TELLS,
    )
    return Widening(table)


def test_a_word_is_found_by_others_that_translate_alike(kin: Widening) -> None:
    """At the probability of coming there by the translation. It is not told: it is no translation. It can be taken back."""
    (word,) = widen(kin, "policie").words
    assert [(item.term, item.credit) for item in word.related] == [("cpolicejn", pytest.approx(0.4))]
    assert [item.term for item in word.stand_ins()] == ["cpolici", "epolic", "cpolicejn"]
    assert widen(kin, "policie").also_searched == (AlsoSearched("police", "policie", "translation"),)
    assert widen(kin, "policie", ["policejní"]).words[0].related == ()


def test_the_second_translation_is_told_only_where_it_is_nearly_as_likely() -> None:
    """A reader of "year" is told "rok", not "let" as well, which is searched all the same."""
    widened = widen(Widening(bundled_translations()), "year", language="en")
    assert [also.term for also in widened.also_searched] == ["rok"]
    assert "cletet" in {item.term for item in widened.words[0].alternatives}


def test_a_word_is_not_told_as_a_translation_of_itself() -> None:
    """A name has keys of both languages, and one translates into the other."""
    widened = widen(Widening(bundled_translations()), "v koline", language=None)
    assert "ckolin" in {item.term for item in widened.words[1].alternatives}
    assert "Kolín" not in {also.term for also in widened.also_searched}
    assert widen(Widening(bundled_translations()), "Brna").also_searched == ()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("cizinci", {"foreigner", "foreign national"}),  # not "foreign"
        ("mayor", {"starosta", "primátor"}),  # not "starost" (worry), which has the same key
        ("starosta", {"primátor", "mayor"}),  # not "worry"
    ],
)
def test_a_word_of_the_glossary_is_told_by_it_alone(typed: str, told: set[str]) -> None:
    """With the shipped table and glossary; what the table adds is searched all the same."""
    widened = widen(Widening(bundled_translations(), bundled_glossary()), typed, language=None)
    assert {(also.term, also.source) for also in widened.also_searched} == {(term, "glossary") for term in told}
    by_table = widen(Widening(bundled_translations()), typed, language=None)
    assert {also.source for also in by_table.also_searched} == {"translation"}


@pytest.mark.parametrize(
    ("text", "whole", "part"),
    [("21. 9. 2021", "d2021-09-21", "n2021"), ("326/1999", "n326/1999", "n1999"), ("§ 15a", "p15a", "n15a")],
)
def test_a_part_of_a_number_counts_less_than_the_whole(widening: Widening, text: str, whole: str, part: str) -> None:
    """Who names a day or an act wants it; the year in it is a poor substitute."""
    (word,) = widen(widening, text).words
    credit_of = {item.term: item.credit for item in word.alternatives}
    assert (credit_of[whole], credit_of[part]) == (1.0, PART_OF_NUMBER)
    (days,) = widen(widening, "8. a 9. června 2017").words[:1]
    assert {item.term for item in days.alternatives if item.credit == 1.0} == {"d2017-06-08", "d2017-06-09"}
    (year,) = widen(widening, "1999").words
    assert [(item.term, item.credit) for item in year.alternatives] == [("n1999", 1.0)]


def test_related_words_are_not_highlighted(kin: Widening) -> None:
    """What is marked is the word itself, in whatever inflection and language."""
    assert widen(kin, "policie").highlighted_terms() == {"cpolici", "epolic"}


@pytest.mark.parametrize(
    ("text", "language"), [("Kolik žáků mohlo začít?", "cs"), ("How many pupils can start?", "en")]
)
def test_words_that_say_little_are_searched_but_not_told(text: str, language: str) -> None:
    """With the shipped table, "mnoho" and "many" stand for each other in silence; the pupils are told."""
    widened = widen(Widening(bundled_translations()), text, language=language)
    told = {also.source_word for also in widened.also_searched}
    assert told == {"žáků" if language == "cs" else "pupils"}
    assert {"emani", "cmnoh"} & {item.term for item in widened.words[0 if language == "cs" else 1].alternatives}


@pytest.mark.parametrize("text", ["326/1999 Sb.", "č. 326/1999 sb", "No. 326/1999 Coll."])
def test_the_collection_of_an_act_is_not_searched(text: str) -> None:
    """All acts stand in it, and the letters are those of other words; by itself "Sb." is a word like others."""
    shipped = Widening(bundled_translations())
    assert not {"sb", "coll"} & {word.word.surface for word in widen(shipped, text, language=None).words}
    assert widen(shipped, text, language=None).also_searched == ()
    assert [word.word.surface for word in widen(shipped, "Sb. 326/1999", language=None).words] == ["sb", "326/1999"]


def test_a_particle_of_a_verb_is_not_told() -> None:
    """Whoever "vystoupil" got "off" too, but "off" by itself says nothing."""
    widened = widen(Widening(bundled_translations()), "kdo vystoupil")
    assert "eoff" in {item.term for item in widened.words[1].alternatives}
    assert "off" not in {also.term for also in widened.also_searched}


def test_what_is_the_word_itself_is_not_related_to_it_as_well() -> None:
    """A name has keys of both languages; to count one of them twice would make the word seem common."""
    word = analysed_words("Police", "en")[0]
    own, other = word.keys
    table = TranslationTable(
        [b"cpolici", other.encode(), own.encode()],
        [b"policie", b"Police", b"police"],
        np.array([0, 2, 2, 3], dtype=np.uint32),
        np.array([2, 1, 0], dtype=np.uint32),
        np.array([153, 102, 255], dtype=np.uint8),
        telling=EVERYTHING_TELLS,
    )
    assert [item.term for item in table.related(own)] == [other]
    assert widen(Widening(table), "Police", language="en").words[0].related == ()
