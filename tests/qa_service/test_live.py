"""Does every request see one sound release, and is none ever closed under a reader?"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from indexes.analysis import ANALYSIS_VERSION
from indexes.errors import DamagedRelease, IncompatibleRelease, NoReleasePublished, UnknownRelease
from indexes.manifest import ModelIdentity
from qa_service.live import LiveIndex

MODEL = ModelIdentity("m", "f", 4)


@dataclass
class Release:
    """A release that notices use after its closing."""

    release_id: str
    model: ModelIdentity = MODEL
    is_closed: bool = False
    analysis_version: str = ANALYSIS_VERSION
    manifest: Any = None

    def __post_init__(self) -> None:
        self.manifest = self

    def close(self) -> None:
        assert not self.is_closed, "closed twice"
        self.is_closed = True


@dataclass
class Shelf:
    """Releases that can be moved and broken."""

    current: str | None
    releases: dict[str, Release]
    broken: set[str] = field(default_factory=set)

    def published(self) -> str | None:
        return self.current

    def ids(self) -> list[str]:
        return list(self.releases)

    def last_sound(self) -> str:
        sound = [identity for identity in self.releases if identity not in self.broken]
        if not sound:
            raise DamagedRelease("none is whole")
        return sound[-1]

    def open(self, release_id: str) -> Release:
        if release_id in self.broken:
            raise DamagedRelease(f"{release_id}: checksum differs")
        if release_id not in self.releases:
            raise UnknownRelease(release_id)
        return self.releases[release_id]


def live_on(*identities: str, current: str | None = None) -> tuple[LiveIndex, Shelf]:
    """Return a live index over releases with these ids, and its shelf."""
    shelf = Shelf(current or identities[-1], {identity: Release(identity) for identity in identities})
    return LiveIndex(shelf, MODEL), shelf


def test_a_request_keeps_its_release_while_another_is_published() -> None:
    """The old release is closed only when its last reader has left."""
    live, shelf = live_on("r1", "r2", current="r1")
    live.refresh()
    with live.current() as before:
        shelf.current = "r2"
        live.refresh()
        with live.current() as after:
            assert (before.release_id, after.release_id) == ("r1", "r2")
        assert not before.is_closed
    assert before.is_closed
    assert live.status.serving == "r2"


def test_a_damaged_release_is_refused_and_the_one_before_goes_on_serving() -> None:
    """The status tells what is served, what should be, and why it is not."""
    live, shelf = live_on("r1", "r2", current="r1")
    live.refresh()
    shelf.broken.add("r2")
    shelf.current = "r2"
    live.refresh()
    assert (live.status.serving, live.status.published) == ("r1", "r2")
    assert isinstance(live.status.fault, DamagedRelease)


def test_a_service_that_starts_on_a_damaged_release_falls_back_to_the_last_sound_one() -> None:
    """It serves, and it says that it does not serve what was published."""
    live, shelf = live_on("r1", "r2")
    shelf.broken.add("r2")
    live.refresh()
    assert live.status.serving == "r1"
    assert live.status.fault is not None


def test_a_release_of_another_model_is_refused_by_name() -> None:
    """Vectors of two models must never meet; the message says what to do."""
    live, shelf = live_on("r1")
    shelf.releases["r1"].model = ModelIdentity("other", "g", 4)
    live.refresh()
    with pytest.raises(IncompatibleRelease, match="pramen build --publish"), live.current():
        pass


def test_without_a_release_every_request_is_refused_and_none_finds_an_empty_index() -> None:
    """Nothing published is an error with a code, never zero hits."""
    live = LiveIndex(Shelf(None, {}), MODEL)
    live.refresh()
    with pytest.raises((NoReleasePublished, DamagedRelease)) as caught, live.current():
        pass
    assert caught.value.code == "no_release"


def test_a_kept_release_can_be_read_by_its_id_beside_the_published_one() -> None:
    """A permanent address leads to the text that was quoted, also after the next publish."""
    live, _ = live_on("r1", "r2")
    live.refresh()
    with live.at("r1") as old, live.at("r2") as new, live.at(None) as present:
        assert [each.release_id for each in (old, new, present)] == ["r1", "r2", "r2"]
    with pytest.raises(UnknownRelease), live.at("r9"):
        pass


def test_few_kept_releases_stay_open() -> None:
    """The one that was not read for longest is closed, unless somebody is reading it."""
    live, shelf = live_on("r1", "r2", "r3", "r4")
    live.refresh()
    with live.at("r1"):
        for identity in ("r2", "r3"):
            with live.at(identity):
                pass
        assert not shelf.releases["r1"].is_closed
    assert shelf.releases["r1"].is_closed
    assert not shelf.releases["r3"].is_closed


def test_a_kept_release_that_was_erased_is_let_go() -> None:
    """As soon as its last reader has left; those that are still there stay open."""
    live, shelf = live_on("r1", "r2", "r3")
    live.refresh()
    with live.at("r1") as erased, live.at("r2") as kept:
        del shelf.releases["r1"]
        live.forget_erased()
        assert not erased.is_closed
    assert (erased.is_closed, kept.is_closed) == (True, False)
    with pytest.raises(UnknownRelease), live.at("r1"):
        pass


def test_a_fault_while_a_release_is_opened_does_not_end_the_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is published later would never be served, and nothing would say so."""
    monkeypatch.setattr("qa_service.live.CHECK_SECONDS", 0.001)
    live, shelf = live_on("r1", "r2", current="r1")
    has_failed, opened = threading.Event(), shelf.open

    def failing(_: str) -> Release:
        has_failed.set()
        raise MemoryError

    live.watch()
    monkeypatch.setattr(shelf, "open", failing)
    shelf.current = "r2"
    assert has_failed.wait(60)
    monkeypatch.setattr(shelf, "open", opened)
    ends = time.monotonic() + 60
    while live.status.serving != "r2" and time.monotonic() < ends:
        time.sleep(0.01)
    serving = live.status.serving
    live.close()
    assert serving == "r2"


