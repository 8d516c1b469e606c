"""Who changed what, and when?

One JSON object a line in the state folder, written through to the disk before the answer leaves. It names keys, never
their secrets, and no reader.
"""

from __future__ import annotations

import json
import os
import threading
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

AUDIT_FILE = "audit.jsonl"


class AuditLog:
    """The record of admin actions of a state folder; safe to use from several threads."""

    def __init__(self, state: Path) -> None:
        self._file = state / AUDIT_FILE
        self._lock = threading.Lock()

    def write(self, actor: str, action: str, **facts: object) -> None:
        """Add one line: who did what to what, and what came of it."""
        line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "actor": actor, "action": action, **facts}
        with self._lock:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a+b") as file:
                begun = "\n" if _ends_within_a_line(file) else ""
                file.write(f"{begun}{json.dumps(line)}\n".encode("ascii"))
                file.flush()
                os.fsync(file.fileno())

    def newest(self, limit: int) -> list[Mapping[str, Any]]:
        """Return at most `limit` lines, newest first; a line cut off by a crash is left out."""
        if not self._file.is_file():
            return []
        with self._lock, self._file.open(encoding="ascii") as file:
            lines = deque(file, maxlen=limit)
        return [action for line in reversed(lines) if (action := _read(line)) is not None]


def _ends_within_a_line(file: BinaryIO) -> bool:
    """Tell whether a crash cut off the last line of a file."""
    if file.seek(0, os.SEEK_END) == 0:
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


def _read(line: str) -> Mapping[str, Any] | None:
    """Return what a line says, None for a part of one."""
    try:
        action: Mapping[str, Any] = json.loads(line)
    except ValueError:
        return None
    return action
