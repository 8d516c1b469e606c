"""Does a build that is killed at any moment harm nothing, lose nothing and double nothing?

A few kills in every run; `KILLS=200 python -m pytest tests/ingest/test_killed_builds.py` is the long form.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexes.engines import open_index, open_shelf
from indexes.settings import IndexSettings

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("KILLS", "6"))
DOCUMENTS = 40
BUILD = """
import sys
from pathlib import Path
from corpus.catalog import read_catalog
from indexes.embedding.hashing import HashingEmbedder
from indexes.settings import IndexSettings
from ingest.pipeline import build_release
from ingest.settings import IngestSettings
folder = Path(sys.argv[1])
settings = IndexSettings(corpus=folder / "corpus", releases=folder / "releases", state=folder / "state", model="")
print("begun", flush=True)
report = build_release(read_catalog(settings.corpus), HashingEmbedder(), settings, IngestSettings(readers=2))
print(report.release_id, report.read, flush=True)
"""


def start(folder: Path) -> subprocess.Popen[str]:
    """Start a build and return when it has begun."""
    process = subprocess.Popen(
        [sys.executable, "-c", BUILD, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ, PYTHONPATH="."),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def finish(folder: Path) -> tuple[str, int]:
    """Build to the end and return the release and how many files were read."""
    with start(folder) as process:
        assert process.stdout is not None
        release_id, read = process.stdout.read().split()
    return release_id, int(read)


def write(folder: Path, edition: int) -> None:
    """Write the corpus; every edition changes every document."""
    for number in range(DOCUMENTS):
        text = "\n\n".join(
            f"Obec {number} pořádá kurz číslo {edition}-{step} pro cizince a jejich rodiny." for step in range(12)
        )
        file = folder / "corpus" / f"obec-{number}.txt"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"Zpráva obce {number}\n\n{text}\n")


def test_a_build_killed_at_random_moments_harms_lost_and_doubles_nothing(tmp_path: Path) -> None:
    """After every kill the published release is sound; the last build has each document once and reads none twice."""
    settings = IndexSettings(
        corpus=tmp_path / "corpus", releases=tmp_path / "releases", state=tmp_path / "state", model=""
    )
    shelf = open_shelf(settings)
    write(tmp_path, 0)
    started = time.monotonic()
    published, _ = finish(tmp_path)
    duration = time.monotonic() - started
    shelf.publish(published)
    rng = random.Random(2026)
    killed = 0
    for number in range(KILLS):
        if number % 20 == 0:
            write(tmp_path, 1 + number // 20)
        with start(tmp_path) as process:
            time.sleep(rng.uniform(0, duration))
            process.kill()
            killed += process.wait() < 0
        assert shelf.sound_published() == (published, ())
    assert killed, "no build was still running when its moment came"
    write(tmp_path, 99)
    with start(tmp_path) as process:
        time.sleep(duration / 2)
        process.kill()
    release_id, read = finish(tmp_path)
    assert read <= DOCUMENTS
    index = open_index(settings, release_id)
    assert [d.id for d in index.documents(1000)] == sorted(f"obec-{number}" for number in range(DOCUMENTS))
    assert {receipt["outcome"] for receipt in index.receipts()} == {"indexed"}
    for number in range(DOCUMENTS):
        text = index.document_text(f"obec-{number}")
        assert text is not None
        assert "číslo 99-11 pro" in text.text
    index.close()
    assert finish(tmp_path)[1] == 0, "what was read once is known"
