"""What is the vector of a passage made from, and when may it be used again?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexes.contract import KnownVectors
from indexes.embedding.embedder import FloatArray
from indexes.embedding.hashing import HashingEmbedder
from indexes.passage import Passage, embedding_input, passage_id
from ingest.reuse import HEADING_SHARE, Journal, input_hash, make_vectors

TITLE = "Pobyt cizinců"
TEXT = "Žádost se podává na pracovišti ministerstva. Poplatek je 2 500 Kč."

KNOWN = {
    "a" * 64: KnownVectors(np.ones(4, np.float32), np.ones((2, 4), np.int8)),
    "b" * 64: KnownVectors(np.zeros(4, np.float32), np.zeros((1, 4), np.int8)),
}


class CountingEmbedder(HashingEmbedder):
    """Remembers the texts that it embeds."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def embed_passages(self, texts: list[str]) -> FloatArray:  # type: ignore[override]
        """Embed and remember."""
        self.texts += texts
        return super().embed_passages(texts)


def passage(heading: tuple[str, ...], text: str = TEXT) -> Passage:
    """Return a passage below `heading` that is one sentence."""
    return Passage(
        passage_id("pobyt", None, text, 0), "pobyt", text, "cs", heading, None, 0, len(text), ((0, len(text)),)
    )


def embedded(text: str) -> FloatArray:
    """Return float32[d]: the vector of a text by itself."""
    return HashingEmbedder().embed_passages([text])[0]


def test_a_passage_without_headings_has_the_vector_of_its_text_below_the_title() -> None:
    """Its title is part of what is embedded, as in any passage, and nothing is mixed in."""
    (made,) = make_vectors(HashingEmbedder(), TITLE, [passage(())])
    assert made.vector == pytest.approx(embedded(embedding_input(TITLE, (), TEXT)))


def test_a_passage_below_headings_lies_nearer_to_them_than_its_text_does() -> None:
    """Its vector is the mean of that of all and that of title and headings, by their shares, made a unit again."""
    heading = ("Trvalý pobyt", "Potřebné doklady")
    (made,) = make_vectors(HashingEmbedder(), TITLE, [passage(heading)])
    whole, above = embedded(embedding_input(TITLE, heading, TEXT)), embedded(embedding_input(TITLE, heading, ""))
    mean = (1 - HEADING_SHARE) * whole + HEADING_SHARE * above
    assert made.vector == pytest.approx(mean / np.sqrt((mean**2).sum()), abs=1e-6)
    assert made.vector @ above > whole @ above


def test_passages_of_one_section_embed_their_headings_once() -> None:
    """And each keeps the vectors of its own sentences."""
    embedder = CountingEmbedder()
    first, second = passage(("Doklady",)), passage(("Doklady",), "Pas musí být platný.")
    made = make_vectors(embedder, TITLE, [first, second])
    assert embedder.texts.count(embedding_input(TITLE, ("Doklady",), "")) == 1
    for one, vectors in zip((first, second), made, strict=True):
        assert vectors.sentence_vectors[0] / 127 == pytest.approx(embedded(one.text), abs=0.005)


def test_a_passage_finds_its_vectors_again_only_while_all_that_they_are_made_from_is_the_same() -> None:
    """The hash changes with title, heading and text, but not with the place of the passage."""
    same = passage(("Doklady",))
    others = [(TITLE, passage(("Poplatky",))), (TITLE, passage(("Doklady",), "Jiný text.")), ("Jiný název", same)]
    assert input_hash(TITLE, same) == input_hash(TITLE, passage(("Doklady",)))
    assert len({input_hash(title, one) for title, one in [(TITLE, same), *others]}) == 4


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    """Every vector under the hash of its input, until the journal is cleared."""
    journal = Journal(tmp_path / "journal", "f" * 64)
    journal.save("key", KNOWN)
    found = journal.load("key")
    assert found.keys() == KNOWN.keys()
    for digest, known in KNOWN.items():
        np.testing.assert_array_equal(found[digest].vector, known.vector)
        np.testing.assert_array_equal(found[digest].sentence_vectors, known.sentence_vectors)
    journal.clear()
    assert journal.load("key") == {}


def test_a_file_that_a_power_cut_left_in_part_counts_as_absent(tmp_path: Path) -> None:
    """Cut after any byte, or with a block of zeros in it, it costs time and never the build."""
    journal = Journal(tmp_path / "journal", "f" * 64)
    journal.save("key", KNOWN)
    file = next((tmp_path / "journal").rglob("key.npz"))
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert journal.load("key") == {}, length
    for start in range(0, len(whole), 64):
        file.write_bytes(whole[:start] + bytes(64) + whole[start + 64 :])
        for digest, vectors in journal.load("key").items():  # zeros in what nobody reads change nothing
            np.testing.assert_array_equal(vectors.vector, KNOWN[digest].vector)
