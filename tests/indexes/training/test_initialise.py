"""Do new word pieces start near their translations, whatever came between?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

pytest.importorskip("safetensors", reason="the extra [training] is not installed")
pytest.importorskip("scipy", reason="the extra [training] is not installed")

from safetensors.numpy import load_file

from indexes.training.initialise import STAGES, TABLE, WEIGHTS, count_companions, initialise
from indexes.training.pairs import PairFile
from indexes.training.vocabulary import letters_of, widened_tokenizer

PAIRS = (("the office", "ministerstvo"),) * 20 + (("fee", "správní poplatek"),) * 20 + (("a year", "letopočet"),) * 20
FILES = [PairFile("first", PAIRS[:30]), PairFile("second", PAIRS[30:])]


@pytest.fixture
def wide(tiny_model: Path) -> Tokenizer:
    """The tiny vocabulary with Czech pieces of the pairs."""
    english = Tokenizer.from_file(str(tiny_model / "tokenizer.json"))
    return widened_tokenizer(english, [czech for _, czech in PAIRS], letters_of(FILES), new_pieces=50)


def nothing(file: PairFile) -> None:
    """Nobody watches the progress."""


def test_a_new_piece_starts_as_the_weighted_mean_of_its_companions(
    tiny_model: Path, wide: Tokenizer, tmp_path: Path
) -> None:
    """`ministerstvo` stands opposite `the` and `office` alone, equally often: it starts half-way between them."""
    found = initialise(tiny_model, wide, FILES, tmp_path, nothing)
    before, after = load_file(tiny_model / WEIGHTS)[TABLE], load_file(tmp_path / WEIGHTS)[TABLE]
    np.testing.assert_array_equal(after[: len(before)], before)
    assert len(after) == max(wide.get_vocab().values()) + 1
    assert found >= 3
    words = wide.get_vocab()
    expected = (before[words["the"]] + before[words["office"]]) / 2
    np.testing.assert_allclose(after[words["ministerstvo"]], expected, atol=1e-6)


def test_companions_are_counted_once_for_a_pair(tiny_model: Path, wide: Tokenizer) -> None:
    """Beside a count by hand: a word that stands twice in a sentence counts once."""
    size = Tokenizer.from_file(str(tiny_model / "tokenizer.json")).get_vocab_size()
    pairs = [*PAIRS, ("the fee the fee", "poplatek poplatek ministerstvo")]
    expected: Counter[tuple[int, int]] = Counter()
    for english, czech in pairs:
        left, right = (set(wide.encode(text, add_special_tokens=False).ids) for text in (english, czech))
        expected.update((new - size, old) for new in right if new >= size for old in left if old < size)
    counted = count_companions(wide, pairs, size).tocoo()
    assert dict(zip(zip(*counted.coords, strict=True), counted.data, strict=True)) == expected


def test_a_broken_run_keeps_the_files_it_had_counted(tiny_model: Path, wide: Tokenizer, tmp_path: Path) -> None:
    """It ends with the same weights, and a folder without weights was never taken for a model."""
    initialise(tiny_model, wide, FILES, tmp_path / "straight", nothing)

    def stop(file: PairFile) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        initialise(tiny_model, wide, FILES, tmp_path / "broken", stop)
    (stage,) = (tmp_path / "broken" / STAGES).iterdir()
    assert not (tmp_path / "broken" / WEIGHTS).exists()
    written = stage.stat().st_mtime_ns
    seen: list[int] = []
    initialise(tiny_model, wide, FILES, tmp_path / "broken", lambda file: seen.append(stage.stat().st_mtime_ns))
    assert seen == [written, written], "the first file was not counted again"
    assert (tmp_path / "broken" / WEIGHTS).read_bytes() == (tmp_path / "straight" / WEIGHTS).read_bytes()
    assert not (tmp_path / "broken" / STAGES).exists()


def test_counts_of_other_texts_are_not_taken(tiny_model: Path, wide: Tokenizer, tmp_path: Path) -> None:
    """The negative control: a file of the same name with other pairs is counted anew."""
    other = [PairFile("first", (("the fee", "ministerstvo"),) * 30), FILES[1]]
    initialise(tiny_model, wide, other, tmp_path / "other", nothing)

    def stop(file: PairFile) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        initialise(tiny_model, wide, FILES, tmp_path / "changed", stop)
    initialise(tiny_model, wide, other, tmp_path / "changed", nothing)
    assert (tmp_path / "changed" / WEIGHTS).read_bytes() == (tmp_path / "other" / WEIGHTS).read_bytes()
