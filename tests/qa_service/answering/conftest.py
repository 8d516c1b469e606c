"""A collection in memory for the tests of answers: real passages and sentences, no disk and no model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.document import Document, Metadata
from indexes.analysis import fold, passage_terms
from indexes.contract import SENTENCE_SCALE, Int8Array, KnownVectors
from indexes.embedding.embedder import FloatArray
from indexes.manifest import Manifest, ModelIdentity
from indexes.passage import (
    DocumentText,
    Filters,
    Hit,
    Leg,
    PageSegment,
    PageSpan,
    Passage,
    WeightedTerm,
    passage_id,
)
from qa_service.answering.answerer import Answer, Answerer, Question
from qa_service.answering.extractive import ExtractiveAnswerer
from qa_service.query import Query
from qa_service.retrieval import Explanation, RankedPassage, SearchResult

_spec = spec_from_file_location("stub_endpoint", Path(__file__).with_name("stub_endpoint.py"))
assert _spec is not None
assert _spec.loader is not None
stub_endpoint = module_from_spec(_spec)
_spec.loader.exec_module(stub_endpoint)

DIMENSION = 256
TODAY = datetime(2026, 11, 21, tzinfo=UTC).date()


def embed(text: str) -> FloatArray:
    """Return a unit vector made of the hashed beginnings of the words: alike texts lie near each other."""
    vector = np.zeros(DIMENSION, dtype=np.float32)
    for word in re.findall(r"\w+", fold(text)):
        vector[int(sha256(word[:5].encode()).hexdigest(), 16) % DIMENSION] += 1.0
    length = float(np.linalg.norm(vector))
    return vector / length if length else np.full(DIMENSION, DIMENSION**-0.5, dtype=np.float32)


class MemoryIndex:
    """A release of a few documents, one passage for each paragraph block given."""

    def __init__(self) -> None:
        self._documents: dict[str, Document] = {}
        self._passages: dict[str, Passage] = {}
        self._texts: dict[str, DocumentText] = {}
        self._counts: dict[str, int] = {}

    @property
    def manifest(self) -> Manifest:
        identity = ModelIdentity("hashing", "0" * 64, DIMENSION)
        counts = (len(self._documents), len(self._passages))
        return Manifest("r1", datetime(2026, 11, 21, tzinfo=UTC), identity, "1", "memory", *counts, {})

    def add(
        self,
        document_id: str,
        text: str,
        *,
        language: str = "cs",
        metadata: Metadata | None = None,
        pages: Sequence[str] | None = None,
        heading: tuple[str, ...] = (),
    ) -> None:
        """Add a document of one passage; `pages` are its page texts, joined by a line break, where it has pages."""
        meta = metadata or Metadata()
        self._documents[document_id] = Document(
            document_id, meta.title or document_id, meta, f"{document_id}.txt", "text/plain", "0" * 64
        )
        segments: list[PageSegment] = []
        for number, page in enumerate(pages or (), 1):
            begin = segments[-1].end + 1 if segments else 0
            segments.append(PageSegment(begin, begin + len(page), number, str(number)))
        body = "\n".join(pages) if pages else text
        span = PageSpan(1, len(pages), tuple(str(n + 1) for n in range(len(pages)))) if pages else None
        sentences = tuple((m.start(), m.end()) for m in re.finditer(r"\S(?:[^\n]*?(?<!\d)[.!?](?=\s|$)|[^\n]*)", body))
        name = passage_id(document_id, 1 if pages else None, body, 0)
        self._passages[name] = Passage(name, document_id, body, language, heading, span, 0, len(body), sentences)
        self._texts[document_id] = DocumentText(document_id, body, tuple(segments))
        for term in set(passage_terms(body, language)):
            self._counts[term] = self._counts.get(term, 0) + 1

    def nearest(self, vector: FloatArray, k: int, filters: Filters) -> list[Hit]:
        scored = [(float(embed(one.text) @ vector), one.id) for one in self._passages.values()]
        ranked = sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:k]
        return [Hit(name, score, rank, Leg.DENSE) for rank, (score, name) in enumerate(ranked, 1)]

    def matching(self, terms: Sequence[WeightedTerm], k: int, filters: Filters) -> list[Hit]:
        wanted = {term.term for term in terms}
        scored = [
            (float(len(wanted & set(passage_terms(one.text, one.language)))), one.id) for one in self._passages.values()
        ]
        ranked = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], pair[1]))[:k]
        return [Hit(name, score, rank, Leg.LEXICAL) for rank, (score, name) in enumerate(ranked, 1)]

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        return [self._passages[name] for name in ids if name in self._passages]

    def passages_of(self, document_id: str) -> list[Passage]:
        return [one for one in self._passages.values() if one.document_id == document_id]

    def vectors(self, ids: Sequence[str]) -> FloatArray:
        return np.stack([embed(self._passages[name].text) for name in ids])

    def sentence_vectors(self, ids: Sequence[str]) -> list[Int8Array]:
        stored = []
        for name in ids:
            one = self._passages[name]
            rows = [embed(one.text[start:end]) for start, end in one.sentences]
            stored.append(np.round(np.stack(rows) * SENTENCE_SCALE).astype(np.int8))
        return stored

    def document(self, document_id: str) -> Document | None:
        return self._documents.get(document_id)

    def documents(self, limit: int, after: str = "") -> list[Document]:
        return [self._documents[name] for name in sorted(self._documents) if name > after][:limit]

    def document_text(self, document_id: str) -> DocumentText | None:
        return self._texts.get(document_id)

    def source(self, document_id: str) -> bytes | None:
        return None

    def receipt(self, document_id: str) -> Mapping[str, Any] | None:
        return None

    def receipts(self) -> Iterator[Mapping[str, Any]]:
        return iter(())

    def document_frequency(self, term: str) -> int:
        return self._counts.get(term, 0)

    def vocabulary(self) -> Mapping[str, int]:
        return {}

    def known_vectors(self, input_hashes: Sequence[str]) -> dict[str, KnownVectors]:
        return {}

    def close(self) -> None:
        return None


def search(index: MemoryIndex, text: str, language: str | None = "cs", k: int = 10) -> SearchResult:
    """Return the passages nearest to a question, scored by their cosine alone."""
    vector = embed(text)
    hits = []
    for hit in index.nearest(vector, k, Filters()):
        (passage,) = index.passages([hit.passage_id])
        document = index.document(passage.document_id)
        assert document is not None
        explanation = Explanation(hit.score, None, hit.score, 0.0, 1.0)
        hits.append(RankedPassage(hit.rank, hit.score, passage, document, (), explanation))
    return SearchResult(
        Query(text, language), language, index.manifest.release_id, tuple(hits), {}, len(hits), (), (), False, vector
    )


@pytest.fixture(name="embed")
def embed_fixture() -> Callable[[str], FloatArray]:
    """Return the embedding of the fakes."""
    return embed


@pytest.fixture(name="search")
def search_fixture() -> Callable[..., SearchResult]:
    """Return the search of the fakes."""
    return search


@pytest.fixture(name="playing")
def playing_fixture() -> Callable[..., Any]:
    """Return the runner of stub endpoints."""
    return stub_endpoint.playing


@pytest.fixture(name="sound")
def sound_fixture() -> Callable[[str], Any]:
    """Return the reply line of a model that answers a text."""
    return stub_endpoint.sound


Ask = Callable[..., Answer]


@pytest.fixture
def index() -> MemoryIndex:
    """An empty collection."""
    return MemoryIndex()


@pytest.fixture
def ask(index: MemoryIndex) -> Ask:
    """Ask the collection and return the answer."""

    def asked(text: str, language: str | None = "cs", answerer: Answerer | None = None) -> Answer:
        by = answerer or ExtractiveAnswerer(today=lambda: TODAY)
        return by.answer(index, Question(text, language), search(index, text, language))

    return asked
