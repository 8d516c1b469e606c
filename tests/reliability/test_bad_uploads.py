"""Does every hostile, broken or odd file, uploaded as staff do, end as its row says while the service goes on answering?

The rows of the manifest are uploaded over HTTP to the real command, each under the name (and type) of an attacker, then
one build reads them all. What a build does with each file by itself is tested in `tests/ingest/test_bad_inputs.py`;
here the door, the queue, the worker, the search and the log are the subject.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from ingest.reasons import Reason
from tests.reliability.conftest import Effort
from tests.reliability.installation import add_directly
from tests.reliability.service import QUESTIONS, Service

pytestmark = [pytest.mark.shared, pytest.mark.slow, pytest.mark.model]

LISTENER_PORT = 18999
SHORT_ROWS = 40
PATIENCE_S = 3600.0
OUTCOMES = {"indexed": "index", "rejected": "reject", "quarantined": "quarantine"}
ENDED = {"succeeded", "failed", "canceled"}
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True)
class Fate:
    """What became of one uploaded row."""

    outcome: str
    reasons: tuple[str, ...]
    words: str
    """All that the service said of it, in the form in which the manifest compares."""
    document: str = ""
    """The id under which it is searched, where it was accepted."""


def plain(text: str) -> str:
    """Return a text as the manifest compares: NFC, without case, zero-width characters and soft hyphens."""
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text)).casefold()


@contextmanager
def silence_on(port: int) -> Iterator[None]:
    """Fail where anything connects to `port` of this machine meanwhile."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            pytest.skip(f"the files would call 127.0.0.1:{port}, where something else listens: {error}")
        listener.listen()
        listener.settimeout(0.1)
        yield
        with pytest.raises(TimeoutError):
            listener.accept()


@contextmanager
def searches_meanwhile(service: Service, statuses: list[int]) -> Iterator[None]:
    """Search five times a second and note each status."""
    ended = threading.Event()

    def search() -> None:
        while not ended.wait(0.2):
            question = QUESTIONS[len(statuses) % len(QUESTIONS)]
            statuses.append(service.ask(f"/api/v1/search?q={quote(question)}")[0])

    searcher = threading.Thread(target=search)
    searcher.start()
    try:
        yield
    finally:
        ended.set()
        searcher.join()


