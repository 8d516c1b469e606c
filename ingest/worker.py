"""Who does the work that staff ask for? One process that takes jobs from the queue, one at a time.

A job that was interrupted is done again from its beginning: every kind is written so that doing it twice leaves what
doing it once does.
"""

from __future__ import annotations

import filecmp
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from corpus.errors import CorpusError, PramenError, PublicationExists, UnknownPublication
from corpus.shelf import (
    add_publication,
    bring_back,
    change_metadata,
    erase,
    find_publication,
    remove_publication,
    removed_publications,
)
from corpus.sidecar import metadata_from
from indexes.contract import ReleaseShelf
from indexes.errors import DiskFull, IndexesError
from indexes.jobs import Job, JobFailure, JobKind, JobProgress, JobQueue
from indexes.settings import IndexSettings
from indexes.storage import is_disk_full
from indexes.uploads import discard_orphans, discard_upload, uploaded_file
from ingest.errors import NothingIndexed
from ingest.pipeline import BuildReport, Progress
from ingest.publishing import Evaluate, GateSettings, Published, evaluated, publish, roll_back

IDLE_S = 0.5
"""Pause between two looks at an empty queue, in seconds."""
PATIENCE_S = 5.0
"""Pause after the queue could not be written to, in seconds."""

log = structlog.get_logger(__name__)

Build = Callable[[Callable[[Progress], None]], BuildReport]
"""Builds a release of the corpus; ends when the function that it tells its progress to raises."""


class JobCanceled(Exception):
    """Somebody asked to cancel the running job."""


class WorkerStopping(Exception):
    """The worker was asked to stop; the running job goes back to the queue."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Everything that a worker works with."""

    settings: IndexSettings
    gate: GateSettings
    shelf: ReleaseShelf
    queue: JobQueue
    build: Build
    evaluate: Evaluate


def run_jobs(workshop: Workshop, stop: threading.Event) -> None:
    """Do jobs until `stop` is set; a running build is then put back at its next step.

    Only one worker may run: the caller holds the lock (`only_worker`).
    """
    while not stop.is_set():
        try:
            workshop.queue.recover()
            discard_orphans(workshop.settings.state, workshop.queue)
            _take_jobs(workshop, stop)
        except IndexesError as error:  # the queue itself cannot be written to: the disk is full or failing
            log.error("queue_unusable", code=error.code, reason=str(error))
            stop.wait(PATIENCE_S)


def _take_jobs(workshop: Workshop, stop: threading.Event) -> None:
    while not stop.is_set():
        if run_next_job(workshop, stop) is None:
            stop.wait(IDLE_S)


def run_next_job(workshop: Workshop, stop: threading.Event | None = None) -> Job | None:
    """Do the oldest waiting job and return it as it ended; None where none waits.

    Whatever goes wrong fails the job with its reason; the worker goes on.
    """
    job = workshop.queue.claim()
    if job is None:
        return None
    workshop.queue.log(job.id, f"attempt {job.attempts}")
    bench = _Bench(workshop, job, stop or threading.Event())
    try:
        result = bench.work()
    except WorkerStopping:
        return workshop.queue.release(job.id)
    except JobCanceled:
        return workshop.queue.end_canceled(job.id)
    except Exception as error:  # noqa: BLE001 - whatever a job does, the next one must still be done
        return workshop.queue.fail(job.id, _failure(error), bench.result)
    done = workshop.queue.succeed(job.id, result)
    workshop.queue.forget()
    if upload := job.parameters.get("upload"):  # only now: until the job has ended, it may have to be done again
        discard_upload(workshop.settings.state, upload)
    return done


def _failure(error: Exception) -> JobFailure:
    if isinstance(error, PramenError):
        return JobFailure(error.code, str(error))
    if isinstance(error, OSError):
        return JobFailure(DiskFull.code if is_disk_full(error) else "storage", str(error))
    log.error("job_failed", exc_info=error)
    return JobFailure("internal", f"{type(error).__name__}: {error}")


