"""How well does a release find what people judged to be right, by each leg and by both together?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from indexes.contract import PassageIndex
from indexes.manifest import EvaluationRecord
from indexes.passage import Leg
from qa_service.evaluation.judgments import JudgedQuery, Judgments, document_of, satisfies
from qa_service.evaluation.metrics import Relevant, by_query, mean
from qa_service.query import Query
from qa_service.retrieval import Retriever

DEPTH = 10
"""Length of the rankings: no measure looks further."""


@dataclass(frozen=True, slots=True)
class LostQuery:
    """A query none of whose targets is among the first DEPTH of the fused ranking, and what stands there instead."""

    id: str
    text: str
    pair: str | None
    wanted: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetScores:
    """What one set of judgments says about one release. All figures are fractions 0..1."""

    name: str
    release_id: str
    legs: Mapping[str, Mapping[str, float]]
    """For `dense`, `lexical`, `fused`: the mean of each measure."""
    pairs: Mapping[str, Mapping[str, Mapping[str, float]]]
    """The same for each language pair that the queries name."""
    values: Mapping[str, Mapping[str, Mapping[str, float]]]
    """For each leg and measure the value of each query."""
    lost: tuple[LostQuery, ...]
    judged_count: int
    skipped_count: int
    """Queries all of whose judged documents are missing from the release."""


def evaluate(index: PassageIndex, retriever: Retriever, judgments: Judgments) -> SetScores:
    """Return how `retriever` ranks the judged queries over `index`.

    Judgments of documents that the release lacks are left out, so that a smaller collection is not blamed for them.
    """
    relevant = present(index, judgments.relevant)
    asked = [query for query in judgments.queries if query.id in relevant]
    judged = sum(query.id in judgments.relevant for query in judgments.queries)
    runs: dict[str, dict[str, tuple[str, ...]]] = {leg.value: {} for leg in Leg}
    for query in asked:
        for leg, ranked in retriever.rankings(index, Query(query.text, query.language)).items():
            runs[leg.value][query.id] = targets_of(index, ranked, relevant[query.id])
    values = {leg: by_query(run, relevant) for leg, run in runs.items()}
    return SetScores(
        name=judgments.name,
        release_id=index.manifest.release_id,
        legs={leg: mean(of_leg) for leg, of_leg in values.items()},
        pairs=_by_pair(asked, values),
        values=values,
        lost=tuple(_lost(asked, relevant, runs[Leg.FUSED.value])),
        judged_count=len(asked),
        skipped_count=judged - len(asked),
    )


def present(index: PassageIndex, relevant: Relevant) -> dict[str, dict[str, int]]:
    """Return the judgments whose documents are in the release; queries left without any are dropped."""
    names = {document_of(target) for targets in relevant.values() for target in targets}
    known = {name for name in names if index.document(name) is not None}
    kept = {
        query: {target: grade for target, grade in targets.items() if document_of(target) in known}
        for query, targets in relevant.items()
    }
    return {query: targets for query, targets in kept.items() if targets}


def targets_of(index: PassageIndex, ranked: Sequence[str], wanted: Mapping[str, int]) -> tuple[str, ...]:
    """Return the first DEPTH targets that a ranking of passages comes to, each once.

    A passage stands for every wanted target that it satisfies, else for its document. A second passage of the same
    target neither gains credit nor takes a place, because a row or document is judged as a whole by its best passage.
    """
    found: dict[str, None] = {}
    for passage in index.passages(ranked):
        names = [target for target in wanted if satisfies(passage, target)] or [passage.document_id]
        found.update(dict.fromkeys(names))
        if len(found) >= DEPTH:
            break
    return tuple(found)[:DEPTH]


def record_of(scores: SetScores, passage_count: int) -> EvaluationRecord:
    """Return what is kept beside a release, for the publishing gate and for staff."""
    return EvaluationRecord(
        release_id=scores.release_id,
        created=datetime.now(UTC),
        passage_count=passage_count,
        judged_count=scores.judged_count,
        skipped_count=scores.skipped_count,
        scores=scores.legs if scores.judged_count else {},
    )


def _by_pair(
    asked: Sequence[JudgedQuery], values: Mapping[str, Mapping[str, Mapping[str, float]]]
) -> dict[str, dict[str, dict[str, float]]]:
    pairs: dict[str, list[str]] = {}
    for query in asked:
        if query.pair:
            pairs.setdefault(query.pair, []).append(query.id)
    return {pair: {leg: mean(of_leg, ids) for leg, of_leg in values.items()} for pair, ids in pairs.items()}


def _lost(asked: Sequence[JudgedQuery], relevant: Relevant, run: Mapping[str, tuple[str, ...]]) -> list[LostQuery]:
    return [
        LostQuery(query.id, query.text, query.pair, tuple(relevant[query.id]), run[query.id][:3])
        for query in asked
        if not set(relevant[query.id]) & set(run[query.id])
    ]
