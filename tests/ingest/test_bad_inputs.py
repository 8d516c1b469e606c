"""Does every hostile, broken or odd file end in an outcome that is right, within its time and memory?

Each row of the manifest is a build of its own, by the code of the command line, and is judged by what the row allows.
"""

from __future__ import annotations

import json
import re
import socket
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from corpus.catalog import Catalog
from corpus.document import Publication
from corpus.errors import FileRefused
from corpus.file_kinds import FileKind, check_claim, check_name
from indexes.embedding.hashing import HashingEmbedder
from indexes.manifest import ModelIdentity
from ingest import pipeline, reading_pool
from ingest.cost import Cost
from ingest.errors import UnreadableDocument
from ingest.pipeline import write_release
from ingest.readers.reading import Reading
from ingest.reasons import Reason
from ingest.receipt import Receipt
from ingest.sandbox import Sandbox
from ingest.settings import IngestSettings, ReaderLimits
from tests.fakes import StrictMemoryIndex, StrictMemoryWriter

pytestmark = [pytest.mark.shared, pytest.mark.slow]

IDLE_MB = 40
"""Resident memory of a child before it reads anything, measured as 39 to 40 MB."""
LISTENER_PORT = 18999
OUTCOMES = {"indexed": "index", "rejected": "reject", "quarantined": "quarantine"}
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


@dataclass
class Judged:
    """What became of one row."""

    outcome: str
    reasons: list[str]
    texts: list[str]
    receipt: str
    seconds: float
    memory_mb: float


class OneSandbox:
    """Stands for the sandboxes of all builds: starting a server for each of 480 files would take minutes."""

    box: Sandbox

    def __init__(self, limits: ReaderLimits) -> None:
        """Take the limits of an ordinary build, which those of the shared sandbox are."""

    def read(self, path: Path, attempt: Path | None = None, limits: ReaderLimits | None = None) -> tuple[Reading, Cost]:
        """Read in the shared sandbox."""
        return self.box.read(path, attempt, limits)

    def close(self) -> None:
        """Leave the shared sandbox running."""


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[dict[str, Any]]:
    """The rows of the manifest whose files are stored; those of many megabytes are made only for long runs."""
    lines = (shared / "data/bad-inputs/manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["file"]]


@pytest.fixture(scope="module")
def judged(
    rows: list[dict[str, Any]], shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Judged]]:
    """All rows, read once, while a listener waits for anything that calls out."""
    state = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch, Sandbox(IngestSettings().limits) as box, socket.socket() as listener:
        OneSandbox.box = box
        patch.setattr(reading_pool, "Sandbox", OneSandbox)
        for room in (pipeline, reading_pool):  # the rows judge a machine without OCR
            patch.setattr(room, "installed_languages", lambda _: "")
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", LISTENER_PORT))
        except OSError as error:
            pytest.skip(f"the files would call 127.0.0.1:{LISTENER_PORT}, where something else listens: {error}")
        listener.listen()
        listener.settimeout(0.1)
        found = {row["id"]: judge(shared / "data/bad-inputs" / row["file"], row, state) for row in rows}
        with pytest.raises(TimeoutError):
            listener.accept()
    yield found


def judge(file: Path, row: dict[str, Any], state: Path) -> Judged:
    """Return the outcome of one file under its upload name."""
    started = time.monotonic()
    embedder = HashingEmbedder()
    committed: dict[str, StrictMemoryIndex] = {}
    writer = StrictMemoryWriter(committed, ModelIdentity(embedder.name, embedder.fingerprint, embedder.dimension))
    catalog = Catalog(file.parent, (Publication("document", file),), ())
    report = write_release(
        catalog, embedder, writer, previous=None, state=state, ingest=IngestSettings(readers=1), progress=lambda _: None
    )
    receipt = report.receipts[0]
    refused = refused_at_the_door(row["upload_name"], receipt)
    passages = [] if report.release_id is None else committed[report.release_id].passages_of("document")
    return Judged(
        "reject" if refused else OUTCOMES[receipt.outcome.value],
        [refused] if refused else [reason.value for reason in receipt.reasons],
        [] if refused else [plain(passage.text) for passage in passages],
        plain(json.dumps(receipt.to_json(), ensure_ascii=False)),
        time.monotonic() - started,
        receipt.cost.memory_mb - IDLE_MB,
    )


