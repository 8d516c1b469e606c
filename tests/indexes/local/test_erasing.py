"""Does a document leave every release, and the published release stay?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from indexes.errors import BuildRunning, DamagedRelease, StillPublished
from indexes.local import erasing
from indexes.local.index import LocalIndex
from indexes.local.pointer import publish_release, published_id, roll_back
from indexes.local.release import release_ids
from indexes.local.writer import LocalWriter
from tests.contracts.collection import MODEL
from tests.indexes.local.conftest import ENTRIES

LAST = ENTRIES[2].document
"""In a release of three documents, and in none of two."""


def sources(folder: Path) -> set[str]:
    """Return the hashes of the original files that are kept."""
    return {path.name for path in (folder / "sources").iterdir()}


def test_every_release_that_holds_the_document_goes(tmp_path: Path, build: Callable[..., str]) -> None:
    """Published before or never, with its records and the original file; releases without it stay."""
    before, never, without, published = build(3), build(3), build(1), build(2)
    for release_id in (before, published):
        publish_release(tmp_path, release_id)
    for release_id in (before, published):
        (tmp_path / f"{release_id}.evaluation.json").write_text("{}")
    assert set(erasing.erase(tmp_path, LAST.id, None)) == {before, never}
    assert release_ids(tmp_path) == [without, published]
    assert published_id(tmp_path) == published
    assert [path.name for path in tmp_path.glob("*.json")] == [f"{published}.evaluation.json"]
    assert LAST.sha256 not in sources(tmp_path)
    assert list(tmp_path.glob(".removed*")) == []
    assert erasing.erase(tmp_path, LAST.id, None) == ()


def test_the_published_release_never_goes(tmp_path: Path, build: Callable[..., str]) -> None:
    """Who still publishes the document is told, and nothing is removed; a rollback counts too."""
    with_it, without = build(3), build(2)
    publish_release(tmp_path, with_it)
    with pytest.raises(StillPublished, match="build --publish"):
        erasing.erase(tmp_path, LAST.id, None)
    publish_release(tmp_path, without)
    roll_back(tmp_path)
    with pytest.raises(StillPublished, match=with_it):
        erasing.erase(tmp_path, LAST.id, None)
    assert release_ids(tmp_path) == [with_it, without]


def test_an_unsound_published_release_keeps_the_others(tmp_path: Path, build: Callable[..., str]) -> None:
    """One of them is served in its place."""
    with_it, without = build(3), build(2)
    publish_release(tmp_path, with_it)
    publish_release(tmp_path, without)
    (tmp_path / without / "vectors.faiss").write_bytes(b"")
    with pytest.raises(DamagedRelease):
        erasing.erase(tmp_path, LAST.id, None)
    assert with_it in release_ids(tmp_path)


def test_the_version_that_is_kept_is_no_reason(tmp_path: Path, build: Callable[..., str]) -> None:
    """Releases that hold the document as it is now stay; a receipt of another version is one."""
    with_it = build(3)
    published = build(3)
    publish_release(tmp_path, published)
    assert erasing.erase(tmp_path, LAST.id, LAST.sha256) == ()
    with pytest.raises(StillPublished):
        erasing.erase(tmp_path, LAST.id, "0" * 64)
    assert release_ids(tmp_path) == [with_it, published]


def test_a_refused_document_leaves_its_receipt_nowhere(tmp_path: Path, build: Callable[..., str]) -> None:
    """A receipt quotes what it tells of."""
    writer = LocalWriter(tmp_path, MODEL)
    item = ENTRIES[0]
    writer.add(item.document, item.text, item.source, item.passages)
    writer.add_receipt("refused", {"document_id": "refused", "outcome": "rejected"})
    with_receipt = writer.commit()
    publish_release(tmp_path, build(2))
    assert erasing.erase(tmp_path, "refused", None) == (with_receipt,)


def test_an_older_release_that_cannot_be_read_goes_too(tmp_path: Path, build: Callable[..., str]) -> None:
    """Nobody can tell what it holds."""
    unreadable, published = build(1), build(2)
    publish_release(tmp_path, published)
    (tmp_path / unreadable / "passages.sqlite").write_bytes(b"no database" * 100)
    assert erasing.erase(tmp_path, LAST.id, None) == (unreadable,)


def test_nothing_is_erased_beside_a_build(tmp_path: Path, build: Callable[..., str]) -> None:
    """It may have begun before the document was removed, and would bring it back."""
    with_it = build(3)
    publish_release(tmp_path, build(2))
    writer = LocalWriter(tmp_path, MODEL)
    with pytest.raises(BuildRunning):
        erasing.erase(tmp_path, LAST.id, None)
    writer.abort()
    assert erasing.erase(tmp_path, LAST.id, None) == (with_it,)


def test_readers_have_a_moment_to_close_a_release(tmp_path: Path, build: Callable[..., str]) -> None:
    """It is out of sight at once, goes when the last reader has left, and opens for nobody meanwhile."""
    with_it = build(3)
    publish_release(tmp_path, build(2))
    index = LocalIndex(tmp_path, with_it)
    erasure = threading.Thread(target=erasing.erase, args=(tmp_path, LAST.id, None))
    erasure.start()
    while with_it in release_ids(tmp_path):
        pass
    assert index.document(LAST.id) is not None
    index.close()
    erasure.join()
    assert list(tmp_path.glob(".removed*")) == []


def test_a_reader_that_never_leaves_does_not_keep_a_release(
    tmp_path: Path, build: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it has open it can read to the end."""
    monkeypatch.setattr(erasing, "LEAVE_S", 0.1)
    with_it = build(3)
    publish_release(tmp_path, build(2))
    index = LocalIndex(tmp_path, with_it)
    assert erasing.erase(tmp_path, LAST.id, None) == (with_it,)
    assert list(tmp_path.glob(".removed*")) == []
    assert index.document(LAST.id) is not None
    index.close()
