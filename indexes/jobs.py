"""What is to be done by the worker, what is being done, and how did it end?

A request is durable before it is acknowledged, and an attempt is counted before its work starts: a job that kills
the worker is found again, and is not tried for ever.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from indexes.errors import JobError
from indexes.storage import exclusive, storage_errors

JOBS_FILE = "jobs.sqlite"
"""Name of the queue below the folder of the state."""
WORKER_LOCK = "worker.lock"
MAX_ATTEMPTS = 2
"""How often a build is started whose worker died: once more, since the machine may have been restarted meanwhile."""
MAX_MOVES = 50
"""How often any other job is: it only moves files, so it is hardly to blame, and a document must not be lost."""
KEPT_JOBS = 1000
"""How many finished jobs are remembered."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    parameters TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    created TEXT NOT NULL,
    started TEXT,
    finished TEXT,
    progress TEXT,
    result TEXT,
    error TEXT,
    cancel_requested INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, number);
CREATE TABLE IF NOT EXISTS log (
    job INTEGER NOT NULL REFERENCES jobs (number) ON DELETE CASCADE, at TEXT NOT NULL, line TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS log_by_job ON log (job);
"""
_COLUMNS = (
    "number, kind, state, parameters, attempts, created, started, finished, progress, result, error, cancel_requested"
)


class JobKind(StrEnum):
    """What a worker can be asked for."""

    ADD = "add"
    REPLACE = "replace"
    DESCRIBE = "describe"
    REMOVE = "remove"
    BRING_BACK = "bring_back"
    BUILD = "build"
    PUBLISH = "publish"
    ROLL_BACK = "roll_back"
    PRUNE = "prune"


class JobState(StrEnum):
    """Where a job stands; the last three are for ever."""

    ENQUEUED = "enqueued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


FINISHED = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED})
UNFINISHED = tuple(state for state in JobState if state not in FINISHED)


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a running job is: `done` of `total` in its present step; None stands for what nobody knows."""

    step: str
    done: int = 0
    total: int | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class JobFailure:
    """Why a job failed: the code of the error and its sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Job:
    """A request and what became of it; times are in UTC."""

    id: str
    kind: JobKind
    state: JobState
    parameters: Mapping[str, Any]
    created: datetime
    attempts: int = 0
    started: datetime | None = None
    finished: datetime | None = None
    progress: JobProgress | None = None
    result: Mapping[str, Any] = field(default_factory=dict)
    """What the job made, as JSON values: ids, receipts, counts."""
    error: JobFailure | None = None
    is_cancel_requested: bool = False


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a job's log; `at` is in UTC."""

    at: datetime
    line: str


class JobQueue:
    """The jobs of one installation; safe to use from several threads and processes."""

    def __init__(self, state: Path) -> None:
        """Open the queue in the folder of the state, which is made where absent. Raises JobError, DiskFull."""
        with storage_errors("opening the job queue", JobError):
            state.mkdir(parents=True, exist_ok=True)
            self._turn = threading.Lock()
            self._database = sqlite3.connect(
                state / JOBS_FILE, timeout=30, isolation_level=None, check_same_thread=False
            )
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                self._database.execute(f"PRAGMA {pragma}")
            self._database.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        with self._turn:
            self._database.close()

    def enqueue(self, kind: JobKind, parameters: Mapping[str, Any] | None = None) -> Job:
        """Write a request and return it as a job; it is durable when this returns. Raises DiskFull, JobError."""
        values = (kind, JobState.ENQUEUED, json.dumps(dict(parameters or {})), _now())
        with self._transaction() as database:
            number = database.execute(
                "INSERT INTO jobs (kind, state, parameters, created) VALUES (?, ?, ?, ?)", values
            ).lastrowid
            return self._read(database, str(number))

    def claim(self) -> Job | None:
        """Start the oldest job that waits and return it, or None where none waits or one is running.

        The attempt is counted durably before this returns.
        """
        with self._transaction() as database:
            if database.execute("SELECT 1 FROM jobs WHERE state = ?", (JobState.RUNNING,)).fetchone():
                return None
            waiting = database.execute(
                "SELECT number FROM jobs WHERE state = ? ORDER BY number LIMIT 1", (JobState.ENQUEUED,)
            ).fetchone()
            if waiting is None:
                return None
            database.execute(
                "UPDATE jobs SET state = ?, attempts = attempts + 1, started = ? WHERE number = ?",
                (JobState.RUNNING, _now(), waiting[0]),
            )
            return self._read(database, str(waiting[0]))

    def report(self, job_id: str, progress: JobProgress) -> bool:
        """Write how far a running job is; return whether somebody asked to cancel it."""
        text = json.dumps([progress.step, progress.done, progress.total, progress.seconds_left])
        with self._transaction() as database:
            database.execute("UPDATE jobs SET progress = ? WHERE number = ?", (text, _number(job_id)))
            return self._read(database, job_id).is_cancel_requested

    def log(self, job_id: str, line: str) -> None:
        """Add a line to the log of a job."""
        with self._transaction() as database:
            database.execute("INSERT INTO log VALUES (?, ?, ?)", (_number(job_id), _now(), line))

    def succeed(self, job_id: str, result: Mapping[str, Any]) -> Job:
        """End a running job well and return it."""
        return self._finish(job_id, JobState.SUCCEEDED, result, None)

    def fail(self, job_id: str, failure: JobFailure, result: Mapping[str, Any] | None = None) -> Job:
        """End a running job with a reason and return it."""
        return self._finish(job_id, JobState.FAILED, result or {}, failure)

    def end_canceled(self, job_id: str) -> Job:
        """End a running job that somebody asked to cancel and return it."""
        return self._finish(job_id, JobState.CANCELED, {}, None)

    def cancel(self, job_id: str) -> Job:
        """Cancel a waiting job at once, ask a running one to stop, and return it.

        Raises JobError for an unknown job and one that is finished.
        """
        with self._transaction() as database:
            job = self._read(database, job_id)
            if job.state in FINISHED:
                raise JobError(f"job {job_id} has {job.state} already: there is nothing to cancel")
            database.execute(
                "UPDATE jobs SET cancel_requested = 1, state = ?, finished = ? WHERE number = ? AND state = ?",
                (JobState.CANCELED, _now(), _number(job_id), JobState.ENQUEUED),
            )
            database.execute("UPDATE jobs SET cancel_requested = 1 WHERE number = ?", (_number(job_id),))
            return self._read(database, job_id)

    def release(self, job_id: str) -> Job:
        """Put a running job back, its attempt uncounted: the worker was asked to stop and did no harm."""
        with self._transaction() as database:
            database.execute(
                "UPDATE jobs SET state = ?, attempts = attempts - 1, progress = NULL WHERE number = ? AND state = ?",
                (JobState.ENQUEUED, _number(job_id), JobState.RUNNING),
            )
            return self._read(database, job_id)

    def recover(self) -> list[Job]:
        """Put back the jobs whose worker died, or fail those tried too often; return them as they now are.

        Only for a worker that knows that no other is alive.
        """
        with self._transaction() as database:
            rows = database.execute(f"SELECT {_COLUMNS} FROM jobs WHERE state = ?", (JobState.RUNNING,)).fetchall()  # noqa: S608
            for job in map(_job, rows):
                self._recover(database, job)
            return [self._read(database, str(row[0])) for row in rows]

    def get(self, job_id: str) -> Job:
        """Return a job. Raises JobError for an unknown one."""
        with self._transaction(is_write=False) as database:
            return self._read(database, job_id)

    def jobs(
        self, limit: int | None = 50, before: str | None = None, states: Sequence[JobState] = tuple(JobState)
    ) -> list[Job]:
        """Return at most `limit` jobs (None: all) in these states, newest first, beginning behind the job `before`."""
        marks = ", ".join("?" * len(states))
        sql = f"SELECT {_COLUMNS} FROM jobs WHERE number < ? AND state IN ({marks}) ORDER BY number DESC LIMIT ?"  # noqa: S608
        values = (_number(before) if before else 2**62, *states, -1 if limit is None else limit)
        with self._transaction(is_write=False) as database:
            return [_job(row) for row in database.execute(sql, values)]

    def unfinished(self) -> list[Job]:
        """Return all jobs that wait or run, newest first."""
        return self.jobs(limit=None, states=UNFINISHED)

    def lines(self, job_id: str) -> list[LogLine]:
        """Return the log of a job, oldest first."""
        with self._transaction(is_write=False) as database:
            rows = database.execute("SELECT at, line FROM log WHERE job = ? ORDER BY rowid", (_number(job_id),))
            return [LogLine(datetime.fromisoformat(at), line) for at, line in rows]

    def counts(self) -> dict[JobState, int]:
        """Return how many jobs stand in each state."""
        with self._transaction(is_write=False) as database:
            found = dict(database.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall())
        return {state: found.get(state.value, 0) for state in JobState}

    def forget(self, kept: int = KEPT_JOBS) -> int:
        """Forget all finished jobs but the newest `kept`; return how many went."""
        marks = ", ".join("?" * len(FINISHED))
        with self._transaction() as database:
            return database.execute(
                f"DELETE FROM jobs WHERE state IN ({marks}) AND number NOT IN "  # noqa: S608 - places only
                "(SELECT number FROM jobs ORDER BY number DESC LIMIT ?)",
                (*FINISHED, kept),
            ).rowcount

    def forget_document(self, document_id: str, kept_releases: Collection[str]) -> int:
        """Forget the finished jobs on one document, and its receipts but those of kept releases; return how many jobs.

        Nothing of them is left in the file. Raises JobError where another process keeps it from being written anew.
        """
        with self._transaction() as database:
            rows = database.execute(f"SELECT {_COLUMNS} FROM jobs").fetchall()  # noqa: S608 - constants
            jobs = [_job(row) for row in rows]
            own = [job for job in jobs if job.state in FINISHED and job.parameters.get("id") == document_id]
            database.executemany("DELETE FROM jobs WHERE number = ?", [(_number(job.id),) for job in own])
            for job in jobs:
                if job.result.get("documents") and job.result.get("release") not in kept_releases:
                    self._forget_receipt(database, job, document_id)
        self._rewrite()
        return len(own)

    def _forget_receipt(self, database: sqlite3.Connection, job: Job, document_id: str) -> None:
        left = [receipt for receipt in job.result["documents"] if receipt["document_id"] != document_id]
        result = json.dumps({**job.result, "documents": left})
        database.execute("UPDATE jobs SET result = ? WHERE number = ?", (result, _number(job.id)))

    def _rewrite(self) -> None:
        """Write the file anew, so that nothing deleted is left in its free pages or in its journal."""
        with self._turn, storage_errors("rewriting the job queue", JobError):
            self._database.execute("VACUUM")
            is_busy = self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if is_busy:
            raise JobError("another process is using the job queue: try again")

    def _finish(self, job_id: str, state: JobState, result: Mapping[str, Any], failure: JobFailure | None) -> Job:
        error = json.dumps([failure.code, failure.message]) if failure else None
        with self._transaction() as database:
            changed = database.execute(
                "UPDATE jobs SET state = ?, finished = ?, result = ?, error = ? WHERE number = ? AND state = ?",
                (state, _now(), json.dumps(dict(result)), error, _number(job_id), JobState.RUNNING),
            ).rowcount
            if not changed:
                raise JobError(f"job {job_id} is not running, so it cannot end as {state}")
            return self._read(database, job_id)

    def _recover(self, database: sqlite3.Connection, job: Job) -> None:
        number = _number(job.id)
        if job.is_cancel_requested:
            state, error = JobState.CANCELED, None
        elif job.attempts < (MAX_ATTEMPTS if job.kind is JobKind.BUILD else MAX_MOVES):
            state, error = JobState.ENQUEUED, None
        else:
            message = f"the worker ended during each of {job.attempts} attempts: see the log of the worker"
            state, error = JobState.FAILED, json.dumps(["worker_died", message])
        finished = None if state is JobState.ENQUEUED else _now()
        database.execute(
            "UPDATE jobs SET state = ?, error = ?, finished = ?, progress = NULL WHERE number = ?",
            (state, error, finished, number),
        )
        database.execute(
            "INSERT INTO log VALUES (?, ?, ?)", (number, _now(), f"the worker ended unexpectedly; now {state}")
        )

    @contextmanager
    def _transaction(self, *, is_write: bool = True) -> Iterator[sqlite3.Connection]:
        with self._turn, storage_errors("using the job queue", JobError):
            self._database.execute("BEGIN IMMEDIATE" if is_write else "BEGIN")
            try:
                yield self._database
                self._database.commit()
            except BaseException:
                self._database.rollback()
                raise

    def _read(self, database: sqlite3.Connection, job_id: str) -> Job:
        row = database.execute(f"SELECT {_COLUMNS} FROM jobs WHERE number = ?", (_number(job_id),)).fetchone()  # noqa: S608
        if row is None:
            raise JobError(f"there is no job {job_id[:40]!r}")
        return _job(row)


@contextmanager
def only_worker(state: Path) -> Iterator[None]:
    """Hold the place of the one worker of an installation. Raises JobError where another process holds it."""
    with storage_errors("opening the lock of the worker", JobError):
        state.mkdir(parents=True, exist_ok=True)
    with exclusive(state / WORKER_LOCK, wait=False) as is_alone:
        if not is_alone:
            raise JobError("another worker is running on this state: stop it first")
        yield


def _number(job_id: str) -> int:
    if not (job_id.isascii() and job_id.isdigit() and len(job_id) < 18):  # noqa: PLR2004 - fits 64 bits
        raise JobError(f"there is no job {job_id[:40]!r}")
    return int(job_id)


def _job(row: Sequence[Any]) -> Job:
    number, kind, state, parameters, attempts, created, started, finished, progress, result, error, cancel = row
    return Job(
        id=str(number),
        kind=JobKind(kind),
        state=JobState(state),
        parameters=json.loads(parameters),
        created=datetime.fromisoformat(created),
        attempts=attempts,
        started=datetime.fromisoformat(started) if started else None,
        finished=datetime.fromisoformat(finished) if finished else None,
        progress=JobProgress(*json.loads(progress)) if progress else None,
        result=json.loads(result) if result else {},
        error=JobFailure(*json.loads(error)) if error else None,
        is_cancel_requested=bool(cancel),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat()
