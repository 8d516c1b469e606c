"""Does every embedder keep the promises of the protocol?"""

from __future__ import annotations

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from indexes.embedding import Embedder, open_embedder
from indexes.embedding.hashing import HashingEmbedder
from indexes.settings import BUNDLED_MODEL

HAS_LIBRARY = importlib.util.find_spec("sentence_transformers") is not None
TEXTS = [
    "Kdo může požádat o trvalý pobyt?",
    "integration",
    "",
    "\x00\u200b",
    "👩🏽‍🚀",
    "lone \ud83d surrogate",
    "Cizinec hlásí změnu místa pobytu. " * 200,
    "移民の統合",
]

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(
    scope="module",
    params=[
        "hashing",
        pytest.param("onnx", marks=pytest.mark.model),
        pytest.param(
            "library",
            marks=[
                pytest.mark.slow,
                pytest.mark.skipif(not HAS_LIBRARY, reason="the extra [transformers] is not installed"),
            ],
        ),
    ],
)
def embedder(request: pytest.FixtureRequest) -> Embedder:
    """Each implementation in turn."""
    if request.param == "hashing":
        return HashingEmbedder()
    if request.param == "onnx":
        return open_embedder(str(BUNDLED_MODEL))
    shared: Path = request.getfixturevalue("shared")
    return open_embedder(str(shared / "data" / "model" / "checkpoint"))


def test_vectors_are_finite_of_unit_length_and_as_long_as_promised(embedder: Embedder) -> None:
    """For any text."""
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_no_texts_give_an_empty_array_of_the_right_width(embedder: Embedder) -> None:
    """A document without new passages embeds nothing."""
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)


def test_a_vector_does_not_depend_on_order_or_company(embedder: Embedder) -> None:
    """The same text has the same vector to 1e-4, wherever it stands."""
    forwards = embedder.embed_passages(TEXTS)
    backwards = embedder.embed_passages(TEXTS[::-1])[::-1]
    np.testing.assert_allclose(forwards, backwards, atol=1e-4)
    np.testing.assert_allclose(embedder.embed_passages([TEXTS[0]])[0], forwards[0], atol=1e-4)
    assert not np.allclose(forwards[0], forwards[1], atol=1e-2), "texts that differ must not pass for equal"


def test_an_empty_text_counts_as_a_space(embedder: Embedder) -> None:
    """As the protocol says."""
    np.testing.assert_allclose(embedder.embed_query(""), embedder.embed_query(" "), atol=1e-6)


def test_several_threads_get_what_one_would(embedder: Embedder) -> None:
    """The service embeds queries of several readers at once."""
    alone = [embedder.embed_query(text) for text in TEXTS]
    with ThreadPoolExecutor(max_workers=4) as pool:
        together = list(pool.map(embedder.embed_query, TEXTS * 4))
    for number, vector in enumerate(together):
        np.testing.assert_allclose(vector, alone[number % len(TEXTS)], atol=1e-4)


def test_counts_of_tokens_are_whole(embedder: Embedder) -> None:
    """Without special tokens, and of the whole text however long."""
    counts = embedder.token_counts(["", "pobyt", "pobyt " * 1000])
    assert counts[0] == 0
    assert counts[2] == 1000 * counts[1] > embedder.max_tokens


def test_a_fingerprint_is_64_hexadecimal_digits(embedder: Embedder) -> None:
    """It goes into the manifest of every release."""
    assert len(embedder.fingerprint) == 64
    assert int(embedder.fingerprint, 16) >= 0
