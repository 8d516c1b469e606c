"""Is every job done once, resumed after a crash, and ended with a reason?"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.catalog import read_catalog
from corpus.shelf import removed_publications
from indexes.embedding.hashing import HashingEmbedder
from indexes.engines import open_shelf
from indexes.jobs import Job, JobKind, JobQueue, JobState
from indexes.manifest import EvaluationRecord
from indexes.settings import IndexSettings
from indexes.uploads import discard_orphans, keep_upload, new_upload, uploaded_file
from ingest.pipeline import BuildReport, Progress, build_release
from ingest.publishing import GateSettings
from ingest.settings import IngestSettings
from ingest.worker import Workshop, run_jobs, run_next_job

TEXT = (
    "Cizinci žádají o povolení k pobytu na ministerstvu vnitra. Povolení se vydává na dva roky a lze je prodloužit.\n"
)


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A worker's things over an empty corpus, with an embedder for tests and an evaluation that is content."""
    settings = IndexSettings(corpus=tmp_path / "corpus", releases=tmp_path / "releases", state=tmp_path / "state")
    embedder = HashingEmbedder()

    def build(progress: Callable[[Progress], None]) -> BuildReport:
        return build_release(read_catalog(settings.corpus), embedder, settings, IngestSettings(readers=1), progress)

    def evaluate(release_id: str) -> EvaluationRecord:
        return EvaluationRecord(release_id, datetime.now(UTC), 1, 0, 0)

    settings.corpus.mkdir()
    queue = JobQueue(settings.state)
    return Workshop(settings, GateSettings(), open_shelf(settings), queue, build, evaluate)


def upload(shop: Workshop, name: str = "Zpráva 2020.txt", text: str = TEXT) -> str:
    """Put a file where the service puts it, and return the id of the upload."""
    identifier, path = new_upload(shop.settings.state, name)
    path.write_text(text, encoding="utf-8")
    keep_upload(shop.settings.state, identifier)
    return identifier


def add(shop: Workshop, identifier: str = "zprava", kind: JobKind = JobKind.ADD, text: str = TEXT) -> Job:
    """Ask for a publication to be added."""
    parameters = {"upload": upload(shop, text=text), "id": identifier, "metadata": {"title": "Zpráva"}}
    return shop.queue.enqueue(kind, parameters)


def done(shop: Workshop) -> Job:
    """Do the next job and return it as it ended."""
    job = run_next_job(shop)
    assert job is not None
    return job


def ids(shop: Workshop) -> list[str]:
    """Return the ids of the corpus."""
    return [publication.id for publication in read_catalog(shop.settings.corpus).publications]


def test_from_upload_to_published_release(shop: Workshop) -> None:
    """The journey of staff: upload, build and publish, describe, remove, roll back, prune."""
    add(shop)
    assert done(shop).result == {"document_id": "zprava"}
    assert list((shop.settings.state / "uploads").iterdir()) == []
    shop.queue.enqueue(JobKind.BUILD, {"publish": True})
    built = done(shop)
    assert built.state is JobState.SUCCEEDED, built.error
    assert built.result["published"] is True
    assert [receipt["outcome"] for receipt in built.result["documents"]] == ["indexed"]
    first = shop.shelf.published()
    assert first == built.result["release"]
    shop.queue.enqueue(JobKind.DESCRIBE, {"id": "zprava", "metadata": {"title": "Nový název", "year": 2020}})
    shop.queue.enqueue(JobKind.BUILD, {"publish": False})
    assert [done(shop).state for _ in range(2)] == [JobState.SUCCEEDED] * 2
    second = shop.shelf.ids()[-1]
    assert shop.shelf.published() == first != second
    shop.queue.enqueue(JobKind.PUBLISH, {"release": second})
    assert done(shop).result["replaced"] == first
    index = shop.shelf.open(second)
    document = index.document("zprava")
    index.close()
    assert document is not None
    assert (document.title, document.metadata.year) == ("Nový název", 2020)
    shop.queue.enqueue(JobKind.ROLL_BACK)
    assert done(shop).result["release"] == shop.shelf.published() == first
    shop.queue.enqueue(JobKind.REMOVE, {"id": "zprava"})
    assert done(shop).state is JobState.SUCCEEDED
    assert ids(shop) == []
    (gone,) = shop.settings.removed.iterdir()
    shop.queue.enqueue(JobKind.BRING_BACK, {"id": "zprava", "name": gone.name})
    assert done(shop).result == {"document_id": "zprava"}
    assert ids(shop) == ["zprava"]
    shop.queue.enqueue(JobKind.PRUNE)
    assert done(shop).result == {"removed": []}
    assert run_next_job(shop) is None


def test_a_build_without_documents_fails_and_publishes_nothing(shop: Workshop) -> None:
    """The receipts of the refused documents are kept with the job."""
    add(shop, text="")
    done(shop)
    shop.queue.enqueue(JobKind.BUILD, {"publish": True})
    job = done(shop)
    assert job.state is JobState.FAILED
    assert job.error is not None
    assert job.error.code == "nothing_indexed"
    assert [receipt["reasons"] for receipt in job.result["documents"]] == [["empty_file"]]
    assert shop.shelf.published() is None


