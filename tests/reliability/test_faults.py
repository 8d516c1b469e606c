"""Does the last sound release go on serving whatever write, sync, rename or open fails, and does the next job succeed?

After SQLite's own test of I/O errors: the n-th operation fails, n = 1, 2, 3 ... until the work completes, once failing
one time and once failing from then on.
"""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.conftest import Effort
from tests.reliability.runner import ROOT, Runner

ERRORS = {
    "write": (errno.ENOSPC, errno.EIO),
    "sync": (errno.ENOSPC, errno.EIO),
    "rename": (errno.ENOSPC, errno.EIO, errno.EACCES),
    "open": (errno.EMFILE, errno.EACCES, errno.ENOSPC),
}


@pytest.fixture(scope="session")
def runner(library: Path, read: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """The process that runs the cases of this session."""
    runner = Runner("fault_runner", library, read, tmp_path_factory.mktemp("scratch"))
    yield runner
    runner.close()


def case(kind: str, number: int, error: int, *, lasting: bool, guard: bool = True) -> dict[str, Any]:
    """Return a case as the runner reads it."""
    return {"kind": kind, "number": number, "error": error, "lasting": int(lasting), "guard": guard}


def operation_count(kind: str, runner: Runner) -> int:
    """Return how many operations of a kind the work takes when nothing fails."""
    undisturbed = runner.run(case(kind, 10**9, errno.EIO, lasting=False))
    assert "fault" not in undisturbed, undisturbed["fault"]
    assert undisturbed["failed"] == []
    return int(undisturbed["count"])


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(ERRORS))
def test_any_operation_may_fail(kind: str, runner: Runner, effort: Effort) -> None:
    """Old or new release served, every acknowledged job done or failed with a reason, the next build succeeds."""
    total = operation_count(kind, runner)
    whole = [(number, lasting) for number in range(1, total + 1) for lasting in (False, True)]
    failed, faults = 0, []
    chosen = whole if effort.is_long else effort.chance.sample(whole, 5)
    for done, (number, lasting) in enumerate(chosen, 1):
        outcome = runner.run(case(kind, number, effort.chance.choice(ERRORS[kind]), lasting=lasting))
        failed += bool(outcome.get("failed"))
        if "fault" in outcome:
            faults.append(outcome)
            effort.tell(f"{kind}: {outcome['case']}: {outcome['fault']}")
        if done % 50 == 0 or done == len(chosen):
            effort.tell(f"{kind}: {total} operations, {done} cases, {failed} with failed jobs, {len(faults)} faults")
    assert not faults, f"{len(faults)}, first {faults[0]['case']}: {faults[0]['fault']}"


def test_the_harness_sees_a_promise_made_too_early(runner: Runner) -> None:
    """Negative control: an upload acknowledged before it is durable is lost when nothing can be written."""
    outcome = runner.run(case("write", 1, errno.ENOSPC, lasting=True, guard=False))
    assert "acknowledged job is gone" in outcome["fault"]
    assert "fault" not in runner.run(case("write", 1, errno.ENOSPC, lasting=True))


FULL_DISK = """
import subprocess, sys, shutil
from pathlib import Path
from tests.reliability.fault_runner import judge, work
prepared, place = Path(sys.argv[1]), Path(sys.argv[2])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + sys.argv[3], "tmpfs", str(place)], check=True)
folder = place / "installation"
shutil.copytree(prepared, folder)
ballast = place / "ballast"
with ballast.open("wb", buffering=0) as file:
    try:
        while file.write(bytes(4096)): pass
    except OSError: pass
file = ballast.open("r+b"); file.truncate(max(0, ballast.stat().st_size - int(sys.argv[4]) * 1024)); file.close()
seen = work(folder)
from tests.reliability.installation import served
served(folder)
ballast.unlink()
print(judge(folder, seen["acknowledged"]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("room_kb", [0, 40, 200, 600])
def test_a_disk_that_is_really_full(read: Path, tmp_path: Path, room_kb: int, effort: Effort) -> None:
    """On a small file system with hardly any room: search goes on, the job says why, and the next one succeeds."""
    place = tmp_path / "small"
    place.mkdir()
    if subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", str(place)], capture_output=True, check=False
    ).returncode:
        pytest.skip("mounting a small file system is not permitted here")
    done = subprocess.run(
        ["unshare", "-rm", sys.executable, "-c", FULL_DISK, str(read), str(place), "24m", str(room_kb)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    effort.tell(f"room for {room_kb} kB: {done.stdout.strip()}")
    if room_kb >= 200:  # with less, not even the request is accepted
        assert "insufficient_storage" in done.stdout
