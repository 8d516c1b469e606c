"""Which publications does a folder hold?

Two forms, mixed freely: `<id>/document.toml` beside one source file, and any readable file without a sidecar. The
folder is only read.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpus.document import Metadata, Publication
from corpus.errors import CorpusError, InvalidSidecar
from corpus.identifiers import assign_ids, slug
from corpus.sidecar import SIDECAR_NAME, is_for_sidecars, is_misnamed, read_sidecar

_ROOT = PurePosixPath()
_HIDDEN = (".", "~$")
"""Office programs keep a hidden `~$zprava.docx` beside a file for as long as somebody has it open."""
_NO_PUBLICATIONS = {"readme.md", "thumbs.db", "desktop.ini"}
"""The last two are hidden files of Windows."""


@dataclass(frozen=True, slots=True)
class SidecarFinding:
    """Something about a sidecar that staff should mend; the publication itself is still read where it can be."""

    document_id: str
    path: str
    """Below the corpus folder, with `/` between its parts."""
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """The publications of a folder in the order of their ids, and what is wrong with their sidecars."""

    folder: Path
    publications: tuple[Publication, ...]
    findings: tuple[SidecarFinding, ...]


def read_catalog(folder: Path) -> Catalog:
    """Return the publications below `folder`.

    Hidden files and folders (also those that Windows hides), links and every `README.md` are skipped. A broken sidecar is a finding and its file is
    read as if it had none. Raises CorpusError where `folder` is no folder that can be read.
    """
    paths = _relative_files(folder)
    sources = [path for path in paths if not is_for_sidecars(path.name)]
    sidecars = {path.parent for path in paths if path.name == SIDECAR_NAME}
    counts = Counter(path.parent for path in sources)
    homes = {home for home in sidecars if counts[home] == 1 and home != _ROOT}
    ids = assign_ids([_place(path, homes) for path in sources], homes)
    alone = {path.parent: ids[_place(path, homes)] for path in sources if counts[path.parent] == 1}
    findings = [_orphan(home, counts[home]) for home in sorted(sidecars - homes)]
    findings += [_misnamed(path, alone.get(path.parent)) for path in paths if is_misnamed(path.name)]
    publications = []
    for path in sources:
        name = ids[_place(path, homes)]
        given = _given(folder, path.parent, name, findings) if path.parent in homes else Metadata()
        publications.append(Publication(name, folder / path, given))
    return Catalog(folder, tuple(sorted(publications, key=lambda one: one.id)), tuple(findings))


def home_of(folder: Path, publication: Publication) -> Path | None:
    """Return the folder whose `document.toml` speaks of a publication of the corpus in `folder`; None for a plain file."""
    home = publication.file.parent
    if home == folder or not (home / SIDECAR_NAME).is_file():
        return None
    sources = [file for file in _walk(home) if file.parent == home and not is_for_sidecars(file.name)]
    return home if sources == [publication.file] else None


def _place(path: PurePosixPath, homes: set[PurePosixPath]) -> PurePosixPath:
    return path.parent if path.parent in homes else path


def _relative_files(folder: Path) -> list[PurePosixPath]:
    if not folder.is_dir():
        raise CorpusError(f"{folder} is not a folder: set PRAMEN_CORPUS to the folder of publications")
    return sorted(PurePosixPath(file.relative_to(folder).as_posix()) for file in _walk(folder))


def _walk(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        """Pass over what leaves while it is looked for; whatever else cannot be read is told."""
        if not (isinstance(error, FileNotFoundError) and Path(error.filename) != folder):
            raise CorpusError(f"{error.filename} cannot be read: {error.strerror}") from error

    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".") and not (Path(parent) / name).is_symlink()]
        for name in files:
            file = Path(parent) / name
            if not is_passed_over(name) and file.is_file() and not file.is_symlink():
                yield file


def is_passed_over(name: str) -> bool:
    """Return whether a file of this name is no publication: it is hidden, or stands in folders for other reasons."""
    return name.startswith(_HIDDEN) or name.lower() in _NO_PUBLICATIONS


def _given(folder: Path, home: PurePosixPath, name: str, findings: list[SidecarFinding]) -> Metadata:
    try:
        return read_sidecar(folder / home / SIDECAR_NAME)
    except InvalidSidecar as error:
        findings.append(SidecarFinding(name, str(home / SIDECAR_NAME), error.code, str(error)))
        return Metadata()


def _orphan(home: PurePosixPath, count: int) -> SidecarFinding:
    path = home / SIDECAR_NAME
    reason = f"{path} describes the one file of its own folder, but {count} files stand beside it"
    return SidecarFinding(slug(str(home)), str(path), InvalidSidecar.code, reason)


def _misnamed(path: PurePosixPath, beside: str | None) -> SidecarFinding:
    reason = f"{path} is not read: rename it to {SIDECAR_NAME} (Windows may hide that it ends in .txt), or remove it"
    return SidecarFinding(beside or slug(str(path.parent)), str(path), InvalidSidecar.code, reason)
