"""Which releases stand on this machine's disk? The doors of this engine, in one place."""

from __future__ import annotations

from pathlib import Path

from indexes.contract import PassageIndex, PassageIndexWriter, PruneReport, ReleaseFinding
from indexes.local import erasing, pointer, pruning, release
from indexes.local.index import LocalIndex
from indexes.local.writer import LocalWriter
from indexes.manifest import EvaluationRecord, Manifest, ModelIdentity
from indexes.storage import require_free_space, size_of, storage_errors

ROOM_FOR_RELEASES = 2
"""Free space wanted, in sizes of the published release: a build writes one, and reading it back fills caches of it."""


class LocalShelf:
    """The releases of one folder (see `indexes.contract.ReleaseShelf`)."""

    def __init__(self, folder: Path) -> None:
        """Serve the releases of `folder`, which is made by the first build."""
        self._folder = folder

    def ids(self) -> list[str]:
        """Return the ids of all complete releases, oldest first."""
        return release.release_ids(self._folder)

    def published(self) -> str | None:
        """Return the id that CURRENT names, or None."""
        return pointer.published_id(self._folder)

    def history(self) -> list[str]:
        """Return the ids that were published and are still here, oldest first, the present one last."""
        return pointer.published_history(self._folder)

    def sound_published(self) -> tuple[str, tuple[ReleaseFinding, ...]]:
        """Return the published release or the last sound one before it, and what was wrong."""
        return pointer.sound_published(self._folder)

    def last_sound(self) -> str:
        """Return the id that `sound_published` gives."""
        return pointer.sound_published(self._folder)[0]

    def manifest(self, release_id: str) -> Manifest:
        """Return the manifest of a release."""
        return release.read_manifest(self._folder, release_id)

    def verify(self, release_id: str) -> Manifest:
        """Return the manifest after comparing every byte with it."""
        return release.verify(self._folder, release_id)

    def open(self, release_id: str) -> PassageIndex:
        """Verify and open a release."""
        return LocalIndex(self._folder, release_id)

    def begin(self, model: ModelIdentity) -> PassageIndexWriter:
        """Begin a release."""
        self.require_room()
        return LocalWriter(self._folder, model)

    def publish(self, release_id: str) -> None:
        """Verify a release and make it the published one."""
        pointer.publish_release(self._folder, release_id)

    def roll_back(self) -> tuple[str, tuple[ReleaseFinding, ...]]:
        """Publish the release that was published before."""
        return pointer.roll_back(self._folder)

    def prune(self, keep: int) -> PruneReport:
        """Remove all but `keep` releases."""
        return pruning.prune(self._folder, keep)

    def erase(self, document_id: str, kept: str | None) -> tuple[str, ...]:
        """Remove every release that holds another version of a document than `kept`."""
        return erasing.erase(self._folder, document_id, kept)

    def evaluation(self, release_id: str) -> EvaluationRecord | None:
        """Return how a release scored, or None."""
        return release.read_evaluation(self._folder, release_id)

    def write_evaluation(self, record: EvaluationRecord) -> None:
        """Keep how a release scored, beside it."""
        with storage_errors(f"writing the evaluation of {record.release_id}"):
            release.write_evaluation(self._folder, record)

    def calibration(self, release_id: str) -> str | None:
        """Return the calibration written beside a release, or None."""
        return release.read_calibration(self._folder, release_id)

    def write_calibration(self, release_id: str, text: str) -> None:
        """Keep a calibration beside a release."""
        self.manifest(release_id)
        with storage_errors(f"writing the calibration of {release_id}"):
            release.write_calibration(self._folder, release_id, text)

    def require_room(self, byte_count: int = 0) -> None:
        """Raise DiskFull unless `byte_count` bytes and a new release beside the published one have room."""
        with storage_errors("looking for free space"):
            self._folder.mkdir(parents=True, exist_ok=True)
            current = self.published()
            size = size_of(self._folder / current) if current is not None and current in self.ids() else 0
            require_free_space(self._folder, ROOM_FOR_RELEASES * size + byte_count)
