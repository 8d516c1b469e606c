"""Where does an uploaded file wait, durable, until the worker takes it into the corpus?"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from secrets import token_hex

from indexes.errors import JobError
from indexes.jobs import JobQueue
from indexes.storage import storage_errors, sync

UPLOADS = "uploads"
"""Folder below that of the state: one folder for each upload, with the one file in it."""
ORPHAN_S = 3600.0
"""Age from which an upload that no job names is thrown away: its request was never acknowledged."""

_UPLOAD_ID = re.compile(r"[0-9a-f]{32}")


def new_upload(state: Path, file_name: str) -> tuple[str, Path]:
    """Return the id of a new upload and the path to write its file to.

    Raises JobError for a name that would not stay in its folder, DiskFull.
    """
    if file_name in {"", ".", ".."} or "/" in file_name or "\\" in file_name or "\x00" in file_name:
        raise JobError(f"{file_name!r} cannot be the name of a file")
    upload = token_hex(16)
    with storage_errors("accepting an upload", JobError):
        home = state / UPLOADS / upload
        home.mkdir(parents=True)
    return upload, home / file_name


def keep_upload(state: Path, upload: str) -> None:
    """Make a written upload durable: after this its request may be acknowledged. Raises JobError, DiskFull."""
    home = _home(state, upload)
    with storage_errors("keeping an upload", JobError):
        for path in (*home.iterdir(), home, home.parent, state):
            sync(path)


def uploaded_file(state: Path, upload: str) -> Path:
    """Return the path of an uploaded file. Raises JobError where it is not there."""
    files = list(_home(state, upload).glob("*"))
    if len(files) != 1:
        raise JobError(f"the uploaded file {upload} is not there: upload it again")
    return files[0]


def discard_upload(state: Path, upload: str) -> None:
    """Remove an upload that is in the corpus, was refused or was never finished; a missing one is no error."""
    shutil.rmtree(_home(state, upload), ignore_errors=True)


def discard_orphans(state: Path, queue: JobQueue) -> None:
    """Remove the uploads that no unfinished job names and that are too old to be named soon."""
    for home in _unnamed(state, queue):
        if time.time() - home.stat().st_mtime > ORPHAN_S:
            shutil.rmtree(home, ignore_errors=True)


def discard_copies(state: Path, queue: JobQueue, is_wanted: Callable[[Path], bool]) -> None:
    """Remove the uploads that no unfinished job names and whose file is wanted."""
    for home in _unnamed(state, queue):
        if any(is_wanted(file) for file in home.iterdir()):
            shutil.rmtree(home)


def _unnamed(state: Path, queue: JobQueue) -> list[Path]:
    named = {job.parameters.get("upload") for job in queue.unfinished()}
    return [home for home in _folders(state / UPLOADS) if home.name not in named]


def _folders(folder: Path) -> Iterable[Path]:
    return [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []


def _home(state: Path, upload: str) -> Path:
    if not _UPLOAD_ID.fullmatch(upload):
        raise JobError(f"there is no upload {upload[:40]!r}")
    return state / UPLOADS / upload
