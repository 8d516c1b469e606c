"""Which engine keeps the releases? The only place that knows the engines there are."""

from __future__ import annotations

from indexes.contract import PassageIndex, PassageIndexWriter, ReleaseShelf
from indexes.local.shelf import LocalShelf
from indexes.manifest import ModelIdentity
from indexes.settings import IndexSettings


def open_shelf(settings: IndexSettings) -> ReleaseShelf:
    """Return the releases of the collection that the settings name."""
    return LocalShelf(settings.releases)


def open_writer(settings: IndexSettings, model: ModelIdentity) -> PassageIndexWriter:
    """Begin a release. Raises DiskFull, BuildRunning."""
    return open_shelf(settings).begin(model)


def open_index(settings: IndexSettings, release_id: str) -> PassageIndex:
    """Verify and open a release. Raises UnknownRelease, DamagedRelease, IncompatibleRelease."""
    return open_shelf(settings).open(release_id)
