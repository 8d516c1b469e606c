"""Is what an earlier run left taken up where it holds, and nowhere else?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexes.training.kept import TEXTS_PER_BLOCK, fingerprint, keep_vectors

TEXTS = [f"text {number}" for number in range(3 * TEXTS_PER_BLOCK + 10)]


class Counting:
    """Makes vectors of two numbers and counts the texts that it was asked for; breaks off where it is told to."""

    def __init__(self, breaks_at: int | None = None) -> None:
        self.asked: list[str] = []
        self._breaks_at = breaks_at

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Return a text's number and the size of the block that it came in."""
        if self._breaks_at is not None and len(self.asked) >= self._breaks_at:
            raise KeyboardInterrupt
        self.asked += texts
        return np.array([[float(text.split()[1]), len(texts)] for text in texts])


def keep(target: Path, embed: Counting) -> list[int]:
    """Write the file to its end and return the progress that was told."""
    return list(keep_vectors(target, TEXTS, embed, 2))


def test_every_text_has_its_row_and_progress_ends_with_the_last(tmp_path: Path) -> None:
    """In half floats, in order; a second call computes nothing."""
    embed = Counting()
    assert keep(tmp_path / "new" / "rows.npy", embed) == [0, 256, 512, 768, len(TEXTS)]
    rows = np.load(tmp_path / "new" / "rows.npy")
    assert rows.dtype == np.float16
    np.testing.assert_array_equal(rows[:, 0], np.arange(len(TEXTS)))
    assert keep(tmp_path / "new" / "rows.npy", embed) == [len(TEXTS)]
    assert embed.asked == TEXTS


@pytest.mark.parametrize("torn", [0, 3], ids=["between blocks", "in the middle of a row"])
def test_a_broken_run_goes_on_behind_its_last_whole_block(tmp_path: Path, torn: int) -> None:
    """The blocks are the same as without the break, and so are the bytes; what was kept is not computed again."""
    keep(tmp_path / "straight.npy", Counting())
    with pytest.raises(KeyboardInterrupt):
        keep(tmp_path / "broken.npy", Counting(breaks_at=2 * TEXTS_PER_BLOCK))
    assert not (tmp_path / "broken.npy").exists()
    with (tmp_path / "broken.unfinished").open("ab") as rows:
        rows.write(b"x" * torn)
    after = Counting()
    keep(tmp_path / "broken.npy", after)
    assert after.asked == TEXTS[2 * TEXTS_PER_BLOCK :]
    assert (tmp_path / "broken.npy").read_bytes() == (tmp_path / "straight.npy").read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["broken.npy", "straight.npy"]


def test_fingerprints_tell_the_parts_apart() -> None:
    """Where one part ends and the next begins counts; text counts as its UTF-8 bytes."""
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    assert fingerprint("ž") == fingerprint("ž".encode())
    assert len(fingerprint()) == 16