def refused_at_the_door(upload_name: str, receipt: Receipt) -> str:
    """Return the code for which the name of an upload is refused, or nothing."""
    try:
        check_name(upload_name)
        if receipt.media_type:
            check_claim(upload_name, FileKind(receipt.media_type))
    except (FileRefused, UnreadableDocument) as error:
        return error.code
    return ""


def plain(text: str) -> str:
    """Return a text as the manifest compares: NFC, without case, zero-width characters and soft hyphens."""
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text)).casefold()


def test_every_outcome_is_allowed(rows: list[dict[str, Any]], judged: dict[str, Judged]) -> None:
    """Indexed, quarantined or refused: each row says which of them are right."""
    wrong = {row["id"]: judged[row["id"]].outcome for row in rows if judged[row["id"]].outcome not in row["expect"]}
    assert wrong == {}


def test_every_reason_is_one_of_the_right_ones(rows: list[dict[str, Any]], judged: dict[str, Judged]) -> None:
    """A refusal carries a known code, and one that the row lists where it lists any."""
    wrong = {}
    for row in rows:
        found = judged[row["id"]]
        known = {*Reason} & {*map(str, found.reasons)}
        if found.outcome != "index" and (not known or (row.get("reasons") and not known & {*row["reasons"]})):
            wrong[row["id"]] = found.reasons
    assert wrong == {}


def test_sound_controls_are_indexed(rows: list[dict[str, Any]], judged: dict[str, Judged]) -> None:
    """Refusing everything does not pass."""
    controls = [row["id"] for row in rows if row.get("control")]
    assert controls
    assert [name for name in controls if judged[name].outcome != "index"] == []


def test_words_are_found_and_secrets_are_not(rows: list[dict[str, Any]], judged: dict[str, Judged]) -> None:
    """What a reader sees stands in a passage; what the file must not reach stands nowhere."""
    lost, leaked = {}, {}
    for row in rows:
        found = judged[row["id"]]
        if found.outcome == "index":
            wanted = [*row.get("must_find", []), *row.get("find_if_indexed", [])]
            missing = [word for word in wanted if plain(word) not in "\n".join(found.texts)]
            lost.update({row["id"]: missing} if missing else {})
        secrets = [s for s in row.get("must_not_find", []) if plain(s) in found.receipt + "\n".join(found.texts)]
        leaked.update({row["id"]: secrets} if secrets else {})
    assert (lost, leaked) == ({}, {})


def test_hidden_instructions_are_in_no_passage(rows: list[dict[str, Any]], judged: dict[str, Judged]) -> None:
    """Text that a reader of the page does not see is left out (kinds ending in hidden-injection)."""
    hidden = [row for row in rows if row["kind"].endswith("hidden-injection")]
    assert hidden
    shown = [row["id"] for row in hidden if plain(row["injection"]) in "\n".join(judged[row["id"]].texts)]
    assert shown == []


def test_passage_counts_are_within_their_bounds(rows: list[dict[str, Any]], judged: dict[str, Judged]) -> None:
    """A control has as many passages as a document of its size should have."""
    bounded = [row for row in rows if row.get("passages") and judged[row["id"]].outcome == "index"]
    wrong = [
        row["id"] for row in bounded if not row["passages"][0] <= len(judged[row["id"]].texts) <= row["passages"][1]
    ]
    assert wrong == []


def test_memory_stays_within_the_limit_of_each_row(rows: list[dict[str, Any]], judged: dict[str, Judged]) -> None:
    """The rise over the idle child is below what the row allows; the limit is enforced, so this is no matter of luck."""
    assert {row["id"]: m for row in rows if (m := judged[row["id"]].memory_mb) > row["max_rss_mb"]} == {}


def test_no_file_runs_into_the_wall(rows: list[dict[str, Any]], judged: dict[str, Judged]) -> None:
    """None needed the time limit of the reader, which is the largest that most rows allow several times over."""
    limit = IngestSettings().limits.wall_s
    assert {row["id"]: s for row in rows if (s := judged[row["id"]].seconds) > max(limit, row["max_seconds"])} == {}
