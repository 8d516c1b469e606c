"""Do new word pieces widen the vocabulary without touching what is there?"""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from indexes.training.pairs import PairFile
from indexes.training.vocabulary import NATURAL_REPEATS, czech_texts, letters_of, text_count, widened_tokenizer

PAIRS = [("the office", "ministerstvo")] * 20 + [("fee", "správní poplatek")] * 20 + [("a year", "letopočet")] * 20
FILES = [PairFile("people", tuple(PAIRS))]
CZECH_TEXTS = [pair[1] for pair in PAIRS]
GREEK = list("αβγδεζηθικλμνξοπρστυφχψω")


@pytest.fixture
def english(tiny_model: Path) -> Tokenizer:
    """The vocabulary before it is widened."""
    return Tokenizer.from_file(str(tiny_model / "tokenizer.json"))


def test_new_pieces_are_appended_and_old_ones_keep_their_numbers(english: Tokenizer) -> None:
    """The rows of the embedding table stay where they are."""
    wide = widened_tokenizer(english, CZECH_TEXTS, letters_of(FILES), new_pieces=50)
    before, after = english.get_vocab(), wide.get_vocab()
    assert {piece: after[piece] for piece in before} == before
    assert len(set(after.values())) == len(after)
    assert 0 < len(after) - len(before) <= 50
    assert wide.encode("Ministerstvo", add_special_tokens=False).tokens == ["ministerstvo"]
    assert len(english.encode("ministerstvo", add_special_tokens=False).tokens) > 1


def test_pieces_carry_no_diacritics(english: Tokenizer) -> None:
    """A query typed without them has the pieces of one typed with them."""
    wide = widened_tokenizer(english, CZECH_TEXTS, letters_of(FILES), new_pieces=50)
    assert wide.encode("správní").ids == wide.encode("spravni").ids


def test_natural_text_is_counted_more_often() -> None:
    """Words that people wrote outweigh those of machine translation."""
    files = [PairFile("people", (("a", "á"),)), PairFile("machine", (("b", "bé"),))]
    texts = list(czech_texts(files, frozenset({"people"})))
    assert texts == ["á"] * NATURAL_REPEATS + ["bé"]
    assert text_count(files, frozenset({"people"})) == len(texts)


def test_equal_texts_give_equal_pieces(english: Tokenizer) -> None:
    """Learned anew after a kill, the tokenizer is the same to the byte, letters of other scripts included."""
    words = ["".join(GREEK[start:] + GREEK[:start]) for start in range(len(GREEK))] * 3
    learned = {widened_tokenizer(english, words, GREEK, new_pieces=60).to_str() for _ in range(5)}
    assert len(learned) == 1
    careless = {widened_tokenizer(english, words, [], new_pieces=60).to_str() for _ in range(5)}
    assert len(careless) > 1, "the negative control: without their letters the library numbers them by chance"


def test_only_letters_that_go_on_with_a_word_become_pieces(english: Tokenizer) -> None:
    """Punctuation and Chinese signs are words of their own; a capital with an accent is a plain letter."""
    wide = widened_tokenizer(english, ["αβ"] * 3, ["β", "!", "移", "É", " "], new_pieces=60)
    assert set(wide.get_vocab()) - set(english.get_vocab()) == {"α", "β", "##β", "αβ"}
