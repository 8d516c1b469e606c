"""How does an installation come onto another machine, or back after a loss?

A backup is one tar archive of ordinary files: the corpus as it stands, the state (its SQLite files as consistent
copies), the published release with its original files, and the SHA-256 of each. It is made while the service runs.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indexes.errors import BackupUnusable, NoReleasePublished
from indexes.jobs import only_worker
from indexes.local.pointer import CURRENT, HISTORY, published_id, sound_published
from indexes.local.release import CALIBRATION, EVALUATION, Lease, read_manifest
from indexes.local.sources import SOURCES, sources_named
from indexes.settings import IndexSettings
from indexes.storage import sha256_of, storage_errors, sync, sync_tree

SUMS = "SHA256SUMS"
"""Last member of a backup: one line for each file, as `sha256sum --check` reads it."""
SET_ASIDE = ".before-restore-"
"""Prefix of the hidden folder into which a restore moves what stood in its way."""

_PARTS = ("state", "corpus", "releases")
_ORIGINALS = f"releases/{SOURCES}/"
_COMPRESSION = 1
_BLOCK = 1 << 20
_PASSING = (".sqlite-wal", ".sqlite-shm", ".lock")
"""Endings of files that belong to running processes."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds, or what a restore brought back."""

    release_id: str | None
    file_count: int
    lost: tuple[str, ...] = ()
    """Original files of the release, by SHA-256, that a backup could not take: they are gone, or not what they were."""
    set_aside: tuple[Path, ...] = ()
    """Folders into which a restore moved what stood there before."""


def back_up(settings: IndexSettings, file: Path) -> BackupReport:
    """Write a backup to `file` in one step and return what it holds. Raises DiskFull, ReleaseError.

    State comes before corpus: a job that ends meanwhile may stand in both, and is lost in neither.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with storage_errors(f"writing the backup {file}"), tempfile.TemporaryDirectory() as copies:
        try:
            release_id = _last_sound(settings.releases)
            with (
                Lease(settings.releases, release_id) if release_id else nullcontext(),
                tarfile.open(draft, "w:gz", compresslevel=_COMPRESSION) as archive,
            ):
                members = _members(settings, release_id, Path(copies))
                found = {name: _add(archive, name, path) for name, path in members}
                sums = [f"{digest}  {name}\n" for name, digest in found.items() if digest is not None]
                _add_bytes(archive, SUMS, "".join(sums).encode())
            sync(draft)
            draft.replace(file)
            sync(file.absolute().parent)
        finally:
            draft.unlink(missing_ok=True)
    originals = ((name.rpartition("/")[2], digest) for name, digest in found.items() if name.startswith(_ORIGINALS))
    return BackupReport(release_id, len(sums), tuple(name for name, digest in originals if digest != name))


def restore(settings: IndexSettings, file: Path) -> BackupReport:
    """Put back what a backup holds, after checking every byte of it, and return what was done.

    What stands in the way is set aside in a hidden folder beside the new files, never removed. Raises BackupUnusable
    for a file that is no whole backup, JobError while a worker is running, DiskFull.
    """
    folders = {"state": settings.state, "corpus": settings.corpus, "releases": settings.releases}
    with storage_errors(f"restoring {file}"):
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        with (
            only_worker(settings.state),
            tempfile.TemporaryDirectory(dir=settings.state, prefix=".restoring-") as stage,
        ):
            count = _unpack(file, Path(stage))
            set_aside = [_swap_in(Path(stage) / part, folders[part]) for part in _PARTS]
    return BackupReport(published_id(settings.releases), count, set_aside=tuple(path for path in set_aside if path))


def _last_sound(releases: Path) -> str | None:
    try:
        return sound_published(releases)[0]
    except NoReleasePublished:
        return None


def _members(settings: IndexSettings, release_id: str | None, copies: Path) -> Iterator[tuple[str, Path]]:
    """Yield name and path of every file of a backup, in the order in which it must be read."""
    for path in _files(settings.state):
        is_database = path.suffix == ".sqlite"
        yield f"state/{path.relative_to(settings.state).as_posix()}", _copy(path, copies) if is_database else path
    for path in _files(settings.corpus):
        yield f"corpus/{path.relative_to(settings.corpus).as_posix()}", path
    if release_id is None:
        return
    pointer = copies / CURRENT
    pointer.write_text(f"{release_id}\n")
    yield from ((f"releases/{name}", pointer) for name in (CURRENT, HISTORY))
    home = settings.releases / release_id
    inside = ["manifest.json", *read_manifest(settings.releases, release_id).files]
    yield from ((f"releases/{release_id}/{name}", home / name) for name in inside)
    beside = [release_id + ending for ending in (EVALUATION, CALIBRATION)]
    originals = [f"{SOURCES}/{name}" for name in sorted(set(sources_named(home)))]
    yield from ((f"releases/{name}", settings.releases / name) for name in (*beside, *originals))


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, without what is hidden (half written, set aside) and what passes."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not is_hidden and not path.name.endswith(_PASSING):
            yield path


def _copy(database: Path, copies: Path) -> Path:
    """Copy a SQLite file that others are writing to, as it stands after a whole transaction."""
    copy = copies / f"{len(list(copies.iterdir()))}.sqlite"
    with closing(sqlite3.connect(database, timeout=30)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str | None:
    """Add a file and return the hexadecimal SHA-256 of its bytes; None for one that is not there."""
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return None
    with source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        source.seek(0)
        archive.addfile(archive.gettarinfo(arcname=name, fileobj=source), source)
    return digest


def _add_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime = len(data), int(datetime.now(UTC).timestamp())
    archive.addfile(entry, io.BytesIO(data))


def _unpack(file: Path, stage: Path) -> int:
    """Unpack a backup into `stage`, check it against its sums, and return how many files it holds."""
    try:
        with gzip.open(file) as stream:  # to its end, where its own checksum stands
            while stream.read(_BLOCK):
                pass
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(stage, filter="data")
        lines = (stage / SUMS).read_text(encoding="utf-8").splitlines()
        sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    except (
        tarfile.TarError,
        gzip.BadGzipFile,
        zlib.error,
        EOFError,
        ValueError,
        FileNotFoundError,
        IsADirectoryError,
    ) as error:
        raise BackupUnusable(f"{file} is no whole backup ({error}): use another one") from error
    found = {path.relative_to(stage).as_posix(): path for path in stage.rglob("*") if path.is_file()}
    del found[SUMS]
    wrong = [name for name in sums.keys() | found.keys() if name not in sums or name not in found]
    wrong += [name for name, path in found.items() if sums.get(name) != sha256_of(path)]
    if wrong:
        raise BackupUnusable(f"{file} is damaged: {min(wrong)} is not as it was written; use another backup")
    sync_tree(stage)
    return len(found)


def _swap_in(staged: Path, folder: Path) -> Path | None:
    """Move everything from `staged` into `folder`; return where the files went that stood there before."""
    before = [path for path in folder.iterdir() if not path.name.startswith(".") and not path.name.endswith(".lock")]
    aside = folder / f"{SET_ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    if before:
        aside.mkdir()
    for path in before:
        path.rename(aside / path.name)
    # CURRENT last: a service that looks meanwhile sees no release rather than half of one
    arrivals = sorted(staged.iterdir(), key=lambda path: path.name == CURRENT) if staged.is_dir() else []
    for path in arrivals:
        shutil.move(path, folder / path.name)
    sync(folder)
    return aside if before else None
