"""Does a build read every sound document while parsers beside it hang, swell, die, flood and leave children behind?"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from corpus.catalog import read_catalog
from indexes.embedding.hashing import HashingEmbedder
from ingest.cost import Cost
from ingest.pipeline import BuildReport, build_release
from ingest.readers.reading import Reading
from ingest.sandbox import Sandbox
from ingest.settings import IngestSettings, ReaderLimits
from tests.reliability.conftest import Effort
from tests.reliability.installation import settings_in, text_of

READER = "tests.ingest.mock_parsers:by_content"
LIMITS = ReaderLimits(wall_s=20, cpu_s=2, memory_mb=200, output_mb=1)
REFUSED = {
    "hang": "time_limit",
    "spin": "time_limit",
    "swell": "memory_limit",
    "leave": "corrupt",
    "abort": "corrupt",
    "flood": "decompression_limit",
}
"""What a parser does, and why its document is refused."""
READ = ("sound", "shout", "breed")
"""Sound documents; the parsers of the last two are noisy or leave processes behind."""
MARGIN_S = 2.0
"""How much longer than its limit a document may take to be refused."""


class WatchedSandbox(Sandbox):
    """A sandbox with mock parsers that notes how long each document took and where its processes live."""

    seconds: ClassVar[list[float]] = []
    folders: ClassVar[set[str]] = set()

    def __init__(self, limits: ReaderLimits) -> None:
        super().__init__(replace(LIMITS, wall_s=limits.wall_s), READER)

    def read(self, path: Path, attempt: Path | None = None, limits: ReaderLimits | None = None) -> tuple[Reading, Cost]:
        """Read a file and note what is to be judged."""
        self.start()
        assert self._folder is not None
        self.folders.add(self._folder.name)
        began = time.monotonic()
        try:
            return super().read(path, attempt, limits)
        finally:
            self.seconds.append(time.monotonic() - began)


def build(folder: Path, rounds: int, monkeypatch: pytest.MonkeyPatch) -> BuildReport:
    """Build a release of every kind of document, each `rounds` times, with two readers."""
    monkeypatch.setattr("ingest.reading_pool.Sandbox", WatchedSandbox)
    WatchedSandbox.seconds.clear()
    settings = settings_in(folder)
    settings.corpus.mkdir()
    for number in range(rounds):
        for place, kind in enumerate((*REFUSED, *READ)):
            (settings.corpus / f"{kind}-{number}.txt").write_text(f"{kind} {text_of(number * 10 + place)}")
    ingest = IngestSettings(readers=2, reader_seconds=int(LIMITS.wall_s))
    return build_release(read_catalog(settings.corpus), HashingEmbedder(), settings, ingest, lambda _: None)


def left_behind() -> list[int]:
    """Return the processes that still have the environment of a server of readers."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            text = environment.read_bytes()
        except OSError:  # it has just ended, or is another user's
            continue
        if any(f"TMPDIR={folder}\0".encode() in text for folder in WatchedSandbox.folders):
            found.append(int(environment.parent.name))
    return found


def test_every_sound_document_is_read_beside_parsers_that_misbehave(
    tmp_path: Path, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each mock refused with its reason within its limit, every sound one indexed, and no process left."""
    rounds = effort.of(1, 25)
    report = build(tmp_path, rounds, monkeypatch)
    outcomes = {receipt.document_id: (receipt.outcome, receipt.reasons) for receipt in report.receipts}
    slowest = max(WatchedSandbox.seconds)
    effort.tell(f"{len(outcomes)} documents, slowest {slowest:.1f} s of {LIMITS.wall_s} s, left {left_behind()}")
    assert len(outcomes) == rounds * (len(REFUSED) + len(READ))
    for document, (outcome, reasons) in outcomes.items():
        kind = document.rsplit("-", 1)[0]
        assert (outcome == "indexed") == (kind in READ), document
        assert reasons == (() if kind in READ else (REFUSED[kind],)), document
    assert left_behind() == []
    assert not effort.is_long or slowest <= LIMITS.wall_s + MARGIN_S


def test_the_harness_sees_processes_that_are_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: where nobody collects the children of a parser, they are found."""
    sandbox = WatchedSandbox(LIMITS)
    file = tmp_path / "sound.txt"
    file.write_text(f"sound {text_of(1)}")
    with sandbox:
        sandbox.read(file)
        assert left_behind() != []  # the server itself, which stands as long as its sandbox
    assert left_behind() == []
