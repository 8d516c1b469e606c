"""Where does a release stand on disk, and is it sound?

```
releases/CURRENT                   the published id
releases/HISTORY                   the ids once published, oldest first: where a rollback finds its way
releases/<id>/manifest.json        what the release is, with the SHA-256 of every other file
releases/<id>/vectors.faiss, passages.sqlite, lexical/, glossary.tsv
releases/<id>.evaluation.json      beside the release, so that it never changes; likewise <id>.calibration.json
releases/sources/<sha256>          original files, shared by the releases that name them
```
"""

from __future__ import annotations

import fcntl
import os
import re
from pathlib import Path
from types import TracebackType

from indexes.errors import DamagedRelease, UnknownRelease
from indexes.manifest import EvaluationRecord, Manifest, decode_evaluation, decode_manifest, encode_evaluation
from indexes.storage import sha256_of, write_durably

MANIFEST = "manifest.json"
GLOSSARY_FILE = "glossary.tsv"
"""The glossary with which the release is searched; a release may have none."""
BUILDING = ".building-"
"""Prefix of a release that is still being written."""
REMOVED = ".removed-"
"""Prefix of a release that is being removed."""
EVALUATION = ".evaluation.json"
CALIBRATION = ".calibration.json"

_RELEASE_ID = re.compile(r"[a-z0-9][a-z0-9-]{,63}")


class Lease:
    """Keeps a release from being pruned for as long as it is held, by a shared lock on its manifest.

    The system lets go when the process ends, so a killed reader blocks nothing.
    """

    def __init__(self, folder: Path, release_id: str) -> None:
        """Hold the release. Raises UnknownRelease where it is absent or being removed, DamagedRelease."""
        path = manifest_path(folder, release_id)
        try:
            self._descriptor: int | None = os.open(path, os.O_RDONLY)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise unknown_release(folder, release_id) from error
        except OSError as error:
            raise DamagedRelease(f"{path} cannot be opened ({error})") from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.close()
            raise unknown_release(folder, release_id) from error

    def close(self) -> None:
        """Let go of the release; a second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Lease:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def release_path(folder: Path, release_id: str) -> Path:
    """Return the folder of a release. Raises UnknownRelease for a name that no release can have."""
    if not _RELEASE_ID.fullmatch(release_id) or release_id == "sources":
        raise unknown_release(folder, release_id)
    return folder / release_id


def manifest_path(folder: Path, release_id: str) -> Path:
    """Return the path of a release's manifest. Raises UnknownRelease for a name that no release can have."""
    return release_path(folder, release_id) / MANIFEST


def unknown_release(folder: Path, release_id: str) -> UnknownRelease:
    """Return the error for an id that the folder does not hold."""
    known = ", ".join(release_ids(folder)[-3:]) or "none"
    return UnknownRelease(f"{folder} holds no release {release_id[:80]!r} (the newest are: {known})")


def release_ids(folder: Path) -> list[str]:
    """Return the ids of all complete releases, oldest first (ids begin with the time of the build)."""
    if not folder.is_dir():
        return []
    return sorted(path.parent.name for path in folder.glob(f"*/{MANIFEST}") if _RELEASE_ID.fullmatch(path.parent.name))


def read_manifest(folder: Path, release_id: str) -> Manifest:
    """Return the manifest of a release. Raises UnknownRelease, DamagedRelease, IncompatibleRelease."""
    path = manifest_path(folder, release_id)
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise unknown_release(folder, release_id) from error
    except OSError as error:
        raise DamagedRelease(f"{path} cannot be read ({error})") from error
    manifest = decode_manifest(data, str(path))
    if manifest.release_id != release_id:
        raise DamagedRelease(f"{path} belongs to release {manifest.release_id}: restore it or build again")
    return manifest


def verify(folder: Path, release_id: str) -> Manifest:
    """Return the manifest after every byte of the release has been compared with it.

    Neither SQLite nor faiss notices damage by itself: of damaged copies they accepted 33 % and 57 %, many of them
    with other answers. Raises UnknownRelease, DamagedRelease, IncompatibleRelease.
    """
    manifest = read_manifest(folder, release_id)
    home = release_path(folder, release_id)
    for name, expected in manifest.files.items():
        try:
            found = sha256_of(home / name)
        except OSError as error:
            raise DamagedRelease(f"{home / name} cannot be read ({error}): restore it or build again") from error
        if found != expected:
            raise DamagedRelease(f"{home / name} is not the file that was written: restore it or build again")
    return manifest


def read_glossary(home: Path, manifest: Manifest) -> str | None:
    """Return the glossary in the folder of a verified release, or None where its manifest names none."""
    return (home / GLOSSARY_FILE).read_bytes().decode() if GLOSSARY_FILE in manifest.files else None


def write_evaluation(folder: Path, record: EvaluationRecord) -> None:
    """Write an evaluation record beside its release."""
    write_durably(folder / f"{record.release_id}{EVALUATION}", encode_evaluation(record))


def read_evaluation(folder: Path, release_id: str) -> EvaluationRecord | None:
    """Return the evaluation record of a release, or None. Raises DamagedRelease."""
    path = folder / f"{release_id}{EVALUATION}"
    return decode_evaluation(path.read_bytes(), str(path)) if path.is_file() else None


def write_calibration(folder: Path, release_id: str, text: str) -> None:
    """Write the calibration of answers beside its release."""
    write_durably(folder / f"{release_id}{CALIBRATION}", text.encode())


def read_calibration(folder: Path, release_id: str) -> str | None:
    """Return the calibration beside a release, or None. Raises DamagedRelease."""
    path = folder / f"{release_id}{CALIBRATION}"
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else None
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedRelease(f"{path} cannot be read ({error}): remove it or calibrate again") from error
