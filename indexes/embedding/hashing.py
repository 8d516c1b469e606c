"""What stands in for a model where a test needs no meaning?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

import numpy as np

from indexes.embedding.embedder import FloatArray

_WORD = re.compile(r"\w+")


class HashingEmbedder:
    """Adds up a pseudo-random direction for each word, case and diacritics ignored; an `Embedder` without a model.

    Texts that share words are near each other, and nothing else is. Equal on every machine and in every process.
    """

    def __init__(self, dimension: int = 64, max_tokens: int = 384) -> None:
        self.name = f"hashing-{dimension}"
        self.fingerprint = sha256(f"{self.name} {max_tokens}".encode()).hexdigest()
        self.dimension = dimension
        self.max_tokens = max_tokens

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many words each text has."""
        return [len(_words(text)) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        """Return float32[n, dimension]: one unit vector for each text, in order."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> FloatArray:
        """Return float32[dimension]: the unit vector of a query; a text without words counts as one blank word."""
        words = _words(text)[: self.max_tokens] or [" "]
        total = np.sum([_direction(word, self.dimension) for word in words], axis=0)
        vector: FloatArray = (total / np.linalg.norm(total)).astype(np.float32)
        return vector


@lru_cache(maxsize=50_000)
def _direction(word: str, dimension: int) -> np.ndarray:
    seed = int.from_bytes(sha256(word.encode("utf-8", "replace")).digest()[:8])
    return np.random.default_rng(seed).standard_normal(dimension)


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(mark for mark in folded if not unicodedata.combining(mark)))
