"""Which word of the collection may a reader have meant by a word that the collection lacks?"""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexes.analysis import fold

SHORTEST_WORD = 4
"""Shorter words have too many neighbours to guess from."""
LONG_WORD = 8
"""From this length on two slips are forgiven, below it one."""
_MOST_CANDIDATES = 50


class Spelling:
    """The words of one release, looked up by likeness; diacritics and case make no difference."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        """Take the words of a release, each with the number of passages it stands in."""
        self._counts: dict[str, int] = {}
        self._written: dict[str, str] = {}
        self._by_length: dict[int, list[str]] = {}
        for word, count in sorted(vocabulary.items(), key=lambda item: (-item[1], item[0])):
            folded = fold(word)
            if folded not in self._counts:
                self._written[folded] = word
                self._by_length.setdefault(len(folded), []).append(folded)
            self._counts[folded] = self._counts.get(folded, 0) + count

    def corrections(self, word: str, limit: int = 2) -> list[str]:
        """Return the words of the release that `word` may be a slip of: fewest slips first, then the commonest.

        A slip is a letter too many, too few or wrong, or two letters exchanged (optimal string alignment). Empty for a
        word that is here, and for short ones.
        """
        folded = fold(word)
        if len(folded) < SHORTEST_WORD or folded in self._counts:
            return []
        slips = 2 if len(folded) >= LONG_WORD else 1
        near: list[tuple[float, str]] = []
        for length in range(len(folded) - slips, len(folded) + slips + 1):
            candidates = self._by_length.get(length, [])
            found = process.extract(folded, candidates, scorer=OSA.distance, score_cutoff=slips, limit=_MOST_CANDIDATES)
            near.extend((distance, candidate) for candidate, distance, _ in found)
        near.sort(key=lambda item: (item[0], -self._counts[item[1]], item[1]))
        return [self._written[candidate] for _, candidate in near[:limit]]
