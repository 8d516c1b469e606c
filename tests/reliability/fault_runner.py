"""Runs one case after another of a failing operation; started with `faults.so` preloaded.

    python -m tests.reliability.fault_runner PREPARED SCRATCH < cases > outcomes

A case is a JSON object in a line: kind, number, error, lasting, guard. For each, a copy of the prepared installation is
worked on by a forked process in which the operation fails, and then judged by another, in which nothing does.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from indexes.errors import IndexesError
from indexes.jobs import FINISHED, JobKind, JobState
from ingest.worker import run_next_job
from tests.reliability.installation import NEW, request_upload, served, workshop_in

KINDS = {"write": 1, "sync": 2, "rename": 3, "open": 4}
LIMIT_S = 1200
NEXT_JOB = "3"
"""Number that the next job of the prepared installation gets."""


def work(folder: Path, *, guard: bool = True) -> dict[str, Any]:
    """Upload a publication, build, publish and prune; return what was acknowledged.

    Without `guard` the upload is acknowledged before it is durable.
    """
    acknowledged: list[str] = [] if guard else [NEXT_JOB]
    try:
        shop = workshop_in(folder)
        acknowledged.append(request_upload(shop.queue, shop.settings.state, NEW).id)
        for kind, parameters in ((JobKind.BUILD, {"publish": True}), (JobKind.PRUNE, {})):
            acknowledged.append(shop.queue.enqueue(kind, parameters).id)
    except IndexesError:
        pass  # the service answers with an error: nothing more was promised
    with suppress(IndexesError):  # the worker waits and looks again: here it is the next process that does
        shop = workshop_in(folder)
        while run_next_job(shop):
            pass
    return {"acknowledged": acknowledged}


def judge(folder: Path, acknowledged: list[str]) -> dict[str, Any]:
    """Require everything that must hold after the fault, then that the next build succeeds; return what was seen."""
    release_id, documents = served(folder)
    assert set(documents) >= {f"zprava-{number}" for number in (1, 2, 3, 4)}, "a published document is gone"
    shop = workshop_in(folder)
    shop.queue.recover()
    while run_next_job(shop):
        pass
    jobs = {job.id: job for job in shop.queue.jobs()}
    assert set(acknowledged) <= set(jobs), "an acknowledged job is gone"
    assert all(job.state in FINISHED for job in jobs.values())
    failed = [job for job in jobs.values() if job.state is JobState.FAILED]
    assert all(job.error and job.error.message for job in failed), "a job failed without a reason"
    if acknowledged and jobs[acknowledged[0]].state is not JobState.SUCCEEDED:
        request_upload(shop.queue, shop.settings.state, NEW)
    shop.queue.enqueue(JobKind.BUILD, {"publish": True})
    while run_next_job(shop):
        pass
    again, after = served(folder)
    if acknowledged:
        assert f"zprava-{NEW}" in after, "an acknowledged document is gone"
    strays = [path.name for path in (folder / "releases").iterdir() if path.name.startswith((".building", ".removed"))]
    assert again != release_id or strays == [], "the next build did not succeed"
    assert strays == [], f"left behind: {strays}"
    return {"failed": [job.error.code for job in failed if job.error]}


def forked(task: Callable[[], dict[str, Any]], result: Path) -> dict[str, Any]:
    """Return what `task` gives in a process of its own, or its fault."""
    result.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        signal.alarm(LIMIT_S)
        try:
            outcome = task()
        except BaseException:  # noqa: BLE001 - a panic of a library is a fault too
            outcome = {"fault": traceback.format_exc(limit=-6)}
        disarm()
        result.write_text(json.dumps(outcome))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return json.loads(result.read_text()) if result.is_file() else {"fault": f"ended with status {status}"}


def arm(folder: Path, case: dict[str, Any]) -> None:
    """Let the operation of this case fail from now on."""
    faults = ctypes.CDLL(os.environ["LD_PRELOAD"])
    faults.arm(str(folder).encode(), KINDS[case["kind"]], case["number"], case["error"], case["lasting"])


def disarm() -> None:
    """Let nothing fail any more."""
    ctypes.CDLL(os.environ["LD_PRELOAD"]).arm(b"/", 0, 0, 0, 0)


def run(case: dict[str, Any], prepared: Path, scratch: Path) -> dict[str, Any]:
    """Return the outcome of one case: `fault` where something did not hold, `count` of operations seen."""
    folder, result = scratch / "installation", scratch / "result.json"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(prepared, folder)

    def failing() -> dict[str, Any]:
        arm(folder, case)
        seen = work(folder, guard=case["guard"])
        return seen | {"count": ctypes.CDLL(os.environ["LD_PRELOAD"]).count()}

    worked = forked(failing, result)
    if "fault" in worked:
        return {"case": case, **worked}
    return {"case": case, "count": worked["count"], **forked(lambda: judge(folder, worked["acknowledged"]), result)}


def main() -> None:
    """Read cases and write outcomes, one line each."""
    prepared, scratch = map(Path, sys.argv[1:3])
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line), prepared, scratch)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
