"""Is every damage to a release seen before a query is served?"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from indexes.errors import DamagedRelease, IncompatibleRelease, UnknownRelease
from indexes.local.index import LocalIndex
from indexes.local.release import MANIFEST, Lease, read_manifest, release_ids, verify
from indexes.manifest import check_compatible, encode_manifest
from tests.contracts.collection import MODEL


def files_of(folder: Path, release_id: str) -> list[Path]:
    """Return every file that the manifest names, and the manifest."""
    home = folder / release_id
    return [home / MANIFEST, *(home / name for name in read_manifest(folder, release_id).files)]


def test_a_release_as_written_is_sound(tmp_path: Path, build: Callable[..., str]) -> None:
    """Control: without damage nothing is refused, also after it has been opened and closed."""
    release_id = build()
    LocalIndex(tmp_path, release_id).close()
    assert verify(tmp_path, release_id).document_count == 3
    assert release_ids(tmp_path) == [release_id]


def test_one_changed_bit_in_any_file_is_refused(tmp_path: Path, build: Callable[..., str]) -> None:
    """Every file is under the checksum, the manifest itself too."""
    release_id = build()
    for path in files_of(tmp_path, release_id):
        sound = path.read_bytes()
        for place in (0, len(sound) // 2, len(sound) - 1):
            path.write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
            with pytest.raises((DamagedRelease, IncompatibleRelease)):
                LocalIndex(tmp_path, release_id)
        path.write_bytes(sound)
    LocalIndex(tmp_path, release_id).close()


def test_a_missing_file_is_refused(tmp_path: Path, build: Callable[..., str]) -> None:
    """A file that is gone is damage; a manifest that is gone makes the release unknown."""
    release_id = build()
    for path in files_of(tmp_path, release_id)[::-1]:
        path.unlink()
        with pytest.raises(UnknownRelease if path.name == MANIFEST else DamagedRelease):
            LocalIndex(tmp_path, release_id)


def test_files_of_another_release_are_refused(tmp_path: Path, build: Callable[..., str]) -> None:
    """A sound file of another release is no sound file of this one; nor is a whole sound folder under another name."""
    first, second = build(3), build(4)
    for name in ("vectors.faiss", "passages.sqlite", MANIFEST):
        kept = (tmp_path / first / name).read_bytes()
        shutil.copyfile(tmp_path / second / name, tmp_path / first / name)
        with pytest.raises(DamagedRelease):
            LocalIndex(tmp_path, first)
        (tmp_path / first / name).write_bytes(kept)
    shutil.copytree(tmp_path / second, tmp_path / "20200101-000000-abcdef")
    with pytest.raises(DamagedRelease, match=second):
        LocalIndex(tmp_path, "20200101-000000-abcdef")


def test_a_manifest_in_another_spelling_is_refused(tmp_path: Path, build: Callable[..., str]) -> None:
    """Equal values in other bytes were not written by us."""
    release_id = build()
    path = tmp_path / release_id / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()), indent=1))
    with pytest.raises(DamagedRelease):
        read_manifest(tmp_path, release_id)


def test_a_manifest_of_a_later_format_says_what_to_do(tmp_path: Path, build: Callable[..., str]) -> None:
    """A release of another format is sound but not for this program."""
    release_id = build()
    manifest = read_manifest(tmp_path, release_id)
    object.__setattr__(manifest, "format_version", 99)
    (tmp_path / release_id / MANIFEST).write_bytes(encode_manifest(manifest))
    with pytest.raises(IncompatibleRelease, match=r"format 99.*pramen build --publish"):
        LocalIndex(tmp_path, release_id)


def test_another_model_is_named_with_what_to_do(tmp_path: Path, build: Callable[..., str]) -> None:
    """Vectors of another model, and terms of another analysis, are refused by name."""
    manifest = read_manifest(tmp_path, build())
    check_compatible(manifest, MODEL, manifest.analysis_version)
    with pytest.raises(IncompatibleRelease, match=r"made-for-tests.*pramen build --publish"):
        check_compatible(manifest, type(MODEL)("other", "0" * 64, 384), manifest.analysis_version)
    with pytest.raises(IncompatibleRelease, match="analysis"):
        check_compatible(manifest, MODEL, "another")


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "CURRENT", "sources", ".building-x", "x" * 5000, "\x00"])
def test_a_name_that_no_release_can_have_is_unknown(tmp_path: Path, build: Callable[..., str], name: str) -> None:
    """An id from outside never leads anywhere but to a release of the folder."""
    build()
    with pytest.raises(UnknownRelease):
        LocalIndex(tmp_path, name)


def test_a_lease_is_refused_where_there_is_no_release(tmp_path: Path) -> None:
    """Nothing can be held that is not there."""
    with pytest.raises(UnknownRelease):
        Lease(tmp_path, "20200101-000000-abcdef")


def test_a_changed_original_file_is_refused_when_read(tmp_path: Path, build: Callable[..., str]) -> None:
    """Original files stand outside the release and are checked each time they are read."""
    index = LocalIndex(tmp_path, build())
    assert index.source("dokument-01")
    document = index.document("dokument-01")
    assert document is not None
    (tmp_path / "sources" / document.sha256).write_bytes(b"other")
    with pytest.raises(DamagedRelease, match="original file"):
        index.source("dokument-01")
    index.close()
