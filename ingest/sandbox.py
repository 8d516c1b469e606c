"""How is a file read so that a parser that crashes, hangs or swells costs that document alone?

    builder ── one thread per reader ──> read server ── forks ──> a child for each document

A `Sandbox` starts a read server: a small Python process (`ingest.read_server`) that has loaded the parsers once. For
every document it forks a child with limits on memory, CPU time, output and open files, in a network namespace
without a network, and waits for it against the clock. Only JSON comes back. Server and builder talk in lines over
pipes; when the builder dies, the server ends its child and itself.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from indexes.errors import DiskFull
from ingest.cost import Cost
from ingest.errors import ReaderUnavailable, UnreadableDocument
from ingest.readers.reading import Reading, from_json
from ingest.reasons import Reason
from ingest.settings import ReaderLimits

_START_S = 60.0
_GRACE_S = 10.0
"""How much longer than the limit the builder waits for the server's own word."""


class Sandbox:
    """Reads files in child processes, one after another. Use one for each thread, as a context manager."""

    def __init__(self, limits: ReaderLimits, reader: str = "ingest.readers.registry:read_file") -> None:
        """Prepare a sandbox; `reader` names the function that runs in the child (tests put mock parsers there)."""
        self._limits = limits
        self._reader = reader
        self._server: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._lock = threading.Lock()
        self._isolation = ""

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, path: Path, attempt: Path | None = None, limits: ReaderLimits | None = None) -> tuple[Reading, Cost]:
        """Return what a file holds and what reading it took.

        `attempt` is the file in which the server counts attempts that do not end; one that ends with a killed caller is
        taken back, since the document is not to blame. `limits` replaces those of the sandbox. Raises
        UnreadableDocument, also where the parser crashed or went beyond a limit, ReaderUnavailable and DiskFull.
        """
        try:
            size = path.stat().st_size
        except OSError as error:
            raise UnreadableDocument(Reason.CORRUPT, str(error)) from error
        if size == 0:
            raise UnreadableDocument(Reason.EMPTY_FILE)
        if size > self._limits.file_mb << 20:
            raise UnreadableDocument(Reason.TOO_LARGE, f"{size >> 20} MiB, {self._limits.file_mb} MiB are allowed")
        with self._lock:
            answer = self._ask(path, attempt, limits or self._limits)
        cost = Cost(**answer["cost"])
        if answer.get("reason") == DiskFull.code:
            raise DiskFull("the disk for temporary files is full: make room there (TMPDIR) and build again")
        if "reason" in answer:
            raise _refusal(answer, cost)
        return from_json(answer["reading"]), cost

    def start(self) -> str:
        """Start the server unless it runs, and return how it keeps the network away: `namespace` or `audit`."""
        self._running()
        return self._isolation

    def close(self) -> None:
        """End the server and its child."""
        server, self._server = self._server, None
        if server is not None:
            _end(server)
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _ask(self, path: Path, attempt: Path | None, limits: ReaderLimits) -> dict[str, Any]:
        server, folder = self._running()
        output = Path(folder) / "reading.json"
        output.unlink(missing_ok=True)
        request = {
            "path": str(path.resolve()),
            "output": str(output),
            "attempt": str(attempt.resolve()) if attempt else "",
            "reader": self._reader,
            "limits": asdict(limits),
        }
        answer = _exchange(server, request, limits.wall_s + _GRACE_S)
        if answer is None:  # the server itself was killed: the next document gets a new one
            self.close()
            return {"reason": Reason.MEMORY_LIMIT, "detail": "the process that reads files was ended", "cost": {}}
        if answer.pop("finished"):
            answer |= _found(output)
        output.unlink(missing_ok=True)
        return answer

    def _running(self) -> tuple[subprocess.Popen[bytes], str]:
        if self._server is None or self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="pramen-read-")
            self._server = _start(self._folder.name)
            hello = _exchange(self._server, None, _START_S)
            if hello is None:
                self.close()
                raise ReaderUnavailable("the process that reads files did not start: run pramen doctor")
            self._isolation = hello["isolation"]
        return self._server, self._folder.name


def _found(output: Path) -> dict[str, Any]:
    """Return what a child wrote: a reading or a reason. A parser may end its process without a word."""
    try:
        found: dict[str, Any] = json.loads(output.read_bytes())
    except (OSError, ValueError):
        return {"reason": Reason.CORRUPT, "detail": "its parser ended without a result"}
    return found


def _refusal(answer: dict[str, Any], cost: Cost) -> UnreadableDocument:
    refusal = UnreadableDocument(Reason(answer["reason"]), answer["detail"])
    refusal.cost = cost
    return refusal


def _start(folder: str) -> subprocess.Popen[bytes]:
    """Start a server with a clean environment, in a session of its own: it must outlive a killed builder to clean up."""
    root = str(Path(__file__).resolve().parent.parent)
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": root,
        "HOME": folder,
        "TMPDIR": folder,
        "LC_ALL": "C.UTF-8",
    }
    environment["PYTHONHASHSEED"] = "0"
    command = [sys.executable, "-W", "ignore", "-m", "ingest.read_server"]
    return subprocess.Popen(  # noqa: S603 - our own module, arguments fixed
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=folder,
        start_new_session=True,
    )


def _exchange(
    server: subprocess.Popen[bytes], request: dict[str, Any] | None, timeout_s: float
) -> dict[str, Any] | None:
    """Send a line, return the answer, or None where the server is gone or silent."""
    assert server.stdin is not None and server.stdout is not None  # noqa: S101 - both are pipes
    try:
        if request is not None:
            server.stdin.write(json.dumps(request).encode() + b"\n")
            server.stdin.flush()
        ready, _, _ = select.select([server.stdout], [], [], timeout_s)
        line = server.stdout.readline() if ready else b""
    except (BrokenPipeError, OSError):
        return None
    answer: dict[str, Any] | None = json.loads(line) if line.endswith(b"\n") else None
    return answer


def _end(server: subprocess.Popen[bytes]) -> None:
    assert server.stdin is not None and server.stdout is not None  # noqa: S101 - both are pipes
    try:
        server.stdin.close()
        server.wait(timeout=5)
    except (subprocess.TimeoutExpired, OSError):
        server.kill()
        server.wait()
    finally:
        server.stdout.close()
