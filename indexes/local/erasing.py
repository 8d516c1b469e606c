"""How does a document leave every release for good?

A release never changes, so each one that holds the document goes as a whole; the published one stays, and must be without
it. Readers lose sight of all of them in one step; whoever has one open has a moment to close it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from indexes.errors import BuildRunning, StillPublished
from indexes.local.passages import PASSAGES_FILE, read_only_uri
from indexes.local.pointer import POINTER_LOCK, published_id
from indexes.local.pruning import remove_records, sources_in_use
from indexes.local.release import MANIFEST, REMOVED, release_ids, release_path, verify
from indexes.local.sources import SourceStore
from indexes.local.writer import WRITER_LOCK, remove_strays
from indexes.storage import exclusive, storage_errors, sync

LEAVE_S = 10.0
"""How long readers have to close a release; a service notices within a second that one has gone."""
PAUSE_S = 0.05


def erase(folder: Path, document_id: str, kept: str | None) -> tuple[str, ...]:
    """Remove every release that holds a document otherwise than as the file `kept`; return their ids.

    Interrupted, it is done by doing it again. Raises as `indexes.contract.ReleaseShelf.erase` does.
    """
    with exclusive(folder / WRITER_LOCK, wait=False) as is_alone:
        if not is_alone:
            raise BuildRunning(f"a build is writing to {folder}, perhaps of {document_id!r}: wait for it or cancel it")
        with exclusive(folder / POINTER_LOCK, wait=True):
            published = published_id(folder)
            if published is not None:
                verify(folder, published)
            if published is not None and _holds(folder, published, document_id, kept):
                raise StillPublished(
                    f"the published release {published} holds {document_id!r}: remove it (pramen remove) and publish"
                    " a release without it (pramen build --publish) first"
                )
            with storage_errors(f"erasing {document_id}"):
                others = [name for name in release_ids(folder) if name != published]
                goners = tuple(name for name in others if _holds(folder, name, document_id, kept))
                hidden = [_hide(folder, name) for name in goners]
        with storage_errors(f"erasing {document_id}"):
            for home in hidden:
                _wait_for_readers(home)
                shutil.rmtree(home)
            remove_strays(folder)  # those of an interrupted erasure, and of builds
            SourceStore(folder).keep_only(sources_in_use(folder))
    return goners


def _holds(folder: Path, release_id: str, document_id: str, kept: str | None) -> bool:
    """Tell whether a release holds the document otherwise than as `kept`; one that cannot be read might."""
    path = release_path(folder, release_id) / PASSAGES_FILE
    try:
        with closing(sqlite3.connect(read_only_uri(path), uri=True)) as database:
            document = database.execute(
                "SELECT document ->> 'sha256' FROM documents WHERE id = ?", (document_id,)
            ).fetchone()
            receipt = database.execute("SELECT 1 FROM receipts WHERE document_id = ?", (document_id,)).fetchone()
    except sqlite3.Error:
        return True
    return document[0] != kept if document else bool(receipt) and kept is None


def _hide(folder: Path, release_id: str) -> Path:
    remove_records(folder, release_id)
    hidden = release_path(folder, release_id).rename(folder / f"{REMOVED}{release_id}")
    sync(folder)
    return hidden


def _wait_for_readers(home: Path) -> None:
    """Return when nobody has a release open any more, or when they had long enough: what is open stays readable."""
    descriptor = os.open(home / MANIFEST, os.O_RDONLY)
    end = time.monotonic() + LEAVE_S
    try:
        while time.monotonic() < end:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(PAUSE_S)
            else:
                return
    finally:
        os.close(descriptor)
