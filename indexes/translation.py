"""Which terms of the other language may a term stand for, and how probably?

The table is learned from parallel text by `indexes/training/translations.py` and shipped beside this module. It follows
Darwish and Oard's probabilistic structured queries: every translation becomes a weighted term of the query.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexes.errors import IndexesError

TRANSLATIONS = Path(__file__).parent / "translations.npz"
PROBABILITY_SCALE = 255.0
"""A probability is stored as round(p x 255) in one byte."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A term of the other language; `word` is a form of it that readers know, `probability` is above 0, at most 1."""

    term: str
    word: str
    probability: float


class TranslationTable:
    """Translations of analysed terms, Czech to English and back, kept as flat arrays (a few MB in memory)."""

    def __init__(
        self,
        terms: list[bytes],
        words: list[bytes],
        offsets: npt.NDArray[np.uint32],
        targets: npt.NDArray[np.uint32],
        probabilities: npt.NDArray[np.uint8],
    ) -> None:
        self._terms = terms
        self._words = words
        self._offsets = offsets
        self._targets = targets
        self._probabilities = probabilities

    @classmethod
    def load(cls, file: Path = TRANSLATIONS) -> TranslationTable:
        """Return the table in `file`. Raises IndexesError where it cannot be read."""
        try:
            with np.load(file, allow_pickle=False) as arrays:
                terms = arrays["terms"].tobytes().split(b"\n")
                words = arrays["words"].tobytes().split(b"\n")
                return cls(terms, words, arrays["offsets"], arrays["targets"], arrays["probabilities"])
        except (OSError, ValueError, KeyError) as error:
            raise IndexesError(f"the translation table {file} cannot be read ({error}): install it again") from error

    def translations(self, term: str) -> tuple[Translation, ...]:
        """Return what an analysed term may stand for, the most probable first; empty for an unknown term."""
        wanted = term.encode()
        row = bisect_left(self._terms, wanted)
        if row == len(self._terms) or self._terms[row] != wanted:
            return ()
        start, end = int(self._offsets[row]), int(self._offsets[row + 1])
        return tuple(
            Translation(
                self._terms[target].decode(), self._words[target].decode(), int(probability) / PROBABILITY_SCALE
            )
            for target, probability in zip(self._targets[start:end], self._probabilities[start:end], strict=True)
        )


@lru_cache(maxsize=1)
def bundled_translations() -> TranslationTable:
    """Return the table that is shipped, read once."""
    return TranslationTable.load()
