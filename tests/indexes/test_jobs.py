"""Is every request kept, tried no more than it should be, and ended with a reason?"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexes.errors import JobError
from indexes.jobs import FINISHED, JobFailure, JobKind, JobProgress, JobQueue, JobState

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def queue(tmp_path: Path) -> JobQueue:
    """An empty queue."""
    return JobQueue(tmp_path)


def test_jobs_run_in_the_order_of_requests_one_at_a_time(queue: JobQueue) -> None:
    """The second starts when the first has ended."""
    first = queue.enqueue(JobKind.BUILD, {"publish": True})
    second = queue.enqueue(JobKind.PRUNE)
    claimed = queue.claim()
    assert claimed is not None
    assert (claimed.id, claimed.state, claimed.attempts) == (first.id, JobState.RUNNING, 1)
    assert claimed.parameters == {"publish": True}
    assert queue.claim() is None
    queue.succeed(first.id, {"release": "r"})
    assert queue.get(first.id).result == {"release": "r"}
    following = queue.claim()
    assert following is not None
    assert following.id == second.id


def test_a_job_is_there_after_its_queue_was_closed(tmp_path: Path) -> None:
    """Requests, logs and progress stand on the disk."""
    queue = JobQueue(tmp_path)
    job = queue.enqueue(JobKind.ADD, {"file": "zpráva.pdf"})
    queue.claim()
    queue.report(job.id, JobProgress("reading", 3, 10))
    queue.log(job.id, "čte se")
    queue.close()
    again = JobQueue(tmp_path)
    found = again.get(job.id)
    assert found.parameters == {"file": "zpráva.pdf"}
    assert found.progress == JobProgress("reading", 3, 10)
    assert [entry.line for entry in again.lines(job.id)] == ["čte se"]


def test_a_request_survives_a_killed_process(tmp_path: Path) -> None:
    """A process that is killed right after the acknowledgement loses nothing."""
    code = (
        "import os, signal, sys; from pathlib import Path; from indexes.jobs import JobKind, JobQueue\n"
        "JobQueue(Path(sys.argv[1])).enqueue(JobKind.BUILD); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, cwd=ROOT)
    assert [job.kind for job in JobQueue(tmp_path).jobs()] == [JobKind.BUILD]


def test_a_job_whose_worker_died_is_tried_once_more_and_then_fails_with_a_reason(queue: JobQueue) -> None:
    """No job is tried for ever."""
    job = queue.enqueue(JobKind.BUILD)
    queue.claim()
    assert [found.state for found in queue.recover()] == [JobState.ENQUEUED]
    again = queue.claim()
    assert again is not None
    assert again.attempts == 2
    (failed,) = queue.recover()
    assert failed.state is JobState.FAILED
    assert failed.error is not None
    assert failed.error.code == "worker_died"
    assert queue.recover() == []
    assert len(queue.lines(job.id)) == 2


def test_a_job_put_back_by_a_stopping_worker_loses_no_attempt(queue: JobQueue) -> None:
    """Being stopped is not the job's fault."""
    job = queue.enqueue(JobKind.BUILD)
    for _ in range(5):
        queue.claim()
        assert queue.release(job.id).attempts == 0
    assert queue.get(job.id).state is JobState.ENQUEUED


def test_a_waiting_job_is_canceled_at_once_and_a_running_one_is_asked(queue: JobQueue) -> None:
    """Canceling a running job is a wish that its next report answers."""
    running, waiting = queue.enqueue(JobKind.BUILD), queue.enqueue(JobKind.BUILD)
    queue.claim()
    assert queue.cancel(waiting.id).state is JobState.CANCELED
    assert queue.report(running.id, JobProgress("reading")) is False
    assert queue.cancel(running.id).state is JobState.RUNNING
    assert queue.report(running.id, JobProgress("reading")) is True
    assert queue.end_canceled(running.id).state is JobState.CANCELED
    with pytest.raises(JobError, match="canceled already"):
        queue.cancel(running.id)
    assert queue.claim() is None


