"""Which passages answer a query, in which order, and why?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock

from corpus.document import Document
from indexes.analysis import highlight_spans
from indexes.contract import PassageIndex
from indexes.embedding.embedder import Embedder, FloatArray
from indexes.errors import EmbeddingError
from indexes.language import detect_query_language
from indexes.passage import Leg, Passage
from qa_service.fusion import LexicalQuery, fuse, lexical_query
from qa_service.ordering import Candidate, named_years, order
from qa_service.query import Query
from qa_service.spelling import Spelling
from qa_service.widening import AlsoSearched, WidenedQuery, Widening

__all__ = ["AlsoSearched", "Explanation", "RankedPassage", "Retriever", "SearchResult"]

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
    """The factors by which later steps moved the fused score, by name, in the order of the steps."""


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


class Retriever:
    """Searches a release by meaning and by words; safe to call from several threads."""

    def __init__(
        self, embedder: Embedder, widening_of: Callable[[PassageIndex], Widening] = lambda _: Widening()
    ) -> None:
        """`widening_of` gives what is known about words where a release is searched."""
        self._embedder = embedder
        self._widening_of = widening_of
        self._spelling: tuple[str, Spelling] | None = None
        self._spelling_lock = Lock()

    def search(self, index: PassageIndex, query: Query) -> SearchResult:
        """Return the ranked passages of `index` for `query`.

        Where the query cannot be embedded, words alone decide and the result says that it is degraded. Raises
        EmbeddingError where there are no words to search by either.
        """
        language = query.language or detect_query_language(query.text)
        widened, lexical, vector = self._asked(index, query, language)
        candidates = _candidates(index, query, vector, lexical)
        page = candidates[query.offset : query.offset + query.k]
        passages = index.passages([found.place.id for found in page])
        marked = widened.highlighted_terms()
        hits = tuple(
            _ranked(found, passage, rank, marked)
            for rank, (found, passage) in enumerate(zip(page, passages, strict=True), start=query.offset + 1)
        )
        return SearchResult(
            query=query,
            language=language,
            release_id=index.manifest.release_id,
            hits=hits,
            facets=_facets(candidates),
            total=len(candidates),
            also_searched=widened.also_searched,
            suggestions=widened.suggestions,
            degraded=vector is None,
            query_vector=vector,
        )

    def rankings(self, index: PassageIndex, query: Query) -> dict[Leg, list[str]]:
        """Return the passage ids that each leg by itself and both together rank, best first, at most CANDIDATES.

        This is what `search` ranks by, without highlights and facets: for measuring.
        """
        _, lexical, vector = self._asked(index, query, query.language or detect_query_language(query.text))
        candidates = _candidates(index, query, vector, lexical)
        dense = [] if vector is None else index.nearest(vector, CANDIDATES, query.filters)
        matches = index.matching(lexical.terms, CANDIDATES, query.filters) if lexical.terms else []
        return {
            Leg.DENSE: [hit.passage_id for hit in dense],
            Leg.LEXICAL: [hit.passage_id for hit in matches],
            Leg.FUSED: [found.place.id for found in candidates],
        }

    def _asked(
        self, index: PassageIndex, query: Query, language: str | None
    ) -> tuple[WidenedQuery, LexicalQuery, FloatArray | None]:
        """Return what the two legs are asked for."""
        document_frequency = cache(index.document_frequency)
        widened = self._widening_of(index).widen(
            query.text, language, document_frequency, lambda: self._spelling_of(index), query.without
        )
        lexical = lexical_query(widened, document_frequency, index.manifest.passage_count)
        return widened, lexical, self._embed(query.text, lexical)

    def widen(self, index: PassageIndex, text: str, language: str | None) -> WidenedQuery:
        """Return `text` with all that may stand for its words in this release."""
        widening = self._widening_of(index)
        return widening.widen(text, language, index.document_frequency, lambda: self._spelling_of(index))

    def _embed(self, text: str, lexical: LexicalQuery) -> FloatArray | None:
        try:
            return self._embedder.embed_query(text)
        except EmbeddingError:
            if not lexical.terms:
                raise
            return None

    def _spelling_of(self, index: PassageIndex) -> Spelling:
        """Return the words of the release, read once for as long as the same release is searched."""
        release_id = index.manifest.release_id
        with self._spelling_lock:
            if self._spelling is None or self._spelling[0] != release_id:
                self._spelling = (release_id, Spelling(index.vocabulary()))
            return self._spelling[1]


def _candidates(index: PassageIndex, query: Query, vector: FloatArray | None, lexical: LexicalQuery) -> list[Candidate]:
    """Return the fused ranking of both legs in its final order, cut to CANDIDATES."""
    fused = fuse(*_leg_scores(index, query, vector, lexical), lexical.ceiling)[:CANDIDATES]
    places = index.places([scores.passage_id for scores in fused])
    candidates = [
        Candidate(scores, place, document, scores.fused)
        for scores, place in zip(fused, places, strict=True)
        if (document := index.document(place.document_id)) is not None
    ]
    return order(candidates, named_years(query.text), index.manifest.created.date())


def _leg_scores(
    index: PassageIndex, query: Query, vector: FloatArray | None, lexical: LexicalQuery
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the cosines and the BM25 scores of all passages that either leg found.

    What words alone found gets its cosine too. What meaning alone found has no BM25 score that matters: it holds none of
    the words, or fewer than the CANDIDATES best.
    """
    dense = [] if vector is None else index.nearest(vector, CANDIDATES, query.filters)
    matches = index.matching(lexical.terms, CANDIDATES, query.filters) if lexical.terms else []
    cosines = {hit.passage_id: hit.score for hit in dense}
    bm25s = {hit.passage_id: hit.score for hit in matches}
    by_words_alone = [name for name in bm25s if name not in cosines]
    if vector is not None and by_words_alone:
        found = index.vectors(by_words_alone) @ vector
        cosines |= {name: float(cosine) for name, cosine in zip(by_words_alone, found, strict=True)}
    return cosines, bm25s


def _ranked(found: Candidate, passage: Passage, rank: int, marked: Collection[str]) -> RankedPassage:
    scores = found.scores
    return RankedPassage(
        rank=rank,
        score=found.score,
        passage=passage,
        document=found.document,
        highlights=tuple(highlight_spans(passage.text, passage.language, marked)),
        explanation=Explanation(
            scores.cosine, scores.bm25, scores.dense, scores.lexical, scores.dense_weight, found.factors
        ),
    )


def _facets(candidates: Sequence[Candidate]) -> dict[str, dict[str, int]]:
    """Return how many candidates have each value, the commonest first, equal ones in the order of the alphabet."""
    values: dict[str, Counter[str]] = {name: Counter() for name in ("kind", "source_lang", "publisher", "year")}
    for found in candidates:
        about = found.document.metadata
        for name, value in (
            ("kind", about.kind),
            ("source_lang", found.place.language),
            ("publisher", about.publisher),
            ("year", about.year),
        ):
            if value is not None:
                values[name][str(value)] += 1
    return {name: dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))) for name, counts in values.items()}
