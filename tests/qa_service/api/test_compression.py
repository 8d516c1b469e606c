"""Is compressed what should be, and nothing beside a secret?"""

from __future__ import annotations

import gzip

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from qa_service.api.compression import LEAST_BYTES, Compression

LONG = "Žluťoučký kůň. ".encode() * 200


@pytest.fixture
def client() -> TestClient:
    """A service that gives a long text as whatever type is asked for, whole or in pieces."""

    def told(request: Request) -> Response:
        kind = request.query_params.get("kind", "text/html; charset=utf-8")
        body = LONG[: int(request.query_params.get("size", len(LONG)))]
        if "pieces" in request.query_params:
            return StreamingResponse(iter([body, body]), media_type=kind)
        return Response(body, headers={"content-type": kind, "etag": 'W/"1"', "vary": "Accept-Language"})

    return TestClient(Compression(Starlette(routes=[Route("/", told)])), headers={"Accept-Encoding": "gzip, br"})


@pytest.mark.parametrize(
    "kind",
    ["text/html; charset=utf-8", "text/javascript", "text/css", "application/json", "application/problem+json", "image/svg+xml"],
)  # fmt: skip
def test_text_is_compressed(client: TestClient, kind: str) -> None:
    """The same bytes arrive; every header says what is true of the compressed body."""
    with client.stream("GET", "/", params={"kind": kind}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(len(raw))
    assert gzip.decompress(raw) == LONG
    assert {name.strip() for name in answer.headers["vary"].split(",")} == {"Accept-Language", "Accept-Encoding"}
    assert answer.headers["etag"] == 'W/"1"'


@pytest.mark.parametrize("params", [{"kind": "image/png"}, {"kind": "application/pdf"}, {"kind": "text/event-stream"},
                                    {"pieces": "1"}, {"size": str(LEAST_BYTES - 1)}])  # fmt: skip
def test_pictures_originals_streams_and_small_bodies_leave_as_they_are(
    client: TestClient, params: dict[str, str]
) -> None:
    """Nothing is gained, or something would be held back."""
    answer = client.get("/", params=params)
    assert "content-encoding" not in answer.headers
    assert LONG.startswith(answer.content[: len(LONG)])


@pytest.mark.parametrize("credentials", [{"Authorization": "Bearer x"}, {"Cookie": "session=x"}])
def test_whoever_shows_credentials_gets_no_compressed_body(client: TestClient, credentials: dict[str, str]) -> None:
    """The length of a compressed body tells of its secrets."""
    assert "content-encoding" not in client.get("/", headers=credentials).headers


@pytest.mark.parametrize(
    ("accepted", "is_compressed"),
    [("gzip", True), ("br;q=1, gzip;q=0.5", True), ("*", True), ("GZIP", True), ("br", False), ("identity", False),
     ("gzip;q=0", False), ("gzip;q=0.0, br", False), ("", False), ("xgzip", False)],
)  # fmt: skip
def test_only_who_can_read_it_gets_it(client: TestClient, accepted: str, is_compressed: bool) -> None:
    """The choice depends on Accept-Encoding, and caches are told so either way."""
    answer = client.get("/", headers={"Accept-Encoding": accepted})
    assert ("content-encoding" in answer.headers) is is_compressed
    assert "Accept-Encoding" in answer.headers["vary"]