def test_a_canceled_job_is_not_tried_again_after_a_crash(queue: JobQueue) -> None:
    """The wish survives the worker."""
    job = queue.enqueue(JobKind.BUILD)
    queue.claim()
    queue.cancel(job.id)
    assert [found.state for found in queue.recover()] == [JobState.CANCELED]


def test_a_finished_job_does_not_change_its_end(queue: JobQueue) -> None:
    """The first end stands."""
    job = queue.enqueue(JobKind.BUILD)
    with pytest.raises(JobError, match="not running"):
        queue.succeed(job.id, {})
    queue.claim()
    queue.fail(job.id, JobFailure("release", "why"), {"documents": []})
    with pytest.raises(JobError, match="not running"):
        queue.succeed(job.id, {})
    assert queue.get(job.id).error == JobFailure("release", "why")


@pytest.mark.parametrize("name", ["", "0", "99", "x", "-1", "1; DROP TABLE jobs", "9" * 50, "²"])
def test_an_unknown_job_is_an_error(queue: JobQueue, name: str) -> None:
    """Whatever the address holds, it is a job or a clear refusal."""
    for use in (queue.get, queue.cancel):
        with pytest.raises(JobError):
            use(name)


def test_jobs_are_listed_newest_first_by_page_and_state(queue: JobQueue) -> None:
    """Pages reach every job once."""
    ids = [queue.enqueue(JobKind.PRUNE).id for _ in range(5)]
    queue.claim()
    page = queue.jobs(limit=3)
    assert [job.id for job in page] == ids[:1:-1]
    assert [job.id for job in queue.jobs(limit=3, before=page[-1].id)] == ids[1::-1]
    assert [job.id for job in queue.jobs(states=[JobState.RUNNING])] == ids[:1]
    assert queue.counts() == {state: {"enqueued": 4, "running": 1}.get(state, 0) for state in JobState}


def test_old_finished_jobs_are_forgotten_and_waiting_ones_never(queue: JobQueue) -> None:
    """The queue does not grow for ever."""
    waiting_after = 3
    for _ in range(6):
        queue.enqueue(JobKind.PRUNE)
    for _ in range(6 - waiting_after):
        job = queue.claim()
        assert job is not None
        queue.log(job.id, "line")
        queue.succeed(job.id, {})
    assert queue.forget(kept=4) == 2
    assert len(queue.jobs()) == 4
    assert queue.forget(kept=0) == 1
    assert all(job.state not in FINISHED for job in queue.jobs())


def test_many_threads_and_two_queues_share_the_work(tmp_path: Path) -> None:
    """Every request gets its own number, and two workers never run at once."""
    queues = [JobQueue(tmp_path), JobQueue(tmp_path)]
    with ThreadPoolExecutor(8) as pool:
        jobs = list(pool.map(lambda number: queues[number % 2].enqueue(JobKind.PRUNE), range(40)))
        claimed = [job for job in pool.map(lambda number: queues[number % 2].claim(), range(8)) if job]
    assert len({job.id for job in jobs}) == 40
    assert len(claimed) == 1


def test_a_change_that_cannot_be_committed_does_not_block_the_next(queue: JobQueue) -> None:
    """The disk may fill up just then; here a reference to no job is only looked at in the end."""
    with pytest.raises(JobError), queue._transaction() as database:
        database.execute("PRAGMA defer_foreign_keys = ON")
        database.execute("INSERT INTO log VALUES (99, '2026-01-01', 'of no job')")
    assert queue.enqueue(JobKind.BUILD).state is JobState.ENQUEUED


def test_all_unfinished_jobs_are_named_however_many(queue: JobQueue) -> None:
    """Waiting and running ones, more than a page of the list holds."""
    jobs = [queue.enqueue(JobKind.PRUNE).id for _ in range(60)]
    queue.claim()
    queue.cancel(jobs[-1])
    assert [job.id for job in queue.unfinished()] == jobs[-2::-1]
