"""How does a folder of publications become a release?

    read      each file in a child process, several at once; kept by content hash
    compare   what do documents of one publisher repeat, and which documents are alike?
    prepare   clean, split into passages; documents that have not changed are taken over
    embed     only what has not been embedded before
    write     the release, complete but not published

A broken document costs that document alone. A build that is killed goes on where it stopped.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, replace
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from corpus.catalog import Catalog
from corpus.document import Document, Publication
from indexes.contract import PassageIndex, PassageIndexWriter, ReleaseShelf
from indexes.embedding.embedder import Embedder
from indexes.engines import open_shelf
from indexes.errors import ReleaseError
from indexes.language import detect_language
from indexes.manifest import ModelIdentity
from indexes.passage import DocumentText, Passage
from indexes.settings import IndexSettings
from ingest.chunking import SplitDocument, split_into_passages
from ingest.duplicates import Candidate, Likeness, Relation, find_relations
from ingest.errors import UnreadableDocument
from ingest.furniture import Cleared, clear_furniture, merged_findings, repeated_blocks
from ingest.metadata import Fact, KnownMetadata, complete, referenced_acts
from ingest.quality import count_words, garbling_score, is_garbled
from ingest.readers.kinds import FileKind
from ingest.readers.reading import Finding, Reading, metadata_to_json
from ingest.reasons import Outcome, Reason
from ingest.receipt import Receipt
from ingest.reuse import Journal, VectorSource
from ingest.sandbox import Sandbox
from ingest.settings import IngestSettings
from ingest.store import ReadingStore, Summary

PREPARATION_VERSION = 1
"""Raised by every change to cleaning, splitting or metadata: unchanged files are then prepared anew."""
_EXPECTED = ("publisher", "year", "kind", "language")
"""Metadata whose absence a receipt reports."""
_LEAST_DRAWN_WORDS = 2
_FEW_CHARS = 200
_SEARCHED_LANGUAGES = {"cs", "en"}


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


@dataclass(slots=True)
class _Work:
    """One publication on its way."""

    publication: Publication
    name: str
    """Path below the corpus folder."""
    summary: Summary
    relations: list[Relation] = field(default_factory=list)
    site_blocks: frozenset[str] = frozenset()


def build_release(
    catalog: Catalog,
    embedder: Embedder,
    settings: IndexSettings,
    ingest: IngestSettings,
    progress: Callable[[Progress], None] = lambda _: None,
) -> BuildReport:
    """Build a release of the catalog under `settings` and return the report; the release is not published.

    Raises DiskFull, BuildRunning and EmbeddingError; a document that cannot be read is in the report, not an error.
    """
    shelf = open_shelf(settings)
    writer = shelf.begin(ModelIdentity(embedder.name, embedder.fingerprint, embedder.dimension))
    previous = _newest(shelf)
    try:
        return write_release(
            catalog, embedder, writer, previous=previous, state=settings.state, ingest=ingest, progress=progress
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
) -> BuildReport:
    """Read, split and embed all publications, write and commit a release, and return the report.

    `previous` is the release whose unchanged documents are taken over. Nothing is committed where no document could be
    indexed, or where an error stops the build (`progress` may raise to cancel it).
    """
    try:
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

    def run(self) -> BuildReport:
        digests = {publication.id: _digest(publication.file) for publication in self._catalog.publications}
        read = self._read_missing({digests[p.id]: p.file for p in self._catalog.publications})
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

    def _read_missing(self, files: Mapping[str, Path]) -> int:
        """Read every file that is not known yet, several at once, and return how many there were."""
        missing = {digest: file for digest, file in files.items() if self._store.is_due(digest)}
        self._report("read", len(files) - len(missing), len(files), 0)
        if not missing:
            return 0
        with _Readers(self._store, self._ingest) as readers:
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

    def _compared(self, digests: Mapping[str, str]) -> list[_Work]:
        works = []
        for publication in self._catalog.publications:
            summary = self._store.summary(digests[publication.id])
            assert summary is not None  # noqa: S101 - every file was read or refused
            name = publication.file.relative_to(self._catalog.folder).as_posix()
            works.append(_Work(publication, name, summary))
        sound = [work for work in works if work.summary.refusal is None]
        repeated = repeated_blocks([(_publisher(work), work.summary.keys) for work in sound])
        candidates = []
        for work in sound:
            work.site_blocks = repeated[_publisher(work)] & frozenset(work.summary.keys)
            candidates.append(self._candidate(work))
        by_id = {work.publication.id: work for work in works}
        for relation in find_relations(candidates):
            by_id[relation.id].relations.append(relation)
            by_id[relation.other].relations.append(
                Relation(relation.other, relation.id, relation.likeness, is_preferred=True)
            )
        self._report("compare", len(works), len(works), len(works))
        return works

    def _candidate(self, work: _Work) -> Candidate:
        """Return what a document is compared by; its title and year come from the previous release where it has not changed."""
        assert work.summary.fingerprint is not None  # noqa: S101 - sound documents have one
        document = self._previous.document(work.publication.id) if self._previous else None
        if document is not None and document.sha256 == work.summary.sha256 and self._is_given_alike(document, work):
            return Candidate(document.id, document.title, document.metadata.year, work.summary.fingerprint)
        reading = self._store.reading(work.summary.sha256)
        known = complete(work.publication.given, reading.metadata, self._cleared(work, reading).blocks, work.name, None)
        return Candidate(work.publication.id, known.title, known.metadata.year, work.summary.fingerprint)

    @staticmethod
    def _is_given_alike(document: Document, work: _Work) -> bool:
        given = metadata_to_json(work.publication.given)
        kept = {
            name: value for name, value in metadata_to_json(document.metadata).items() if name not in document.inferred
        }
        return given == kept

    @staticmethod
    def _cleared(work: _Work, reading: Reading) -> Cleared:
        return clear_furniture(reading.blocks, work.site_blocks)

    def _written(self, works: Sequence[_Work]) -> Iterator[Receipt]:
        """Add every document that can be searched to the release, and yield the receipts of all."""
        worked = 0
        for done, work in enumerate(works, start=1):
            try:
                receipt, is_taken_over = self._add(work)
            except UnreadableDocument as refusal:
                receipt, is_taken_over = self._refused(work, refusal), False
            worked += not is_taken_over
            yield self._with_sidecar(receipt)
            self._report("write", done, len(works), worked)

    def _add(self, work: _Work) -> tuple[Receipt, bool]:
        """Write one document and return its receipt and whether it was taken over. Raises UnreadableDocument."""
        if work.summary.refusal is not None:
            raise work.summary.refusal
        _refuse_duplicate(work)
        key = self._preparation(work)
        taken = self._taken_over(work, key)
        if taken is not None:
            return taken, True
        reading = self._store.reading(work.summary.sha256)
        cleared = self._cleared(work, reading)
        known = complete(work.publication.given, reading.metadata, cleared.blocks, work.name, None)
        whole = "\n".join(block.text for block in cleared.blocks)
        score = garbling_score(whole)
        _require_words(whole, reading)
        if is_garbled(whole, score):
            raise UnreadableDocument(Reason.LOW_QUALITY_TEXT, f"{score:.0%} of it cannot be words")
        split = split_into_passages(
            work.publication.id,
            known.title,
            cleared.blocks,
            reading.labels,
            embedder=self._embedder,
            limits=self._ingest.passages,
            detect=detect_language,
        )
        if not split.passages:
            raise UnreadableDocument(Reason.NO_TEXT)
        known = complete(work.publication.given, reading.metadata, cleared.blocks, work.name, _main_language(split))
        document = _document(work, known, reading)
        self._write(document, split.text, split.passages, key, work)
        return _receipt(work, reading, cleared, known, split=split, score=score, key=key), False

    def _write(
        self, document: Document, text: DocumentText, passages: Sequence[Passage], key: str, work: _Work
    ) -> None:
        embedded = self._vectors.embed(key, document.title, passages)
        self._writer.add(document, text, work.publication.file.read_bytes(), embedded)

    def _taken_over(self, work: _Work, key: str) -> Receipt | None:
        """Write a document as the previous release holds it, if nothing it depends on has changed."""
        if self._previous is None:
            return None
        receipt = self._previous.receipt(work.publication.id)
        if receipt is None or receipt.get("preparation") != key:
            return None
        self._writer.take_over(work.publication.id, self._previous)
        return Receipt.from_json(receipt)

    def _preparation(self, work: _Work) -> str:
        parts = [
            PREPARATION_VERSION,
            work.summary.sha256,
            work.publication.id,
            work.name,
            metadata_to_json(work.publication.given),
            sorted(work.site_blocks),
            sorted((relation.other, relation.likeness, relation.is_preferred) for relation in work.relations),
            asdict(self._ingest.passages),
            self._embedder.fingerprint,
        ]
        return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()

    def _refused(self, work: _Work, refusal: UnreadableDocument) -> Receipt:
        return Receipt(
            work.publication.id,
            work.name,
            refusal.outcome,
            (refusal.reason,),
            refusal.detail,
            sha256=work.summary.sha256,
            title=work.publication.given.title,
            related=_related(work),
            cost=work.summary.cost,
        )

    def _with_sidecar(self, receipt: Receipt) -> Receipt:
        found = [finding for finding in self._catalog.findings if finding.document_id == receipt.document_id]
        if not found:
            return receipt
        return replace(
            receipt, findings=(*receipt.findings, Finding("sidecar", len(found), sample=found[0].message[:300]))
        )


class _Readers:
    """A few sandboxes, each on a thread of its own."""

    def __init__(self, store: ReadingStore, ingest: IngestSettings) -> None:
        self._store = store
        self._limits = ingest.limits
        self._pool = ThreadPoolExecutor(ingest.readers, "reader")
        self._idle = [Sandbox(ingest.limits) for _ in range(ingest.readers)]

    def __enter__(self) -> _Readers:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        for sandbox in self._idle:
            sandbox.close()

    def read_all(self, files: Mapping[str, Path]) -> Iterator[str]:
        """Read the files and yield the hash of each when it is done."""
        futures = {self._pool.submit(self._read, digest, file): digest for digest, file in files.items()}
        for future in as_completed(futures):
            future.result()
            yield futures[future]

    def _read(self, digest: str, file: Path) -> None:
        sandbox = self._idle.pop()
        try:
            reading, cost = sandbox.read(file, self._store.attempts_note(digest))
            self._store.keep(digest, reading, cost)
        except UnreadableDocument as refusal:
            self._store.refuse(digest, refusal)
        finally:
            self._idle.append(sandbox)


def _digest(file: Path) -> str:
    with file.open("rb") as source:
        return file_digest(source, "sha256").hexdigest()


def _publisher(work: _Work) -> str:
    return work.publication.given.publisher or work.summary.publisher


def _require_words(text: str, reading: Reading) -> None:
    """Raise UnreadableDocument where there is nothing to find; drawings leave single words in a PDF."""
    if count_words(text) >= (_LEAST_DRAWN_WORDS if reading.media_type == FileKind.PDF else 1):
        return
    if reading.pages_without_text:
        raise UnreadableDocument(Reason.NO_TEXT_LAYER)
    raise UnreadableDocument(Reason.LOW_QUALITY_TEXT if len(text) > _FEW_CHARS else Reason.NO_TEXT)


def _refuse_duplicate(work: _Work) -> None:
    """Raise UnreadableDocument for a document whose very text is indexed under another id."""
    for relation in work.relations:
        if relation.likeness is Likeness.EXACT and not relation.is_preferred:
            raise UnreadableDocument(Reason.DUPLICATE, f"the same text as {relation.other}")


def _main_language(split: SplitDocument) -> str | None:
    known = {language: size for language, size in split.languages.items() if language}
    return max(known, key=lambda language: known[language], default=None)


def _document(work: _Work, known: KnownMetadata, reading: Reading) -> Document:
    metadata, inferred = known.metadata, known.inferred
    newer = next((r.other for r in work.relations if r.likeness is Likeness.VERSION and not r.is_preferred), None)
    if newer and not metadata.superseded_by:
        metadata, inferred = replace(metadata, superseded_by=newer), inferred | {"superseded_by"}
    return Document(
        work.publication.id, known.title, metadata, work.name, reading.media_type, work.summary.sha256, inferred
    )


def _related(work: _Work) -> tuple[dict[str, str], ...]:
    return tuple({"document_id": relation.other, "likeness": relation.likeness.value} for relation in work.relations)


def _receipt(
    work: _Work,
    reading: Reading,
    cleared: Cleared,
    known: KnownMetadata,
    *,
    split: SplitDocument,
    score: float,
    key: str,
) -> Receipt:
    size = max(sum(split.languages.values()), 1)
    languages = {language or "unknown": round(chars / size, 3) for language, chars in sorted(split.languages.items())}
    return Receipt(
        document_id=work.publication.id,
        file_name=work.name,
        outcome=Outcome.INDEXED,
        media_type=reading.media_type,
        sha256=work.summary.sha256,
        preparation=key,
        title=known.title,
        pages=len(reading.labels) or None,
        pages_without_text=reading.pages_without_text,
        pages_by_ocr=reading.pages_by_ocr,
        passages=len(split.passages),
        chars=len(split.text.text),
        languages=languages,
        garbling=score,
        findings=merged_findings([*reading.findings, *cleared.findings, *_notes(work, languages)]),
        related=_related(work),
        metadata={name: _fact(known, name, fact) for name, fact in sorted(known.facts.items())},
        missing=tuple(name for name in _EXPECTED if name not in known.facts),
        acts=tuple(referenced_acts(split.text.text)[:50]),
        cost=work.summary.cost,
    )


def _notes(work: _Work, languages: Mapping[str, float]) -> Iterator[Finding]:
    foreign = [language for language in languages if language not in _SEARCHED_LANGUAGES and language != "unknown"]
    if foreign:
        yield Finding("unsupported_language", len(foreign), sample=", ".join(foreign))
    codes = {Likeness.EXACT: "duplicate", Likeness.NEAR: "near_duplicate", Likeness.VERSION: "version"}
    others: dict[Likeness, list[str]] = defaultdict(list)
    for relation in work.relations:
        others[relation.likeness].append(relation.other)
    for likeness, ids in others.items():
        yield Finding(codes[likeness], len(ids), sample=", ".join(ids)[:200])


def _fact(known: KnownMetadata, name: str, fact: Fact) -> dict[str, Any]:
    value = known.title if name == "title" else metadata_to_json(known.metadata).get(name)
    entry = {"value": value, "origin": fact.origin.value, "confidence": fact.confidence}
    return entry | ({"conflict": fact.conflict} if fact.conflict else {})
