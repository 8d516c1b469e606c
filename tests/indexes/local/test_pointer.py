"""Is the right release published after every order of publishing, rolling back and damage?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexes.errors import DamagedRelease, NoReleasePublished, UnknownRelease
from indexes.local.pointer import (
    CURRENT,
    HISTORY,
    publish_release,
    published_history,
    published_id,
    roll_back,
    sound_published,
)


def damage(folder: Path, release_id: str) -> None:
    """Change a byte of a release."""
    path = folder / release_id / "vectors.faiss"
    path.write_bytes(path.read_bytes()[:-1] + b"\x00\x01")


def test_nothing_is_published_at_first(tmp_path: Path, build: Callable[..., str]) -> None:
    """A release that was only built is not served, not even in need."""
    build()
    assert published_id(tmp_path) is None
    with pytest.raises(NoReleasePublished, match="pramen build --publish"):
        sound_published(tmp_path)
    with pytest.raises(NoReleasePublished):
        roll_back(tmp_path)


def test_rolling_back_the_first_release_keeps_it_and_says_why(tmp_path: Path, build: Callable[..., str]) -> None:
    """There is nothing earlier; that is not the same as nothing published."""
    only = build()
    publish_release(tmp_path, only)
    with pytest.raises(NoReleasePublished, match=f"{only} stays published"):
        roll_back(tmp_path)
    assert published_id(tmp_path) == only


def test_publishing_and_rolling_back_walk_one_line(tmp_path: Path, build: Callable[..., str]) -> None:
    """Each roll-back goes one further back; publishing again goes on from there."""
    a, b, c = build(1), build(2), build(3)
    for release_id in (a, b, c):
        publish_release(tmp_path, release_id)
        assert published_id(tmp_path) == release_id
    assert roll_back(tmp_path) == (b, ())
    assert roll_back(tmp_path) == (a, ())
    with pytest.raises(NoReleasePublished):
        roll_back(tmp_path)
    assert published_id(tmp_path) == a
    publish_release(tmp_path, c)
    assert published_history(tmp_path) == [a, c]
    assert roll_back(tmp_path)[0] == a


def test_publishing_twice_leaves_one_entry(tmp_path: Path, build: Callable[..., str]) -> None:
    """Pressing publish twice must not make a roll-back lead to the same release."""
    a, b = build(1), build(2)
    for release_id in (a, b, b):
        publish_release(tmp_path, release_id)
    assert roll_back(tmp_path)[0] == a


def test_a_damaged_or_unknown_release_is_not_published(tmp_path: Path, build: Callable[..., str]) -> None:
    """The swap is refused and the published release stays."""
    a, b = build(1), build(2)
    publish_release(tmp_path, a)
    damage(tmp_path, b)
    with pytest.raises(DamagedRelease):
        publish_release(tmp_path, b)
    with pytest.raises(UnknownRelease):
        publish_release(tmp_path, "20200101-000000-abcdef")
    assert sound_published(tmp_path) == (a, ())


def test_a_damaged_release_is_replaced_by_the_one_before(tmp_path: Path, build: Callable[..., str]) -> None:
    """The last sound one is served, and what was wrong is told; a later one that no gate has passed is not taken."""
    a, b = build(1), build(2)
    publish_release(tmp_path, a)
    publish_release(tmp_path, b)
    build(3)
    damage(tmp_path, b)
    release_id, findings = sound_published(tmp_path)
    assert release_id == a
    assert [(finding.release_id, finding.code) for finding in findings] == [(b, "release_damaged")]


def test_where_none_is_sound_nothing_is_served(tmp_path: Path, build: Callable[..., str]) -> None:
    """It is an error that names every damage, never an empty index."""
    a, b = build(1), build(2)
    for release_id in (a, b):
        publish_release(tmp_path, release_id)
        damage(tmp_path, release_id)
    with pytest.raises(NoReleasePublished, match=f"{b}.*{a}"):
        sound_published(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\xff\x00\xfe", b"20200101-000000-abcdef\n", b"../..\n", b"x" * 100_000])
def test_a_damaged_pointer_leads_to_the_release_last_published(
    tmp_path: Path, build: Callable[..., str], content: bytes
) -> None:
    """CURRENT itself may be damaged; HISTORY knows."""
    a, b = build(1), build(2)
    publish_release(tmp_path, a)
    publish_release(tmp_path, b)
    (tmp_path / CURRENT).write_bytes(content)
    assert sound_published(tmp_path)[0] == b


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b"nonsense\n../x\n"])
def test_a_damaged_history_costs_the_way_back_but_not_the_service(
    tmp_path: Path, build: Callable[..., str], content: bytes | None
) -> None:
    """CURRENT alone decides what is served."""
    a, b = build(1), build(2)
    publish_release(tmp_path, a)
    publish_release(tmp_path, b)
    if content is None:
        (tmp_path / HISTORY).unlink()
    else:
        (tmp_path / HISTORY).write_bytes(content)
    assert sound_published(tmp_path) == (b, ())
    publish_release(tmp_path, a)
    assert published_history(tmp_path)[-1] == a


def test_a_crash_between_history_and_pointer_changes_nothing(tmp_path: Path, build: Callable[..., str]) -> None:
    """An entry behind the published one was never published."""
    a, b, c = build(1), build(2), build(3)
    publish_release(tmp_path, a)
    publish_release(tmp_path, b)
    with (tmp_path / HISTORY).open("a") as file:
        file.write(f"{c}\n")
    assert sound_published(tmp_path) == (b, ())
    assert roll_back(tmp_path)[0] == a