def test_a_taken_id_is_refused_and_replacing_keeps_the_old_file(shop: Workshop) -> None:
    """Nobody overwrites a publication by accident, and nothing is lost on purpose."""
    for kind, text in ((JobKind.ADD, TEXT), (JobKind.ADD, "Jiný text."), (JobKind.REPLACE, "Nový text.")):
        add(shop, kind=kind, text=text)
    first, second, third = (done(shop) for _ in range(3))
    assert (first.state, second.state, third.state) == (JobState.SUCCEEDED, JobState.FAILED, JobState.SUCCEEDED)
    assert second.error is not None
    assert second.error.code == "publication_exists"
    (removed,) = shop.settings.removed.rglob("*.txt")
    assert removed.read_text() == TEXT


def test_a_job_done_before_the_crash_is_not_done_wrongly_again(shop: Workshop) -> None:
    """The worker died after adding, or removing, and before it could say so."""
    add(shop)
    done(shop)
    again = add(shop)
    shop.queue.claim()
    shop.queue.recover()
    assert done(shop).state is JobState.SUCCEEDED
    assert shop.queue.get(again.id).attempts == 2
    for _ in range(2):
        shop.queue.enqueue(JobKind.REMOVE, {"id": "zprava"})
    done(shop)
    shop.queue.claim()
    shop.queue.recover()
    assert done(shop).state is JobState.SUCCEEDED


def test_a_publication_brought_back_before_the_crash_stays_there(shop: Workshop) -> None:
    """The worker died after putting it into the corpus and before taking it from the removed: the second attempt does that."""
    add(shop)
    done(shop)
    shop.queue.enqueue(JobKind.REMOVE, {"id": "zprava"})
    done(shop)
    (earlier,) = removed_publications(shop.settings.removed)
    shutil.copytree(shop.settings.removed / earlier.name, shop.settings.corpus / "zprava")
    shop.queue.enqueue(JobKind.BRING_BACK, {"id": "zprava", "name": earlier.name})
    shop.queue.claim()
    shop.queue.recover()
    assert done(shop).state is JobState.SUCCEEDED
    assert removed_publications(shop.settings.removed) == []
    assert ids(shop) == ["zprava"]


def test_another_file_under_the_id_is_not_taken_for_ones_own(shop: Workshop) -> None:
    """A second attempt meets somebody else's publication: refused, not overwritten."""
    add(shop)
    done(shop)
    add(shop, text="Jiný text.")
    shop.queue.claim()
    shop.queue.recover()
    job = done(shop)
    assert job.state is JobState.FAILED
    (file,) = (shop.settings.corpus / "zprava").glob("*.txt")
    assert file.read_text() == TEXT


@pytest.mark.parametrize("fault", [ValueError("boom"), OSError(28, "No space left on device"), MemoryError()])
def test_any_fault_fails_the_job_with_a_reason_and_the_next_is_done(shop: Workshop, fault: Exception) -> None:
    """The worker outlives its jobs."""
    faulty = Workshop(
        shop.settings, shop.gate, shop.shelf, shop.queue, lambda _: (_ for _ in ()).throw(fault), shop.evaluate
    )
    shop.queue.enqueue(JobKind.BUILD)
    shop.queue.enqueue(JobKind.PRUNE)
    job = done(faulty)
    assert job.state is JobState.FAILED
    assert job.error is not None
    assert job.error.code == ("insufficient_storage" if isinstance(fault, OSError) else "internal")
    assert done(faulty).state is JobState.SUCCEEDED


def test_a_running_build_can_be_canceled(shop: Workshop) -> None:
    """It ends at its next step and leaves nothing half written."""
    add(shop)
    done(shop)
    job = shop.queue.enqueue(JobKind.BUILD, {"publish": True})
    build = shop.build

    def cancel_midway(progress: Callable[[Progress], None]) -> BuildReport:
        shop.queue.cancel(job.id)
        return build(progress)

    ended = done(Workshop(shop.settings, shop.gate, shop.shelf, shop.queue, cancel_midway, shop.evaluate))
    assert ended.state is JobState.CANCELED
    assert shop.shelf.ids() == []
    assert not [path for path in shop.settings.releases.iterdir() if path.name.startswith(".building")]


def test_a_stopping_worker_puts_its_build_back(shop: Workshop) -> None:
    """After SIGTERM the job waits for the next worker, its attempt uncounted."""
    add(shop)
    done(shop)
    job = shop.queue.enqueue(JobKind.BUILD, {"publish": True})
    stop = threading.Event()
    build = shop.build

    def stop_midway(progress: Callable[[Progress], None]) -> BuildReport:
        stop.set()
        return build(progress)

    run_jobs(Workshop(shop.settings, shop.gate, shop.shelf, shop.queue, stop_midway, shop.evaluate), stop)
    waiting = shop.queue.get(job.id)
    assert (waiting.state, waiting.attempts) == (JobState.ENQUEUED, 0)
    assert done(shop).state is JobState.SUCCEEDED


def test_only_old_uploads_without_a_job_are_thrown_away(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose request was never acknowledged goes after an hour; one that a job waits for stays."""
    forgotten, wanted = upload(shop), upload(shop)
    shop.queue.enqueue(JobKind.ADD, {"upload": wanted, "id": "zprava", "metadata": {}})
    monkeypatch.setattr("indexes.uploads.ORPHAN_S", -1.0)
    discard_orphans(shop.settings.state, shop.queue)
    assert uploaded_file(shop.settings.state, wanted).exists()
    assert not (shop.settings.state / "uploads" / forgotten).exists()
