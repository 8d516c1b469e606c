"""How is a removed publication deleted for good, as the law may ask for personal data?

Everything that the installation holds of it goes: the original in each version that was removed or replaced, releases
with its text and its receipt, readings, drawn pages, and what jobs tell of it. The versions go last, so that an
interrupted erasure is found and finished by asking again. Backups and exports are beyond our reach.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.catalog import read_catalog
from corpus.document import Publication
from corpus.errors import StillInCollection, UnknownPublication
from corpus.shelf import discard_incoming, erase, removed_versions
from indexes.contract import ReleaseShelf
from indexes.errors import JobError
from indexes.jobs import JobQueue
from indexes.settings import IndexSettings
from indexes.storage import sha256_of
from indexes.uploads import discard_copies
from ingest.settings import IngestSettings
from ingest.store import ReadingStore


@dataclass(frozen=True, slots=True)
class Erased:
    """What went: versions of the original, releases by their ids, and jobs."""

    version_count: int
    releases: tuple[str, ...]
    job_count: int


def erase_publication(
    document_id: str,
    settings: IndexSettings,
    ingest: IngestSettings,
    shelf: ReleaseShelf,
    queue: JobQueue,
    *,
    caches: Sequence[Path],
) -> Erased:
    """Delete what was removed or replaced under an id, and return what went; what is in the collection stays.

    `caches` are folders of files that can be made anew. Raises StillPublished where the published release holds it,
    UnknownPublication and StillInCollection where there is nothing to erase, BuildRunning, JobError.
    """
    publications = read_catalog(settings.corpus).publications if settings.corpus.is_dir() else ()
    kept = next((sha256_of(one.file) for one in publications if one.id == document_id), None)
    _require_no_job(queue, document_id)
    versions = removed_versions(settings.removed, document_id)
    releases = shelf.erase(document_id, kept)
    job_count = queue.forget_document(document_id, shelf.ids())
    _forget_copies(versions, settings, queue)
    _forget_readings(publications, settings, ingest)
    for cache in caches:
        _empty(cache)
    erase(versions)
    if not (versions or releases):
        raise _nothing_left(document_id, is_kept=kept is not None)
    return Erased(len(versions), releases, job_count)


def _require_no_job(queue: JobQueue, document_id: str) -> None:
    for job in queue.unfinished():
        if job.parameters.get("id") == document_id:
            raise JobError(f"job {job.id} on {document_id!r} has not ended: wait for it, or cancel it")


def _forget_copies(versions: Sequence[Path], settings: IndexSettings, queue: JobQueue) -> None:
    """Remove the copies that an interrupted upload or addition of one of the versions may have left."""
    digests = {sha256_of(file) for home in versions for file in home.iterdir() if file.is_file()}
    discard_incoming(settings.corpus, lambda file: sha256_of(file) in digests)
    discard_copies(settings.state, queue, lambda file: sha256_of(file) in digests)


def _forget_readings(publications: Sequence[Publication], settings: IndexSettings, ingest: IngestSettings) -> None:
    """Remove the readings of everything that is not in the corpus, and the vectors of interrupted builds."""
    store = ReadingStore(settings.state / "readings", ingest.limits)
    store.prune({sha256_of(publication.file) for publication in publications})
    shutil.rmtree(settings.state / "vectors", ignore_errors=True)


def _empty(cache: Path) -> None:
    """Remove the files of a folder that others may be writing to."""
    for file in cache.glob("*"):
        file.unlink(missing_ok=True)


def _nothing_left(document_id: str, *, is_kept: bool) -> StillInCollection | UnknownPublication:
    if is_kept:
        return StillInCollection(
            f"{document_id!r} is in the collection, and no earlier version of it is kept: remove it (pramen remove)"
            " and publish a release without it (pramen build --publish) first"
        )
    return UnknownPublication(f"nothing is kept of a publication with the id {document_id!r}")
