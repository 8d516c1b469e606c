"""What does every embedding model promise?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]


def readable(text: str) -> str:
    """Return `text` without what no encoding can carry (lone surrogates); a single space for an empty one."""
    return text.encode("utf-8", "replace").decode("utf-8") or " "


class Embedder(Protocol):
    """Turns texts into vectors of unit length, so that the inner product of two of them is their cosine.

    Equal texts give equal vectors (to 1e-4) whatever they are batched with. Any text gives a finite unit vector:
    text beyond `max_tokens` is cut; an empty text counts as a single space. Safe to call from several threads.
    """

    @property
    def name(self) -> str:
        """Name of the model, as the manifest and a person spell it."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hexadecimal SHA-256 over the files that decide the vectors: another value means other vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """Largest number of tokens of one text that takes part in its vector, special tokens included."""
        ...

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has, without special tokens and without cutting."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        """Return float32[n, dimension]: one unit vector for each text, in order. Raises EmbeddingError."""
        ...

    def embed_query(self, text: str) -> FloatArray:
        """Return float32[dimension]: the unit vector of a query. Raises EmbeddingError."""
        ...
