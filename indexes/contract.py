"""What does an engine promise to those who write a release and to those who read one?

`local/` is the engine of one machine; a distributed one stands beside it and passes the same suite
(`tests/contracts/`). Nothing here says how: only what a caller may rely on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from corpus.document import Document
from indexes.embedding.embedder import FloatArray
from indexes.manifest import EvaluationRecord, Manifest, ModelIdentity
from indexes.passage import DocumentText, Filters, Hit, Passage, PassagePlace, WeightedTerm

Int8Array = npt.NDArray[np.int8]

SENTENCE_SCALE = 127.0
"""A sentence vector is stored as round(unit vector x 127) in int8; divided by this it has unit length to about 1 %."""


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    """A passage with the vectors that the writer stores for it."""

    passage: Passage
    input_hash: str
    """Hexadecimal SHA-256 of what its vector is made from: under it an unchanged passage finds its vectors again."""
    vector: FloatArray
    """float32[d], unit length."""
    sentence_vectors: Int8Array
    """int8[s, d], one row for each of `passage.sentences`, scaled by SENTENCE_SCALE."""


@dataclass(frozen=True, slots=True)
class KnownVectors:
    """The stored vectors of a passage whose embedded input has been seen before, shaped as in `EmbeddedPassage`."""

    vector: FloatArray
    sentence_vectors: Int8Array


class PassageIndex(Protocol):
    """A sound, published or kept release, open for reading. Immutable: equal calls give equal answers, for ever.

    Safe to call from several threads. Rankings break ties by passage id, so their order is stable.
    """

    @property
    def manifest(self) -> Manifest:
        """What this release is and how it was made."""
        ...

    def nearest(self, vector: FloatArray, k: int, filters: Filters) -> list[Hit]:
        """Return the at most k passages of largest cosine to `vector` (float32[d], unit length) that pass `filters`.

        Never fewer than k while so many passages pass. Scores are cosines, -1..1.
        """
        ...

    def matching(self, terms: Sequence[WeightedTerm], k: int, filters: Filters) -> list[Hit]:
        """Return the at most k passages of largest BM25 score over the weighted terms that pass `filters`.

        A passage with none of the terms is not returned. Terms are matched literally: no term is query syntax.
        """
        ...

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Return the passages with these ids, in the order asked; ids that are not here are left out."""
        ...

    def places(self, ids: Sequence[str]) -> list[PassagePlace]:
        """Return where passages stand, in the order asked, without reading them; ids that are not here are left out."""
        ...

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return all passages of a document in the order of its text; empty for an unknown document."""
        ...

    def vectors(self, ids: Sequence[str]) -> FloatArray:
        """Return float32[len(ids), d]: the stored vectors, in the order asked. Raises KeyError for an unknown id."""
        ...

    def sentence_vectors(self, ids: Sequence[str]) -> list[Int8Array]:
        """Return int8[s, d] for each id, in the order asked (see SENTENCE_SCALE). Raises KeyError for an unknown id."""
        ...

    def document(self, document_id: str) -> Document | None:
        """Return what is known about a document, or None."""
        ...

    def documents(self, limit: int, after: str = "") -> list[Document]:
        """Return at most `limit` documents in the order of their ids, beginning behind the id `after`."""
        ...

    def document_text(self, document_id: str) -> DocumentText | None:
        """Return the cleaned text of a document, or None."""
        ...

    def source(self, document_id: str) -> bytes | None:
        """Return the original file of a document as it was when the release was built, or None."""
        ...

    def receipt(self, document_id: str) -> Mapping[str, Any] | None:
        """Return the receipt of a publication of this build (refused ones too) as JSON values, or None."""
        ...

    def receipts(self) -> Iterator[Mapping[str, Any]]:
        """Yield all receipts of this build in the order of their document ids."""
        ...

    def glossary(self) -> str | None:
        """Return the glossary with which this release is searched, or None where the writer was given none. Cheap."""
        ...

    def document_frequency(self, term: str) -> int:
        """Return in how many passages an indexed term stands, title and headings included."""
        ...

    def vocabulary(self) -> Mapping[str, int]:
        """Return the words of the passages as written, lower-cased, each with the number of passages it stands in."""
        ...

    def known_vectors(self, input_hashes: Sequence[str]) -> dict[str, KnownVectors]:
        """Return the stored vectors of those embedded inputs that this release holds, by input hash."""
        ...

    def close(self) -> None:
        """Give up files and memory. Using the index afterwards is an error."""
        ...


@dataclass(frozen=True, slots=True)
class ReleaseFinding:
    """Why a release was passed over: `code` is that of the error."""

    release_id: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class PruneReport:
    """What pruning did: ids removed, ids that a reader still holds, and how many original files went."""

    removed: tuple[str, ...]
    in_use: tuple[str, ...]
    source_count: int


class ReleaseShelf(Protocol):
    """All releases of one collection: which there are, which is published, and how that changes.

    Publishing and rolling back are one step for every reader: before it they see the old release, after it the new.
    """

    def ids(self) -> list[str]:
        """Return the ids of all complete releases, oldest first."""
        ...

    def published(self) -> str | None:
        """Return the id of the published release, or None. Cheap; says nothing about its soundness."""
        ...

    def history(self) -> list[str]:
        """Return the ids that were published and are still here, oldest first, the present one last."""
        ...

    def sound_published(self) -> tuple[str, tuple[ReleaseFinding, ...]]:
        """Return the published release, or where it is damaged the one last published before it, and what was wrong.

        Reads every byte. A release that was never published is never returned. Raises NoReleasePublished.
        """
        ...

    def last_sound(self) -> str:
        """Return the id that `sound_published` gives. Raises NoReleasePublished."""
        ...

    def manifest(self, release_id: str) -> Manifest:
        """Return the manifest of a release. Raises UnknownRelease, DamagedRelease, IncompatibleRelease."""
        ...

    def verify(self, release_id: str) -> Manifest:
        """Return the manifest after comparing every byte with it. Raises as `manifest` does."""
        ...

    def open(self, release_id: str) -> PassageIndex:
        """Verify and open a release; it is not pruned while it is open. Raises as `manifest` does."""
        ...

    def begin(self, model: ModelIdentity) -> PassageIndexWriter:
        """Begin a release. Raises DiskFull, BuildRunning."""
        ...

    def publish(self, release_id: str) -> None:
        """Verify a release and make it the published one. Raises as `manifest` does, and DiskFull."""
        ...

    def roll_back(self) -> tuple[str, tuple[ReleaseFinding, ...]]:
        """Publish the release that was published before; return its id and why others were passed over.

        Raises NoReleasePublished where there is no sound earlier one.
        """
        ...

    def prune(self, keep: int) -> PruneReport:
        """Remove all but `keep` releases; the published one, and any that is open, stays."""
        ...

    def erase(self, document_id: str, kept: str | None) -> tuple[str, ...]:
        """Remove every release that holds a document otherwise than as the file with the SHA-256 `kept`.

        None stands for no file: then every release goes that holds the document, or a receipt of it. Returns their ids.
        The published release never goes. Raises StillPublished where it holds such a document, BuildRunning, and as
        `verify` does where it is not sound, since one of the others might be served in its place.
        """
        ...

    def evaluation(self, release_id: str) -> EvaluationRecord | None:
        """Return how a release scored, or None where nobody has measured it. Raises DamagedRelease."""
        ...

    def write_evaluation(self, record: EvaluationRecord) -> None:
        """Keep how a release scored, beside it. Raises DiskFull."""
        ...

    def calibration(self, release_id: str) -> str | None:
        """Return the calibration of answers written beside a release, or None. Raises DamagedRelease."""
        ...

    def write_calibration(self, release_id: str, text: str) -> None:
        """Keep a calibration beside a release. Raises UnknownRelease, DiskFull."""
        ...

    def require_room(self, byte_count: int = 0) -> None:
        """Raise DiskFull unless `byte_count` bytes and a new release beside the published one have room."""
        ...


class PassageIndexWriter(Protocol):
    """Writes one release. Nothing of it is visible to any reader before `commit`, and nothing at all after `abort`."""

    def add(self, document: Document, text: DocumentText, source: bytes, passages: Sequence[EmbeddedPassage]) -> None:
        """Write one document with all its passages. Raises ValueError for a document id that was already added."""
        ...

    def take_over(self, document_id: str, previous: PassageIndex) -> int:
        """Copy a document with its text, source, passages and vectors (no receipt) from an open earlier release.

        For a document that is the same in every respect: nothing of it is read, embedded or analysed again. Returns
        how many passages it has. Raises KeyError where `previous` has no such document, ValueError where its id was
        already added, IncompatibleRelease for a release of another engine, model or analysis.
        """
        ...

    def holds_source(self, sha256: str) -> bool:
        """Return whether an original file with this hash is kept; a document without it has to be added, not taken over."""
        ...

    def add_receipt(self, document_id: str, receipt: Mapping[str, Any]) -> None:
        """Write the receipt (JSON values) of a publication, indexed or refused."""
        ...

    def add_glossary(self, text: str) -> None:
        """Write the glossary with which the release is to be searched, so that its answers never change."""
        ...

    def commit(self) -> str:
        """Make the release durable and return its id. It is complete but not published. Raises DiskFull."""
        ...

    def abort(self) -> None:
        """Remove everything written. Does nothing after `commit`."""
        ...
