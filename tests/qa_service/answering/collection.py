"""A small collection in memory for the tests of answers: real sentences, hashed words instead of a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from hashlib import sha256

import numpy as np

from corpus.document import Document, Metadata
from indexes.analysis import fold
from indexes.contract import SENTENCE_SCALE, EmbeddedPassage
from indexes.embedding.embedder import FloatArray
from indexes.manifest import ModelIdentity
from indexes.passage import DocumentText, Filters, PageSegment, PageSpan, Passage, passage_id
from qa_service.query import Query
from qa_service.retrieval import Explanation, RankedPassage, SearchResult
from tests.fakes import StrictMemoryIndex, StrictMemoryWriter

DIMENSION = 256
MODEL = ModelIdentity("hashed-words", "0" * 64, DIMENSION)
TODAY = date(2026, 11, 21)
_SENTENCE = re.compile(r"\S(?:[^\n]*?(?<!\d)[.!?](?=\s|$)|[^\n]*)")


class HashedWords:
    """An embedder whose vectors count the hashed beginnings of words: alike texts lie near each other."""

    name, fingerprint, dimension, max_tokens = MODEL.name, MODEL.fingerprint, DIMENSION, 512

    def embed_query(self, text: str) -> FloatArray:
        """Return float32[256] of unit length."""
        vector = np.zeros(DIMENSION, dtype=np.float32)
        for word in re.findall(r"\w+", fold(text)):
            vector[int(sha256(word[:5].encode()).hexdigest(), 16) % DIMENSION] += 1.0
        length = float(np.linalg.norm(vector))
        return vector / length if length else np.full(DIMENSION, DIMENSION**-0.5, dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        """Return float32[n, 256]."""
        return np.stack([self.embed_query(text) for text in texts])

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """Return the number of words of each text."""
        return [len(text.split()) for text in texts]


EMBEDDER = HashedWords()


class Collection:
    """Documents of one passage each; `index` is the release of all that were added so far."""

    def __init__(self) -> None:
        self._entries: list[tuple[Document, DocumentText, bytes, list[EmbeddedPassage]]] = []

    def add(
        self,
        document_id: str,
        text: str,
        *,
        language: str = "cs",
        metadata: Metadata | None = None,
        pages: Sequence[str] = (),
        heading: tuple[str, ...] = (),
    ) -> None:
        """Add a document of one passage; `pages` are the texts of its pages where it has some."""
        meta = metadata or Metadata()
        body = "\n".join(pages) if pages else text
        source = body.encode()
        document = Document(
            document_id, meta.title or document_id, meta, f"{document_id}.txt", "text/plain", sha256(source).hexdigest()
        )
        segments: list[PageSegment] = []
        for number, page in enumerate(pages, 1):
            begin = segments[-1].end + 1 if segments else 0
            segments.append(PageSegment(begin, begin + len(page), number, str(number)))
        span = PageSpan(1, len(pages), tuple(one.label for one in segments)) if pages else None
        sentences = tuple(match.span() for match in _SENTENCE.finditer(body))
        name = passage_id(document_id, 1 if pages else None, body, 0)
        passage = Passage(name, document_id, body, language, heading, span, 0, len(body), sentences)
        rows = EMBEDDER.embed_passages([body[start:end] for start, end in sentences])
        stored = np.round(rows * SENTENCE_SCALE).astype(np.int8)
        embedded = EmbeddedPassage(passage, name, EMBEDDER.embed_query(body), stored)
        self._entries.append((document, DocumentText(document_id, body, tuple(segments)), source, [embedded]))

    def add_parts(self, document_id: str, parts: Sequence[str]) -> None:
        """Add a Czech document of several passages, one of each part."""
        body, start, passages = "\n".join(parts), 0, []
        for ordinal, part in enumerate(parts):
            sentences = tuple(match.span() for match in _SENTENCE.finditer(part))
            name = passage_id(document_id, None, part, ordinal)
            passage = Passage(name, document_id, part, "cs", (), None, start, start + len(part), sentences)
            rows = EMBEDDER.embed_passages([part[begin:end] for begin, end in sentences])
            stored = np.round(rows * SENTENCE_SCALE).astype(np.int8)
            passages.append(EmbeddedPassage(passage, name, EMBEDDER.embed_query(part), stored))
            start += len(part) + 1
        source = body.encode()
        digest = sha256(source).hexdigest()
        document = Document(document_id, document_id, Metadata(), f"{document_id}.txt", "text/plain", digest)
        self._entries.append((document, DocumentText(document_id, body), source, passages))

    def clear(self) -> None:
        """Forget all documents."""
        self._entries.clear()

    @property
    def index(self) -> StrictMemoryIndex:
        """A release of the documents added so far."""
        committed: dict[str, StrictMemoryIndex] = {}
        writer = StrictMemoryWriter(committed, MODEL)
        for entry in self._entries:
            writer.add(*entry)
        return committed[writer.commit()]


def search(index: StrictMemoryIndex, text: str, language: str | None = "cs", k: int = 10) -> SearchResult:
    """Return the passages nearest to a question, scored by their cosine alone."""
    vector = EMBEDDER.embed_query(text)
    hits = []
    for hit in index.nearest(vector, k, Filters()):
        (passage,) = index.passages([hit.passage_id])
        document = index.document(passage.document_id)
        assert document is not None
        explanation = Explanation(hit.score, None, hit.score, 0.0, 1.0)
        hits.append(RankedPassage(hit.rank, hit.score, passage, document, (), explanation))
    release, total = index.manifest.release_id, len(hits)
    return SearchResult(Query(text, language), language, release, tuple(hits), {}, total, (), (), False, vector)
