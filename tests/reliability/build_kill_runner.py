"""Kills a build that publishes at random moments, and judges what each kill leaves.

    python -m tests.reliability.build_kill_runner FOLDER KILLS SEED safe|bare

Everything is loaded once and each build is forked, so that one costs about a second. Before a build that nothing
interrupted is followed by the next one, some publications are added, changed and removed, so that there is work.
`bare` publishes by writing CURRENT before the release is committed, and is killed in between: the control.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

import structlog

from corpus.catalog import read_catalog
from indexes.engines import open_shelf
from indexes.errors import IndexesError
from tests.reliability.installation import add_directly, served, settings_in, text_of, workshop_in
from tests.reliability.kill_runner import CARELESS_S, PATIENCE_S, killed, started, wait_until

PUBLICATIONS = 12
LONGEST_LIFE = 1.3
"""A build is killed at a moment between 0 and this many times what a whole one takes, or ends before."""
MOST_KILLS_IN_A_ROW = 5
"""After so many a build is let end, so that some do on a machine that has become slower since the first one."""
UNCOMMITTED = "20990101T000000Z-0000\n"


def build(folder: Path, *, is_safe: bool) -> None:
    """Build the collection and publish the release, as `pramen build --publish` does, then end the process."""
    shop = workshop_in(folder)
    if not is_safe:
        (folder / "releases" / "CURRENT").write_text(UNCOMMITTED)
        time.sleep(CARELESS_S)
    report = shop.build(lambda now: note(folder, now.stage, now.done))
    assert report.release_id is not None
    shop.shelf.publish(report.release_id)
    shop.shelf.prune(shop.settings.keep_releases)
    os._exit(0)


def note(folder: Path, stage: str, done: int) -> None:
    """Remember how far the build is."""
    with (folder / "progress").open("a") as notes:
        notes.write(f"{stage} {done}\n")


def read_so_far(folder: Path) -> list[int]:
    """Return how many files were known each time that the last build told of its reading, and forget it."""
    notes = folder / "progress"
    lines = notes.read_text().splitlines() if notes.exists() else []
    notes.unlink(missing_ok=True)
    return [int(line.split()[1]) for line in lines if line.startswith("read ")]


def change(folder: Path, chance: random.Random, number: int) -> None:
    """Add a publication, change the text of another, and keep their number at most a dozen."""
    add_directly(folder, number)
    publications = read_catalog(folder / "corpus").publications
    chance.choice(publications).file.write_text(text_of(number + 5_000_000), encoding="utf-8")
    for publication in publications[PUBLICATIONS:]:
        publication.file.unlink()
        (publication.file.parent / "document.toml").unlink()
        publication.file.parent.rmdir()


def wrong_after(folder: Path, before: str | None) -> str | None:
    """Return what a reader finds wrong now, if anything; `before` was published when the build began."""
    shelf = open_shelf(settings_in(folder))
    try:
        release_id, documents = served(folder)
    except (AssertionError, IndexesError) as error:
        return repr(error)
    if len(set(documents)) != len(documents):
        return f"doubled documents in {release_id}"
    if release_id != shelf.published() or release_id not in {before, shelf.ids()[-1]}:
        return f"{release_id} is served, {shelf.published()} published, {before} was before"
    return None


def ended(process: int, life_s: float) -> bool:
    """Wait for a build and kill it after `life_s`; tell whether it had ended by itself."""
    end = time.monotonic() + life_s
    while time.monotonic() < end:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            assert status == 0, f"a build failed with status {status}"
            return True
        time.sleep(0.005)
    killed(process)
    return False


def main() -> None:
    """Kill builds, judge each time, and print one JSON object."""
    folder, kills, seed, is_safe = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "safe"
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    chance = random.Random(seed)
    found: dict[str, Any] = {"kills": 0, "completed": 0, "wrong": [], "readings lost": 0, "seed": seed}
    shelf = open_shelf(settings_in(folder))
    change(folder, chance, 1_000_000)
    began = time.monotonic()
    assert ended(started(lambda: build(folder, is_safe=True)), PATIENCE_S)
    longest = LONGEST_LIFE * (time.monotonic() - began)
    while found["kills"] < kills:
        change(folder, chance, 1_000_001 + found["kills"] + found["completed"])
        is_done, known, in_a_row = False, 0, 0
        while not is_done and found["kills"] < kills:
            before = shelf.published()
            process = started(lambda: build(folder, is_safe=is_safe))
            if not is_safe:
                wait_until(lambda: (folder / "releases" / "CURRENT").read_text() == UNCOMMITTED, "nothing is promised")
            life_s = chance.random() * longest if is_safe else 0.0
            is_done = ended(process, PATIENCE_S if in_a_row == MOST_KILLS_IN_A_ROW else life_s)
            in_a_row += 1
            found["completed" if is_done else "kills"] += 1
            if (wrong := wrong_after(folder, before)) is not None:
                found["wrong"].append(wrong)
            if told := read_so_far(folder):
                found["readings lost"] += max(0, known - told[0])
                known = told[-1]
    assert ended(started(lambda: build(folder, is_safe=True)), PATIENCE_S)
    _, documents = served(folder)
    found["missing"] = sorted({p.id for p in read_catalog(folder / "corpus").publications} ^ set(documents))
    found["strays"] = [path.name for path in (folder / "releases").iterdir() if path.name.startswith(".building")]
    print(json.dumps(found))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
