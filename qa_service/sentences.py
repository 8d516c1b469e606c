"""Does one sentence of a passage say more to a question than the passage as a whole?

The vector of a long passage is an average of what it speaks of. A question asks for one thing; a heading or a statement
speaks of as much as a passage does, so for these the passage itself is the measure.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexes.analysis import fold, words
from indexes.contract import SENTENCE_SCALE, PassageIndex
from indexes.embedding.embedder import FloatArray

_ASKING_WORDS = frozenset(
    """
    kdo koho komu kom kym co ceho cemu cem cim kdy odkdy dokdy kde kam kudy odkud proc nac kolik kolika kolikaty
    jak jaky jaka jake jakeho jakemu jakem jakou jakym jaci jakych jakymi
    ktery ktera ktere ktereho kteremu kterem kterou kterym kteri kterych kterymi
    who whom whose what when where why which how
    """.split()  # noqa: SIM905 - a table
)
"""Folded words that open a question of either language."""
_OPENING = 2
"""A preposition may stand before the asking word: "v jakém", "from which"."""

_DIGITS = 6
"""Equal sentences get equal cosines only up to the last bits of float32."""


def is_question(text: str) -> bool:
    """Return whether a query asks something: by its mark, or by an asking word at its beginning."""
    return "?" in text or not _ASKING_WORDS.isdisjoint(map(fold, words(text)[:_OPENING]))


def nearest_sentences(index: PassageIndex, ids: Sequence[str], vector: FloatArray) -> dict[str, float]:
    """Return for each passage the cosine, -1..1, of its sentence nearest to `vector` (float32[d], unit length).

    Passages without sentences are left out. Raises KeyError for an unknown id.
    """
    stored = {name: rows for name, rows in zip(ids, index.sentence_vectors(ids), strict=True) if len(rows)}
    if not stored:
        return {}
    cosines = np.concatenate(list(stored.values())).astype(np.float32) @ vector / SENTENCE_SCALE
    starts = np.cumsum([0, *map(len, stored.values())])[:-1]
    nearest = np.clip(np.maximum.reduceat(cosines, starts), -1, 1).astype(np.float64).round(_DIGITS)
    return dict(zip(stored, nearest.tolist(), strict=True))