def sent(service: Service, file: Path, row: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Upload one row and return status and body."""
    status, body = service.upload(row["upload_name"], file.read_bytes(), row.get("content_type"))
    return status, json.loads(body)


def finished(service: Service, job: str) -> dict[str, Any]:
    """Return a job when it has ended."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found: dict[str, Any] = json.loads(service.ask(f"/api/v1/admin/jobs/{job}")[1])
        if found["state"] in ENDED:
            return found
        time.sleep(0.2)
    raise AssertionError(f"job {job} has not ended: {found}")


def wait_until_switched(service: Service) -> None:
    """Return when the service searches the release that is published."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        releases = json.loads(service.ask("/api/v1/admin/releases")[1])["releases"]
        published = [release["id"] for release in releases if release["is_published"]]
        if [json.loads(service.ask("/api/v1/search?q=pobyt")[1])["release"]] == published:
            return
        time.sleep(0.1)
    raise AssertionError(f"{published} is published and not searched")


def fates_of(service: Service, rows: list[dict[str, Any]], folder: Path) -> dict[str, Fate]:
    """Upload all rows, build and publish once, and return what became of each."""
    accepted, fates = {}, {}
    for row in rows:
        status, body = sent(service, folder / row["file"], row)
        assert status in {202, 400, 413, 415, 422}, (row["id"], status, body)
        if status == 202:
            accepted[row["id"]] = body["documents"][0]
        else:
            fates[row["id"]] = Fate("reject", (body["code"],), plain(json.dumps(body, ensure_ascii=False)))
    for name, document in accepted.items():
        job = finished(service, document["job"])
        if job["state"] == "failed":
            fates[name] = Fate("reject", (job["error"]["code"],), plain(json.dumps(job, ensure_ascii=False)))
    status, body = service.ask("/api/v1/admin/builds", "POST", {"publish": True})
    job = finished(service, json.loads(body)["id"])
    assert job["state"] == "succeeded", job
    wait_until_switched(service)
    for name, document in accepted.items():
        if name not in fates:
            receipt = json.loads(service.ask(f"/api/v1/admin/receipts/{document['id']}")[1])
            words = plain(json.dumps(receipt, ensure_ascii=False))
            fates[name] = Fate(outcome_of(receipt), tuple(receipt["reasons"]), words, document["id"])
    return fates


def outcome_of(receipt: dict[str, Any]) -> str:
    """Return the outcome as the manifest names it; the text of a duplicate is in the collection, by another row."""
    return "index" if receipt["reasons"] == [Reason.DUPLICATE] else OUTCOMES[receipt["outcome"]]


def found_by(service: Service, word: str, document: str) -> str:
    """Return the texts of a document that a search for `word` cites."""
    status, body = service.ask(f"/api/v1/search?q={quote(word)}&k=50&document={document}")
    assert status == 200, (word, status, body)
    return plain("\n".join(hit["text"] for hit in json.loads(body)["hits"]))


def test_every_upload_ends_as_its_row_says(tmp_path: Path, shared: Path, effort: Effort) -> None:
    """Outcomes and reasons are right, words found, secrets nowhere, nothing called out, and searches were answered."""
    folder = shared / "data/bad-inputs"
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["file"]]
    rows = effort.chance.sample(rows, effort.of(SHORT_ROWS, len(rows)))
    (tmp_path / "corpus").mkdir()
    for number in range(1, 4):
        add_directly(tmp_path, number)
    service, statuses = Service(tmp_path, PRAMEN_ADMIN_RATE="100000 per second"), list[int]()
    try:
        with silence_on(LISTENER_PORT), searches_meanwhile(service, statuses):
            fates = fates_of(service, rows, folder)
            wrong = {row["id"]: fates[row["id"]] for row in rows if not is_allowed(fates[row["id"]], row)}
            texts = {
                (name, word): found_by(service, word, fates[name].document) for name, word in wanted_of(rows, fates)
            }
        lost = [key for key, text in texts.items() if plain(key[1]) not in text]
        log = plain((tmp_path / "service.log").read_text(encoding="utf-8", errors="replace"))
        leaked = list(secrets_in(log, rows, fates, texts))
    finally:
        service.stop()
    counts = {outcome: sum(fate.outcome == outcome for fate in fates.values()) for outcome in OUTCOMES.values()}
    print(f"{len(rows)} uploads, {counts}; {len(statuses)} searches meanwhile; {len(texts)} words found")  # noqa: T201
    assert (wrong, lost, leaked) == ({}, [], [])
    assert "\x1b" not in log
    assert set(statuses) == {200}


def is_allowed(fate: Fate, row: dict[str, Any]) -> bool:
    """Tell whether outcome and reason are among those that the row allows; the reason is always a known one."""
    if fate.outcome not in row["expect"]:
        return False
    known = {*fate.reasons} & {*map(str, Reason)}
    return fate.outcome == "index" or bool(known & {*row["reasons"]} if row.get("reasons") else known)


def wanted_of(rows: Sequence[dict[str, Any]], fates: Mapping[str, Fate]) -> list[tuple[str, str]]:
    """Return each row that is searched by itself with each word by which it must be found.

    A word that several rows must be found by is left out: what many files repeat is taken for furniture.
    """
    words = [
        (row["id"], word)
        for row in rows
        if fates[row["id"]].outcome == "index" and "duplicate" not in fates[row["id"]].reasons
        for word in (*row.get("must_find", []), *row.get("find_if_indexed", []))
    ]
    counts = Counter(word for row in rows for word in {*row.get("must_find", []), *row.get("find_if_indexed", [])})
    return [(name, word) for name, word in words if counts[word] == 1]


def secrets_in(
    log: str, rows: Sequence[dict[str, Any]], fates: Mapping[str, Fate], texts: Mapping[tuple[str, str], str]
) -> Iterator[tuple[str, str]]:
    """Yield the rows of which the log, the receipt or a passage told what nobody may learn, and what it is."""
    for row in rows:
        own = [text for (name, _), text in texts.items() if name == row["id"]]
        for secret in row.get("must_not_find", []):
            if any(plain(secret) in said for said in (log, fates[row["id"]].words, *own)):
                yield row["id"], secret


def test_a_wrong_outcome_would_be_seen() -> None:
    """Negative control: a row that must be indexed and was refused, and a refusal for an unknown reason, are not allowed."""
    corrupt = Fate("reject", ("corrupt",), "")
    assert is_allowed(corrupt, {"expect": ["reject"], "reasons": ["corrupt"]})
    assert not is_allowed(corrupt, {"expect": ["index"]})
    assert not is_allowed(corrupt, {"expect": ["reject"], "reasons": ["encrypted"]})
    assert not is_allowed(Fate("reject", ("broken",), ""), {"expect": ["reject"]})
