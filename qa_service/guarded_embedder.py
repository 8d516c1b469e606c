"""What if the embedding model hangs, fails or returns nonsense?

Then a search goes on by words alone, a second later at most. After several faults in a row the model is left alone for
a while, so that not every reader waits that second.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import numpy as np

from indexes.embedding.embedder import Embedder, FloatArray
from indexes.errors import EmbeddingError
from qa_service.errors import ServiceError
from qa_service.metrics import Metrics
from qa_service.slots import Slots

FAULTS_IN_A_ROW = 5
REST_SECONDS = 15.0
LENGTH_TOLERANCE = 1e-2
"""How far from 1 the length of a unit vector may be."""


class GuardedEmbedder:
    """An `Embedder` for queries that gives up in time and never hands out a vector that is none.

    Passages are embedded by the one behind it, unguarded: a build waits as long as it takes.
    """

    def __init__(self, embedder: Embedder, slots: Slots, metrics: Metrics) -> None:
        self._embedder = embedder
        self._slots = slots
        self._metrics = metrics
        self._lock = threading.Lock()
        self._faults = 0
        self._rests_until = float("-inf")

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._embedder.name

    @property
    def fingerprint(self) -> str:
        """Hexadecimal SHA-256 over the files that decide the vectors."""
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._embedder.dimension

    @property
    def max_tokens(self) -> int:
        """Largest number of tokens that takes part in a vector."""
        return self._embedder.max_tokens

    @property
    def is_resting(self) -> bool:
        """Whether the model is left alone after faults in a row."""
        return time.monotonic() < self._rests_until

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has."""
        return self._embedder.token_counts(texts)

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        """Return float32[n, dimension]: one unit vector for each text."""
        return self._embedder.embed_passages(texts)

    def embed_query(self, text: str) -> FloatArray:
        """Return float32[dimension], a finite unit vector. Raises EmbeddingError, within the time of the slots."""
        if self.is_resting:
            raise EmbeddingError("the embedding model rests after repeated faults")
        try:
            with self._metrics.step("embedding"):
                vector = self._slots.call(lambda: self._embedder.embed_query(text))
            self._require_unit_vector(vector)
        except (ServiceError, EmbeddingError, RuntimeError, ValueError, OSError, MemoryError) as error:
            self._count_fault()
            raise EmbeddingError(f"the query could not be embedded: {error}") from error
        self._faults = 0
        return vector

    def _require_unit_vector(self, vector: FloatArray) -> None:
        if vector.shape != (self.dimension,):
            raise EmbeddingError(f"the model gave an array of shape {vector.shape} instead of ({self.dimension},)")
        length = float(np.linalg.norm(vector))
        if not abs(length - 1) <= LENGTH_TOLERANCE:
            raise EmbeddingError(f"the model gave a vector of length {length} instead of 1")

    def _count_fault(self) -> None:
        with self._lock:
            self._faults += 1
            if self._faults >= FAULTS_IN_A_ROW:
                self._faults = 0
                self._rests_until = time.monotonic() + REST_SECONDS
