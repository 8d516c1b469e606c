"""Which release is published, which was before, and which one is served when that is damaged?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indexes.contract import ReleaseFinding
from indexes.errors import DamagedRelease, NoReleasePublished, UnknownRelease
from indexes.local.release import release_ids, verify
from indexes.storage import exclusive, storage_errors, write_durably

CURRENT = "CURRENT"
HISTORY = "HISTORY"
POINTER_LOCK = ".pointer.lock"
"""Held while releases are published or pruned, so that neither takes the ground from under the other."""


def published_id(folder: Path) -> str | None:
    """Return the id that CURRENT names, or None where nothing is published. Says nothing about its soundness."""
    try:
        return (folder / CURRENT).read_bytes()[:200].decode("ascii", "replace").strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None


def publish_release(folder: Path, release_id: str) -> None:
    """Make a release the published one in one step that survives a crash, after verifying it.

    Raises UnknownRelease, DamagedRelease, IncompatibleRelease, DiskFull.
    """
    with exclusive(folder / POINTER_LOCK, wait=True):
        verify(folder, release_id)
        _point(folder, release_id, [*_published_before(folder, inclusive=True), release_id])


def roll_back(folder: Path) -> tuple[str, tuple[ReleaseFinding, ...]]:
    """Publish the release that was published before the present one; return its id and why others were passed over.

    Raises NoReleasePublished where there is no sound earlier one.
    """
    with exclusive(folder / POINTER_LOCK, wait=True):
        earlier = _published_before(folder, inclusive=False)
        present = published_id(folder)
        if present and not earlier:
            raise NoReleasePublished(f"{present} stays published: no release was published in {folder} before it")
        release_id, findings = _first_sound(folder, reversed(earlier), "no earlier release can be published again")
        _point(folder, release_id, earlier[: earlier.index(release_id) + 1])
    return release_id, findings


def sound_published(folder: Path) -> tuple[str, tuple[ReleaseFinding, ...]]:
    """Return the published release, or where it is damaged the one last published before it, and what was wrong.

    Only releases that were once published are considered: one that no gate has passed is never served.
    Raises NoReleasePublished where none was published or none is sound.
    """
    current = published_id(folder)
    before = _published_before(folder, inclusive=False)
    candidates = ([current] if current else []) + [name for name in reversed(before) if name != current]
    return _first_sound(folder, candidates, "no published release is sound")


def published_history(folder: Path) -> list[str]:
    """Return the ids that were published and still stand in the folder, oldest first, the present one last."""
    return _published_before(folder, inclusive=True)


def _first_sound(
    folder: Path, candidates: Iterator[str] | list[str], otherwise: str
) -> tuple[str, tuple[ReleaseFinding, ...]]:
    findings = []
    for release_id in candidates:
        try:
            verify(folder, release_id)
        except (DamagedRelease, UnknownRelease) as error:
            findings.append(ReleaseFinding(release_id, error.code, str(error)))
        else:
            return release_id, tuple(findings)
    if not findings:
        raise NoReleasePublished(f"nothing is published in {folder}: run `pramen build --publish`")
    reasons = "; ".join(finding.message for finding in findings)
    raise NoReleasePublished(f"{otherwise}: {reasons}. Restore a backup or run `pramen build --publish`")


def _published_before(folder: Path, *, inclusive: bool) -> list[str]:
    """Return the published ids up to the present one; an entry written just before a crash stands behind it."""
    try:
        names = (folder / HISTORY).read_bytes().decode("ascii", "replace").split()
    except (FileNotFoundError, NotADirectoryError):
        names = []
    current = published_id(folder)
    if current in names:
        end = len(names) - names[::-1].index(current)
        names = names[: end if inclusive else end - 1]
    elif inclusive and current:
        names.append(current)
    known = set(release_ids(folder))
    return [name for name in dict.fromkeys(names) if name in known and (inclusive or name != current)]


def _point(folder: Path, release_id: str, history: list[str]) -> None:
    """Write HISTORY first: a crash between the two leaves CURRENT, which alone decides what is served."""
    last_places = {name: place for place, name in enumerate(history)}
    ordered = sorted(last_places, key=last_places.__getitem__)
    with storage_errors(f"publishing {release_id}"):
        write_durably(folder / HISTORY, "".join(f"{name}\n" for name in ordered).encode())
        write_durably(folder / CURRENT, f"{release_id}\n".encode())
