"""How are many files read at the same time?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path

from indexes.storage import sha256_of
from ingest.cost import Cost
from ingest.errors import UnreadableDocument
from ingest.furniture import clear_furniture
from ingest.quality import require_words
from ingest.readers.ocr import installed_languages
from ingest.readers.reading import Reading
from ingest.reasons import Reason
from ingest.sandbox import Sandbox
from ingest.settings import IngestSettings
from ingest.store import ReadingStore


class ReaderPool:
    """A few sandboxes, each on a thread of its own; a context manager."""

    def __init__(self, store: ReadingStore, ingest: IngestSettings) -> None:
        self._store = store
        self._limits = ingest.limits
        self._ocr = installed_languages(ingest.ocr_languages)
        self._pool = ThreadPoolExecutor(ingest.readers, "reader")
        self._idle = [Sandbox(ingest.limits) for _ in range(ingest.readers)]

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        for sandbox in self._idle:
            sandbox.close()

    def read_all(self, files: Mapping[str, Path]) -> Iterator[str]:
        """Read the files and yield the hash of each when it is done. Raises DiskFull, ReaderUnavailable."""
        futures = {self._pool.submit(self._read, digest, file): digest for digest, file in files.items()}
        for future in as_completed(futures):
            future.result()
            yield futures[future]

    def _read(self, digest: str, file: Path) -> None:
        sandbox = self._idle.pop()
        note = self._store.attempts_note(digest)
        try:
            reading, cost = self._read_with_scans(sandbox, file, note)
            if _is_still(file, digest):
                self._keep(digest, reading, cost)
        except UnreadableDocument as refusal:
            if _is_still(file, digest):
                self._store.refuse(digest, refusal, self._ocr)
        finally:
            self._idle.append(sandbox)
        if self._store.summary(digest) is None:
            self._store.pass_over(digest)

    def _keep(self, digest: str, reading: Reading, cost: Cost) -> None:
        """Keep a reading that holds words. Raises UnreadableDocument.

        What is refused must be known before documents are compared: it keeps nothing that others repeat, and is no newer
        edition of any.
        """
        own = clear_furniture(reading.blocks).blocks
        try:
            require_words(own, reading)
        except UnreadableDocument as refusal:
            refusal.cost = cost
            raise
        self._store.keep(digest, reading, own, cost, self._ocr)

    def _read_with_scans(self, sandbox: Sandbox, file: Path, note: Path) -> tuple[Reading, Cost]:
        """Read a file, and once more by OCR where pages are scanned and OCR is at hand; a failure there changes nothing."""
        plain: tuple[Reading, Cost] | UnreadableDocument
        try:
            plain = sandbox.read(file, note)
            is_scanned = bool(plain[0].pages_without_text)
        except UnreadableDocument as refusal:
            plain, is_scanned = refusal, refusal.reason is Reason.NO_TEXT_LAYER
        if is_scanned and self._ocr:
            with suppress(UnreadableDocument):
                return sandbox.read(file, note, self._limits.for_scans(self._ocr))
        if isinstance(plain, UnreadableDocument):
            raise plain
        return plain


def _is_still(file: Path, digest: str) -> bool:
    try:
        return sha256_of(file) == digest
    except OSError:
        return False
