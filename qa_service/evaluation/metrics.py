"""How good is a ranking? The measures of the field, computed by ir-measures under our names.

A metric name is a convention. Ours: nDCG@10 with linear gain (Järvelin and Kekäläinen 2002, as trec_eval computes it);
R@k is recall, the share of the judged targets among the first k; MRR is the mean over queries of 1 / rank of the first
right target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, R, nDCG

MEASURES = {"nDCG@10": nDCG @ 10, "R@1": R @ 1, "R@5": R @ 5, "R@10": R @ 10, "MRR": RR}

Run = Mapping[str, Sequence[str]]
"""For each query id the ranked targets, best first, none twice."""
Relevant = Mapping[str, Mapping[str, int]]


def by_query(run: Run, relevant: Relevant) -> dict[str, dict[str, float]]:
    """Return for each measure the value of each judged query, 0..1; a query without a ranking has 0."""
    qrels = [
        ir_measures.Qrel(query, target, grade)
        for query, targets in relevant.items()
        for target, grade in targets.items()
    ]
    scored = [
        ir_measures.ScoredDoc(query, target, float(-rank))
        for query, ranked in run.items()
        for rank, target in enumerate(ranked)
    ]
    names = {measure: name for name, measure in MEASURES.items()}
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(relevant, 0.0) for name in MEASURES}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), qrels, scored):
        values[names[metric.measure]][metric.query_id] = metric.value
    return values


def mean(values: Mapping[str, Mapping[str, float]], queries: Sequence[str] | None = None) -> dict[str, float]:
    """Return for each measure its mean over `queries`, by default all; 0 where there are none."""
    means = {}
    for name, of_query in values.items():
        chosen = list(of_query.values()) if queries is None else [of_query[query] for query in queries]
        means[name] = sum(chosen) / len(chosen) if chosen else 0.0
    return means
