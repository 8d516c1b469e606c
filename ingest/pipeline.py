"""How does a folder of publications become a release?

    read      each file in a child process, several at once; kept by content hash
    compare   what do documents of one publisher repeat, and which documents are alike?
    prepare   clean, split into passages; documents that have not changed are taken over
    embed     only what has not been embedded before
    write     the release, complete but not published

A broken document costs that document alone. A build that is killed goes on where it stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.catalog import Catalog
from corpus.document import Document
from indexes.contract import PassageIndex, PassageIndexWriter, ReleaseShelf
from indexes.embedding.embedder import Embedder
from indexes.engines import open_shelf
from indexes.errors import ReleaseError
from indexes.manifest import ModelIdentity
from indexes.settings import IndexSettings
from indexes.storage import sha256_of
from ingest.cost import Cost
from ingest.duplicates import Candidate, Relation, find_relations
from ingest.errors import UnreadableDocument
from ingest.furniture import clear_furniture
from ingest.preparation import described, prepare, refused
from ingest.quality import require_words
from ingest.readers.ocr import installed_languages
from ingest.readers.reading import Finding
from ingest.reading_pool import ReaderPool
from ingest.reasons import Outcome, Reason
from ingest.receipt import Receipt
from ingest.repetition import blocks_to_leave_out
from ingest.reuse import Journal, VectorSource
from ingest.settings import IngestSettings
from ingest.store import ReadingStore, Summary
from ingest.work import Work

_SIDECAR = "sidecar"
_UNKNOWN_SUCCESSOR = "unknown_successor"
_OF_THE_CATALOG = {_SIDECAR, _UNKNOWN_SUCCESSOR}
"""Findings about what this build's catalog says, so they are never taken over with a receipt."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: `done` of `total` documents of a stage."""

    stage: str
    """`read`, `compare`, `write`."""
    done: int
    total: int
    seconds_left: float | None = None
    """Estimated from the documents done so far, None before there are any."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build came to. `release_id` is None where no document could be indexed."""

    release_id: str | None
    receipts: tuple[Receipt, ...]
    read: int = 0
    """How many files had to be read; the others were known."""
    embedded: int = 0
    """How many passages had to be embedded."""


def build_release(
    catalog: Catalog,
    embedder: Embedder,
    settings: IndexSettings,
    ingest: IngestSettings,
    progress: Callable[[Progress], None] = lambda _: None,
    *,
    glossary: str | None = None,
) -> BuildReport:
    """Build a release of the catalog under `settings` and return the report; the release is not published.

    `glossary` is the text of the glossary with which the release is to be searched, as it stands now.
    Raises DiskFull, BuildRunning and EmbeddingError; a document that cannot be read is in the report, not an error.
    """
    shelf = open_shelf(settings)
    writer = shelf.begin(ModelIdentity(embedder.name, embedder.fingerprint, embedder.dimension))
    previous = _newest(shelf)
    try:
        return write_release(
            catalog,
            embedder,
            writer,
            previous=previous,
            state=settings.state,
            ingest=ingest,
            progress=progress,
            glossary=glossary,
        )
    finally:
        if previous is not None:
            previous.close()


def _newest(shelf: ReleaseShelf) -> PassageIndex | None:
    """Return the newest release that can be opened: what it holds need not be made again."""
    for release_id in reversed(shelf.ids()):
        try:
            return shelf.open(release_id)
        except ReleaseError:
            continue  # damaged or of another format: an older one may serve, and none only costs time
    return None


def write_release(
    catalog: Catalog,
    embedder: Embedder,
    writer: PassageIndexWriter,
    *,
    previous: PassageIndex | None,
    state: Path,
    ingest: IngestSettings,
    progress: Callable[[Progress], None],
    glossary: str | None = None,
) -> BuildReport:
    """Read, split and embed all publications, write and commit a release, and return the report.

    `previous` is the release whose unchanged documents are taken over. Nothing is committed where no document could be
    indexed, or where an error stops the build (`progress` may raise to cancel it).
    """
    try:
        if glossary is not None:
            writer.add_glossary(glossary)
        return _Build(catalog, embedder, writer, previous=previous, state=state, ingest=ingest, progress=progress).run()
    except BaseException:
        writer.abort()
        raise


