"""How does the service keep one worker alive without knowing what it does?

The worker is `pramen work` in a process of its own: a parser that dies or swells takes down a worker at most. It is
started again after a pause that doubles with each quick death. The pipe to its standard input is its tie to the
service: when the service ends, however it ends, the worker reads the end of the pipe and stops.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
STEADY_S = 60.0
"""A worker that lived so long died of something new: the pause begins again at its shortest."""
STOP_S = 10.0
"""How long a worker may take to stop before it is killed; its job is found again by the next one."""


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """What the supervisor knows: the process id while one runs, how often it was started again, and its last end."""

    pid: int | None
    restart_count: int
    last_exit: int | None

    @property
    def is_down(self) -> bool:
        """Whether the worker has ended, or could not be started, and waits for its next start."""
        return self.pid is None and self.restart_count > 0


class WorkerSupervisor:
    """Starts one worker and starts it again whenever it ends."""

    def __init__(self, command: Sequence[str], first_pause_s: float = FIRST_PAUSE_S) -> None:
        """Prepare to run `command`, which must end when its standard input does."""
        self._command = list(command)
        self._first_pause_s = first_pause_s
        self._stopping = threading.Event()
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._restart_count = 0
        self._last_exit: int | None = None
        self._thread = threading.Thread(target=self._watch, name="worker-supervisor", daemon=True)

    @property
    def status(self) -> WorkerStatus:
        """What is known now."""
        process = self._process
        pid = process.pid if process is not None and process.poll() is None else None
        return WorkerStatus(pid, self._restart_count, self._last_exit)

    def start(self) -> None:
        """Start the worker and begin to watch it."""
        self._thread.start()

    def stop(self, timeout_s: float = STOP_S) -> None:
        """Ask the worker to stop, kill it after `timeout_s`, and end watching."""
        with self._turn:
            self._stopping.set()
            process = self._process
        if process is not None:
            _end(process, timeout_s)
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        pause = self._first_pause_s
        while not self._stopping.is_set():
            began = time.monotonic()
            if not self._run_once():
                return
            lived = time.monotonic() - began
            pause = self._first_pause_s if lived >= STEADY_S else min(pause * 2, LONGEST_PAUSE_S)
            log.warning("worker_ended", exit_code=self._last_exit, restart_in_s=pause)
            self._restart_count += 1
            self._stopping.wait(pause)

    def _run_once(self) -> bool:
        """Run the worker until it ends; return False where the supervisor was stopped meanwhile."""
        with self._turn:
            if self._stopping.is_set():
                return False
            try:
                self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE)  # noqa: S603 - our own command
            except OSError as error:
                log.error("worker_not_started", reason=str(error))
                return True
        with self._process as process:  # closes the pipe at the end
            self._last_exit = process.wait()
        return not self._stopping.is_set()


def _end(process: subprocess.Popen[bytes], timeout_s: float) -> None:
    process.terminate()
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        log.error("worker_killed", after_s=timeout_s)
        process.kill()
        process.wait()
