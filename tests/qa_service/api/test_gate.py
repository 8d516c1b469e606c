"""Is a request that would find no place turned away at once, in the form of every other refusal?"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from qa_service.api.gate import Gate
from qa_service.errors import Overloaded

SEARCH = "/api/v1/search?q=brno"
ANSWER = "/api/v1/answer"
QUESTION = {"question": "brno"}
ORIGIN = "https://www.example.org"


@pytest.fixture
def full(start, bench) -> Iterator[TestClient]:
    """A client of a service whose only places for a search and an answer are taken, and which lets nobody wait."""
    go = threading.Event()
    client = start(search_slots=1, search_queue=0, answer_queue=0, allowed_origins=(ORIGIN,))
    bench.searcher.fault = go.wait
    held = [
        threading.Thread(target=client.get, args=(SEARCH,)),
        threading.Thread(target=client.post, args=(ANSWER,), kwargs={"json": QUESTION}),
    ]
    for thread in held:
        thread.start()
    capacity = bench.service.capacity
    while capacity.searching.refusal is None or capacity.answering.refusal is None:
        time.sleep(0.005)
    yield client
    go.set()
    for thread in held:
        thread.join()


ASKED = [("GET", SEARCH, None), ("POST", ANSWER, QUESTION)]
"""What the gate looks at: method, address and body."""


@pytest.mark.parametrize(("method", "address", "body"), ASKED)
def test_what_finds_no_place_reaches_no_route(full, monkeypatch, method, address, body) -> None:
    """503 with Retry-After, as a problem, before the door is asked who is there."""
    monkeypatch.setattr("qa_service.api.access.Door.admit", None)
    answer = full.request(method, address, json=body, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert (answer.json()["code"], answer.json()["status"]) == ("overloaded", 503)
    assert answer.headers["content-language"] == "en"
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(("method", "address", "body"), ASKED)
def test_without_the_gate_the_door_would_be_asked(full, monkeypatch, method, address, body) -> None:
    """Negative control of the same test."""
    monkeypatch.setattr("qa_service.slots.Slots.refusal", None)
    monkeypatch.setattr("qa_service.api.access.Door.admit", None)
    assert full.request(method, address, json=body).status_code == 500


def test_a_question_is_received_before_it_is_refused() -> None:
    """All of it: a connection closed under a writing sender would lose the refusal."""
    events: list[str] = []
    pieces = iter([(b"{", True), (b'"question":', True), (b'"brno"}', False)])

    async def receive() -> dict[str, Any]:
        body, more = next(pieces)
        events.append("piece")
        return {"type": "http.request", "body": body, "more_body": more}

    async def send(message: Any) -> None:
        events.append(message["type"])

    full_slots: Any = SimpleNamespace(refusal=Overloaded("answer", 1))
    gate = Gate(lambda *_: pytest.fail("it was let in"), {("POST", ANSWER): full_slots})
    scope = {"type": "http", "method": "POST", "path": ANSWER, "headers": [], "state": {"request_id": "r-1"}}
    asyncio.run(gate(scope, receive, send))
    assert events == ["piece", "piece", "piece", "http.response.start", "http.response.body"]


def test_a_page_of_another_site_can_read_the_refusal(full) -> None:
    """The widget says that it is busy here, and not that nothing answers."""
    answer = full.get(SEARCH, headers={"Origin": ORIGIN})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (503, ORIGIN)


def test_refusals_of_the_gate_are_counted_under_their_address(full) -> None:
    """As those that the route itself would have given."""
    full.get(SEARCH)
    full.head(SEARCH)
    full.post(ANSWER, json=QUESTION)
    told = full.get("/metrics").text
    assert 'pramen_request_seconds_count{method="GET",route="/api/v1/search",status="503"} 1.0' in told
    assert 'pramen_request_seconds_count{method="POST",route="/api/v1/answer",status="503"} 1.0' in told
    assert 'pramen_refusals_total{code="overloaded"} 3.0' in told


def test_everything_else_goes_on(full) -> None:
    """Other addresses, and other methods at the same one, are none of its business."""
    assert full.get("/healthz").status_code == 200
    assert full.get("/widget.js").status_code == 200
    assert full.delete(SEARCH).status_code == 405
    assert full.get(ANSWER).status_code == 405


def test_where_there_is_room_everything_passes(client) -> None:
    """Positive control."""
    assert client.get(SEARCH).status_code == 200
    assert client.post(ANSWER, json=QUESTION).status_code == 200
