"""Cuts the power at a moment of an upload, a build and its publishing, and judges what is left.

    python -m tests.reliability.power_runner PREPARED SCRATCH < cases > outcomes      (with `faults.so` preloaded)

A case is a JSON object in a line: `moment` (before which sync or rename the process ends), `draws` (seeds), `guard`.
What was synced stands as it was then; for everything else chance decides whether it reached the disk, as a whole, in
part or not at all, and whether a name that was made, moved or removed since its folder was synced is seen.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from indexes.errors import IndexesError
from indexes.jobs import JobKind
from ingest.worker import run_next_job
from tests.reliability.fault_runner import disarm, forked, judge
from tests.reliability.installation import NEW, request_upload, workshop_in

END = 5
"""The kind of `faults.c` that ends the process."""
FOLDER = ".folder"
"""Ending of the copies that list a folder."""


def library() -> ctypes.CDLL:
    """Return the preloaded library."""
    return ctypes.CDLL(os.environ["LD_PRELOAD"])


def identity(path: Path) -> str:
    """Return what names a file or folder for as long as it lives."""
    name = ctypes.create_string_buffer(80)
    library().identity(-100, str(path).encode(), name)
    return name.value.decode()


def keep_all(folder: Path, synced: Path) -> None:
    """Take everything below a folder for synced, as it is at the beginning."""
    shutil.rmtree(synced, ignore_errors=True)
    synced.mkdir()
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            listing = "".join(f"{identity(each)} {each.name}\n" for each in path.iterdir())
            (synced / f"{identity(path)}{FOLDER}").write_text(listing)
        else:
            shutil.copyfile(path, synced / identity(path))


def work(folder: Path, notes: Path) -> dict[str, Any]:
    """Upload a publication, build and publish; note each request when it is acknowledged."""
    shop = workshop_in(folder)

    def acknowledged(job: str) -> None:
        with notes.open("a") as file:
            file.write(f"{job}\n")

    acknowledged(request_upload(shop.queue, shop.settings.state, NEW).id)
    acknowledged(shop.queue.enqueue(JobKind.BUILD, {"publish": True}).id)
    while run_next_job(shop):
        pass
    return {"count": library().count()}


@dataclass
class Disk:
    """What a disk may hold after the power went, drawn by chance: `tree` is what the system showed until then."""

    tree: Path
    synced: Path
    chance: random.Random
    _moved: dict[str, bool] = field(default_factory=dict)
    """Of each file whose name changed: whether the change reached the disk."""

    def write(self, target: Path) -> None:
        """Write the files and folders that are left to `target`."""
        self._write_folder(identity(self.tree), self.tree, target)

    def _write_folder(self, key: str, path: Path | None, target: Path) -> None:
        target.mkdir()
        for name, (child, place) in self._names(key, path).items():
            is_folder = place.is_dir() if place else (self.synced / f"{child}{FOLDER}").is_file()
            if is_folder:
                self._write_folder(child, place, target / name)
            else:
                (target / name).write_bytes(self._content(self.synced / child, place))

    def _names(self, key: str, path: Path | None) -> dict[str, tuple[str, Path | None]]:
        """Return the names in a folder with what they stand for: changes since its last sync are seen or not."""
        listing = self.synced / f"{key}{FOLDER}"
        before = (
            dict(line.split(" ", 1)[::-1] for line in listing.read_text().splitlines()) if listing.is_file() else {}
        )
        now = {each.name: identity(each) for each in path.iterdir()} if path else {}
        found: dict[str, tuple[str, Path | None]] = {}
        for name in sorted(before.keys() | now.keys()):
            old, new = before.get(name), now.get(name)
            if (old != new and new and path and self._has_moved(new)) or (old == new and new and path):
                found[name] = (new, path / name)
            elif old and old != new and not self._has_moved(new or old):
                found[name] = (old, self._place_of(old))
        return found

    def _has_moved(self, key: str) -> bool:
        return self._moved.setdefault(key, self.chance.random() < 0.5)

    def _place_of(self, key: str) -> Path | None:
        """Return where a file stands by now, if it still does."""
        return next((path for path in self.tree.rglob("*") if identity(path) == key), None)

    def _content(self, copy: Path, place: Path | None) -> bytes:
        """Return the bytes of a file: as synced, as written, or cut where they are longer."""
        durable = copy.read_bytes() if copy.is_file() else b""
        written = place.read_bytes() if place else durable
        if self.chance.random() < 0.3:
            return durable
        if self.chance.random() < 0.5:
            return written
        if written.startswith(durable):
            return written[: self.chance.randrange(len(durable), len(written) + 1)]
        return durable


def run(case: dict[str, Any], prepared: Path, scratch: Path) -> list[dict[str, Any]]:
    """Return what became of each draw: `fault` where something did not hold, `count` of moments where none came."""
    folder, synced, left = (scratch / name for name in ("installation", "synced", "left"))
    notes, result = scratch / "notes", scratch / "result.json"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(prepared, folder)
    keep_all(folder, synced)
    notes.write_text("")

    def cut() -> dict[str, Any]:
        library().watch(str(synced).encode(), int(case["guard"]))
        library().arm(str(folder).encode(), END, case["moment"], 0, 0)
        try:
            return work(folder, notes)
        except IndexesError as error:
            return {"fault": f"refused without a cause: {error}"}

    worked = forked(cut, result)
    disarm()
    if "count" in worked:
        return [worked]
    outcomes = []
    for draw in case["draws"]:
        shutil.rmtree(left, ignore_errors=True)
        Disk(folder, synced, random.Random(draw)).write(left)
        outcome = forked(lambda: judge(left, notes.read_text().split()), result)
        outcomes.append({"moment": case["moment"], "draw": draw, **outcome})
    return outcomes


def main() -> None:
    """Read cases and write outcomes, one line each."""
    prepared, scratch = map(Path, sys.argv[1:3])
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line), prepared, scratch)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
