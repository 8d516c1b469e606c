"""Does the embedder of the tests keep the promises of the protocol?"""

from __future__ import annotations

import numpy as np
import pytest

from indexes.embedding.hashing import HashingEmbedder


def test_texts_that_share_words_are_nearer_than_others() -> None:
    """Words are all the meaning it has; case, diacritics and order are none."""
    embedder = HashingEmbedder()
    query = embedder.embed_query("Žádost o azyl")
    same, near, far = embedder.embed_passages(["azyl o ZADOST", "žádost o vízum", "vlak jede v poledne"])
    assert query @ same == pytest.approx(1)
    assert query @ near > query @ far


@pytest.mark.parametrize("text", ["", "   ", "\ud83d", "!?", "x" * 100_000])
def test_any_text_gives_a_unit_vector(text: str) -> None:
    """As the protocol promises."""
    vector = HashingEmbedder(dimension=16).embed_query(text)
    assert vector.shape == (16,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)


def test_vectors_are_the_same_in_every_process() -> None:
    """The first numbers of a known text, so that a change of the recipe is noticed."""
    first = HashingEmbedder(dimension=4).embed_query("azyl")
    again = HashingEmbedder(dimension=4).embed_query("azyl")
    np.testing.assert_array_equal(first, again)


def test_another_dimension_is_another_model() -> None:
    """Name and fingerprint tell the two apart."""
    small, large = HashingEmbedder(dimension=16), HashingEmbedder(dimension=32)
    assert small.name != large.name
    assert small.fingerprint != large.fingerprint


def test_no_texts_give_no_vectors() -> None:
    """The shape holds even for nothing."""
    assert HashingEmbedder(dimension=16).embed_passages([]).shape == (0, 16)
