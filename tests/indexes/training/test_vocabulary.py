"""Do new word pieces widen the vocabulary without touching what is there, and start near their translations?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from indexes.training.pairs import PairFile
from indexes.training.vocabulary import NATURAL_REPEATS, czech_texts, widened_tokenizer

PAIRS = [("the office", "ministerstvo")] * 20 + [("fee", "správní poplatek")] * 20 + [("a year", "letopočet")] * 20


@pytest.fixture
def english(tiny_model: Path) -> Tokenizer:
    """The vocabulary before it is widened."""
    return Tokenizer.from_file(str(tiny_model / "tokenizer.json"))


def test_new_pieces_are_appended_and_old_ones_keep_their_numbers(english: Tokenizer) -> None:
    """The rows of the embedding table stay where they are."""
    wide = widened_tokenizer(english, [pair[1] for pair in PAIRS], new_pieces=50)
    before, after = english.get_vocab(), wide.get_vocab()
    assert {piece: after[piece] for piece in before} == before
    assert len(set(after.values())) == len(after)
    assert 0 < len(after) - len(before) <= 50
    assert wide.encode("Ministerstvo", add_special_tokens=False).tokens == ["ministerstvo"]
    assert len(english.encode("ministerstvo", add_special_tokens=False).tokens) > 1


def test_pieces_carry_no_diacritics(english: Tokenizer) -> None:
    """A query typed without them has the pieces of one typed with them."""
    wide = widened_tokenizer(english, [pair[1] for pair in PAIRS], new_pieces=50)
    assert wide.encode("správní").ids == wide.encode("spravni").ids


def test_natural_text_is_counted_more_often() -> None:
    """Words that people wrote outweigh those of machine translation."""
    files = [PairFile("people", (("a", "á"),)), PairFile("machine", (("b", "bé"),))]
    assert list(czech_texts(files, frozenset({"people"}))) == ["á"] * NATURAL_REPEATS + ["bé"]


def test_a_new_piece_starts_as_the_weighted_mean_of_its_companions(tiny_model: Path, tmp_path: Path) -> None:
    """`ministerstvo` stands opposite `the` and `office` alone, equally often: it starts half-way between them."""
    pytest.importorskip("safetensors", reason="the extra [training] is not installed")
    from safetensors.numpy import load_file

    from indexes.training.initialise import TABLE, initialise

    english = Tokenizer.from_file(str(tiny_model / "tokenizer.json"))
    wide = widened_tokenizer(english, [pair[1] for pair in PAIRS], new_pieces=50)
    found = initialise(tiny_model, wide, PAIRS, tmp_path)
    before, after = load_file(tiny_model / "model.safetensors")[TABLE], load_file(tmp_path / "model.safetensors")[TABLE]
    np.testing.assert_array_equal(after[: len(before)], before)
    assert len(after) == max(wide.get_vocab().values()) + 1
    assert found >= 3
    words = english.get_vocab()
    expected = (before[words["the"]] + before[words["office"]]) / 2
    np.testing.assert_allclose(after[wide.get_vocab()["ministerstvo"]], expected, atol=1e-6)
