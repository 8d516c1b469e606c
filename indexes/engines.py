"""Which engine keeps the releases? The only place that knows the engines there are."""

from __future__ import annotations

from indexes.contract import ReleaseShelf
from indexes.local.shelf import LocalShelf
from indexes.settings import IndexSettings


def open_shelf(settings: IndexSettings) -> ReleaseShelf:
    """Return the releases of the collection that the settings name."""
    return LocalShelf(settings.releases)
