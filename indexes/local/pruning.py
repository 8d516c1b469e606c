"""Which releases may go, and how do they go without being pulled from under a reader?"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from indexes.contract import PruneReport
from indexes.local.pointer import POINTER_LOCK, published_history
from indexes.local.release import CALIBRATION, EVALUATION, MANIFEST, REMOVED, release_ids, release_path
from indexes.local.sources import SourceStore, sources_named
from indexes.local.writer import WRITER_LOCK
from indexes.storage import exclusive, storage_errors, sync


def prune(folder: Path, keep: int) -> PruneReport:
    """Remove all but `keep` releases, and the original files that no release names any more.

    Kept first: the published one, then the newest, then those published before, then the newest of the others. A
    release that a reader holds stays until the next time. Original files stay while a build is running.
    """
    with exclusive(folder / POINTER_LOCK, wait=True), storage_errors("pruning releases"):
        kept = _kept(folder, keep)
        goners = [name for name in release_ids(folder) if name not in kept]
        removed = tuple(name for name in goners if _remove(folder, name))
    in_use = tuple(name for name in goners if name not in removed)
    return PruneReport(removed, in_use, _prune_sources(folder))


def _kept(folder: Path, keep: int) -> list[str]:
    newest_first = release_ids(folder)[::-1]
    published_first = published_history(folder)[::-1]
    order = [*published_first[:1], *newest_first[:1], *published_first[1:], *newest_first]
    return list(dict.fromkeys(order))[: max(keep, 1)]


def _remove(folder: Path, release_id: str) -> bool:
    """Remove a release that nobody holds; the rename takes it from sight in one step."""
    home = release_path(folder, release_id)
    descriptor = os.open(home / MANIFEST, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        goner = home.rename(folder / f"{REMOVED}{release_id}")
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    sync(folder)
    shutil.rmtree(goner, ignore_errors=True)
    remove_records(folder, release_id)
    return True


def remove_records(folder: Path, release_id: str) -> None:
    """Remove what stands beside a release."""
    for ending in (EVALUATION, CALIBRATION):
        (folder / f"{release_id}{ending}").unlink(missing_ok=True)


def _prune_sources(folder: Path) -> int:
    with exclusive(folder / WRITER_LOCK, wait=False) as is_alone:
        if not is_alone:
            return 0
        return SourceStore(folder).keep_only(sources_in_use(folder))


def sources_in_use(folder: Path) -> Iterator[str]:
    """Yield the hashes of the original files that any release names."""
    for release_id in release_ids(folder):
        yield from sources_named(release_path(folder, release_id))
