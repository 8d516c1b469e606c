"""How do the two legs agree on one ranking?

By scores, not by ranks: ranks alone let a leg that knows nothing drag down one that knows (Bruch et al., arXiv 2210.11934,
compare both). Each score is scaled by what it could be at best and at least, not by what it happens to be:

- the dense score is the cosine, cut at 0, and for a question raised where a sentence of the passage is nearer to it;
- the lexical score is BM25 as a share of the most that a passage could get for the query: of idf (k1 + 1) summed over its
  words, those that the release lacks included.

So the lexical leg counts for as much as it knows. A short query whose words are all there is decided by them; a long one,
or one full of unknown words, is left to the dense leg. No weight has to be looked up by language pair: how surely a word
could be translated is part of the share.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from indexes.passage import WeightedTerm
from qa_service.widening import QueryWord, WidenedQuery, likeness_to_text

DENSE_WEIGHT = 0.45
"""Share of the dense leg. The mean nDCG@10 of all evaluation sets changes by less than 0.2 points from 0.425 to 0.6;
chosen by all but one, the share lies there, and nowhere gains the set left out more than 0.1 against this value. Short
questions gain towards the lower end, headings in the other language towards the upper."""
SENTENCE_SHARE = 0.35
"""How much of the lead of the nearest sentence over its passage counts, where a question is asked.

Chosen by all evaluation sets but one, it lies between 0.2 and 0.7 and costs the set left out at most 0.5 nDCG points
against this value; from 0 to 0.35 questions on long passages gain 1.1, beyond 0.7 a stray sentence begins to beat
a good passage.
"""
BM25_K1 = 1.2
"""The term saturation of the lexical leg, see `indexes.contract.PassageIndex.matching`."""

Scores = npt.NDArray[np.float64]
"""float64[n], 0..1."""


@dataclass(frozen=True, slots=True)
class LexicalQuery:
    """What the lexical leg is asked for; `ceiling` is the largest BM25 that a passage could approach for it."""

    terms: tuple[WeightedTerm, ...]
    ceiling: float


@dataclass(frozen=True, slots=True)
class Legs:
    """What the two legs say about all passages that either of them found, by passage id."""

    cosines: Mapping[str, float]
    """-1..1."""
    bm25s: Mapping[str, float]
    """0 or more."""
    ceiling: float
    """That of the `LexicalQuery`."""
    sentences: Mapping[str, float] = field(default_factory=dict)
    """Cosine of the nearest sentence, -1..1, of the passages of which it was looked up."""

    @property
    def dense_weight(self) -> float:
        """Share of the dense leg, 0..1: where one leg is empty altogether, the other decides alone and is not halved."""
        return DENSE_WEIGHT if self.cosines and self.bm25s else float(bool(self.cosines))

    def dense(self, ids: Sequence[str]) -> Scores:
        """Return the score of the dense leg for each passage, scaled to 0..1; 0 where it did not find the passage.

        A sentence that is nearer to the question than its passage adds a share of its lead.
        """
        cosines = np.array([self.cosines.get(name, 0.0) for name in ids])
        nearest = np.array([self.sentences.get(name, -1.0) for name in ids])
        lead = np.maximum(nearest - cosines, 0.0)
        return np.asarray(np.clip(cosines + SENTENCE_SHARE * lead, 0.0, 1.0))

    def lexical(self, ids: Sequence[str]) -> Scores:
        """Return the score of the lexical leg for each passage, scaled to 0..1; 0 where it did not find the passage."""
        bm25s = np.array([self.bm25s.get(name, 0.0) for name in ids])
        return np.minimum(bm25s / self.ceiling, 1.0) if self.ceiling else np.zeros_like(bm25s)


def lexical_query(widened: WidenedQuery, document_frequency: Callable[[str], int], passage_count: int) -> LexicalQuery:
    """Return the terms to look for and the most they could score.

    All alternatives of a word share one idf, that of the passages with any of them: a rare translation of a common word
    does not make the word rare (Pirkola, SIGIR 1998; Darwish and Oard, SIGIR 2003). An engine counts the best
    alternative of a word; its weight is the square root of the credit, because BM25 saturates in term frequency, to which
    the credit belongs.

    Words that were chosen to search by count by their idf; a text is about its rarest words, so each of its words counts
    by idf squared, as in the cosine of tf-idf vectors (Salton and Buckley, 1988), and what lies between by a power between.
    By it the lexical leg gains 1.5 to 3 nDCG points on news.
    """
    terms: list[WeightedTerm] = []
    ceiling = 0.0
    most, emphasis = _idf(1, passage_count), likeness_to_text([word.word for word in widened.words])
    for place, word in enumerate(widened.words):
        frequencies = {item.term: document_frequency(item.term) for item in word.stand_ins()}
        shared = _idf(sum(item.credit * frequencies[item.term] for item in word.stand_ins()), passage_count)
        shared *= min(shared / most, 1.0) ** emphasis
        ceiling += word.weight * shared * (BM25_K1 + 1)
        terms.extend(_terms(word, place, shared, frequencies, passage_count))
    for place, variant in enumerate(widened.variants, start=len(widened.words)):
        terms.append(WeightedTerm(variant.term, variant.credit, place))
    return LexicalQuery(tuple(terms), ceiling)


def fuse(legs: Legs) -> dict[str, float]:
    """Return the fused score, 0..1, of every passage that either leg found: best first, equal ones by id."""
    ids = sorted(legs.cosines.keys() | legs.bm25s.keys())
    scores = legs.dense_weight * legs.dense(ids) + (1 - legs.dense_weight) * legs.lexical(ids)
    best_first = np.argsort(-scores, kind="stable").tolist()
    of_place = scores.tolist()
    return {ids[place]: of_place[place] for place in best_first}


def _terms(
    word: QueryWord, place: int, shared_idf: float, frequencies: Mapping[str, int], passage_count: int
) -> list[WeightedTerm]:
    """Return the terms of a word, weighted so that the engine's idf of each gives way to the shared one.

    A key of the word itself stays in where no passage holds it: it may stand in a title.
    """
    return [
        WeightedTerm(
            item.term,
            word.weight * math.sqrt(item.credit) * shared_idf / _idf(max(frequencies[item.term], 1), passage_count),
            place,
        )
        for item in word.stand_ins()
        if frequencies[item.term] or item.term in word.word.keys
    ]


def _idf(frequency: float, passage_count: int) -> float:
    """Return the idf of BM25 as the lexical engines compute it: ln(1 + (N - n + 0.5) / (n + 0.5))."""
    frequency = min(frequency, passage_count)
    return math.log(1 + (passage_count - frequency + 0.5) / (frequency + 0.5))
