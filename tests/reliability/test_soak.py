"""Does the service stay the same size while it searches, takes uploads and re-indexes for hours?"""

from __future__ import annotations

import http.client
import json
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.reliability.conftest import Effort
from tests.reliability.installation import add_directly, text_of
from tests.reliability.service import TOKEN, Service, assert_answered, load

pytestmark = [pytest.mark.slow, pytest.mark.model]
BOUNDARY = "boundary-of-the-soak"


@dataclass(frozen=True)
class Size:
    """What a process and its children hold: resident memory in MiB, open files and threads."""

    memory_mb: float
    files: int
    threads: int


def size_of(process: int) -> Size:
    """Return the size of one process."""
    home = Path(f"/proc/{process}")
    status = dict(line.split(":\t", 1) for line in (home / "status").read_text().splitlines() if ":\t" in line)
    return Size(int(status["VmRSS"].split()[0]) / 1024, len(list((home / "fd").iterdir())), int(status["Threads"]))


def upload(service: Service, number: int) -> int:
    """Upload a publication as the console does and return the status."""
    part = 'Content-Disposition: form-data; name="file"; filename="zprava {}.txt"\r\nContent-Type: text/plain'
    body = f"--{BOUNDARY}\r\n{part.format(number)}\r\n\r\n{text_of(number)}\r\n--{BOUNDARY}--\r\n".encode()
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    try:
        connection.request("POST", "/api/v1/admin/documents", body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def be_staff(service: Service, ended: threading.Event, upload_s: float, build_s: float, refused: list[str]) -> None:
    """Upload and re-index at fixed intervals until told to end; note what was refused."""
    began = time.monotonic()
    uploads = builds = 0
    while not ended.wait(0.2):
        passed = time.monotonic() - began
        if passed > uploads * upload_s:
            uploads += 1
            if (status := upload(service, 1000 + uploads)) != 202:
                refused.append(f"upload {status}")
        if passed > (builds + 1) * build_s:
            builds += 1
            status, body = service.ask("/api/v1/admin/builds", "POST", {"publish": True})
            if status != 202:
                refused.append(f"build {status} {body[:200]!r}")


def test_the_service_does_not_grow(tmp_path: Path, effort: Effort) -> None:
    """Ten searches a second, uploads and re-indexes: no request fails; memory, files and threads level off."""
    (tmp_path / "corpus").mkdir()
    for number in range(1, 4):
        add_directly(tmp_path, number)
    seconds, mark = effort.of(40, 7200), effort.of(15, 1800)
    service = Service(tmp_path, PRAMEN_SEARCH_RATE="1000 per second; 10000000 per day")
    ended, refused = threading.Event(), list[str]()
    staff = threading.Thread(target=be_staff, args=(service, ended, effort.of(4, 60), effort.of(9, 600), refused))
    staff.start()
    try:
        before = load(service, 10, mark)
        first = size_of(service.process.pid)
        after = load(service, 10, seconds - mark)
        time.sleep(1)  # connections that were just answered are being closed
        last = size_of(service.process.pid)
        jobs = json.loads(service.ask("/api/v1/admin/jobs")[1])
    finally:
        ended.set()
        staff.join()
        service.stop()
    growth = last.memory_mb / first.memory_mb
    print(f"after {mark} s {first}, after {seconds} s {last}: memory x {growth:.3f}; refused {refused}")  # noqa: T201
    assert refused == []
    assert_answered([answer.status for answer in (*before, *after)], is_strict=effort.is_long)
    assert not [job for job in jobs["jobs"] if job["state"] == "failed"]
    assert abs(last.files - first.files) <= 5
    assert abs(last.threads - first.threads) <= 5
    assert not effort.is_long or growth <= 1.10


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
