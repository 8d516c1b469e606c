"""What may staff ask for, and what becomes of it?

Nothing here changes the collection: every wish becomes a job for the worker, written down before it is acknowledged.
Files are looked at only so far as to refuse at the door what cannot be a publication.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from corpus.catalog import Catalog, read_catalog
from corpus.document import Metadata, Publication
from corpus.errors import FileRefused, InvalidSidecar, PublicationExists, UnknownPublication
from corpus.file_kinds import FileKind, check_claim, check_name, kind_of
from corpus.identifiers import VALID_ID, slug
from corpus.shelf import RemovedPublication, removed_publications
from corpus.sidecar import as_table, metadata_from
from indexes.contract import ReleaseShelf
from indexes.jobs import FINISHED, Job, JobKind, JobQueue
from indexes.settings import IndexSettings
from indexes.storage import storage_errors
from indexes.uploads import discard_upload, keep_upload, new_upload
from qa_service.errors import UnknownReceipt, UploadRefused
from qa_service.live import LiveIndex

ID_CHARS = 100
COPY_BYTES = 1024 * 1024

SUFFIXES = {
    FileKind.PDF: ".pdf",
    FileKind.DOCX: ".docx",
    FileKind.PPTX: ".pptx",
    FileKind.HTML: ".html",
    FileKind.MARKDOWN: ".md",
    FileKind.TEXT: ".txt",
}
"""How a file is named on our disk: by our id and its content, never by what a stranger called it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sends, with what is said about it (`title`, `authors`, ... and `id`, `replace`)."""

    file_name: str
    content: BinaryIO
    size: int
    described: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that will not be lost: its future id, the name it came under, and the job that will add it."""

    id: str
    file_name: str
    job: Job


@dataclass(frozen=True, slots=True)
class _Kept:
    """An upload on our disk that no job names yet."""

    upload: str
    id: str
    file_name: str
    metadata: Mapping[str, Any]
    replaces: bool


