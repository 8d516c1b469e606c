"""Does the gate let through what is good enough, and nothing else?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexes.errors import DamagedRelease, NoReleasePublished, UnknownRelease
from indexes.local.shelf import LocalShelf
from indexes.local.writer import LocalWriter
from indexes.manifest import EvaluationRecord
from ingest.errors import PublishRefused
from ingest.publishing import GateSettings, check, publish, roll_back
from tests.contracts.collection import MODEL, collection

GATE = GateSettings(gate_ndcg=0.5, gate_drop=0.05)


def record(release_id: str = "r", ndcg: float = 0.8, judged: int = 10, skipped: int = 0) -> EvaluationRecord:
    """Return a record with this score."""
    scores = {"fused": {"nDCG@10": ndcg}} if judged else {}
    return EvaluationRecord(release_id, datetime.now(UTC), 7, judged, skipped, scores)


@pytest.fixture
def shelf(tmp_path: Path) -> LocalShelf:
    """A shelf with three releases of one document each."""
    item = collection()[0]
    for _ in range(3):
        writer = LocalWriter(tmp_path, MODEL)
        writer.add(item.document, item.text, item.source, item.passages)
        writer.commit()
    return LocalShelf(tmp_path)


def scoring(*scores: float) -> Callable[[str], EvaluationRecord]:
    """Return an evaluation that gives these scores one after another and fails when asked once more."""
    remaining = list(scores)
    return lambda release_id: record(release_id, remaining.pop(0))


def test_a_good_release_is_published_with_its_record(shelf: LocalShelf) -> None:
    """Without an id the newest is meant; it is measured once and the record stays beside it."""
    done = publish(shelf, None, GATE, scoring(0.8))
    assert done.release_id == shelf.published() == shelf.ids()[-1]
    assert done.replaced is None
    assert shelf.evaluation(done.release_id) == done.record
    publish(shelf, done.release_id, GATE, scoring())


def test_a_release_below_the_threshold_stays_unpublished(shelf: LocalShelf) -> None:
    """The message names measure, value, threshold and setting."""
    first, second, _ = shelf.ids()
    publish(shelf, first, GATE, scoring(0.8))
    with pytest.raises(PublishRefused, match=r"nDCG@10 0\.490.*0\.500.*PRAMEN_GATE_NDCG"):
        publish(shelf, second, GATE, scoring(0.49))
    assert shelf.published() == first


def test_a_release_much_worse_than_the_published_one_stays_unpublished(shelf: LocalShelf) -> None:
    """Good in itself is not enough; a small fall is allowed."""
    first, second, third = shelf.ids()
    publish(shelf, first, GATE, scoring(0.80))
    with pytest.raises(PublishRefused, match="PRAMEN_GATE_DROP"):
        publish(shelf, second, GATE, scoring(0.74))
    publish(shelf, third, GATE, scoring(0.76))
    assert shelf.published() == third


def test_without_judgments_only_passages_are_checked_and_that_is_said() -> None:
    """A collection of one's own can be published; an empty one cannot."""
    assert check(record(judged=0, skipped=4), None, GATE) == (
        "No judged document is in this release: only the number of passages was checked.",
    )
    with pytest.raises(PublishRefused, match="no passages"):
        check(replace(record(), passage_count=0), None, GATE)


def test_scores_on_other_queries_are_not_compared() -> None:
    """A release that lost judged documents is compared with nothing, and that is said."""
    (note, skipped) = check(record(ndcg=0.6, judged=9, skipped=1), record(ndcg=0.9), GATE)[::-1]
    assert "other queries" in note
    assert "1 judged queries were skipped" in skipped


def test_a_damaged_or_unknown_release_never_reaches_the_gate(shelf: LocalShelf, tmp_path: Path) -> None:
    """Nothing is evaluated that cannot be served."""
    (tmp_path / shelf.ids()[0] / "vectors.faiss").write_bytes(b"")
    with pytest.raises(DamagedRelease):
        publish(shelf, shelf.ids()[0], GATE, scoring())
    with pytest.raises(UnknownRelease):
        publish(shelf, "20200101-000000000-abcd", GATE, scoring())


def test_rolling_back_needs_no_gate(shelf: LocalShelf) -> None:
    """The way back is open even where the thresholds were raised since."""
    first, second, _ = shelf.ids()
    for release_id in (first, second):
        publish(shelf, release_id, GATE, scoring(0.8))
    assert roll_back(shelf).release_id == shelf.published() == first
    with pytest.raises(NoReleasePublished):
        roll_back(shelf)


def test_nothing_is_published_where_nothing_was_built(tmp_path: Path) -> None:
    """The message says what to run."""
    with pytest.raises(NoReleasePublished, match="pramen build --publish"):
        publish(LocalShelf(tmp_path), None, GATE, scoring())


@pytest.mark.parametrize("name", ["gate_ndcg", "gate_drop"])
def test_thresholds_are_shares(name: str) -> None:
    """A percentage by mistake is refused with the name of the setting."""
    with pytest.raises(ValueError, match=f"PRAMEN_{name.upper()}"):
        GateSettings(**{name: 40})
