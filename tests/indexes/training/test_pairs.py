"""Are the training pairs read as they stand, and drawn as often as the recipe says?"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from indexes.training.pairs import PairFile, expand_alternatives, read_folder, read_pairs, shares


def test_a_compressed_file_gives_its_pairs_in_order(tmp_path: Path) -> None:
    """Order carries meaning: neighbouring lines of running text make sections."""
    file = tmp_path / "news.tsv.gz"
    file.write_bytes(gzip.compress("first\tprvní\nsecond\tdruhý\n".encode()))
    assert read_pairs(file) == PairFile("news", (("first", "první"), ("second", "druhý")))


def test_a_line_without_two_columns_is_named(tmp_path: Path) -> None:
    """A damaged file does not train the model on halves."""
    file = tmp_path / "news.tsv"
    file.write_text("first\tprvní\nalone\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        read_pairs(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The recipe names files; a folder without one of them is not trained on in silence."""
    with pytest.raises(FileNotFoundError, match="tatoeba"):
        read_folder(tmp_path, ["tatoeba"])


def test_alternatives_of_a_glossary_are_paired_each_with_each() -> None:
    """Two English and two Czech words for one thing are four pairs."""
    assert expand_alternatives([("foreigner; foreign national", "cizinec; cizinka")]) == [
        ("foreigner", "cizinec"),
        ("foreigner", "cizinka"),
        ("foreign national", "cizinec"),
        ("foreign national", "cizinka"),
    ]


def test_shares_follow_size_and_repeats() -> None:
    """Ten pairs seen three times weigh as much as thirty seen once."""
    files = [PairFile("small", (("a", "b"),) * 10), PairFile("large", (("c", "d"),) * 30)]
    assert shares(files, {"small": 3.0, "large": 1.0}) == [0.5, 0.5]
