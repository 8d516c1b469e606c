"""How do the two legs agree on one ranking?

By scores, not by ranks: ranks alone let a leg that knows nothing drag down one that knows (Bruch et al., arXiv 2210.11934,
compare both). Both scores are scaled by what they could be at best and at least, not by what they happen to be:

- the dense score is the cosine, cut at 0;
- the lexical score is BM25 as a share of the most that any passage could get for the query: of the sum of idf (k1 + 1)
  over its words, words that the release lacks included.

So the lexical leg counts for as much as it knows. A short query whose words are all there is decided by them; a long one,
one full of unknown words, or one whose words had to be translated with little confidence, is left to the dense leg. No
weight has to be looked up by language pair: the probability of a translation is part of the share.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from indexes.passage import WeightedTerm

DENSE_WEIGHT = 0.5
"""Share of the dense leg: equal parts did best on average over all evaluation sets, and neighbours do as well."""
BM25_K1 = 1.2
"""The term saturation of the lexical leg, see `indexes.contract.PassageIndex.matching`."""


@dataclass(frozen=True, slots=True)
class LegScores:
    """What the legs say about one passage.

    `cosine` is -1..1, `bm25` is 0 or more; None where the leg did not find the passage. `dense` and `lexical` are the
    same scaled to 0..1, `fused` is their weighted mean.
    """

    passage_id: str
    cosine: float | None
    bm25: float | None
    dense: float
    lexical: float
    fused: float


def best_bm25(terms: Sequence[WeightedTerm], document_frequency: Callable[[str], int], passage_count: int) -> float:
    """Return the largest BM25 that a passage could approach for `terms`, the best alternative of each word counted.

    A word none of whose terms occurs counts with the idf of a term that occurs nowhere: it is the part of the query that
    the lexical leg cannot speak to.
    """
    known: dict[int, float] = {}
    heaviest: dict[int, float] = {}
    for term in terms:
        heaviest[term.word] = max(term.weight, heaviest.get(term.word, 0.0))
        frequency = document_frequency(term.term)
        if frequency:
            score = term.weight * _idf(frequency, passage_count)
            known[term.word] = max(score, known.get(term.word, 0.0))
    unknown = _idf(0, passage_count)
    idfs = [known.get(word, weight * unknown) for word, weight in heaviest.items()]
    return sum(idfs) * (BM25_K1 + 1)


def fuse(cosines: Mapping[str, float], bm25s: Mapping[str, float], ceiling: float) -> list[LegScores]:
    """Return all passages of both legs, best first, equal ones by id; `ceiling` is that of `best_bm25`.

    Where one leg is empty altogether, the other decides alone and its scores are not halved.
    """
    weight = DENSE_WEIGHT if cosines and bm25s else float(bool(cosines))
    scored = []
    for name in cosines.keys() | bm25s.keys():
        cosine, bm25 = cosines.get(name), bm25s.get(name)
        dense = max(cosine or 0.0, 0.0)
        lexical = min((bm25 or 0.0) / ceiling, 1.0) if ceiling else 0.0
        scored.append(LegScores(name, cosine, bm25, dense, lexical, weight * dense + (1 - weight) * lexical))
    return sorted(scored, key=lambda scores: (-scores.fused, scores.passage_id))


def reciprocal_ranks(rankings: Sequence[Sequence[str]], k: int = 60) -> list[str]:
    """Return passage ids by the sum of 1 / (k + rank) over the rankings, for comparison with `fuse`.

    k = 60 as in Cormack, Clarke and Buettcher, SIGIR 2009.
    """
    sums: dict[str, float] = {}
    for ranking in rankings:
        for rank, name in enumerate(ranking, start=1):
            sums[name] = sums.get(name, 0.0) + 1 / (k + rank)
    return sorted(sums, key=lambda name: (-sums[name], name))


def _idf(frequency: int, passage_count: int) -> float:
    """Return the idf of BM25 as the lexical engines compute it: ln(1 + (N - n + 0.5) / (n + 0.5))."""
    frequency = min(frequency, passage_count)
    return math.log(1 + (passage_count - frequency + 0.5) / (frequency + 0.5))
