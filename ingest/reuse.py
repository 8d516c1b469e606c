"""Which documents and vectors need not be made again?

A document whose preparation hash is that of the previous release is taken over as it stands. Of a changed one, the
passages whose embedded input is the same take over their vectors, by the hash of that input and never by an id.
Vectors of a build that was killed wait in a journal.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from indexes.contract import SENTENCE_SCALE, EmbeddedPassage, Int8Array, KnownVectors, PassageIndex
from indexes.embedding.embedder import Embedder, FloatArray
from indexes.passage import Passage, embedding_input

HEADING_SHARE = 0.3
"""Share of title and headings by themselves in the vector of a passage that stands below a heading.

A question in the words of a heading ("Trvalý pobyt: potřebné doklady") is about the section, whatever its text dwells on.
Measured as fused nDCG@10 at 0, 0.15, 0.3, 0.45 and 0.6: sections of guides asked for in the other language 76.1, 77.9,
79.2, 79.8, 79.1 (English) and 77.6, 79.5, 80.7, 81.2, 81.5 (Czech), the judged questions of the bundled collection 94.1,
94.4, 94.4, 93.9, 93.6.
"""


def input_hash(title: str, passage: Passage) -> str:
    """Return the hexadecimal SHA-256 of all that the vector of a passage is made from."""
    made_from = embedding_input(title, passage.heading, passage.text)
    if passage.heading:
        made_from += f"\0{HEADING_SHARE}"
    return sha256(made_from.encode("utf-8", "surrogatepass")).hexdigest()


def to_int8(vectors: FloatArray) -> Int8Array:
    """Return int8[n, d]: unit vectors as the contract stores those of sentences."""
    scaled: Int8Array = np.clip(np.rint(vectors * SENTENCE_SCALE), -127, 127).astype(np.int8)
    return scaled


class VectorSource:
    """Finds or makes the vectors of passages."""

    def __init__(self, embedder: Embedder, previous: PassageIndex | None, journal: Journal) -> None:
        """Prepare; `previous` is a release of the same model."""
        self._previous = previous
        self._embedder = embedder
        self._journal = journal
        self.embedded = 0
        """How many passages had to be embedded."""

    def embed(self, key: str, title: str, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
        """Return the passages of one document with their vectors; `key` names it in the journal."""
        hashes = [input_hash(title, passage) for passage in passages]
        known = dict(self._previous.known_vectors(hashes)) if self._previous else {}
        known |= self._journal.load(key)
        missing = [
            index
            for index, (passage, digest) in enumerate(zip(passages, hashes, strict=True))
            if not _fits(known.get(digest), passage)
        ]
        if missing:
            made = make_vectors(self._embedder, title, [passages[index] for index in missing])
            known |= {hashes[index]: vectors for index, vectors in zip(missing, made, strict=True)}
            self._journal.save(key, {digest: known[digest] for digest in hashes})
            self.embedded += len(missing)
        return [
            EmbeddedPassage(passage, digest, known[digest].vector, known[digest].sentence_vectors)
            for passage, digest in zip(passages, hashes, strict=True)
        ]


def make_vectors(embedder: Embedder, title: str, passages: Sequence[Passage]) -> list[KnownVectors]:
    """Return the vectors of the passages of one document and of their sentences, freshly made."""
    inputs = [embedding_input(title, passage.heading, passage.text) for passage in passages]
    headings = {passage.heading: embedding_input(title, passage.heading, "") for passage in passages if passage.heading}
    sentences = [[passage.text[start:end] for start, end in passage.sentences] for passage in passages]
    texts = dict.fromkeys([*inputs, *headings.values(), *chain.from_iterable(sentences)])  # each once: sentences repeat
    rows = {text: row for row, text in enumerate(texts)}
    vectors = embedder.embed_passages(list(texts))
    made = []
    for passage, text, parts in zip(passages, inputs, sentences, strict=True):
        vector = vectors[rows[text]]
        if passage.heading:
            vector = _below_heading(vector, vectors[rows[headings[passage.heading]]])
        made.append(KnownVectors(vector, to_int8(vectors[[rows[part] for part in parts]])))
    return made


def _below_heading(vector: FloatArray, heading: FloatArray) -> FloatArray:
    """Return float32[d], unit length: a passage's vector moved towards that of its title and headings."""
    moved = (1 - HEADING_SHARE) * vector + HEADING_SHARE * heading
    unit: FloatArray = (moved / np.linalg.norm(moved)).astype(np.float32)
    return unit


def embedded_passages(embedder: Embedder, title: str, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
    """Return passages with freshly made vectors."""
    return [
        EmbeddedPassage(passage, input_hash(title, passage), known.vector, known.sentence_vectors)
        for passage, known in zip(passages, make_vectors(embedder, title, passages), strict=True)
    ]


def _fits(known: KnownVectors | None, passage: Passage) -> bool:
    return known is not None and len(known.sentence_vectors) == len(passage.sentences)


class Journal:
    """Vectors made by a build that is not committed yet, one file for each document."""

    def __init__(self, folder: Path, model_fingerprint: str) -> None:
        self._folder = folder / model_fingerprint[:16]

    def load(self, key: str) -> dict[str, KnownVectors]:
        """Return what was kept for a document, by input hash; nothing where the file is absent or cut short."""
        try:
            kept = io.BytesIO((self._folder / f"{key}.npz").read_bytes())
            with np.load(kept, allow_pickle=False) as arrays:
                bounds = np.cumsum([0, *arrays["counts"]])
                return {
                    str(digest): KnownVectors(
                        arrays["vectors"][row], arrays["sentences"][bounds[row] : bounds[row + 1]]
                    )
                    for row, digest in enumerate(arrays["hashes"])
                }
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return {}

    def save(self, key: str, known: dict[str, KnownVectors]) -> None:
        """Keep the vectors of a document until `clear`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        np.savez(
            buffer,
            hashes=np.array(list(known)),
            vectors=np.stack([vectors.vector for vectors in known.values()]),
            counts=np.array([len(vectors.sentence_vectors) for vectors in known.values()]),
            sentences=np.concatenate([vectors.sentence_vectors for vectors in known.values()]),
        )
        partial = self._folder / f"{key}.partial"
        partial.write_bytes(buffer.getvalue())
        partial.replace(self._folder / f"{key}.npz")

    def clear(self) -> None:
        """Remove everything: the release that the vectors were made for is written."""
        shutil.rmtree(self._folder.parent, ignore_errors=True)
