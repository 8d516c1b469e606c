"""Does pruning remove what nobody needs, and nothing else?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from indexes.local.index import LocalIndex
from indexes.local.pointer import publish_release
from indexes.local.pruning import prune
from indexes.local.release import release_ids
from indexes.local.writer import LocalWriter
from tests.contracts.collection import MODEL

ROOT = Path(__file__).resolve().parents[3]


def test_the_published_one_and_the_newest_are_kept(tmp_path: Path, build: Callable[..., str]) -> None:
    """An old release stays as long as it is published, and so does the way back."""
    ids = [build(count) for count in (1, 2, 3, 4, 5)]
    publish_release(tmp_path, ids[1])
    publish_release(tmp_path, ids[0])
    report = prune(tmp_path, keep=3)
    assert release_ids(tmp_path) == [ids[0], ids[1], ids[4]]
    assert report.removed == (ids[2], ids[3])
    assert report.in_use == ()


def test_records_go_with_their_release(tmp_path: Path, build: Callable[..., str]) -> None:
    """What stands beside a release leaves with it, and what stands beside another stays."""
    a, b = build(1), build(2)
    for release_id in (a, b):
        (tmp_path / f"{release_id}.evaluation.json").write_text("{}")
        (tmp_path / f"{release_id}.calibration.json").write_text("{}")
    prune(tmp_path, keep=1)
    assert sorted(path.name for path in tmp_path.glob("*.json")) == [f"{b}.calibration.json", f"{b}.evaluation.json"]


def test_an_open_release_is_never_removed(tmp_path: Path, build: Callable[..., str]) -> None:
    """It goes at the first pruning after its reader has left."""
    a, _b = build(1), build(2)
    index = LocalIndex(tmp_path, a)
    assert prune(tmp_path, keep=1).in_use == (a,)
    assert len(index.documents(9)) == 1
    index.close()
    assert prune(tmp_path, keep=1).removed == (a,)


def test_a_release_open_in_another_process_is_never_removed(tmp_path: Path, build: Callable[..., str]) -> None:
    """The service is another process than the worker; when it is killed, its hold ends with it."""
    a, _b = build(1), build(2)
    code = (
        "import sys; from pathlib import Path; from indexes.local.index import LocalIndex\n"
        "index = LocalIndex(Path(sys.argv[1]), sys.argv[2]); print('open', flush=True); sys.stdin.read()"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path), a], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    try:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"open\n"
        assert prune(tmp_path, keep=1).in_use == (a,)
    finally:
        reader.kill()
        reader.communicate()
    assert prune(tmp_path, keep=1).removed == (a,)


def test_original_files_go_with_the_last_release_that_names_them(tmp_path: Path, build: Callable[..., str]) -> None:
    """Files are shared by releases; they are not touched while a build might be taking them over."""
    build(5)
    kept = build(2)
    writer = LocalWriter(tmp_path, MODEL)
    assert prune(tmp_path, keep=1).source_count == 0
    writer.abort()
    assert prune(tmp_path, keep=1).source_count == 3
    index = LocalIndex(tmp_path, kept)
    assert all(index.source(document.id) for document in index.documents(9))
    index.close()
