"""Does HEAD say what GET would, without saying it?"""

from __future__ import annotations

import pytest

from tests.qa_service.api.running import start as start_running


@pytest.mark.parametrize("path", ["/", "/healthz", "/widget.js", "/favicon.ico", "/api/v1/search?q=brno", "/nowhere"])
def test_head_has_the_head_of_get_and_no_body(client, path) -> None:
    """Status and the headers on the content are those of GET."""
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    for name in ("content-type", "etag", "cache-control", "content-security-policy"):
        assert head.headers.get(name) == get.headers.get(name)


def test_head_passes_the_same_door(start) -> None:
    """Who may not read may not look either."""
    client = start(anonymous_search=False)
    assert client.head("/api/v1/search?q=brno").status_code == 401
    assert client.head("/api/v1/admin/jobs").status_code == 403


def test_head_is_counted_by_its_route(client) -> None:
    """Figures tell it from GET, and never name an address that somebody made up."""
    client.head("/healthz")
    assert 'method="HEAD",route="/healthz",status="200"' in client.get("/metrics").text


@pytest.mark.slow
def test_a_connection_goes_on_after_head(tmp_path) -> None:
    """Over a socket no byte of the body is sent, so the next request on the same connection is understood."""
    running = start_running(tmp_path)
    try:
        asked = (
            b"HEAD /widget.js HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        answers = running.send(asked)
        assert answers.count(b"HTTP/1.1 200") == 2
        assert answers.endswith(b'{"status":"ok"}')
    finally:
        running.process.terminate()
        running.process.wait(600)
