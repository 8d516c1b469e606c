"""Is a search that would find no place turned away at once, in the form of every other refusal?"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

SEARCH = "/api/v1/search?q=brno"
ORIGIN = "https://www.example.org"


@pytest.fixture
def full(start, bench) -> Iterator[TestClient]:
    """A client of a service whose only place is taken, and which lets nobody wait."""
    go = threading.Event()
    client = start(search_slots=1, search_queue=0, allowed_origins=(ORIGIN,))
    bench.searcher.fault = go.wait
    held = threading.Thread(target=client.get, args=(SEARCH,))
    held.start()
    while bench.service.capacity.searching.refusal is None:
        time.sleep(0.005)
    yield client
    go.set()
    held.join()


def test_a_search_without_a_place_reaches_no_route(full, monkeypatch) -> None:
    """503 with Retry-After, as a problem, before the door is asked who is there."""
    monkeypatch.setattr("qa_service.api.access.Door.admit", None)
    answer = full.get(SEARCH, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert (answer.json()["code"], answer.json()["status"]) == ("overloaded", 503)
    assert answer.headers["content-language"] == "en"
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_page_of_another_site_can_read_the_refusal(full) -> None:
    """The widget says that it is busy here, and not that nothing answers."""
    answer = full.get(SEARCH, headers={"Origin": ORIGIN})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (503, ORIGIN)


def test_refusals_of_the_gate_are_counted_under_their_address(full) -> None:
    """As those that the route itself would have given."""
    full.get(SEARCH)
    full.head(SEARCH)
    told = full.get("/metrics").text
    assert 'pramen_request_seconds_count{method="GET",route="/api/v1/search",status="503"} 1.0' in told
    assert 'pramen_refusals_total{code="overloaded"} 2.0' in told


def test_everything_else_goes_on(full) -> None:
    """Other addresses, and other methods at the same one, are none of its business."""
    assert full.get("/healthz").status_code == 200
    assert full.get("/widget.js").status_code == 200
    assert full.delete(SEARCH).status_code == 405


def test_where_there_is_room_a_search_passes(client) -> None:
    """Positive control."""
    assert client.get(SEARCH).status_code == 200
