"""May this release be published? The evaluation gate, then the swap.

A release is scored on the judgments of its collection by the code that will serve it. A collection of one's own has
no judgments: then the gate checks only that there are passages, and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from indexes.contract import ReleaseFinding, ReleaseShelf
from indexes.errors import NoReleasePublished
from indexes.manifest import EvaluationRecord
from indexes.settings import setting
from ingest.errors import PublishRefused

Evaluate = Callable[[str], EvaluationRecord]
"""Scores the release with this id on the judgments of the collection."""

MEASURE = "nDCG@10"
LEG = "fused"


@dataclass(frozen=True, slots=True)
class GateSettings:
    """How good a release must be to be published."""

    gate_ndcg: float = setting(0.4, "Smallest nDCG@10 on the judgments with which a release may be published, 0 to 1")
    gate_drop: float = setting(0.05, "Largest fall of nDCG@10 below the published release, 0 to 1")

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        for name in ("gate_ndcg", "gate_drop"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"PRAMEN_{name.upper()} is {getattr(self, name)}: write a number from 0 to 1")


@dataclass(frozen=True, slots=True)
class Published:
    """A release that is now served, and what the gate saw."""

    release_id: str
    replaced: str | None
    record: EvaluationRecord | None = None
    notes: tuple[str, ...] = ()
    findings: tuple[ReleaseFinding, ...] = ()


def publish(shelf: ReleaseShelf, release_id: str | None, gate: GateSettings, evaluate: Evaluate) -> Published:
    """Publish a release, without an id the newest, if it passes the gate; return what was seen.

    A release without a record is evaluated first. Raises PublishRefused, NoReleasePublished where there is no
    release, and as `ReleaseShelf.publish` does.
    """
    chosen = release_id or newest(shelf)
    shelf.verify(chosen)
    record = shelf.evaluation(chosen) or evaluated(shelf, chosen, evaluate)
    before = shelf.published()
    notes = check(record, _record_of(shelf, before), gate)
    shelf.publish(chosen)
    return Published(chosen, before, record, notes)


def roll_back(shelf: ReleaseShelf) -> Published:
    """Publish the release that was published before; it has passed the gate then. Raises NoReleasePublished."""
    before = shelf.published()
    release_id, findings = shelf.roll_back()
    return Published(release_id, before, findings=findings)


def newest(shelf: ReleaseShelf) -> str:
    """Return the id of the newest release. Raises NoReleasePublished where there is none."""
    ids = shelf.ids()
    if not ids:
        raise NoReleasePublished("there is no release yet: run `pramen build --publish`")
    return ids[-1]


def evaluated(shelf: ReleaseShelf, release_id: str, evaluate: Evaluate) -> EvaluationRecord:
    """Score a release, keep the record beside it, and return it."""
    record = evaluate(release_id)
    shelf.write_evaluation(record)
    return record


def check(record: EvaluationRecord, published: EvaluationRecord | None, gate: GateSettings) -> tuple[str, ...]:
    """Return what the gate could not check, as sentences. Raises PublishRefused with what was too low."""
    if record.passage_count == 0:
        raise PublishRefused(f"release {record.release_id} has no passages: see its receipts (pramen build shows them)")
    if record.judged_count == 0:
        return ("No judged document is in this release: only the number of passages was checked.",)
    score = record.scores[LEG][MEASURE]
    if score < gate.gate_ndcg:
        raise PublishRefused(
            f"release {record.release_id} reaches {MEASURE} {score:.3f} on {record.judged_count} judged queries, "
            f"{gate.gate_ndcg:.3f} are required (PRAMEN_GATE_NDCG)"
        )
    notes = []
    if record.skipped_count:
        notes.append(f"{record.skipped_count} judged queries were skipped: their documents are not in this release.")
    if published is None or published.judged_count == 0:
        return tuple(notes)
    if published.judged_count != record.judged_count:
        return (*notes, "The published release was scored on other queries: the two were not compared.")
    fall = published.scores[LEG][MEASURE] - score
    if fall > gate.gate_drop:
        raise PublishRefused(
            f"release {record.release_id} reaches {MEASURE} {score:.3f}, {fall:.3f} less than the published "
            f"{published.release_id}; {gate.gate_drop:.3f} are allowed (PRAMEN_GATE_DROP)"
        )
    return tuple(notes)


def _record_of(shelf: ReleaseShelf, release_id: str | None) -> EvaluationRecord | None:
    return shelf.evaluation(release_id) if release_id and release_id in shelf.ids() else None