class _Bench:
    """One attempt at one job; `result` holds what it has made so far, also where it fails."""

    def __init__(self, workshop: Workshop, job: Job, stop: threading.Event) -> None:
        self._shop, self._job, self._stop = workshop, job, stop
        self.result: dict[str, Any] = {}

    def work(self) -> dict[str, Any]:
        """Do the job and return what it made, as JSON values."""
        work = {
            JobKind.ADD: self._add,
            JobKind.REPLACE: self._add,
            JobKind.DESCRIBE: self._describe,
            JobKind.REMOVE: self._remove,
            JobKind.BRING_BACK: self._bring_back,
            JobKind.BUILD: self._build,
            JobKind.PUBLISH: self._publish,
            JobKind.ROLL_BACK: self._roll_back,
            JobKind.PRUNE: self._prune,
        }
        work[self._job.kind]()
        return self.result

    @property
    def _is_retry(self) -> bool:
        return self._job.attempts > 1

    def _add(self) -> None:
        given, settings = self._job.parameters, self._shop.settings
        file = uploaded_file(settings.state, given["upload"])
        try:
            added = add_publication(
                settings.corpus,
                file,
                metadata_from(given["metadata"], file.name) if given.get("metadata") else None,
                identifier=given["id"],
                replace_existing=self._job.kind is JobKind.REPLACE,
                removed=self._shop.settings.removed,
            )
        except PublicationExists:
            if not (self._is_retry and _holds(settings.corpus, given["id"], file)):
                raise
            added = find_publication(settings.corpus, given["id"])
        self.result["document_id"] = added.id

    def _describe(self) -> None:
        given = self._job.parameters
        metadata = metadata_from(given["metadata"], given["id"])
        self.result["document_id"] = change_metadata(self._shop.settings.corpus, given["id"], metadata).id

    def _remove(self) -> None:
        given = self._job.parameters
        self.result["document_id"] = given["id"]
        try:
            remove_publication(self._shop.settings.corpus, given["id"], self._shop.settings.removed)
        except UnknownPublication:
            if not self._is_retry:
                raise

    def _bring_back(self) -> None:
        given = self._job.parameters
        self.result["document_id"] = given["id"]
        try:
            bring_back(self._shop.settings.corpus, self._shop.settings.removed, given["name"])
        except UnknownPublication:
            if not self._is_retry:
                raise
        except PublicationExists:
            earlier = next(
                one for one in removed_publications(self._shop.settings.removed) if one.name == given["name"]
            )
            home = self._shop.settings.removed / earlier.name
            if not (self._is_retry and _holds(self._shop.settings.corpus, given["id"], home / earlier.file_name)):
                raise
            erase([home])

    def _build(self) -> None:
        built = self._shop.build(self._report)
        receipts = [receipt.to_json() for receipt in built.receipts]
        self.result |= {"release": built.release_id, "published": False, "documents": receipts}
        if built.release_id is None:
            raise NothingIndexed("no document could be indexed, so nothing was built: see the receipts")
        self._report(Progress("evaluate", 0, 1))
        evaluated(self._shop.shelf, built.release_id, self._shop.evaluate)
        if self._job.parameters.get("publish"):
            self._publish_release(built.release_id)
        self._prune()

    def _publish(self) -> None:
        self._publish_release(self._job.parameters["release"])

    def _publish_release(self, release_id: str) -> None:
        self._tell(publish(self._shop.shelf, release_id, self._shop.gate, self._shop.evaluate))

    def _roll_back(self) -> None:
        self._tell(roll_back(self._shop.shelf))

    def _tell(self, published: Published) -> None:
        self.result |= {"release": published.release_id, "published": True, "replaced": published.replaced}
        for note in (*published.notes, *(finding.message for finding in published.findings)):
            self._shop.queue.log(self._job.id, note)

    def _prune(self) -> None:
        report = self._shop.shelf.prune(self._shop.settings.keep_releases)
        self.result["removed"] = list(report.removed)

    def _report(self, progress: Progress) -> None:
        step = JobProgress(progress.stage, progress.done, progress.total, progress.seconds_left)
        if self._shop.queue.report(self._job.id, step):
            raise JobCanceled
        if self._stop.is_set():
            raise WorkerStopping


def _holds(corpus: Path, document_id: str, file: Path) -> bool:
    """Tell whether the publication is the one that an interrupted attempt has added."""
    try:
        return filecmp.cmp(find_publication(corpus, document_id).file, file, shallow=False)
    except (CorpusError, OSError):
        return False
