"""Is more than the service can do refused early, counted, and never at the cost of what it can do?"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

SEARCH = "/api/v1/search?q=brno"


def test_beyond_its_places_the_service_refuses_at_once_and_serves_what_it_took(start, bench) -> None:
    """Two run, two wait, the rest get 503 with Retry-After; those that were taken are answered."""
    go = threading.Event()
    client = start(search_slots=2, search_queue=2, search_rate="1000000 per second")
    bench.searcher.fault = go.wait
    with ThreadPoolExecutor(12) as readers:
        asked = [readers.submit(client.get, SEARCH) for _ in range(12)]
        while sum(each.done() for each in asked) < 8:
            time.sleep(0.005)
        refused = [each.result() for each in asked if each.done()]
        assert bench.service.capacity.searching.running == 2
        assert bench.service.capacity.searching.waiting == 2
        go.set()
        answers = [each.result() for each in asked]
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [503] * 8
    assert all(answer.json()["code"] == "overloaded" for answer in refused)
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)


def test_pages_beyond_their_places_are_refused_at_once_too(start, bench) -> None:
    """Two are drawn or wait, the rest get a page that says so before anything is drawn for them; files go on."""
    go = threading.Event()
    client = start(search_slots=1, search_queue=1, search_rate="1000000 per second")
    bench.searcher.fault = go.wait
    with ThreadPoolExecutor(6) as readers:
        asked = [readers.submit(client.get, "/?q=brno", headers={"Accept": "text/html"}) for _ in range(6)]
        while sum(each.done() for each in asked) < 4:
            time.sleep(0.005)
        assert client.get("/widget.js").status_code == 200
        go.set()
        answers = [each.result() for each in asked]
    assert sorted(answer.status_code for answer in answers) == [200] * 2 + [503] * 4
    assert all(answer.headers["content-type"].startswith("text/html") for answer in answers)
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers if answer.status_code != 200)


def test_a_page_that_was_just_told_its_answer_waits_for_nobody(start, bench) -> None:
    """It is drawn from what was said, though every slot is taken by others."""
    client, go = start(search_slots=1), threading.Event()
    client.post("/api/v1/answer", json={"question": "Xyzzy?"}, headers={"Accept": "text/event-stream"})
    bench.searcher.fault = go.wait
    with ThreadPoolExecutor(1) as other:
        busy = other.submit(client.post, "/api/v1/answer", json={"question": "Plugh?"})
        while bench.service.capacity.answering.running == 0:
            time.sleep(0.001)
        drawn = client.get("/", params={"q": "Xyzzy?", "part": "answer"})
        assert not busy.done()
        go.set()
        assert busy.result().status_code == 200
    assert 'data-status="no_answer"' in drawn.text


def test_a_search_that_takes_too_long_is_given_up_with_a_reason(start, bench) -> None:
    """503, and the thread that still works on it is not forgotten."""
    begun, go = threading.Event(), threading.Event()
    client = start(request_timeout_s=0.2)
    bench.searcher.fault = lambda: (begun.set(), go.wait())
    while not begun.is_set():  # on a busy machine the thread may not have begun in time
        answer = client.get(SEARCH)
    assert (answer.status_code, answer.json()["code"]) == (503, "too_slow")
    assert bench.service.capacity.searching.running == 1
    go.set()


def test_health_is_told_while_every_place_is_taken(start, bench) -> None:
    """An operator can look while readers have to wait."""
    go = threading.Event()
    client = start(search_slots=1, search_queue=0)
    bench.searcher.fault = go.wait
    with ThreadPoolExecutor(1) as reader:
        held = reader.submit(client.get, SEARCH)
        while bench.service.capacity.searching.running == 0:
            time.sleep(0.005)
        assert client.get("/readyz").status_code == 200
        assert 'pramen_running{slots="search"} 1.0' in client.get("/metrics").text
        go.set()
        assert held.result().status_code == 200


def test_the_figures_count_requests_refusals_and_degraded_answers(client, bench) -> None:
    """By route and status, never by anything a reader wrote."""

    def broken() -> None:
        raise RuntimeError("the model is gone")

    client.get(SEARCH)
    client.get("/api/v1/search?q=a&k=0")
    client.get("/api/v1/documents/tajne-jmeno")
    client.post("/api/v1/answer", json={"question": "Xyzzy?"})
    bench.embedder.fault = broken
    client.get("/api/v1/search?q=praze")
    told = client.get("/metrics").text
    for line in (
        'pramen_request_seconds_count{method="GET",route="/api/v1/search",status="200"} 2.0',
        'pramen_request_seconds_count{method="GET",route="/api/v1/search",status="422"} 1.0',
        'pramen_request_seconds_count{method="GET",route="/api/v1/documents/{document_id}",status="404"} 1.0',
        'pramen_refusals_total{code="invalid_query"} 1.0',
        'pramen_degraded_total{verb="search"} 1.0',
        'pramen_no_answers_total{reason="not_found"} 1.0',
        'pramen_jobs{state="enqueued"} 0.0',
        "pramen_release_faults 0.0",
    ):
        assert line in told
    assert "tajne-jmeno" not in told
