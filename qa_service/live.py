"""Which release does a request see, from its first line to its last?

The published one as of the moment the request came. When CURRENT moves, the next request sees the next release; the
old one is closed when its last reader has left. A release that is damaged or was made by another model is refused:
the last sound one goes on serving, and `status` says so.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog

from indexes.analysis import ANALYSIS_VERSION
from indexes.contract import PassageIndex, ReleaseShelf
from indexes.errors import IncompatibleRelease, NoReleasePublished, ReleaseError, UnknownRelease
from indexes.manifest import ModelIdentity, check_compatible

log = structlog.get_logger(__name__)

CHECK_SECONDS = 0.5
"""How often CURRENT is looked at: the longest time after a publish for which the old release still answers."""
RETRY_SECONDS = 30.0
"""How often a refused release is tried again, in case somebody has mended it."""
PINNED_RELEASES = 2
"""How many releases beside the published one stay open for readers of permanent addresses."""


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """What is served, and what should be: both are equal unless `fault` tells why not."""

    serving: str | None
    published: str | None
    fault: ReleaseError | None = None


class _Lease:
    """An open release with the number of those who read it; closed when it is retired and the last one has left."""

    def __init__(self, index: PassageIndex) -> None:
        self.index = index
        self._readers = 0
        self._retired = False
        self._lock = threading.Lock()

    def enter(self) -> bool:
        """Count one more reader; False if the release is being given up."""
        with self._lock:
            self._readers += not self._retired
            return not self._retired

    def leave(self) -> None:
        """Count one reader less."""
        with self._lock:
            self._readers -= 1
            is_last = self._retired and self._readers == 0
        if is_last:
            self.index.close()

    def retire(self) -> None:
        """Let no new reader in."""
        with self._lock:
            is_last = not self._retired and self._readers == 0
            self._retired = True
        if is_last:
            self.index.close()


class LiveIndex:
    """Lends the published release to one request at a time; safe to use from several threads.

    Nothing is opened before `refresh` or `watch`.
    """

    def __init__(self, shelf: ReleaseShelf, model: ModelIdentity) -> None:
        self._shelf = shelf
        self._model = model
        self._lock = threading.Lock()
        self._refreshing = threading.Lock()
        self._lease: _Lease | None = None
        self._pinned: dict[str, _Lease] = {}
        self._status = LiveStatus(None, None)
        self._tried_at = float("-inf")
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def status(self) -> LiveStatus:
        """What is served now, and what should be."""
        return self._status

    @property
    def engine(self) -> str | None:
        """The engine of the release that is served."""
        lease = self._lease
        return lease.index.manifest.engine if lease else None

    @property
    def created(self) -> datetime | None:
        """When the release that is served was made, in UTC."""
        lease = self._lease
        return lease.index.manifest.created if lease else None

    @contextmanager
    def current(self) -> Iterator[PassageIndex]:
        """Lend the release that is served now. Raises the ReleaseError that keeps the service from having one."""
        lease = self._entered_current()
        try:
            yield lease.index
        finally:
            lease.leave()

    @contextmanager
    def at(self, release_id: str | None) -> Iterator[PassageIndex]:
        """Lend a kept release by its id; without an id, the one that is served. Raises UnknownRelease as well."""
        if release_id is None or release_id == self._status.serving:
            with self.current() as index:
                if release_id in (None, index.manifest.release_id):
                    yield index
                    return
        lease = self._entered_pinned(str(release_id))
        try:
            yield lease.index
        finally:
            lease.leave()

    def require(self, release_id: str) -> None:
        """Do nothing where a release is kept or served. Raises UnknownRelease otherwise."""
        if release_id != self._status.serving and release_id not in self._shelf.ids():
            raise UnknownRelease(f"there is no release {release_id[:80]!r}")

    def refresh(self) -> None:
        """Serve what CURRENT names, or what is sound in its place."""
        with self._refreshing:
            published = self._shelf.published()
            before = self._status
            if published == before.published and before.serving and not before.fault:
                return
            if published == before.published and time.monotonic() - self._tried_at < RETRY_SECONDS:
                return
            self._tried_at = time.monotonic()
            self._swap(published)
        if self._status != before:
            self._tell()

    def forget_erased(self) -> None:
        """Let go of kept releases that are no longer there."""
        with self._lock:
            gone = set(self._pinned) - set(self._shelf.ids()) if self._pinned else set()
            leases = [self._pinned.pop(release_id) for release_id in gone]
        for lease in leases:
            lease.retire()

    def watch(self) -> None:
        """Refresh now, and go on refreshing in a thread of its own until `close`."""
        self.refresh()
        self._watcher = threading.Thread(target=self._keep_watching, name="live-index", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        """Stop watching and close every release as its last reader leaves."""
        self._stop.set()
        if self._watcher:
            self._watcher.join()
        with self._lock:
            leases = [lease for lease in (self._lease, *self._pinned.values()) if lease]
            self._lease, self._pinned = None, {}
        for lease in leases:
            lease.retire()

    def _entered_current(self) -> _Lease:
        while True:
            lease = self._lease
            if lease is None:
                raise self._status.fault or NoReleasePublished(
                    "no release is published: build one with pramen build --publish"
                )
            if lease.enter():
                return lease

    def _entered_pinned(self, release_id: str) -> _Lease:
        with self._lock:
            lease = self._pinned.pop(release_id, None) or _Lease(self._opened(release_id))
            self._pinned[release_id] = lease
            lease.enter()
            oldest = next(iter(self._pinned)) if len(self._pinned) > PINNED_RELEASES else None
            retired = self._pinned.pop(oldest) if oldest else None
        if retired:
            retired.retire()
        return lease

    def _opened(self, release_id: str) -> PassageIndex:
        index = self._shelf.open(release_id)
        try:
            check_compatible(index.manifest, self._model, ANALYSIS_VERSION)
        except IncompatibleRelease:
            index.close()
            raise
        return index

    def _swap(self, published: str | None) -> None:
        fault: ReleaseError | None = None
        try:
            if published is None:
                raise NoReleasePublished("no release is published: build one with pramen build --publish")
            self._serve(self._opened(published))
        except ReleaseError as error:
            fault = error
            self._fall_back(published)
        serving = self._lease.index.manifest.release_id if self._lease else None
        self._status = LiveStatus(serving, published, fault)

    def _fall_back(self, refused: str | None) -> None:
        """Keep what is served; at the start, take the newest sound release instead of the one that is not."""
        if self._lease:
            return
        try:
            sound = self._shelf.last_sound()
            if sound != refused:
                self._serve(self._opened(sound))
        except ReleaseError as error:
            log.error("no_sound_release", reason=str(error))

    def _serve(self, index: PassageIndex) -> None:
        with self._lock:
            before, self._lease = self._lease, _Lease(index)
        if before:
            before.retire()

    def _tell(self) -> None:
        status = self._status
        if status.fault:
            log.error("release_refused", serving=status.serving, published=status.published, reason=str(status.fault))
        else:
            log.info("release_served", release=status.serving)

    def _keep_watching(self) -> None:
        while not self._stop.wait(CHECK_SECONDS):
            try:
                self.refresh()
                self.forget_erased()
            except Exception:  # whatever it is: with the watch ended, nothing published later would ever be served
                log.exception("releases_unreadable")
