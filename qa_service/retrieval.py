"""Which passages answer a query, in which order, and why?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from corpus.document import Document
from indexes.embedding.embedder import FloatArray
from indexes.passage import Passage
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
