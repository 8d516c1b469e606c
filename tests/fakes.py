"""Stand-ins for tests: stricter than what they stand for, so that a forgotten step fails here and not at a user's."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import numpy as np

from corpus.document import Document
from indexes.analysis import ANALYSIS_VERSION, document_terms, words
from indexes.contract import EmbeddedPassage, Int8Array, KnownVectors, PassageIndex
from indexes.embedding.embedder import FloatArray
from indexes.errors import IncompatibleRelease
from indexes.manifest import Manifest, ModelIdentity, check_compatible
from indexes.passage import DocumentFacts, DocumentText, Filters, Hit, Leg, Passage, PassagePlace, WeightedTerm

K1, B = 1.2, 0.75


@dataclass
class MemoryDocument:
    """Everything that a release in memory holds of one document."""

    document: Document
    text: DocumentText
    source: bytes
    passages: list[EmbeddedPassage]
    body: list[Counter[str]] = field(default_factory=list)


class StrictMemoryIndex:
    """A release in memory: exact search over NumPy arrays, and BM25 as its formula says.

    Written from the formula and the contract alone, so that it can serve as the reference for the engines. Every use
    after `close` fails, and so does a garbage collection before it.
    """

    def __init__(
        self,
        manifest: Manifest,
        documents: Mapping[str, MemoryDocument],
        receipts: Mapping[str, Mapping[str, Any]],
        glossary: str | None = None,
    ) -> None:
        """Open the release that a StrictMemoryWriter committed."""
        self._manifest = manifest
        self._documents = dict(documents)
        self._receipts = dict(receipts)
        self._glossary = glossary
        self._items = [(home, place) for home in documents.values() for place in range(len(home.passages))]
        self._by_id = {home.passages[place].passage.id: (home, place) for home, place in self._items}
        self.is_closed = False

    @property
    def manifest(self) -> Manifest:
        """What this release is."""
        self._require_open()
        return self._manifest

    def nearest(self, vector: FloatArray, k: int, filters: Filters) -> list[Hit]:
        """Return the k largest cosines, each computed in double precision."""
        assert vector.shape == (self.manifest.model.dimension,)
        scores = {
            embedded.passage.id: float(embedded.vector.astype(np.float64) @ vector.astype(np.float64))
            for embedded in self._allowed(filters)
        }
        return _ranked(scores, k, Leg.DENSE)

    def matching(self, terms: Sequence[WeightedTerm], k: int, filters: Filters) -> list[Hit]:
        """Return the k largest sums over words of the best of the word's terms."""
        allowed = {embedded.passage.id for embedded in self._allowed(filters)}
        scores = {}
        for home, place in self._items:
            name = home.passages[place].passage.id
            best: dict[int, float] = {}
            for term in terms:
                found = self._bm25(term.term, home, place) * term.weight
                best[term.word] = max(found, best.get(term.word, 0.0))
            if name in allowed and any(best.values()):
                scores[name] = sum(best.values())
        return _ranked(scores, k, Leg.LEXICAL)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Return the passages that are here."""
        self._require_open()
        return [self._at(name).passage for name in ids if name in self._by_id]

    def places(self, ids: Sequence[str]) -> list[PassagePlace]:
        """Return where passages stand."""
        facts = {name: DocumentFacts.of(home.document) for name, home in self._documents.items()}
        return [
            PassagePlace(found.id, found.language, facts[found.document_id], found.heading)
            for found in self.passages(ids)
        ]

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return the passages of a document."""
        self._require_open()
        home = self._documents.get(document_id)
        return sorted((item.passage for item in home.passages), key=lambda passage: passage.start) if home else []

    def vectors(self, ids: Sequence[str]) -> FloatArray:
        """Return the vectors of passages."""
        self._require_open()
        rows = [self._at(name).vector for name in ids]
        return np.array(rows, dtype=np.float32).reshape(len(ids), self.manifest.model.dimension)

    def sentence_vectors(self, ids: Sequence[str]) -> list[Int8Array]:
        """Return the sentence vectors of passages."""
        self._require_open()
        return [self._at(name).sentence_vectors for name in ids]

    def document(self, document_id: str) -> Document | None:
        """Return a document."""
        self._require_open()
        home = self._documents.get(document_id)
        return home.document if home else None

    def documents(self, limit: int, after: str = "") -> list[Document]:
        """Return a page of documents."""
        self._require_open()
        names = sorted(name for name in self._documents if name > after)
        return [self._documents[name].document for name in names[:limit]]

    def sources(self) -> set[str]:
        """Return the hashes of its files, which are kept whether it is open or not."""
        return {home.document.sha256 for home in self._documents.values()}

    def document_text(self, document_id: str) -> DocumentText | None:
        """Return a text."""
        self._require_open()
        home = self._documents.get(document_id)
        return home.text if home else None

    def source(self, document_id: str) -> bytes | None:
        """Return an original file."""
        self._require_open()
        home = self._documents.get(document_id)
        return home.source if home else None

    def receipt(self, document_id: str) -> Mapping[str, Any] | None:
        """Return a receipt."""
        self._require_open()
        return self._receipts.get(document_id)

    def receipts(self) -> Iterator[Mapping[str, Any]]:
        """Yield all receipts."""
        self._require_open()
        return iter([self._receipts[name] for name in sorted(self._receipts)])

    def glossary(self) -> str | None:
        """Return the glossary that the writer was given, or None."""
        self._require_open()
        return self._glossary

    def document_frequency(self, term: str) -> int:
        """Return how many passages hold a term."""
        self._require_open()
        return sum(term in home.body[place] for home, place in self._items)

    def vocabulary(self) -> Mapping[str, int]:
        """Return the words."""
        self._require_open()
        counts: Counter[str] = Counter()
        for home, place in self._items:
            counts.update(set(words(home.passages[place].passage.text)))
        return dict(counts)

    def known_vectors(self, input_hashes: Sequence[str]) -> dict[str, KnownVectors]:
        """Return vectors by embedded input."""
        self._require_open()
        known = {}
        for home, place in self._items:
            item = home.passages[place]
            if item.input_hash in input_hashes:
                known.setdefault(item.input_hash, KnownVectors(item.vector, item.sentence_vectors))
        return known

    def held(self, document_id: str) -> MemoryDocument:
        """Return everything of a document. Raises KeyError."""
        self._require_open()
        return self._documents[document_id]

    def close(self) -> None:
        """Refuse every use from now on."""
        self.is_closed = True

    def _require_open(self) -> None:
        if self.is_closed:
            raise ValueError("this index is closed")

    def _at(self, name: str) -> EmbeddedPassage:
        home, place = self._by_id[name]
        return home.passages[place]

    def _allowed(self, filters: Filters) -> Iterator[EmbeddedPassage]:
        self._require_open()
        for home, place in self._items:
            item = home.passages[place]
            about = home.document.metadata
            year, day = about.year, filters.valid_on
            refused = (
                (filters.kind and about.kind not in filters.kind)
                or (filters.publisher and about.publisher not in filters.publisher)
                or (filters.document and home.document.id not in filters.document)
                or (filters.source_lang and item.passage.language not in filters.source_lang)
                or (filters.year_from is not None and (year is None or year < filters.year_from))
                or (filters.year_to is not None and (year is None or year > filters.year_to))
                or (day is not None and about.valid_from is not None and day < about.valid_from)
                or (day is not None and about.valid_to is not None and day > about.valid_to)
            )
            if not refused:
                yield item

    def _bm25(self, term: str, home: MemoryDocument, place: int) -> float:
        """Return the BM25 of a term in a passage, title and headings read as part of its text."""
        fields = [other.body[at] for other, at in self._items]
        counts = home.body[place]
        tf = counts[term]
        if not tf:
            return 0.0
        n = sum(term in other for other in fields)
        idf = math.log(1 + (len(fields) - n + 0.5) / (n + 0.5))
        average = sum(other.total() for other in fields) / len(fields)
        return idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * kept_length(counts.total()) / average))


