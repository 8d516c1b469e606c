"""Is one configuration really better than another, or was it luck with these queries?

The paired randomisation test (Fisher; recommended for retrieval by Smucker, Allan and Carterette, CIKM 2007): if the two
configurations were alike, swapping their values for any query would change nothing. The p-value is the share of random
swaps that give a difference of means at least as large as the one seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

SWAPS = 10_000
_SEED = 0
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same queries under two configurations: means of one measure, 0..1, and how likely luck explains the rest."""

    query_count: int
    first: float
    second: float
    p_value: float
    """Two-sided, 0..1. Equal inputs give an equal value."""
    better: int
    """Number of queries on which the second is better."""
    worse: int


def compare(first: Mapping[str, float], second: Mapping[str, float]) -> Comparison:
    """Return the comparison of two runs by the values of one measure for each query.

    Only queries of both runs count. Raises ValueError where there are none.
    """
    queries = sorted(first.keys() & second.keys())
    if not queries:
        raise ValueError("the two runs have no query in common")
    before = np.array([first[query] for query in queries])
    after = np.array([second[query] for query in queries])
    difference = after - before
    return Comparison(
        query_count=len(queries),
        first=float(before.mean()),
        second=float(after.mean()),
        p_value=_p_value(difference),
        better=int((difference > 0).sum()),
        worse=int((difference < 0).sum()),
    )


def _p_value(difference: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Return the share of swaps that do as well; the seen order is one of them, so it is never 0."""
    random = np.random.default_rng(_SEED)
    seen = abs(difference.sum()) - 1e-12
    at_least = 1
    for _ in range(SWAPS // _AT_ONCE):
        signs = random.choice([-1.0, 1.0], size=(_AT_ONCE, len(difference)))
        at_least += int((abs(signs @ difference) >= seen).sum())
    return at_least / (SWAPS + 1)
