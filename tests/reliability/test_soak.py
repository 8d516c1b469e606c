"""Does the service stay the same size while it searches, takes uploads and re-indexes for hours?"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from http.client import HTTPException
from pathlib import Path
from statistics import median

import pytest

from tests.reliability.conftest import Effort
from tests.reliability.installation import add_directly, text_of
from tests.reliability.service import Service, assert_answered, load, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.model]
WINDOW = 10
"""How many sizes, taken one after another, make a figure."""


@dataclass(frozen=True)
class Size:
    """What a process holds: resident memory in MiB, open files and threads."""

    memory_mb: float
    files: int
    threads: int


def size_of(process: int) -> Size:
    """Return the size of one process."""
    home = Path(f"/proc/{process}")
    status = dict(line.split(":\t", 1) for line in (home / "status").read_text().splitlines() if ":\t" in line)
    return Size(int(status["VmRSS"].split()[0]) / 1024, len(list((home / "fd").iterdir())), int(status["Threads"]))


def worker_of(service: int) -> int | None:
    """Return the process id of the worker that a service started, or None while it has none."""
    for children in Path(f"/proc/{service}/task").glob("*/children"):  # of the thread that started it
        for child in children.read_text().split():
            if b"work" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
                return int(child)
    return None


def typical(sizes: Sequence[Size]) -> Size:
    """Return the median memory of some sizes, and the fewest files and threads.

    A moment of building does not decide then, nor do the connections of requests that are just being answered.
    """
    return Size(
        median(size.memory_mb for size in sizes),
        min(size.files for size in sizes),
        min(size.threads for size in sizes),
    )


class Watch:
    """Takes the sizes of the service and its worker at intervals and writes each down at once.

    A run that is cut short has then still told what it saw.
    """

    def __init__(self, service: Service, file: Path, interval_s: float) -> None:
        """Watch a service until `end`, writing JSON lines to `file`."""
        self.service: list[Size] = []
        self.worker: list[Size] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(service.process.pid, file, interval_s))
        self._thread.start()

    def end(self) -> None:
        """Stop watching."""
        self._ended.set()
        self._thread.join()

    def _run(self, process: int, file: Path, interval_s: float) -> None:
        began = time.monotonic()
        with file.open("a", encoding="utf-8") as lines:
            while not self._ended.wait(interval_s):
                self._take(process)
                line = {
                    "s": round(time.monotonic() - began),
                    "service": asdict(self.service[-1]),
                    "worker": asdict(self.worker[-1]) if self.worker else None,
                }
                lines.write(json.dumps(line) + "\n")
                lines.flush()

    def _take(self, process: int) -> None:
        self.service.append(size_of(process))
        with suppress(OSError, KeyError):  # a worker that has just ended, of which nothing but its status is left
            if (worker := worker_of(process)) is not None:
                self.worker.append(size_of(worker))


def be_staff(service: Service, ended: threading.Event, upload_s: float, build_s: float, refused: list[str]) -> None:
    """Upload and re-index at fixed intervals until told to end; note what was refused."""
    began = time.monotonic()
    uploads = builds = 0
    while not ended.wait(0.2):
        passed = time.monotonic() - began
        if passed > uploads * upload_s:
            uploads += 1
            number = 1000 + uploads
            file = (f"zprava {number}.txt", text_of(number).encode(), "text/plain")
            refused += refusal(f"upload {number}", service.upload, *file)
        if passed > (builds + 1) * build_s:
            builds += 1
            wish = ("/api/v1/admin/builds", "POST", {"publish": True})
            refused += refusal(f"build {builds}", service.ask, *wish)


def refusal(what: str, ask: Callable[..., tuple[int, bytes]], *wish: object) -> list[str]:
    """Ask for something and return why it was not accepted, told at the end: whoever asks goes on."""
    try:
        status, body = ask(*wish)
    except (OSError, HTTPException) as error:
        return [f"{what}: {error!r}"]
    return [] if status == 202 else [f"{what}: {status} {body[:200]!r}"]


def test_the_service_does_not_grow(tmp_path: Path, effort: Effort) -> None:
    """Five searches a second, uploads and re-indexes: no request fails; memory, files and threads level off."""
    (tmp_path / "corpus").mkdir()
    for number in range(1, 4):
        add_directly(tmp_path, number)
    seconds, mark = effort.of(40, 7200), effort.of(15, 1800)
    service = Service(tmp_path, PRAMEN_SEARCH_RATE="1000 per second; 10000000 per day")
    watch = Watch(service, effort.figures or tmp_path / "sizes.jsonl", effort.of(1, 60))
    ended, refused = threading.Event(), list[str]()
    staff = threading.Thread(target=be_staff, args=(service, ended, effort.of(4, 60), effort.of(9, 600), refused))
    staff.start()
    try:
        before = load(service, 5, mark)
        wait_until(lambda: watch.worker)
        marked = len(watch.service), len(watch.worker)
        after = load(service, 5, seconds - mark)
        jobs = json.loads(service.ask("/api/v1/admin/jobs")[1])
    finally:
        ended.set()
        staff.join()
        watch.end()
        service.stop()
    statuses = Counter(answer.status for answer in (*before, *after))
    states = Counter(job["state"] for job in jobs["jobs"])
    effort.tell(f"searches {dict(statuses)}, jobs {dict(states)}, refused {refused}")
    growth = {}
    for name, sizes, place in (("service", watch.service, marked[0]), ("worker", watch.worker, marked[1])):
        first, last = typical(sizes[max(0, place - WINDOW) : place]), typical(sizes[-WINDOW:])
        growth[name] = last.memory_mb / first.memory_mb
        effort.tell(f"{name}: at {mark} s {first}, at {seconds} s {last}, memory x {growth[name]:.3f}")
        # In the short form the connections of those who wait in the queue of a busy machine count too.
        assert abs(last.files - first.files) <= effort.of(40, 5)
        assert abs(last.threads - first.threads) <= effort.of(40, 5)
    assert refused == []
    assert_answered(list(statuses.elements()), is_strict=False)
    assert not states["failed"]
    assert not effort.is_long or max(growth.values()) <= 1.10


def test_the_harness_sees_a_leak(tmp_path: Path) -> None:
    """Negative control: ten forgotten files, five threads and 64 MiB change the size that is measured."""
    before = size_of(os.getpid())
    files = [(tmp_path / str(number)).open("w") for number in range(10)]
    ended = threading.Event()
    threads = [threading.Thread(target=ended.wait) for _ in range(6)]
    for thread in threads:
        thread.start()
    memory = bytearray(os.urandom(64 << 20))
    after = size_of(os.getpid())
    ended.set()
    for file in files:
        file.close()
    assert after.files - before.files >= 10
    assert after.threads - before.threads >= 6
    assert after.memory_mb - before.memory_mb >= len(memory) / (1 << 20) - 1
