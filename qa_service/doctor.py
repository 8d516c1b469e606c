"""Is everything sound that the service stands on, and if not, what mends it?"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corpus.catalog import read_catalog
from corpus.errors import PramenError
from indexes.analysis import ANALYSIS_VERSION
from indexes.embedding import open_embedder
from indexes.engines import open_shelf
from indexes.errors import NoReleasePublished
from indexes.manifest import check_compatible
from indexes.settings import IndexSettings
from qa_service.assembly import model_identity

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `remedy` says what to do where it is not sound."""

    name: str
    is_sound: bool
    found: str
    remedy: str = ""


def examine(settings: IndexSettings) -> list[Check]:
    """Return what was found of the model, the corpus, each release, and the disk. Never raises for what it finds."""
    return [
        checked("model", lambda: _model(settings), "set PRAMEN_MODEL to a sound model, or reinstall the bundled one"),
        checked("corpus", lambda: _corpus(settings), "mend the named sidecar, or set PRAMEN_CORPUS"),
        *_releases(settings),
        checked(
            "published release",
            lambda: _published(settings),
            "restore a backup with pramen restore, or run pramen build --publish",
        ),
        checked(
            "free disk",
            lambda: _disk(settings),
            f"free some space, for example by deleting what nobody will bring back from {settings.removed}, "
            "or lower PRAMEN_KEEP_RELEASES",
        ),
    ]


def checked(name: str, look: Callable[[], str], remedy: str) -> Check:
    """Return what `look` found, or the error that it raised, with what mends it."""
    try:
        return Check(name, True, look())
    except (PramenError, OSError) as error:
        return Check(name, False, str(error), remedy)


def _model(settings: IndexSettings) -> str:
    embedder = open_embedder(settings.model)
    embedder.embed_query("integrace cizinců")
    return f"{embedder.name}, {embedder.dimension} dimensions, {embedder.fingerprint[:12]}"


def _corpus(settings: IndexSettings) -> str:
    catalog = read_catalog(settings.corpus)
    broken = [finding.message for finding in catalog.findings]
    if broken:
        raise PramenError("; ".join(broken))
    return f"{len(catalog.publications)} publications in {settings.corpus}"


def _releases(settings: IndexSettings) -> Iterator[Check]:
    shelf = open_shelf(settings)
    for release_id in shelf.ids():
        yield checked(
            f"release {release_id}",
            lambda name=release_id: f"{shelf.verify(name).passage_count} passages, all checksums agree",  # type: ignore[misc]
            "it is passed over; build a new one with pramen build, or restore it from a backup",
        )


def _published(settings: IndexSettings) -> str:
    shelf = open_shelf(settings)
    published = shelf.published()
    if published is None:
        raise NoReleasePublished("nothing is published")
    check_compatible(shelf.verify(published), model_identity(open_embedder(settings.model)), ANALYSIS_VERSION)
    return published


def _disk(settings: IndexSettings) -> str:
    open_shelf(settings).require_room()
    present = next(folder for folder in (settings.releases, *settings.releases.parents) if folder.exists())
    return f"{shutil.disk_usage(present).free // MIB} MiB free"