def kept_length(length: int) -> int:
    """Return a passage's length as Lucene and tantivy keep it in a byte: exact to 40, then to four significant bits."""
    beyond = max(length - 24, 0)
    dropped = max(beyond.bit_length() - 4, 0)
    return min(length, 24) + (beyond >> dropped << dropped)


class StrictMemoryWriter:
    """Writes a release in memory; `committed` holds what was committed, by release id."""

    committed: dict[str, StrictMemoryIndex]

    def __init__(self, committed: dict[str, StrictMemoryIndex], model: ModelIdentity) -> None:
        """Begin a release that will stand in `committed`."""
        self.committed, self._model = committed, model
        self._documents: dict[str, MemoryDocument] = {}
        self._receipts: dict[str, Mapping[str, Any]] = {}
        self._glossary: str | None = None
        self._is_done = False

    def add(self, document: Document, text: DocumentText, source: bytes, passages: Sequence[EmbeddedPassage]) -> None:
        """Keep one document."""
        self._require_new(document.id)
        assert document.sha256 == sha256(source).hexdigest(), "the source is not the file of the document"
        for item in passages:
            passage = item.passage
            if text.text[passage.start : passage.end] != passage.text:
                raise ValueError(f"passage {passage.id} is not the text at its offsets")
            if item.vector.shape != (self._model.dimension,) or not abs(float(np.linalg.norm(item.vector)) - 1) <= 1e-3:
                raise ValueError(f"passage {passage.id} has no unit vector")
            if item.sentence_vectors.shape != (len(passage.sentences), self._model.dimension):
                raise ValueError(f"passage {passage.id} has other sentence vectors")
        home = MemoryDocument(document, text, source, list(passages))
        keys = document_terms(document.title, document.metadata.language, [item.passage for item in passages])
        home.body = [Counter(body + context) for body, context in keys]
        self._documents[document.id] = home

    def take_over(self, document_id: str, previous: PassageIndex) -> int:
        """Keep a document of an earlier release."""
        self._require_new(document_id)
        if not isinstance(previous, StrictMemoryIndex):
            raise IncompatibleRelease("written by another engine")
        check_compatible(previous.manifest, self._model, ANALYSIS_VERSION)
        self._documents[document_id] = previous.held(document_id)
        return len(self._documents[document_id].passages)

    def holds_source(self, sha256: str) -> bool:
        """Tell whether this release or an earlier one has a document of that file."""
        return any(home.document.sha256 == sha256 for home in self._documents.values()) or any(
            sha256 in index.sources() for index in self.committed.values()
        )

    def add_receipt(self, document_id: str, receipt: Mapping[str, Any]) -> None:
        """Keep a receipt."""
        self._receipts[document_id] = dict(receipt)

    def add_glossary(self, text: str) -> None:
        """Keep the glossary of the release."""
        self._glossary = text

    def commit(self) -> str:
        """Show the release."""
        assert not self._is_done, "commit after commit or abort"
        self._is_done = True
        now = datetime.now(UTC)
        release_id = f"{now:%Y%m%d-%H%M%S}-{len(self.committed):06x}"
        manifest = Manifest(
            release_id,
            now,
            self._model,
            ANALYSIS_VERSION,
            "memory",
            len(self._documents),
            sum(len(home.passages) for home in self._documents.values()),
            {},
        )
        self.committed[release_id] = StrictMemoryIndex(manifest, self._documents, self._receipts, self._glossary)
        return release_id

    def abort(self) -> None:
        """Forget everything."""
        self._is_done = True

    def _require_new(self, document_id: str) -> None:
        assert not self._is_done, "the writer is finished"
        if document_id in self._documents:
            raise ValueError(f"document {document_id!r} was already added")


def _ranked(scores: Mapping[str, float], k: int, leg: Leg) -> list[Hit]:
    order = sorted((-float(f"{score:.5e}"), name) for name, score in scores.items())
    return [Hit(name, -negated, rank, leg) for rank, (negated, name) in enumerate(order[: max(k, 0)], start=1)]
