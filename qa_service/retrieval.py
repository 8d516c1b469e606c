"""Which passages answer a query, in which order, and why?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from threading import Lock

from corpus.document import Document
from indexes.analysis import Highlighter
from indexes.contract import PassageIndex
from indexes.embedding.embedder import Embedder, FloatArray
from indexes.errors import DamagedRelease, EmbeddingError
from indexes.language import detect_query_language
from indexes.passage import Hit, Leg, Passage
from qa_service.folding import without_copies
from qa_service.fusion import Legs, LexicalQuery, fuse, lexical_query
from qa_service.ordering import Candidate, named_years, order
from qa_service.query import Query
from qa_service.sentences import is_question, nearest_sentences
from qa_service.spelling import Spelling
from qa_service.widening import AlsoSearched, WidenedQuery, Widening

__all__ = ["AlsoSearched", "Explanation", "RankedPassage", "Retriever", "SearchResult"]

CANDIDATES = 200
"""How many passages are ranked at most; `total` and facets count these."""


READ_BY_SENTENCE = 50
"""Of how many passages, best first, the sentences are compared with a question."""


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
    """Score of the dense leg after scaling to 0..1, with what the nearest sentence adds."""
    lexical: float
    """Score of the lexical leg after scaling to 0..1."""
    dense_weight: float
    """Share of the dense leg in the fused score, 0..1."""
    adjustments: tuple[tuple[str, float], ...] = ()
    """The factors by which later steps moved the fused score, by name, in the order of the steps."""
    sentence: float | None = None
    """Cosine of the nearest sentence, -1..1; None where sentences were not compared."""


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
    copies: tuple[Document, ...] = ()
    """Other documents that say the same: older editions and near copies."""
    newer: Document | None = None
    """The document that supersedes this one, where the release holds it."""


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
        legs = _legs(index, query, vector, lexical, _rankings(index, query, vector, lexical))
        candidates = _candidates(index, query, legs, lexical)
        page = candidates[query.offset : query.offset + query.k]
        return SearchResult(
            query=query,
            language=language,
            release_id=index.manifest.release_id,
            hits=_hits(index, page, query.offset + 1, legs, widened.highlighted_terms()),
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
        dense, matches = rankings = _rankings(index, query, vector, lexical)
        candidates = _candidates(index, query, _legs(index, query, vector, lexical, rankings), lexical)
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

    def embed(self, text: str) -> FloatArray | None:
        """Return float32[d], the vector of a short text; None where the model gives none."""
        try:
            return self._embedder.embed_query(text)
        except EmbeddingError:
            return None

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


def _rankings(
    index: PassageIndex, query: Query, vector: FloatArray | None, lexical: LexicalQuery
) -> tuple[list[Hit], list[Hit]]:
    """Return what the dense and the lexical leg find by themselves, at most CANDIDATES each."""
    dense = [] if vector is None else index.nearest(vector, CANDIDATES, query.filters)
    matches = index.matching(lexical.terms, CANDIDATES, query.filters) if lexical.terms else []
    return dense, matches


def _legs(
    index: PassageIndex,
    query: Query,
    vector: FloatArray | None,
    lexical: LexicalQuery,
    rankings: tuple[Sequence[Hit], Sequence[Hit]],
) -> Legs:
    """Return the cosines and the BM25 scores of all passages of both rankings, and for a question those of sentences.

    What words alone found gets its cosine too. What meaning alone found has no BM25 score that matters: it holds none of
    the words, or fewer than the CANDIDATES best.
    """
    dense, matches = rankings
    cosines = {hit.passage_id: hit.score for hit in dense}
    bm25s = {hit.passage_id: hit.score for hit in matches}
    by_words_alone = [name for name in bm25s if name not in cosines]
    if vector is not None and by_words_alone:
        found = index.vectors(by_words_alone) @ vector
        cosines |= zip(by_words_alone, found.tolist(), strict=True)
    legs = Legs(cosines, bm25s, lexical.ceiling)
    if vector is None or not is_question(query.text):
        return legs
    return replace(legs, sentences=nearest_sentences(index, list(islice(fuse(legs), READ_BY_SENTENCE)), vector))


def _candidates(index: PassageIndex, query: Query, legs: Legs, lexical: LexicalQuery) -> list[Candidate]:
    """Return the fused ranking of both legs in its final order, cut to CANDIDATES, copies folded."""
    fused = dict(islice(fuse(legs).items(), CANDIDATES))
    scored = list(zip(index.places(list(fused)), fused.values(), strict=True))
    years = named_years(query.text)
    terms = frozenset(term.term for term in lexical.terms)
    ordered = order(scored, years, index.manifest.created.date(), terms)
    if years:  # who names a year may mean an older edition
        return ordered
    return without_copies(index, ordered, query.text)


def _hits(
    index: PassageIndex, page: Sequence[Candidate], first_rank: int, legs: Legs, marked: Collection[str]
) -> tuple[RankedPassage, ...]:
    """Return the candidates of one page with everything that a reader is shown of them."""
    passages = index.passages([found.place.id for found in page])
    documents = [_document(index, passage.document_id) for passage in passages]
    explained = _explanations(legs, page)
    highlighter = Highlighter(marked)
    shown = zip(page, passages, documents, explained, strict=True)
    return tuple(
        RankedPassage(
            rank=rank,
            score=found.score,
            passage=passage,
            document=document,
            highlights=tuple(highlighter.spans(passage.text, passage.language)),
            explanation=explanation,
            copies=tuple(_document(index, name) for name in found.copies),
            newer=_successor(index, document),
        )
        for rank, (found, passage, document, explanation) in enumerate(shown, first_rank)
    )


def _document(index: PassageIndex, document_id: str) -> Document:
    document = index.document(document_id)
    if document is None:
        raise DamagedRelease(
            f"release {index.manifest.release_id} has passages of the document {document_id!r} but not the document:"
            " publish another release or build again"
        )
    return document


def _successor(index: PassageIndex, document: Document) -> Document | None:
    newer = document.metadata.superseded_by
    return index.document(newer) if newer else None


def _explanations(legs: Legs, page: Sequence[Candidate]) -> list[Explanation]:
    ids = [found.place.id for found in page]
    return [
        Explanation(
            cosine=legs.cosines.get(name),
            bm25=legs.bm25s.get(name),
            dense=dense,
            lexical=lexical,
            dense_weight=legs.dense_weight,
            adjustments=found.factors,
            sentence=legs.sentences.get(name),
        )
        for name, found, dense, lexical in zip(
            ids, page, legs.dense(ids).tolist(), legs.lexical(ids).tolist(), strict=True
        )
    ]


def _facets(candidates: Sequence[Candidate]) -> dict[str, dict[str, int]]:
    """Return how many candidates have each value, the commonest first, equal ones in the order of the alphabet."""
    places = [found.place for found in candidates]
    values: dict[str, Counter[object]] = {
        "kind": Counter(place.document.kind for place in places),
        "source_lang": Counter(place.language for place in places),
        "publisher": Counter(place.document.publisher for place in places),
        "year": Counter(place.document.year for place in places),
    }
    return {name: _commonest_first(counts) for name, counts in values.items()}


def _commonest_first(counts: Counter[object]) -> dict[str, int]:
    named = ((str(value), count) for value, count in counts.items() if value is not None)
    return dict(sorted(named, key=lambda item: (-item[1], item[0])))
