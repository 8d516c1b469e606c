"""How does a publication come into the corpus folder, leave without being lost, and come back?

Every change is made beside its goal, synced, and moved into place by one rename, so that a crash leaves either the
state before or the state after.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from unicodedata import normalize

from corpus.catalog import home_of, is_passed_over, read_catalog
from corpus.document import Metadata, Publication
from corpus.errors import CorpusError, InvalidSidecar, PublicationExists, UnknownPublication
from corpus.identifiers import VALID_ID, slug
from corpus.sidecar import SIDECAR_NAME, is_for_sidecars, read_sidecar, write_sidecar

_HIDDEN = ".incoming-"
"""Hidden, so that a catalog read meanwhile does not see a publication that is still being written."""
_STAMP = "%Y%m%dT%H%M%S%fZ"
"""How the name of a removed publication ends: when it was removed, in UTC."""
_MOST_ID_CHARS = 230
"""A folder is named by the id, and among the removed by the time, too; names of files end at 255 bytes."""


@dataclass(frozen=True, slots=True)
class RemovedPublication:
    """A publication that was taken out of the corpus, or replaced; `name` is that of its folder."""

    name: str
    id: str
    title: str | None
    file_name: str
    removed: datetime


def add_publication(
    folder: Path,
    file: Path,
    metadata: Metadata | None,
    *,
    identifier: str | None = None,
    replace_existing: bool = False,
    removed: Path | None = None,
) -> Publication:
    """Copy `file` into its own folder of the corpus, with a `document.toml`, and return the publication.

    Without `identifier` the id is the slug of the file's name; without a title, the name without suffix is written.
    Without `metadata` the file stands by itself under its id, and a build infers what it can, the title included. A
    replaced publication is moved to `removed`, where it is given. Raises PublicationExists, CorpusError also where
    other files stand at the place of the new one.
    """
    name = slug(file.stem) if identifier is None else identifier
    if not VALID_ID.fullmatch(name):
        raise CorpusError(f"the id {name!r} may hold only a-z, 0-9 and '-'")
    if is_for_sidecars(file.name) or not file.is_file():
        raise CorpusError(f"{file} is not a file that can be added")
    folder.mkdir(parents=True, exist_ok=True)
    existing = {publication.id: publication for publication in read_catalog(folder).publications}.get(name)
    if existing and not replace_existing:
        raise PublicationExists(
            f"the corpus already holds {name!r} ({existing.file.name}): add --replace to replace it"
        )
    if metadata is None:
        goal = folder / f"{name}{file.suffix}"
        added = Publication(name, goal)
    else:
        goal = folder / name
        added = Publication(
            name, goal / file.name, replace(metadata, title=metadata.title or normalize("NFC", file.stem))
        )
    if is_passed_over(added.file.name):
        raise CorpusError(f"a corpus passes over files named {added.file.name!r}: give it another name")
    if existing is None or goal not in _parts(folder, existing):
        _require_free(goal)
    incoming = Path(mkdtemp(prefix=_HIDDEN, dir=folder))
    try:
        ready = _copied(file, incoming / goal.name) if metadata is None else _written(incoming, file, added.given)
        if existing:
            _move_away(folder, existing, removed)
        _rename(ready, goal)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)
    return added


def change_metadata(folder: Path, identifier: str, metadata: Metadata) -> Publication:
    """Replace what is said about a publication and return it; a file without a sidecar gets its own folder.

    Raises UnknownPublication, CorpusError where other files stand at the place of that folder.
    """
    publication = find_publication(folder, identifier)
    home = home_of(folder, publication)
    if home is not None:
        draft = home / f".{SIDECAR_NAME}"
        write_sidecar(draft, metadata)
        _sync(draft)
        draft.replace(home / SIDECAR_NAME)
        _sync(home)
        return replace(publication, given=metadata)
    _require_short(identifier)
    _require_free(folder / identifier)
    incoming = Path(mkdtemp(prefix=_HIDDEN, dir=folder))
    try:
        _written(incoming, publication.file, metadata)
        _rename(incoming, folder / identifier)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)
    publication.file.unlink()
    return Publication(identifier, folder / identifier / publication.file.name, metadata)


def remove_publication(folder: Path, identifier: str, removed: Path) -> Path:
    """Move a publication to `removed/<id>-<UTC time>` and return that folder. Raises UnknownPublication, CorpusError."""
    publication = find_publication(folder, identifier)
    return _move_away(folder, publication, removed)


def removed_publications(removed: Path) -> list[RemovedPublication]:
    """Return what was removed, newest first; what is no removed publication is passed over."""
    homes = [home for home in removed.iterdir() if home.is_dir()] if removed.is_dir() else []
    found = [publication for home in homes if (publication := _removed(home))]
    return sorted(found, key=lambda publication: publication.removed, reverse=True)


def removed_versions(removed: Path, identifier: str) -> list[Path]:
    """Return the folders of what was removed or replaced under an id, also of what is erased only in part."""
    homes = [home for home in removed.iterdir() if home.is_dir()] if removed.is_dir() else []
    return sorted(home for home in homes if _was_removed(home, identifier))


def erase(homes: Iterable[Path]) -> None:
    """Delete folders that `removed_versions` gave; the names of those that are gone are gone for good."""
    for home in homes:
        shutil.rmtree(home)
        _sync(home.parent)


def discard_incoming(folder: Path, is_wanted: Callable[[Path], bool]) -> None:
    """Remove what interrupted additions have left in the corpus and in which a file is wanted."""
    for home in folder.glob(f"{_HIDDEN}*"):
        if any(is_wanted(file) for file in home.rglob("*") if file.is_file()):
            shutil.rmtree(home)


def bring_back(folder: Path, removed: Path, name: str) -> Publication:
    """Put a removed publication back under its id and return it.

    Raises UnknownPublication for a name that is not among the removed, PublicationExists where its id is taken,
    CorpusError where other files stand at its place.
    """
    publication = next((one for one in removed_publications(removed) if one.name == name), None)
    if publication is None:
        raise UnknownPublication(f"no removed publication has the name {name[:100]!r}")
    if any(one.id == publication.id for one in read_catalog(folder).publications):
        raise PublicationExists(f"the corpus holds {publication.id!r} again: remove or replace that one first")
    home, file = removed / name, removed / name / publication.file_name
    is_described = (home / SIDECAR_NAME).is_file()
    goal = folder / (publication.id if is_described else f"{publication.id}{file.suffix}")
    _require_free(goal)
    incoming = Path(mkdtemp(prefix=_HIDDEN, dir=folder))
    try:
        ready = incoming / goal.name
        if is_described:
            shutil.copytree(home, ready)
        else:
            _copied(file, ready)
        for path in (*ready.rglob("*"), ready):
            _sync(path)
        _rename(ready, goal)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)
    shutil.rmtree(home)
    return find_publication(folder, publication.id)


def find_publication(folder: Path, identifier: str) -> Publication:
    """Return the publication of the corpus with this id. Raises UnknownPublication."""
    for publication in read_catalog(folder).publications:
        if publication.id == identifier:
            return publication
    raise UnknownPublication(f"no publication of the corpus has the id {identifier!r}")


def _written(home: Path, file: Path, metadata: Metadata) -> Path:
    """Return the folder of a publication, durable and ready to be renamed."""
    _copied(file, home / file.name)
    write_sidecar(home / SIDECAR_NAME, metadata)
    for written in (home / SIDECAR_NAME, home):
        _sync(written)
    home.chmod(0o755)  # a temporary folder is made for its owner alone
    return home


def _copied(file: Path, goal: Path) -> Path:
    shutil.copyfile(file, goal)
    _sync(goal)
    return goal


def _was_removed(home: Path, identifier: str) -> bool:
    name, _, stamp = home.name.rpartition("-")
    return name == identifier and _removal_time(stamp) is not None


def _removal_time(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def _removed(home: Path) -> RemovedPublication | None:
    identifier, _, stamp = home.name.rpartition("-")
    removed = _removal_time(stamp)
    try:
        files = [file for file in sorted(home.iterdir()) if file.is_file() and not is_for_sidecars(file.name)]
        title = read_sidecar(home / SIDECAR_NAME).title if (home / SIDECAR_NAME).is_file() else None
    except (InvalidSidecar, FileNotFoundError):  # the latter: it is just being brought back
        return None
    if removed is None or not files or not VALID_ID.fullmatch(identifier):
        return None
    return RemovedPublication(home.name, identifier, title, files[0].name, removed)


def _parts(folder: Path, publication: Publication) -> list[Path]:
    """Return what leaves the corpus with a publication: its folder, or where that has folders in it, its own files."""
    home = home_of(folder, publication)
    if home is None:
        return [publication.file]
    return [publication.file, home / SIDECAR_NAME] if any(path.is_dir() for path in home.iterdir()) else [home]


def _require_free(goal: Path) -> None:
    if goal.exists():
        raise CorpusError(f"{goal.name} in the corpus holds other files: move them away, or choose another id")


def _require_short(identifier: str) -> None:
    if len(identifier) > _MOST_ID_CHARS:
        raise CorpusError(
            f"the id {identifier[:60]!r}... has {len(identifier)} characters, {_MOST_ID_CHARS} can name a folder:"
            " give the file or its folders a shorter name"
        )


def _move_away(folder: Path, publication: Publication, removed: Path | None) -> Path:
    """Move what belongs to a publication to `removed` and return the folder in which it is there."""
    _require_short(publication.id)
    parts = _parts(folder, publication)
    stamp = datetime.now(UTC).strftime(_STAMP)
    goal = (removed or folder / ".removed") / f"{publication.id}-{stamp}"
    goal.parent.mkdir(parents=True, exist_ok=True)
    if parts[0] == publication.file:
        goal.mkdir()
    for part in parts:
        shutil.move(part, goal)  # into the folder, or in its place
        _sync(part.parent)
    _sync(goal)
    _sync(goal.parent)
    return goal


def _rename(source: Path, goal: Path) -> None:
    source.rename(goal)
    _sync(goal.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