class Curation:
    """Staff's wishes for one collection."""

    def __init__(self, settings: IndexSettings, shelf: ReleaseShelf, queue: JobQueue, live: LiveIndex) -> None:
        self._settings = settings
        self._shelf = shelf
        self._live = live
        self._naming = threading.Lock()
        self.queue = queue

    def accept(self, uploads: Sequence[Upload]) -> list[Accepted]:
        """Keep all files, or none, and return them with the jobs that will add them.

        Raises UploadRefused, InvalidSidecar, PublicationExists and DiskFull; then nothing is kept.
        """
        self._shelf.require_room(sum(upload.size for upload in uploads))
        kept: list[_Kept] = []
        with self._naming:
            taken = self._taken_ids()
            try:
                for upload in uploads:
                    kept.append(self._kept(upload, taken))
                    taken.add(kept[-1].id)
            except BaseException:
                for one in kept:
                    discard_upload(self._settings.state, one.upload)
                raise
            return [Accepted(one.id, one.file_name, self._enqueue(one)) for one in kept]

    def describe(self, document_id: str, changes: Mapping[str, Any]) -> Job:
        """Ask for other metadata; None takes a fact away. Raises UnknownPublication, InvalidSidecar."""
        given = self._publication(document_id).given
        table = {**as_table(given), **changes}
        metadata = _checked(table, given.title or self._inferred_title(document_id))
        return self.queue.enqueue(JobKind.DESCRIBE, {"id": document_id, "metadata": _as_json(metadata)})

    def remove(self, document_id: str) -> Job:
        """Ask for a publication to be taken out; search forgets it at the next release. Raises UnknownPublication."""
        self._publication(document_id)
        return self.queue.enqueue(JobKind.REMOVE, {"id": document_id})

    def removed(self) -> list[RemovedPublication]:
        """Return what was removed or replaced, newest first."""
        return removed_publications(self._settings.removed)

    def bring_back(self, name: str) -> Job:
        """Ask for a removed publication to be put back. Raises UnknownPublication, PublicationExists, DiskFull."""
        publication = next((one for one in self.removed() if one.name == name), None)
        if publication is None:
            raise UnknownPublication(f"no removed publication has the name {name[:ID_CHARS]!r}")
        if publication.id in self._taken_ids():
            raise PublicationExists(f"the id {publication.id!r} is taken again: remove that publication first")
        self._shelf.require_room()
        return self.queue.enqueue(JobKind.BRING_BACK, {"id": publication.id, "name": name})

    def build(self, *, publish: bool) -> Job:
        """Ask for a new release. Raises DiskFull."""
        self._shelf.require_room()
        return self.queue.enqueue(JobKind.BUILD, {"publish": publish})

    def publish(self, release_id: str) -> Job:
        """Ask for a release to be published, which the gate may refuse. Raises UnknownRelease, DamagedRelease."""
        self._shelf.manifest(release_id)
        return self.queue.enqueue(JobKind.PUBLISH, {"release": release_id})

    def roll_back(self) -> Job:
        """Ask for the release that was published before the present one."""
        return self.queue.enqueue(JobKind.ROLL_BACK)

    def receipt(self, document_id: str) -> Mapping[str, Any]:
        """Return what the newest build says of a publication. Raises UnknownReceipt."""
        for receipt in self.receipts():
            if receipt["document_id"] == document_id:
                return receipt
        raise UnknownReceipt(document_id)

    def receipts(self) -> list[Mapping[str, Any]]:
        """Return the receipts of the newest build, published or not, and of one that could index nothing."""
        builds = (job for job in self.queue.jobs(limit=None, states=tuple(FINISHED)) if job.kind is JobKind.BUILD)
        newest = next((job for job in builds if job.result.get("documents")), None)
        ids = self._shelf.ids()
        if newest and newest.finished and not (ids and self._shelf.manifest(ids[-1]).created > newest.finished):
            return list(newest.result["documents"])
        if not ids:
            return []
        with self._live.at(ids[-1]) as index:
            return list(index.receipts())

    def publications(self) -> Iterator[Mapping[str, Any]]:
        """Yield every publication of the corpus with what was written, what was inferred and how its reading went."""
        receipts = {receipt["document_id"]: receipt for receipt in self.receipts()}
        for publication in self._catalog().publications:
            receipt = receipts.get(publication.id, {})
            yield {
                "id": publication.id,
                "file_name": publication.file.relative_to(self._settings.corpus).as_posix(),
                "given": _as_json(publication.given),
                "outcome": receipt.get("outcome"),
                "reasons": receipt.get("reasons", []),
                "metadata": receipt.get("metadata", {}),
                "is_searchable": self._is_searchable(publication.id),
            }

    def findings(self) -> list[Mapping[str, Any]]:
        """Return what is wrong with the descriptions of publications."""
        return [asdict(finding) for finding in self._catalog().findings]

    def releases(self) -> Iterator[Mapping[str, Any]]:
        """Yield every release, newest first, with its counts and scores."""
        published = self._shelf.published()
        for release_id in reversed(self._shelf.ids()):
            manifest = self._shelf.manifest(release_id)
            evaluation = self._shelf.evaluation(release_id)
            yield {
                "id": release_id,
                "created": manifest.created.isoformat(),
                "documents": manifest.document_count,
                "passages": manifest.passage_count,
                "model": manifest.model.name,
                "is_published": release_id == published,
                "evaluation": evaluation and {"scores": evaluation.scores, "judged": evaluation.judged_count},
            }

    def _inferred_title(self, document_id: str) -> str:
        titles = (each.get("title") for each in self.receipts() if each["document_id"] == document_id)
        return next(titles, None) or document_id

    def _is_searchable(self, document_id: str) -> bool:
        if self._live.status.serving is None:
            return False
        with self._live.current() as index:
            return index.document(document_id) is not None

    def _catalog(self) -> Catalog:
        """Return the publications of the corpus; a folder that is not there yet holds none."""
        folder = self._settings.corpus
        return read_catalog(folder) if folder.is_dir() else Catalog(folder, (), ())

    def _publication(self, document_id: str) -> Publication:
        for publication in self._catalog().publications:
            if publication.id == document_id:
                return publication
        raise UnknownPublication(f"no publication of the corpus has the id {document_id[:ID_CHARS]!r}")

    def _taken_ids(self) -> set[str]:
        waiting = {str(job.parameters.get("id")) for job in self.queue.unfinished()}
        return waiting | {publication.id for publication in self._catalog().publications}

    def _kept(self, upload: Upload, taken: set[str]) -> _Kept:
        name = PurePosixPath(upload.file_name.replace("\\", "/")).name
        described = dict(upload.described)
        replaces, wanted = described.pop("replace", False), described.pop("id", None)
        if not isinstance(replaces, bool):
            raise InvalidSidecar(f"metadata: replace is {str(replaces)[:ID_CHARS]!r}; write true or false")
        document_id = _chosen_id(wanted, name, taken, replaces=replaces)
        # What nobody describes is left to the build, which infers a title from the text instead of the file's name.
        metadata = _as_json(_checked(described, PurePosixPath(name).stem)) if described else {}
        try:
            check_name(upload.file_name)
            check_name(name)
            home = self._written(upload, name, document_id)
        except FileRefused as error:
            raise UploadRefused(error.code, upload.file_name, error.detail) from error
        return _Kept(home, document_id, upload.file_name, metadata, replaces)

    def _written(self, upload: Upload, name: str, document_id: str) -> str:
        """Write a file durably under a name of ours and return the id of the upload. Raises FileRefused."""
        home, path = new_upload(self._settings.state, "incoming")
        try:
            with storage_errors("accepting an upload"), path.open("wb") as file:
                while piece := upload.content.read(COPY_BYTES):
                    file.write(piece)
            kind = kind_of(path)
            check_claim(name, kind)
            path.rename(path.with_name(document_id + SUFFIXES[kind]))
            keep_upload(self._settings.state, home)
        except BaseException:
            discard_upload(self._settings.state, home)
            raise
        return home

    def _enqueue(self, kept: _Kept) -> Job:
        parameters = {"upload": kept.upload, "id": kept.id, "metadata": kept.metadata}
        return self.queue.enqueue(JobKind.REPLACE if kept.replaces else JobKind.ADD, parameters)


def _chosen_id(wanted: object, name: str, taken: set[str], *, replaces: bool) -> str:
    """Return the id that was asked for, else a free one made from the name of the file."""
    if wanted is not None:
        if not isinstance(wanted, str) or not VALID_ID.fullmatch(wanted) or len(wanted) > ID_CHARS:
            raise UploadRefused("invalid_id", str(wanted), "an id is made of a-z, 0-9 and -")
        if wanted in taken and not replaces:
            raise PublicationExists(f"the id {wanted!r} is taken: send replace=true to replace the publication")
        return wanted
    base = slug(PurePosixPath(name).stem)[:ID_CHARS].strip("-")
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return base if replaces else next(each for each in candidates if each not in taken)


def _checked(described: Mapping[str, Any], title: str) -> Metadata:
    """Return the metadata described; without a title, the name of the file stands in. Raises InvalidSidecar."""
    return metadata_from({**described, "title": described.get("title") or title.strip() or "?"}, "metadata")


def _as_json(metadata: Metadata) -> dict[str, Any]:
    return {
        key: value if isinstance(value, str | int | list) else str(value) for key, value in as_table(metadata).items()
    }
