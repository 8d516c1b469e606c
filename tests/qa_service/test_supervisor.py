"""Is there always one worker, and none after the service?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from qa_service.supervisor import WorkerSupervisor

ROOT = Path(__file__).resolve().parents[2]
PATIENT = [sys.executable, "-c", "import sys; sys.stdin.read()"]
STUBBORN = "import signal, sys, time; signal.signal(15, signal.SIG_IGN); open(sys.argv[1], 'w'); time.sleep(600)"


def eventually(holds: Callable[[], object], within_s: float = 600.0) -> None:
    """Wait until `holds()` is true; fail after `within_s`."""
    end = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < end, "it did not come to hold"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """Tell whether a process is alive."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_worker_that_dies_is_started_again() -> None:
    """Killed three times, it is there three times more."""
    supervisor = WorkerSupervisor(PATIENT, first_pause_s=0.01)
    supervisor.start()
    for deaths in range(3):
        eventually(lambda: supervisor.status.pid)
        pid = supervisor.status.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        eventually(lambda killed=pid, count=deaths: supervisor.status.restart_count > count)
        assert supervisor.status.last_exit == -signal.SIGKILL
    eventually(lambda: supervisor.status.pid)
    supervisor.stop()
    assert supervisor.status.pid is None


def test_a_worker_that_cannot_start_is_tried_again_more_and_more_rarely() -> None:
    """A command that is not there neither ends the service nor keeps it busy."""
    supervisor = WorkerSupervisor(["/nowhere/pramen"], first_pause_s=0.05)
    supervisor.start()
    eventually(lambda: supervisor.status.restart_count >= 2)
    supervisor.stop()
    assert supervisor.status.restart_count < 20


def test_a_worker_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    """Stopping the service never waits for ever."""
    is_deaf = tmp_path / "deaf"
    supervisor = WorkerSupervisor([sys.executable, "-c", STUBBORN, str(is_deaf)])
    supervisor.start()
    eventually(is_deaf.exists)
    supervisor.stop(timeout_s=0.2)
    assert (supervisor.status.pid, supervisor.status.last_exit) == (None, -signal.SIGKILL)


def test_the_worker_ends_with_a_service_that_was_killed() -> None:
    """Nothing is left behind by kill -9: the pipe to the worker closes."""
    code = (
        "import sys, time; from qa_service.supervisor import WorkerSupervisor\n"
        f"s = WorkerSupervisor({PATIENT!r}); s.start()\n"
        "while not s.status.pid: time.sleep(0.01)\n"
        "print(s.status.pid, flush=True); time.sleep(600)"
    )
    service = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT)
    assert service.stdout is not None
    worker = int(service.stdout.readline())
    assert is_running(worker)
    service.kill()
    service.communicate()
    eventually(lambda: not is_running(worker))
