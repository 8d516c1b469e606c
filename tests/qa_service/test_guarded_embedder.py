"""Does a search go on by words alone, in time, whatever the model does?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from indexes.errors import EmbeddingError
from qa_service import guarded_embedder
from qa_service.guarded_embedder import FAULTS_IN_A_ROW, REST_SECONDS, GuardedEmbedder
from qa_service.metrics import Metrics
from qa_service.slots import Slots

UNIT = np.array([1, 0, 0, 0], dtype=np.float32)


class Model:
    """A model that does what it is told."""

    name, fingerprint, dimension, max_tokens = "m", "f", 4, 128

    def __init__(self, act: Callable[[], Any]) -> None:
        self.act = act
        self.calls = 0

    def embed_query(self, text: str) -> Any:
        """Count and act."""
        self.calls += 1
        return self.act()


def guarded(act: Callable[[], Any], timeout_s: float = 60.0) -> GuardedEmbedder:
    """Return a guarded model."""
    return GuardedEmbedder(Model(act), Slots("embedding", 2, 8, timeout_s, timeout_s), Metrics())


def raising(error: Exception) -> Callable[[], Any]:
    """Return what raises an error."""

    def act() -> Any:
        raise error

    return act


def test_a_sound_vector_comes_through() -> None:
    """The guard changes nothing."""
    assert guarded(lambda: UNIT).embed_query("a") is UNIT


@pytest.mark.parametrize(
    "act",
    [
        raising(RuntimeError("onnx")),
        raising(EmbeddingError("ours")),
        raising(MemoryError()),
        raising(ValueError("shape")),
        raising(OSError("gone")),
        lambda: UNIT * np.nan,
        lambda: UNIT * 0,
        lambda: UNIT * 3,
        lambda: UNIT[:3],
        lambda: np.full(4, np.inf, dtype=np.float32),
    ],
)
def test_a_fault_or_a_vector_that_is_none_is_an_embedding_error(act) -> None:
    """The retriever knows what to do with that one."""
    with pytest.raises(EmbeddingError):
        guarded(act).embed_query("a")


def test_a_model_that_hangs_costs_a_search_no_more_than_the_time_set() -> None:
    """After that the search goes on without it."""
    go = threading.Event()
    with pytest.raises(EmbeddingError):
        guarded(go.wait, 0.1).embed_query("a")
    assert not go.is_set()  # it was given up while it still hung
    go.set()


def test_after_faults_in_a_row_the_model_rests_and_then_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """While it rests nobody waits for it; one sound vector later all is well."""
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(guarded_embedder, "time", SimpleNamespace(monotonic=lambda: clock.now))
    embedder = guarded(raising(RuntimeError("broken")))
    for _ in range(FAULTS_IN_A_ROW):
        with pytest.raises(EmbeddingError):
            embedder.embed_query("a")
    model = embedder._embedder
    assert embedder.is_resting
    with pytest.raises(EmbeddingError, match="rests"):
        embedder.embed_query("a")
    assert model.calls == FAULTS_IN_A_ROW
    model.act = lambda: UNIT
    clock.now += REST_SECONDS
    assert embedder.embed_query("a") is UNIT
    assert not embedder.is_resting


def test_single_faults_between_sound_vectors_do_not_make_it_rest() -> None:
    """Only a row counts."""
    embedder = guarded(lambda: UNIT)
    model = embedder._embedder
    for _ in range(FAULTS_IN_A_ROW * 2):
        model.act = raising(RuntimeError("once"))
        with pytest.raises(EmbeddingError):
            embedder.embed_query("a")
        model.act = lambda: UNIT
        embedder.embed_query("a")
    assert not embedder.is_resting