class _Build:
    """One run of `write_release`."""

    def __init__(
        self,
        catalog: Catalog,
        embedder: Embedder,
        writer: PassageIndexWriter,
        *,
        previous: PassageIndex | None,
        state: Path,
        ingest: IngestSettings,
        progress: Callable[[Progress], None],
    ) -> None:
        self._catalog = catalog
        self._embedder = embedder
        self._writer = writer
        is_same_model = previous is not None and previous.manifest.model.fingerprint == embedder.fingerprint
        self._previous = previous if is_same_model else None
        self._ingest = ingest
        self._progress = progress
        self._store = ReadingStore(state / "readings", ingest.limits)
        self._journal = Journal(state / "vectors", embedder.fingerprint)
        self._vectors = VectorSource(embedder, self._previous, self._journal)
        self._started = time.monotonic()
        self._unopened: dict[str, Summary] = {}

    def run(self) -> BuildReport:
        digests = self._digests()
        read = self._read_missing({digests[p.id]: p.file for p in self._catalog.publications if p.id in digests})
        works = self._compared(digests)
        receipts = list(self._written(works))
        is_any = any(receipt.outcome is Outcome.INDEXED for receipt in receipts)
        for receipt in receipts:
            self._writer.add_receipt(receipt.document_id, receipt.to_json())
        release = self._writer.commit() if is_any else None
        if release is None:
            self._writer.abort()
        self._journal.clear()
        self._store.prune(set(digests.values()))
        return BuildReport(release, tuple(receipts), read, self._vectors.embedded)

    def _digests(self) -> dict[str, str]:
        """Return the hash of each file that can be opened, by the id of its publication; the others are refused."""
        digests = {}
        for publication in self._catalog.publications:
            try:
                digests[publication.id] = sha256_of(publication.file)
            except OSError as error:
                detail = f"it cannot be opened: {error.strerror}"
                refusal = UnreadableDocument(Reason.CORRUPT, detail, Outcome.QUARANTINED)
                self._unopened[publication.id] = Summary("", refusal, Cost())
        return digests

    def _read_missing(self, files: Mapping[str, Path]) -> int:
        """Read every file that is not known yet, several at once, and return how many there were."""
        ocr = installed_languages(self._ingest.ocr_languages)
        missing = {digest: file for digest, file in files.items() if self._store.is_due(digest, ocr)}
        self._report("read", len(files) - len(missing), len(files), 0)
        if not missing:
            return 0
        with ReaderPool(self._store, self._ingest) as readers:
            for done, _ in enumerate(readers.read_all(missing), start=1):
                self._report("read", len(files) - len(missing) + done, len(files), done)
        return len(missing)

    def _report(self, stage: str, done: int, total: int, worked: int) -> None:
        """Tell progress; the time left is that of the documents that took work, which those taken over do not."""
        elapsed = time.monotonic() - self._started
        left = elapsed / worked * (total - done) if worked else None
        self._progress(Progress(stage, done, total, left))
        if done == total:
            self._started = time.monotonic()

    def _compared(self, digests: Mapping[str, str]) -> list[Work]:
        works = []
        for publication in self._catalog.publications:
            summary = self._unopened.get(publication.id) or self._store.summary(digests[publication.id])
            assert summary is not None  # noqa: S101 - every file was read or refused
            name = publication.file.relative_to(self._catalog.folder).as_posix()
            works.append(Work(publication, name, summary))
        by_id = {work.id: work for work in works}
        for relation in find_relations([self._candidate(work) for work in self._with_words(works)]):
            by_id[relation.id].relations.append(relation)
            by_id[relation.other].relations.append(
                Relation(relation.other, relation.id, relation.likeness, is_preferred=True)
            )
        self._report("compare", len(works), len(works), len(works))
        return works

    def _with_words(self, works: Sequence[Work]) -> list[Work]:
        """Return the works to compare, and settle what each of them leaves to others of its publisher.

        One that holds no words beside that is refused before it keeps a sentence or is taken for a newer edition, and
        what is repeated is shared out anew among the rest.
        """
        sound = [work for work in works if work.summary.refusal is None]
        while True:
            left_out = blocks_to_leave_out([work.holder() for work in sound])
            for work, site_blocks in zip(sound, left_out, strict=True):
                work.site_blocks = site_blocks
                self._judge(work)
            remaining = [work for work in sound if work.summary.refusal is None]
            if len(remaining) == len(sound):
                return sound
            sound = remaining

    def _judge(self, work: Work) -> None:
        """Refuse a document that holds no words without the blocks of its site; an unchanged one was judged before."""
        if not work.site_blocks or self._unchanged(work) is not None:
            return
        reading = self._store.reading(work.summary.sha256)
        try:
            require_words(clear_furniture(reading.blocks, work.site_blocks).blocks, reading)
        except UnreadableDocument as refusal:
            work.summary = replace(work.summary, refusal=refusal)

    def _unchanged(self, work: Work) -> Document | None:
        """Return a document as the previous release holds it, if its file and what was given are the same."""
        document = self._previous.document(work.id) if self._previous else None
        return document if document is not None and work.is_still(document) else None

    def _candidate(self, work: Work) -> Candidate:
        """Return what a document is compared by; of an unchanged one, the previous release knows title and year."""
        assert work.summary.fingerprint is not None  # noqa: S101 - sound documents have one
        document = self._unchanged(work)
        if document is not None:
            return Candidate(work.id, document.title, document.metadata.year, work.summary.fingerprint)
        reading = self._store.reading(work.summary.sha256)
        known = described(work, reading, clear_furniture(reading.blocks, work.site_blocks))
        return Candidate(work.id, known.title, known.metadata.year, work.summary.fingerprint)

    def _written(self, works: Sequence[Work]) -> Iterator[Receipt]:
        """Add every document that can be searched to the release, and yield the receipts of all."""
        worked = 0
        for done, work in enumerate(works, start=1):
            try:
                receipt, is_taken_over = self._add(work)
            except UnreadableDocument as refusal:
                receipt, is_taken_over = refused(work, refusal), False
            worked += not is_taken_over
            yield replace(receipt, findings=(*receipt.findings, *self._catalog_findings(work)))
            self._report("write", done, len(works), worked)

    def _add(self, work: Work) -> tuple[Receipt, bool]:
        """Write one document and return its receipt and whether it was taken over. Raises UnreadableDocument."""
        if work.summary.refusal is not None:
            raise work.summary.refusal
        if work.original is not None:
            raise UnreadableDocument(Reason.DUPLICATE, f"the same text as {work.original}")
        key = work.preparation(self._ingest.passages, self._embedder.fingerprint)
        taken = self._taken_over(work, key)
        if taken is not None:
            return taken, True
        reading = self._store.reading(work.summary.sha256)
        prepared = prepare(work, reading, key, self._embedder, self._ingest.passages)
        embedded = self._vectors.embed(key, prepared.document.title, prepared.passages)
        self._writer.add(prepared.document, prepared.text, work.source(), embedded)
        return prepared.receipt, False

    def _taken_over(self, work: Work, key: str) -> Receipt | None:
        """Write a document as the previous release holds it, if nothing it depends on has changed.

        One whose original was lost is written anew, with its original from the corpus.
        """
        if self._previous is None or not self._writer.holds_source(work.summary.sha256):
            return None
        receipt = self._previous.receipt(work.id)
        if receipt is None or receipt.get("preparation") != key:
            return None
        self._writer.take_over(work.id, self._previous)
        taken = Receipt.from_json(receipt)
        return replace(
            taken, findings=tuple(finding for finding in taken.findings if finding.code not in _OF_THE_CATALOG)
        )

    def _catalog_findings(self, work: Work) -> Iterator[Finding]:
        found = [finding for finding in self._catalog.findings if finding.document_id == work.id]
        if found:
            yield Finding(_SIDECAR, len(found), sample=found[0].message[:300])
        successor = work.publication.given.superseded_by
        if successor and all(successor != publication.id for publication in self._catalog.publications):
            yield Finding(_UNKNOWN_SUCCESSOR, sample=successor[:300])
