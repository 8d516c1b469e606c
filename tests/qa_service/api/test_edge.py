"""Does every response carry what every response must?"""

from __future__ import annotations

import json
import re

import pytest

from qa_service.supervisor import WorkerSupervisor
from tests.qa_service.test_supervisor import eventually

REQUESTS = {
    "a search": ("GET", "/api/v1/search?q=brno", {}, 200),
    "an answer": ("POST", "/api/v1/answer", {"json": {"question": "Brno?"}}, 200),
    "a stream": (
        "POST",
        "/api/v1/answer",
        {"json": {"question": "Brno?"}, "headers": {"Accept": "text/event-stream"}},
        200,
    ),
    "an original": ("GET", "/api/v1/documents/zprava-brno/source", {}, 200),
    "a page": ("GET", "/", {}, 200),
    "the widget": ("GET", "/widget.js", {}, 200),
    "the description": ("GET", "/docs", {}, 200),
    "the description for programs": ("GET", "/openapi.json", {}, 200),
    "health": ("GET", "/healthz", {}, 200),
    "figures": ("GET", "/metrics", {}, 200),
    "a malformed body": (
        "POST",
        "/api/v1/answer",
        {"content": b"{", "headers": {"Content-Type": "application/json"}},
        400,
    ),
    "no key": ("GET", "/api/v1/admin/jobs", {}, 403),
    "an unknown address": ("GET", "/nowhere", {}, 404),
    "a wrong method": ("DELETE", "/api/v1/search", {}, 405),
    "a body too large": ("POST", "/api/v1/answer", {"content": b"a" * 300_000}, 413),
    "another kind of body": ("POST", "/api/v1/answer", {"content": b"a"}, 415),
    "a wrong parameter": ("GET", "/api/v1/search?q=a&k=0", {}, 422),
}


@pytest.mark.parametrize("what", REQUESTS)
def test_every_response_carries_the_security_headers_and_a_request_id(client, what) -> None:
    """Answers and refusals alike (OWASP ASVS 5.0, 3.4), and nothing about the server."""
    method, path, extra, status = REQUESTS[what]
    answer = client.request(method, path, **extra)
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == status
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy or "sandbox" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] in {"same-origin", "no-referrer"}
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["x-request-id"])
    assert "server" not in answer.headers
    assert "x-powered-by" not in answer.headers


def test_a_fault_of_ours_leaves_as_a_problem_without_what_broke(client, bench) -> None:
    """500 carries the headers too; the log knows the rest."""

    def fail() -> None:
        raise RuntimeError("secret of the inside")

    bench.searcher.fault = fail
    answer = client.get("/api/v1/search?q=a")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "secret" not in answer.text


def test_the_log_tells_of_a_fault_under_the_request_id_and_never_what_was_asked(client, bench, caplog) -> None:
    """With the traceback."""

    def fail() -> None:
        raise RuntimeError("broken inside")

    bench.searcher.fault = fail
    answer = client.get("/api/v1/search", params={"q": "otazka-ctenare"})
    lines = [record.msg for record in caplog.records]
    fault = next(line for line in lines if line["event"] == "fault")
    assert fault["request_id"] == answer.headers["x-request-id"]
    assert "broken inside" in fault["exception"]
    assert "otazka-ctenare" not in json.dumps(lines)


def test_a_request_id_from_a_proxy_is_kept_if_it_is_harmless(client) -> None:
    """So that logs of both can be read together; anything else is replaced."""
    kept = client.get("/healthz", headers={"X-Request-ID": "proxy-0123456789"})
    replaced = client.get("/healthz", headers={"X-Request-ID": 'x"\x1b[31m'})
    assert kept.headers["x-request-id"] == "proxy-0123456789"
    assert re.fullmatch(r"[0-9a-f]{16}", replaced.headers["x-request-id"])


def test_while_it_stops_the_service_is_not_ready_and_keeps_no_connection(client, bench) -> None:
    """Requests are still answered."""
    bench.service.drain.begin()
    answer = client.get("/api/v1/search?q=brno")
    assert (answer.status_code, answer.headers["connection"]) == (200, "close")
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").json()["status"] == "stopping"
    assert client.get("/healthz").status_code == 200


def test_readiness_tells_release_model_engine_and_what_is_wrong(client, bench) -> None:
    """A refused release and a resting model are both visible."""
    assert client.get("/readyz").json() == {
        "status": "ready",
        "release": "r1",
        "published": "r1",
        "model": "stand-in",
        "engine": "memory",
        "faults": [],
    }
    bench.shelf.current = "r9"
    bench.service.live.refresh()
    told = client.get("/readyz")
    assert (told.status_code, told.json()["status"], told.json()["release"]) == (200, "degraded", "r1")
    assert told.json()["faults"][0]["code"] == "release_gone"


def test_readiness_tells_that_the_worker_has_ended(start, bench) -> None:
    """Readers are still answered; what staff want waits until it runs again."""
    bench.worker = supervisor = WorkerSupervisor(["/nowhere/pramen"])
    client = start()
    assert client.get("/readyz").json()["status"] == "ready"  # it has not been started yet
    supervisor.start()
    eventually(lambda: client.get("/readyz").json()["faults"])
    told = client.get("/readyz")
    assert (told.status_code, told.json()["status"]) == (200, "degraded")
    assert [fault["code"] for fault in told.json()["faults"]] == ["worker_down"]
    supervisor.stop()


def test_without_a_release_the_service_is_alive_and_not_ready(start, bench) -> None:
    """Searching says what is missing, and who mends it."""
    bench.shelf.current = None
    bench.shelf.releases.clear()
    bench.shelf.last_sound = lambda: (_ for _ in ()).throw(bench_no_release())
    client = start()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    answer = client.get("/api/v1/search?q=a")
    assert (answer.status_code, answer.json()["code"]) == (503, "no_release")
    assert int(answer.headers["retry-after"]) > 0


def bench_no_release() -> Exception:
    """Return what a shelf without releases raises."""
    from indexes.errors import NoReleasePublished

    return NoReleasePublished("nothing is published")


def test_the_page_of_the_description_loads_nothing_from_elsewhere(client) -> None:
    """No script at all; the one style sheet is ours."""
    page = client.get("/docs").text
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"(https?:)?//", page)
    assert client.get("/docs.css").headers["content-type"].startswith("text/css")
    assert 'id="problem-rate_limited"' in page