def test_closing_waits_for_readers_release_by_release() -> None:
    """A stop takes nothing from under a running request."""
    live, shelf = live_on("r1")
    live.refresh()
    with live.current():
        live.close()
        assert not shelf.releases["r1"].is_closed
    assert shelf.releases["r1"].is_closed


def faults_of_readers_while_releases_move(live: LiveIndex, shelf: Shelf) -> list[str]:
    """Return the ids of releases that were closed while one of four readers held them, over two hundred publishes.

    Each reader holds the first release until another one is served.
    """
    faults: list[str] = []
    is_over = threading.Event()
    have_begun = threading.Barrier(5)

    def read() -> None:
        with live.current() as index:
            have_begun.wait()
            while live.status.serving == index.release_id:
                time.sleep(0.0002)
            if index.is_closed:
                faults.append(index.release_id)
        while not is_over.is_set():
            with live.current() as index:
                time.sleep(0.0002)
                if index.is_closed:
                    faults.append(index.release_id)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    have_begun.wait()
    for number in range(1, 201):
        shelf.releases[f"r{number}"] = Release(f"r{number}")
        shelf.current = f"r{number}"
        live.refresh()
        time.sleep(0.0002)
    is_over.set()
    for reader in readers:
        reader.join()
    return faults


def test_no_reader_ever_holds_a_closed_release_while_releases_move() -> None:
    """Every release but the last is closed in the end, and none too early."""
    live, shelf = live_on("r0")
    live.refresh()
    assert faults_of_readers_while_releases_move(live, shelf) == []
    assert sum(not release.is_closed for release in shelf.releases.values()) == 1


def test_the_test_of_readers_sees_a_release_that_is_closed_at_the_swap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: without counting readers, some of them hold a closed release."""
    live, shelf = live_on("r0")
    monkeypatch.setattr("qa_service.live._Lease.retire", lambda lease: lease.index.close())
    live.refresh()
    assert faults_of_readers_while_releases_move(live, shelf) != []
