"""How are many files read at the same time?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from hashlib import file_digest
from pathlib import Path

from ingest.errors import UnreadableDocument
from ingest.sandbox import Sandbox
from ingest.settings import IngestSettings
from ingest.store import ReadingStore


def file_sha256(file: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    with file.open("rb") as source:
        return file_digest(source, "sha256").hexdigest()


class ReaderPool:
    """A few sandboxes, each on a thread of its own; a context manager."""

    def __init__(self, store: ReadingStore, ingest: IngestSettings) -> None:
        self._store = store
        self._pool = ThreadPoolExecutor(ingest.readers, "reader")
        self._idle = [Sandbox(ingest.limits) for _ in range(ingest.readers)]

    def __enter__(self) -> ReaderPool:
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
