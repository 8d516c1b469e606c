"""How do bytes reach the disk so that a crash leaves either the state before or the state after?"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from indexes.errors import DiskFull, IndexesError, ReleaseError

MINIMUM_FREE_SHARE = 0.05
"""Of the disk: Elasticsearch blocks writes at the same mark (its flood-stage watermark, 95 % used)."""
MINIMUM_FREE_CAP = 1 << 30
"""Bytes; on a large disk 5 % would refuse work that fits a hundred times."""

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FULL_WORDS = ("no space left", "disk is full", "quota exceeded")


def sync(path: Path) -> None:
    """Make the content of a file, or the names in a folder, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Make every file and every folder below `folder`, and the folder itself, durable."""
    for path in sorted(folder.rglob("*"), reverse=True):
        sync(path)
    sync(folder)


def write_durably(path: Path, data: bytes, *, is_secret: bool = False) -> None:
    """Replace the file at `path` by `data` in one step that survives a crash; a secret is for its owner alone."""
    draft = path.with_name(f".{path.name}.{token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if is_secret else 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
    sync(path.parent)


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def size_of(folder: Path) -> int:
    """Return how many bytes the files below `folder` hold; 0 where there is none."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def require_free_space(folder: Path, needed: int) -> None:
    """Raise DiskFull unless the disk of `folder` has `needed` bytes free, and 5 % of its size (at most 1 GiB)."""
    usage = shutil.disk_usage(folder)
    floor = max(needed, min(int(usage.total * MINIMUM_FREE_SHARE), MINIMUM_FREE_CAP))
    if usage.free < floor:
        raise DiskFull(
            f"the disk of {folder} has {usage.free >> 20} MiB free, {floor >> 20} MiB are needed: "
            "remove files or old releases, or give it more room"
        )


def is_disk_full(error: Exception) -> bool:
    """Tell whether an error of the system, or of a library that hands on its words, means that the disk is full."""
    words = str(error).lower()
    return getattr(error, "errno", None) in _FULL or any(phrase in words for phrase in _FULL_WORDS)


@contextmanager
def storage_errors(what: str, otherwise: type[IndexesError] = ReleaseError) -> Iterator[None]:
    """Turn the errors of the file system and of the engines' libraries into ours: DiskFull or `otherwise`.

    faiss raises RuntimeError and tantivy ValueError for a failed write, with the system's words in the text.
    """
    try:
        yield
    except (OSError, sqlite3.Error, RuntimeError, ValueError) as error:
        if is_disk_full(error):
            raise DiskFull(f"{what} failed because the disk is full ({error}): make room and try again") from error
        raise otherwise(f"{what} failed ({error}): see that disk and try again") from error


@contextmanager
def exclusive(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the advisory lock of the file at `path`, made with its folder; yields False where another holds it.

    The system lets go of the lock when the process ends, however it ends.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        yield _lock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    finally:
        os.close(descriptor)


def _lock(descriptor: int, operation: int) -> bool:
    try:
        fcntl.flock(descriptor, operation)
    except BlockingIOError:
        return False
    return True
