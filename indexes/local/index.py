"""How does a release on this machine's disk answer?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.document import Document
from indexes.contract import Int8Array, KnownVectors
from indexes.embedding.embedder import FloatArray
from indexes.local.lexical import LEXICAL_FOLDER, Allowed, LexicalIndex
from indexes.local.passages import PassageStore
from indexes.local.release import Lease, read_glossary, release_path, verify
from indexes.local.sources import SourceStore
from indexes.local.vectors import RowMask, VectorIndex
from indexes.manifest import Manifest
from indexes.passage import DocumentFacts, DocumentText, Filters, Hit, Leg, Passage, PassagePlace, WeightedTerm

ENGINE = "local"

_TIE_MARGIN = 16
"""Rows asked beyond k, to see whether equal scores are cut in two."""
_WIDENING = 4
"""How many times more rows are asked for where k cuts through equal scores."""
_DIGITS = 6
"""Significant digits: equal passages get equal scores only up to the last bits of float32, so scores are rounded
before they are compared. Not decimals: scores of a word that stands nearly everywhere are tiny, and would all be one."""
_REMEMBERED_FILTERS = 64
_REMEMBERED_DOCUMENTS = 4096
"""Hits and citations name the same documents again and again; about 2 kB each."""


@dataclass(frozen=True, slots=True)
class AllowedPassages:
    """The passages that filters leave, once for each leg."""

    rows: RowMask
    lexical: Allowed


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """Where a document stands in a release, for a later release to take it over."""

    file: Path
    """The SQLite file of the release."""
    first_row: int
    vectors: FloatArray
    """float32[passages, d]."""


class LocalIndex:
    """A release on this machine's disk (see `indexes.contract.PassageIndex`)."""

    def __init__(self, releases: Path, release_id: str) -> None:
        """Verify and open a release; it is not pruned before `close`.

        Raises UnknownRelease, DamagedRelease, IncompatibleRelease.
        """
        with ExitStack() as opened:
            self._lease = opened.enter_context(Lease(releases, release_id))
            self._manifest = verify(releases, release_id)
            folder = release_path(releases, release_id)
            rows, dimension = self._manifest.passage_count, self._manifest.model.dimension
            self._store = opened.enter_context(closing(PassageStore(folder, dimension)))
            self._vectors = VectorIndex(folder, rows, dimension)
            self._lexical = LexicalIndex(folder / LEXICAL_FOLDER, rows)
            self._glossary = read_glossary(folder, self._manifest)
            self._places = self._store.places()
            opened.pop_all()  # from here on, `close` gives them up
        self._sources = SourceStore(releases)
        self._row_of = {place.id: row for row, place in enumerate(self._places)}
        self._allowed = lru_cache(_REMEMBERED_FILTERS)(self._find_allowed)
        self._document = lru_cache(_REMEMBERED_DOCUMENTS)(self._store.document)
        self._is_open = True

    @property
    def manifest(self) -> Manifest:
        """What this release is and how it was made."""
        return self._manifest

    def nearest(self, vector: FloatArray, k: int, filters: Filters) -> list[Hit]:
        """Return the at most k passages of largest cosine to `vector` (float32[d], unit length) that pass `filters`."""
        self._require_open()
        allowed = self._allowed(filters)
        query = np.ascontiguousarray(vector, dtype=np.float32)
        mask = None if allowed is None else allowed.rows
        return self._hits(lambda n: self._vectors.nearest(query, n, mask), k, Leg.DENSE)

    def matching(self, terms: Sequence[WeightedTerm], k: int, filters: Filters) -> list[Hit]:
        """Return the at most k passages of largest BM25 score over the weighted terms that pass `filters`."""
        self._require_open()
        allowed = self._allowed(filters)
        clauses = None if allowed is None else allowed.lexical
        return self._hits(lambda n: self._lexical.matching(terms, n, clauses), k, Leg.LEXICAL)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Return the passages with these ids, in the order asked; ids that are not here are left out."""
        return self._store.passages(ids)

    def places(self, ids: Sequence[str]) -> list[PassagePlace]:
        """Return where passages stand, in the order asked, without reading them; ids that are not here are left out."""
        self._require_open()
        return [self._places[self._row_of[name]] for name in ids if name in self._row_of]

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return all passages of a document in the order of its text; empty for an unknown document."""
        return self._store.passages_of(document_id)

    def vectors(self, ids: Sequence[str]) -> FloatArray:
        """Return float32[len(ids), d]: the stored vectors, in the order asked. Raises KeyError for an unknown id."""
        self._require_open()
        return self._vectors.vectors(np.array([self._row_of[name] for name in ids], dtype=np.int64))

    def sentence_vectors(self, ids: Sequence[str]) -> list[Int8Array]:
        """Return int8[s, d] for each id, in the order asked. Raises KeyError for an unknown id."""
        return [found.sentence_vectors for found in self._store.embedded(ids)]

    def document(self, document_id: str) -> Document | None:
        """Return what is known about a document, or None."""
        return self._document(document_id)

    def documents(self, limit: int, after: str = "") -> list[Document]:
        """Return at most `limit` documents in the order of their ids, beginning behind the id `after`."""
        return self._store.documents(limit, after)

    def document_text(self, document_id: str) -> DocumentText | None:
        """Return the cleaned text of a document, or None."""
        return self._store.document_text(document_id)

    def source(self, document_id: str) -> bytes | None:
        """Return the original file of a document, or None. Raises DamagedRelease where its bytes have changed."""
        document = self._store.document(document_id)
        return self._sources.get(document.sha256) if document else None

    def receipt(self, document_id: str) -> Mapping[str, Any] | None:
        """Return the receipt of a publication of this build (refused ones too), or None."""
        return self._store.receipt(document_id)

    def receipts(self) -> Iterator[Mapping[str, Any]]:
        """Yield all receipts of this build in the order of their document ids."""
        return self._store.receipts()

    def glossary(self) -> str | None:
        """Return the glossary with which this release is searched, or None."""
        return self._glossary

    def document_frequency(self, term: str) -> int:
        """Return in how many passages an indexed term stands."""
        return self._lexical.document_frequency(term)

    def vocabulary(self) -> Mapping[str, int]:
        """Return the words of the passages as written, lower-cased, each with the number of passages it stands in."""
        return self._store.vocabulary()

    def known_vectors(self, input_hashes: Sequence[str]) -> dict[str, KnownVectors]:
        """Return the stored vectors of those embedded inputs that this release holds, by input hash."""
        found = self._store.embedded_by_input(input_hashes)
        vectors = self._vectors.vectors(np.array([item.row for item in found.values()], dtype=np.int64))
        return {
            name: KnownVectors(vector, item.sentence_vectors)
            for (name, item), vector in zip(found.items(), vectors, strict=True)
        }

    def stored(self, document_id: str) -> StoredDocument | None:
        """Return where a document stands, or None."""
        span = self._store.span(document_id)
        if span is None:
            return None
        rows = np.arange(span[0], span[0] + span[1], dtype=np.int64)
        return StoredDocument(self._store.path, span[0], self._vectors.vectors(rows))

    def close(self) -> None:
        """Give up files and memory; a second call does nothing. Using the index afterwards is an error."""
        if self._is_open:
            self._is_open = False
            self._document.cache_clear()
            self._store.close()
            self._lease.close()
            # what is remembered ties this object to itself: large things must not wait for the garbage collector
            del self._vectors, self._lexical, self._places, self._row_of

    def _hits(self, search: Callable[[int], list[tuple[int, float]]], k: int, leg: Leg) -> list[Hit]:
        """Return the k best of what `search(n)` finds, passages of equal score in the order of their ids."""
        wanted = k + _TIE_MARGIN
        found = search(wanted) if k > 0 else []
        scores = _rounded(found)
        while len(found) == wanted and scores[-1] == scores[k - 1]:
            wanted *= _WIDENING
            found = search(wanted)
            scores = _rounded(found)
        ids = [self._places[row].id for row, _ in found]
        best = sorted(zip((-scores).tolist(), ids, strict=True))[:k]
        return [Hit(name, -negated, rank, leg) for rank, (negated, name) in enumerate(best, start=1)]

    def _require_open(self) -> None:
        if not self._is_open:
            raise ValueError("this index is closed")

    def _find_allowed(self, filters: Filters) -> AllowedPassages | None:
        if filters == Filters():
            return None
        languages = set(filters.source_lang) or None
        documents = None
        if filters != Filters(source_lang=filters.source_lang):
            found = {place.document.id: place.document for place in self._places}
            documents = {name for name, facts in found.items() if passes(facts, filters)}
        rows = [
            (documents is None or place.document.id in documents) and (languages is None or place.language in languages)
            for place in self._places
        ]
        return AllowedPassages(np.array(rows, dtype=np.bool_), Allowed(documents, languages))


def _rounded(found: Sequence[tuple[int, float]]) -> npt.NDArray[np.float64]:
    """Return the scores of (row, score) with _DIGITS significant digits."""
    scores = np.array([score for _, score in found], dtype=np.float64)
    magnitude = np.floor(np.log10(np.abs(scores), where=scores != 0, out=np.zeros_like(scores)))
    scale = 10.0 ** (_DIGITS - 1 - magnitude)
    return np.asarray(np.round(scores * scale) / scale)


def passes(about: DocumentFacts, filters: Filters) -> bool:
    """Tell whether a document meets those filters that speak of documents."""
    year, day = about.year, filters.valid_on
    return (
        (not filters.kind or about.kind in filters.kind)
        and (not filters.publisher or about.publisher in filters.publisher)
        and (not filters.document or about.id in filters.document)
        and (filters.year_from is None or (year is not None and year >= filters.year_from))
        and (filters.year_to is None or (year is not None and year <= filters.year_to))
        and (day is None or about.valid_from is None or about.valid_from <= day)
        and (day is None or about.valid_to is None or day <= about.valid_to)
    )
