"""What runs on the other side of the sandbox: a process that forks a limited child for every document.

Started by `ingest.sandbox.Sandbox`, never imported by the builder. It stays small and single-threaded so that forking
is safe, and it never parses anything itself.
"""

from __future__ import annotations

import ctypes
import errno
import importlib
import json
import os
import resource
import select
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from indexes.errors import DiskFull
from ingest.errors import UnreadableDocument
from ingest.readers.reading import to_json
from ingest.reasons import WORTH_ANOTHER_TRY, Reason
from ingest.settings import ReaderLimits

_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_NETWORK_EVENTS = ("socket.", "urllib.Request", "ftplib.", "smtplib.", "http.client.")
_MEMORY_EXIT, _CRASH_EXIT, _FULL_EXIT = 70, 71, 72
_FULL = {errno.ENOSPC, errno.EDQUOT}
_TICK_S = 0.25
_NEAR_LIMIT = 0.5
"""A parser that crashed after it had taken so much of its memory ran out of it (it asks for large pieces at once)."""


def main() -> None:
    """Answer requests on standard input until it ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    isolation = isolate_network(libc)
    importlib.import_module("ingest.readers.registry")  # once here, so that children are ready at once
    _say({"isolation": isolation})
    while line := sys.stdin.buffer.readline():
        _say(_serve(json.loads(line), libc))


def isolate_network(libc: ctypes.CDLL) -> str:
    """Leave the network for good and return how: `namespace`, or `audit` where the system permits no namespace."""
    is_apart = libc.unshare(_CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0
    sys.addaudithook(_refuse_network)
    return "namespace" if is_apart else "audit"


def _refuse_network(event: str, _: tuple[Any, ...]) -> None:
    if event.startswith(_NETWORK_EVENTS):
        raise PermissionError(f"{event}: a reader of files has no network")


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


def _serve(request: dict[str, Any], libc: ctypes.CDLL) -> dict[str, Any]:
    limits = ReaderLimits(**request["limits"])
    started = time.monotonic()
    _count_attempt(request["attempt"])
    pid = os.fork()
    if pid == 0:
        _be_child(request, limits, libc)
    status, usage = _wait(pid, started + limits.wall_s, request)
    _end_leftovers(pid)
    cost = {
        "seconds": round(time.monotonic() - started, 3),
        "cpu_s": round(usage.ru_utime + usage.ru_stime, 3) if usage else limits.wall_s,
        "memory_mb": round(usage.ru_maxrss / 1024, 1) if usage else 0.0,
    }
    if status == 0:
        _take_back_attempt(request["attempt"])
        return {"finished": True, "cost": cost}
    reason, detail = _why(status, limits, cost["memory_mb"])
    if reason not in WORTH_ANOTHER_TRY:
        _take_back_attempt(request["attempt"])
    return {"finished": False, "reason": reason, "detail": detail, "cost": cost}


def _why(status: int | None, limits: ReaderLimits, memory_mb: float) -> tuple[str, str]:
    """Return the reason for which a child did not finish; `status` is that of `os.wait4`, None after the clock ran out.

    A full disk is no reason of a document: its code is that of `DiskFull`.
    """
    if status is not None and os.WIFEXITED(status) and os.WEXITSTATUS(status) == _FULL_EXIT:
        return DiskFull.code, ""
    if status is None or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return Reason.TIME_LIMIT, f"stopped after {limits.wall_s:.0f} s"
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXFSZ:
        return Reason.DECOMPRESSION_LIMIT, f"its text is larger than {limits.output_mb} MiB"
    is_abort = os.WIFSIGNALED(status) and memory_mb > _NEAR_LIMIT * limits.memory_mb  # C code aborts where memory ends
    was_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if is_abort or was_killed or os.WEXITSTATUS(status) == _MEMORY_EXIT:
        return Reason.MEMORY_LIMIT, f"it needed more than {limits.memory_mb} MiB"
    what = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}"
    return Reason.CORRUPT, f"its parser broke down ({what})"


def _wait(pid: int, deadline: float, request: dict[str, Any]) -> tuple[int | None, resource.struct_rusage | None]:
    """Wait for a child; end it at the deadline, and end it and ourselves when the builder is gone."""
    descriptor = os.pidfd_open(pid)
    try:
        while time.monotonic() < deadline:
            ready, _, _ = select.select([descriptor, sys.stdin], [], [], max(deadline - time.monotonic(), 0))
            if descriptor in ready:
                _, status, usage = os.wait4(pid, 0)
                return status, usage
            if sys.stdin in ready:  # the builder never speaks while it waits: this is the end of its pipe
                _end_leftovers(pid)
                _forget(request)
                os._exit(0)
    finally:
        os.close(descriptor)
    _kill_group(pid)
    _, _, usage = os.wait4(pid, 0)
    return None, usage


def _forget(request: dict[str, Any]) -> None:
    """Remove the note of an attempt that ended with the builder, not with the document, and our own folder."""
    _take_back_attempt(request["attempt"])
    shutil.rmtree(Path(request["output"]).parent, ignore_errors=True)


def _count_attempt(note: str) -> None:
    """Write durably that an attempt begins: should it take the machine down, the next build knows."""
    if not note:
        return
    count = int(Path(note).read_text() or 0) if Path(note).is_file() else 0
    with Path(note).open("w") as file:
        file.write(str(count + 1))
        file.flush()
        os.fsync(file.fileno())


def _take_back_attempt(note: str) -> None:
    if note:
        Path(note).unlink(missing_ok=True)


def _kill_group(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def _end_leftovers(pid: int) -> None:
    """End whatever a child left running: its group, and orphans that have become our own children."""
    _kill_group(pid)
    for _ in range(100):
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        for child in children:
            _kill_group(int(child))
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(_TICK_S / 10)


def _be_child(request: dict[str, Any], limits: ReaderLimits, libc: ctypes.CDLL) -> NoReturn:
    """Read one document and exit. Everything is written to a file whose size the system limits."""
    try:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        os.setsid()
        _limit(limits)
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        _write(Path(request["output"]), _read(request, limits))
    except MemoryError:
        os._exit(_MEMORY_EXIT)
    except BaseException as error:  # noqa: BLE001 - the child must not unwind into the server's loop
        os._exit(_FULL_EXIT if getattr(error, "errno", None) in _FULL else _CRASH_EXIT)
    os._exit(0)


def _limit(limits: ReaderLimits) -> None:
    size = limits.output_mb << 20
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + (limits.memory_mb << 20),) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits.open_files,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it; a document of endless output shall end here


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def _read(request: dict[str, Any], limits: ReaderLimits) -> dict[str, Any]:
    module, _, name = request["reader"].partition(":")
    read = getattr(importlib.import_module(module), name)
    try:
        return {"reading": to_json(read(Path(request["path"]), limits))}
    except UnreadableDocument as error:
        return {"reason": error.reason, "detail": error.detail}
    except RecursionError:
        return {"reason": Reason.TOO_MANY_OBJECTS, "detail": "nested too deeply"}
    except OSError as error:
        if error.errno in _FULL:
            raise
        return {"reason": Reason.CORRUPT, "detail": str(error)}


def _write(output: Path, answer: dict[str, Any]) -> None:
    with output.open("w", encoding="utf-8", errors="surrogatepass") as file:
        json.dump(answer, file, ensure_ascii=True)


if __name__ == "__main__":
    main()
