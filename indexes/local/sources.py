"""Where are the original files of the documents, and are they still what they were?

One file for each content, named by its hash, shared by all releases that hold it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from indexes.errors import DamagedRelease
from indexes.local.passages import PASSAGES_FILE, read_only_uri
from indexes.storage import sync

SOURCES = "sources"


def sources_named(release: Path) -> Iterator[str]:
    """Yield the hashes of the original files that the release in this folder names. Raises sqlite3.Error."""
    with closing(sqlite3.connect(read_only_uri(release / PASSAGES_FILE), uri=True)) as database:
        yield from (row[0] for row in database.execute("SELECT document ->> 'sha256' FROM documents"))


class SourceStore:
    """The original files below a folder of releases."""

    def __init__(self, releases: Path) -> None:
        """Keep files in `releases/sources`, which is made with the first file."""
        self._folder = releases / SOURCES
        self._unsynced: list[Path] = []

    def put(self, data: bytes) -> str:
        """Keep a file and return the hexadecimal SHA-256 that names it; durable after `sync_all`."""
        name = sha256(data).hexdigest()
        path = self._folder / name
        if not path.is_file() or path.read_bytes() != data:  # a crash before `sync_all` may have left a torn file
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = self._folder / f".{name}"
            draft.write_bytes(data)
            draft.replace(path)
            self._unsynced.append(path)
        return name

    def sync_all(self) -> None:
        """Make every file kept since the last call durable."""
        for path in self._unsynced:
            sync(path)
        if self._unsynced:
            sync(self._folder)
            self._unsynced.clear()

    def holds(self, name: str) -> bool:
        """Return whether a file with this hash is there; `get` tells whether its bytes are sound."""
        return (self._folder / name).is_file()

    def get(self, name: str) -> bytes:
        """Return the file with this hash. Raises DamagedRelease where it is missing or its bytes differ."""
        path = self._folder / name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise DamagedRelease(f"the original file {path} cannot be read ({error}): restore a backup") from error
        if sha256(data).hexdigest() != name:
            raise DamagedRelease(f"the original file {path} was changed since it was indexed: restore a backup")
        return data

    def keep_only(self, names: Iterable[str]) -> int:
        """Remove every other file and return how many."""
        kept = set(names)
        strays = [path for path in self._folder.glob("*") if path.name not in kept] if self._folder.is_dir() else []
        for path in strays:
            path.unlink(missing_ok=True)
        return len(strays)
