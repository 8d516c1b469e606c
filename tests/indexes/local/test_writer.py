"""Does a release appear whole or not at all?"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from indexes import storage
from indexes.errors import BuildRunning, DiskFull, ReleaseError
from indexes.local.release import release_ids
from indexes.local.shelf import LocalShelf
from indexes.local.writer import LocalWriter
from tests.contracts.collection import MODEL, collection

ENTRIES = collection()


def visible(folder: Path) -> list[str]:
    """Return what an interrupted build may leave: nothing but locks and original files."""
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock") and path.name != "sources")


def test_nothing_is_visible_before_commit_or_after_abort(tmp_path: Path) -> None:
    """Readers list complete releases only."""
    writer = LocalWriter(tmp_path, MODEL)
    item = ENTRIES[0]
    writer.add(item.document, item.text, item.source, item.passages)
    assert release_ids(tmp_path) == []
    writer.abort()
    writer.abort()
    assert visible(tmp_path) == []


def test_abort_after_commit_does_nothing(tmp_path: Path) -> None:
    """A release that was committed stays."""
    writer = LocalWriter(tmp_path, MODEL)
    release_id = writer.commit()
    writer.abort()
    assert release_ids(tmp_path) == [release_id]


def test_one_build_at_a_time(tmp_path: Path) -> None:
    """A second writer is refused by name of the reason, and allowed when the first is done."""
    first = LocalWriter(tmp_path, MODEL)
    with pytest.raises(BuildRunning):
        LocalWriter(tmp_path, MODEL)
    first.abort()
    LocalWriter(tmp_path, MODEL).abort()


def test_the_leavings_of_a_killed_build_are_removed_by_the_next(tmp_path: Path) -> None:
    """Stray folders do not pile up."""
    for name in (".building-killed", ".removed-killed"):
        (tmp_path / name / "lexical").mkdir(parents=True)
    LocalWriter(tmp_path, MODEL).abort()
    assert visible(tmp_path) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_failed_sync_leaves_no_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """What could not be made durable was not built, and the message says why."""

    def fail(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    writer = LocalWriter(tmp_path, MODEL)
    item = ENTRIES[0]
    writer.add(item.document, item.text, item.source, item.passages)
    with monkeypatch.context() as patch:
        patch.setattr(storage.os, "fsync", fail)
        with pytest.raises(DiskFull if number == errno.ENOSPC else ReleaseError, match=os.strerror(number)):
            writer.commit()
    assert visible(tmp_path) == []
    LocalWriter(tmp_path, MODEL).abort()


def test_a_build_is_refused_before_it_begins_where_the_disk_is_nearly_full(
    tmp_path: Path, build: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Free space must hold two more releases and a share of the disk; removing needs none."""
    shelf = LocalShelf(tmp_path)
    release_id = build()
    shelf.publish(release_id)
    usage = storage.shutil.disk_usage(tmp_path)
    shelf.require_room()
    monkeypatch.setattr(storage.shutil, "disk_usage", lambda _: usage._replace(free=1 << 10))
    with pytest.raises(DiskFull, match="free"):
        shelf.begin(MODEL)
    shelf.prune(1)


def test_equal_originals_are_kept_once(tmp_path: Path, build: Callable[..., str]) -> None:
    """Two releases of the same documents share their original files."""
    build(3)
    before = sorted((tmp_path / "sources").iterdir())
    build(3)
    assert sorted((tmp_path / "sources").iterdir()) == before
    assert len(before) == 3
