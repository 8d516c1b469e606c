"""Which passages answer a query, in which order, and why?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.document import Document
from indexes.analysis import highlight_spans, query_terms
from indexes.contract import PassageIndex
from indexes.embedding.embedder import Embedder, FloatArray
from indexes.errors import EmbeddingError
from indexes.language import detect_query_language
from indexes.passage import Hit, Passage, WeightedTerm
from qa_service.fusion import DENSE_WEIGHT, LegScores, best_bm25, fuse
from qa_service.query import Query

CANDIDATES = 200
"""How many passages are ranked at most; `total` and facets count these."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a passage stands where it stands: what each step contributed, on a scale from 0 to 1.

    A leg that did not find the passage has None for its raw score and 0 for its part.
    """

    cosine: float | None
    """Raw score of the dense leg, -1..1."""
    bm25: float | None
    """Raw score of the lexical leg, from 0."""
    dense: float
    """Score of the dense leg after scaling to 0..1."""
    lexical: float
    """Score of the lexical leg after scaling to 0..1."""
    dense_weight: float
    """Share of the dense leg in the fused score, 0..1."""
    adjustments: tuple[tuple[str, float], ...] = ()
    """What later steps added to the fused score, by name, in the order of the steps."""


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage at its final place: `rank` counts from 1 over all ranked candidates, `score` is 0..1."""

    rank: int
    score: float
    passage: Passage
    document: Document
    highlights: tuple[tuple[int, int], ...]
    """Code points of `passage.text`, end exclusive, sorted, not overlapping."""
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class AlsoSearched:
    """A term that was searched beside the words of the query, and where it comes from."""

    term: str
    source_word: str
    """The word or words of the query that brought it."""
    source: Literal["glossary", "translation", "spelling"]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What one release has to say to one query."""

    query: Query
    language: str | None
    """Language of the query as said by the reader or, where certain, as detected; None when unknown."""
    release_id: str
    hits: tuple[RankedPassage, ...]
    """The page asked for: at most `query.k` from `query.offset`."""
    facets: Mapping[str, Mapping[str, int]]
    """For `kind`, `source_lang`, `publisher`, `year`: how many ranked candidates have each value."""
    total: int
    """Number of ranked candidates, at most CANDIDATES."""
    also_searched: tuple[AlsoSearched, ...]
    suggestions: tuple[str, ...]
    """The query respelled from the words of the release; never searched in place of the query."""
    degraded: bool
    """True when a leg could not take part."""
    query_vector: FloatArray | None
    """float32[d]; None when the dense leg could not take part."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A passage on its way to its place."""

    scores: LegScores
    passage: Passage
    document: Document


class Retriever:
    """Searches a release by meaning and by words; safe to call from several threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def search(self, index: PassageIndex, query: Query) -> SearchResult:
        """Return the ranked passages of `index` for `query`.

        Where the query cannot be embedded, words alone decide and the result says that it is degraded. Raises
        EmbeddingError where there are no words to search by either.
        """
        language = query.language or detect_query_language(query.text)
        terms = query_terms(query.text, language)
        vector, failure = self._embed(query.text)
        if failure and not terms:
            raise failure
        dense = [] if vector is None else index.nearest(vector, CANDIDATES, query.filters)
        lexical = index.matching(terms, CANDIDATES, query.filters) if terms else []
        candidates = self._candidates(index, vector, dense, lexical, terms)
        keys = {term.term for term in terms}
        page = candidates[query.offset : query.offset + query.k]
        return SearchResult(
            query=query,
            language=language,
            release_id=index.manifest.release_id,
            hits=tuple(_ranked(found, rank, keys) for rank, found in enumerate(page, start=query.offset + 1)),
            facets=_facets(candidates),
            total=len(candidates),
            also_searched=(),
            suggestions=(),
            degraded=vector is None,
            query_vector=vector,
        )

    def _embed(self, text: str) -> tuple[FloatArray | None, EmbeddingError | None]:
        try:
            return self._embedder.embed_query(text), None
        except EmbeddingError as error:
            return None, error

    def _candidates(
        self,
        index: PassageIndex,
        vector: FloatArray | None,
        dense: Sequence[Hit],
        lexical: Sequence[Hit],
        terms: Sequence[WeightedTerm],
    ) -> list[_Candidate]:
        """Return the fused ranking of both legs, cut to CANDIDATES, with passages and documents."""
        cosines = {hit.passage_id: hit.score for hit in dense}
        bm25s = {hit.passage_id: hit.score for hit in lexical}
        by_words_alone = [name for name in bm25s if name not in cosines]
        if vector is not None and by_words_alone:
            found = index.vectors(by_words_alone) @ vector
            cosines |= {name: float(cosine) for name, cosine in zip(by_words_alone, found, strict=True)}
        ceiling = best_bm25(terms, index.document_frequency, index.manifest.passage_count)
        fused = fuse(cosines, bm25s, ceiling)[:CANDIDATES]
        passages = index.passages([scores.passage_id for scores in fused])
        documents: dict[str, Document | None] = {}
        for passage in passages:
            if passage.document_id not in documents:
                documents[passage.document_id] = index.document(passage.document_id)
        by_id = {scores.passage_id: scores for scores in fused}
        return [
            _Candidate(by_id[passage.id], passage, document)
            for passage in passages
            if (document := documents[passage.document_id]) is not None
        ]


def _ranked(found: _Candidate, rank: int, keys: Collection[str]) -> RankedPassage:
    scores, passage = found.scores, found.passage
    return RankedPassage(
        rank=rank,
        score=scores.fused,
        passage=passage,
        document=found.document,
        highlights=tuple(highlight_spans(passage.text, passage.language, keys)),
        explanation=Explanation(scores.cosine, scores.bm25, scores.dense, scores.lexical, DENSE_WEIGHT),
    )


def _facets(candidates: Sequence[_Candidate]) -> dict[str, dict[str, int]]:
    """Return how many candidates have each value, the commonest first, equal ones in the order of the alphabet."""
    values: dict[str, Counter[str]] = {name: Counter() for name in ("kind", "source_lang", "publisher", "year")}
    for found in candidates:
        about = found.document.metadata
        for name, value in (
            ("kind", about.kind),
            ("source_lang", found.passage.language),
            ("publisher", about.publisher),
            ("year", about.year),
        ):
            if value is not None:
                values[name][str(value)] += 1
    return {name: dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))) for name, counts in values.items()}
