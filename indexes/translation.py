"""Which terms of the other language may a term stand for, and how probably?

The table is learned from parallel text by `indexes/training/translations.py` and shipped beside this module. It follows
Darwish and Oard's probabilistic structured queries: every translation becomes a weighted term of the query. There and
back again it leads to words of the same language that mean the same (Bannard and Callison-Burch, ACL 2005): from
"policie" over "police" to "policejní" and "policisté".
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexes.errors import IndexesError

TRANSLATIONS = Path(__file__).parent / "translations.npz"
PROBABILITY_SCALE = 255.0
"""A probability is stored as round(p x 255) in one byte."""
TELLING_SCALE = 255.0
"""How much a term tells is stored likewise."""
LEAST_STEP = 0.05
"""A less probable translation is no way to a related term."""
LEAST_RELATED, MOST_RELATED = 0.02, 6
"""Probability from which a term is related to another, and how many are given. More, or less probable ones, change the
lexical leg's nDCG@10 on no evaluation set by a point."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A term that another may stand for; `word` is what readers are shown for it, `probability` above 0, at most 1."""

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
        *,
        telling: npt.NDArray[np.uint8],
    ) -> None:
        self._terms = terms
        self._words = words
        self._offsets = offsets
        self._targets = targets
        self._probabilities = probabilities
        self._telling = telling

    @classmethod
    def load(cls, file: Path = TRANSLATIONS) -> TranslationTable:
        """Return the table in `file`. Raises IndexesError where it cannot be read."""
        try:
            with np.load(file, allow_pickle=False) as arrays:
                terms = arrays["terms"].tobytes().split(b"\n")
                words = arrays["words"].tobytes().split(b"\n")
                links = arrays["offsets"], arrays["targets"], arrays["probabilities"]
                return cls(terms, words, *links, telling=arrays["telling"])
        except (OSError, ValueError, KeyError) as error:
            raise IndexesError(f"the translation table {file} cannot be read ({error}): install it again") from error

    def translations(self, term: str) -> tuple[Translation, ...]:
        """Return what an analysed term may stand for, the most probable first; empty for an unknown term."""
        row = self._row(term)
        return () if row is None else tuple(self._translation(*found) for found in self._translations_of(row))

    def telling(self, term: str) -> float:
        """Return how much a term tells, 0..1: its idf in texts at large as a share of the largest; 1 for an unknown term."""
        row = self._row(term)
        return 1.0 if row is None else float(self._telling[row]) / TELLING_SCALE

    def related(self, term: str) -> tuple[Translation, ...]:
        """Return terms of the same language that translate alike, the most probable first, at most MOST_RELATED.

        The probability of each is that of coming to it by way of any translation: sum of p(there) p(back).
        """
        start = self._row(term)
        if start is None:
            return ()
        reached: defaultdict[int, float] = defaultdict(float)
        for way, there in self._translations_of(start):
            if there >= LEAST_STEP:
                for row, back in self._translations_of(way):
                    reached[row] += there * back
        reached.pop(start, None)
        best = sorted(reached.items(), key=lambda item: (-item[1], item[0]))[:MOST_RELATED]
        return tuple(self._translation(*found) for found in best if found[1] >= LEAST_RELATED)

    def _row(self, term: str) -> int | None:
        wanted = term.encode()
        row = bisect_left(self._terms, wanted)
        return row if row < len(self._terms) and self._terms[row] == wanted else None

    def _translations_of(self, row: int) -> Iterator[tuple[int, float]]:
        """Yield the row and the probability of each translation of the term in a row."""
        entries = slice(self._offsets[row], self._offsets[row + 1])
        for target, share in zip(self._targets[entries].tolist(), self._probabilities[entries].tolist(), strict=True):
            yield target, share / PROBABILITY_SCALE

    def _translation(self, row: int, probability: float) -> Translation:
        return Translation(self._terms[row].decode(), self._words[row].decode(), probability)


@lru_cache(maxsize=1)
def bundled_translations() -> TranslationTable:
    """Return the table that is shipped, read once."""
    return TranslationTable.load()
