"""Kills worker and service at random moments and judges what is left.

    python -m tests.reliability.kill_runner FOLDER KILLS SEED careful|careless

Everything is loaded once; service, worker and reader are forked, so that a killed one is back in a moment. The service
writes what it has acknowledged to a file, as a client would remember it.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import structlog

from corpus.catalog import read_catalog
from indexes.errors import JobError, NoReleasePublished, ReleaseError
from indexes.jobs import FINISHED, JobKind, JobQueue, JobState, only_worker
from ingest.worker import run_jobs, run_next_job
from tests.reliability.installation import request_upload, served, settings_in, workshop_in

LONGEST_LIFE_S = 1.2
"""A process is killed at a moment between 0 and this after its start."""
PAUSE_S = 0.02
PATIENCE_S = 1800.0
CARELESS_S = 2 * PATIENCE_S
"""How long a careless process waits between its promise and keeping it: it is killed in between, on any machine."""


def serve(folder: Path, seed: int, *, is_careful: bool) -> None:
    """Ask for uploads, removals, builds and pruning at random, for ever; note each acknowledgement."""
    chance = random.Random(seed)
    settings = settings_in(folder)
    queue = JobQueue(settings.state)
    with (folder / "acknowledged").open("a") as notes:
        while True:
            number = time.time_ns() // 1000
            action = chance.choices(["add", "remove", "build", "prune"], [6, 2, 3, 1])[0]
            if queue.counts()[JobState.ENQUEUED] > 6:
                time.sleep(PAUSE_S)
                continue
            if action == "add":
                if not is_careful:  # the acknowledgement comes before the request is durable
                    notes.write(f"add zprava-{number}\n")
                    notes.flush()
                    time.sleep(CARELESS_S)
                request_upload(queue, settings.state, number)
                if is_careful:
                    notes.write(f"add zprava-{number}\n")
            elif action == "build":
                queue.enqueue(JobKind.BUILD, {"publish": True})
            elif action == "prune":
                queue.enqueue(JobKind.PRUNE)
            else:
                known = [publication.id for publication in read_catalog(settings.corpus).publications]
                if known:
                    queue.enqueue(JobKind.REMOVE, {"id": chance.choice(known)})
            notes.flush()
            time.sleep(PAUSE_S)


def work(folder: Path) -> None:
    """Take jobs for ever, as `pramen work` does."""
    shop = workshop_in(folder)
    while True:
        try:
            with only_worker(shop.settings.state):
                run_jobs(shop, threading.Event())
        except JobError:
            time.sleep(PAUSE_S)


def read(folder: Path) -> None:
    """Search the published release for ever; note every answer that is not of one sound release."""
    while True:
        try:
            served(folder)
            line = "sound"
        except NoReleasePublished:
            line = "none"
        except ReleaseError as error:
            line = f"retry {error.code}"  # pruned between looking and opening: the service looks again
        except BaseException:  # noqa: BLE001 - whatever it is, it is to be counted
            line = "WRONG " + json.dumps(traceback.format_exc())
        with (folder / "seen").open("a") as notes:
            notes.write(line + "\n")


def started(task: Callable[[], None]) -> int:
    """Return the process id of a fork that does the task."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        try:
            task()
        except BaseException:  # noqa: BLE001 - it is told, and then the process ends
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(1)
    return child


def killed(process: int) -> bool:
    """Kill a process, wait for its end, and tell whether it had not ended by itself before."""
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    return os.WIFSIGNALED(status)


def has_ended(process: int) -> bool:
    """Tell whether a process has ended by itself; it can be waited for still."""
    return os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def wait_until(holds: Callable[[], object], otherwise: str) -> None:
    """Return when something holds; fail in words where it does not come to hold."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, otherwise
        time.sleep(PAUSE_S)


def acknowledged_in(folder: Path) -> int:
    """Return how many uploads the service has acknowledged so far."""
    return (folder / "acknowledged").read_text().count("\n")


def answered_in(folder: Path) -> int:
    """Return how often the reader has been answered from a sound release so far."""
    return (folder / "seen").read_text().count("sound\n")


def wait_for_work(folder: Path, processes: Sequence[int]) -> None:
    """Return when one more upload has been acknowledged and one more search answered, or a process has ended by itself.

    Between some kills the processes come to do something, however slow the machine is.
    """
    uploads, answers = acknowledged_in(folder), answered_in(folder)

    def is_done() -> bool:
        return acknowledged_in(folder) > uploads and answered_in(folder) > answers

    wait_until(lambda: is_done() or any(map(has_ended, processes)), "nothing is acknowledged or answered")


def judge(folder: Path) -> dict[str, Any]:
    """Finish what waits, and count what was acknowledged, lost and wrong."""
    shop = workshop_in(folder)
    with only_worker(shop.settings.state):
        shop.queue.recover()
        while run_next_job(shop):
            pass
        shop.queue.enqueue(JobKind.BUILD, {"publish": True})
        last = run_next_job(shop)
    jobs = shop.queue.jobs(limit=None)
    present = {publication.id for publication in read_catalog(shop.settings.corpus).publications}
    removed = (
        {path.name.rsplit("-", 1)[0] for path in shop.settings.removed.iterdir()}
        if shop.settings.removed.is_dir()
        else set()
    )
    acknowledged = [line.split()[1] for line in (folder / "acknowledged").read_text().splitlines()]
    _, documents = served(folder)
    seen = (folder / "seen").read_text().splitlines()
    strays = [path.name for path in (folder / "releases").iterdir() if path.name.startswith((".building", ".removed"))]
    uploads = folder / "state" / "uploads"  # not there where the service was killed before its first one
    return {
        "acknowledged": len(acknowledged),
        "lost": [name for name in acknowledged if name not in present | removed],
        "not searchable": sorted(present - set(documents)),
        "unfinished": [job.id for job in jobs if job.state not in FINISHED],
        "failed without a reason": [job.id for job in jobs if job.state is JobState.FAILED and not job.error],
        "failed": sum(job.state is JobState.FAILED for job in jobs),
        "jobs": len(jobs),
        "last": last.state.value if last else None,
        "answers": seen.count("sound"),
        "wrong": [line for line in seen if line.startswith("WRONG")][:3],
        "strays": strays,
        "uploads left": len(list(uploads.iterdir())) if uploads.is_dir() else 0,
    }


def main() -> None:
    """Kill, judge and print one JSON object."""
    folder, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    is_careful = sys.argv[4] == "careful"
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    chance = random.Random(seed)
    tasks: dict[str, Callable[[], None]] = {
        "service": lambda: serve(folder, chance.randrange(10**6), is_careful=is_careful),
        "worker": lambda: work(folder),
    }
    for notes in ("acknowledged", "seen"):
        (folder / notes).touch()
    reader = started(lambda: read(folder))
    running = {name: started(task) for name, task in tasks.items()}
    ended: list[str] = []
    for number in range(kills):
        if is_careful:
            if number % 2:
                wait_for_work(folder, list(running.values()))
            time.sleep(chance.random() * LONGEST_LIFE_S)
            victims = chance.choice([["service"], ["worker"], ["worker"], ["service", "worker"]])
        else:
            wait_until(lambda made=number: acknowledged_in(folder) > made, "the service promises nothing")
            victims = ["service"]
        ended += [name for name in victims if not killed(running[name])]
        chance.random()
        running |= {name: started(tasks[name]) for name in victims}
    ended += [name for name, process in (*running.items(), ("reader", reader)) if not killed(process)]
    found = judge(folder) | {"ended by themselves": ended, "kills": kills, "seed": seed}
    print(json.dumps(found))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
