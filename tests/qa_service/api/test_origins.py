"""May exactly the listed origins read the API, and no page at all the admin routes?"""

from __future__ import annotations

import json

import pytest

LISTED = "https://ok.invalid"


@pytest.fixture
def listed(start):
    """A service that one origin may call."""
    return start(allowed_origins=(LISTED,), admin_token="an-invented-admin-token")


def test_a_listed_origin_may_read_answers_and_refusals(listed) -> None:
    """The header names it, credentials never go along, and caches keep origins apart."""
    for path in ("/api/v1/search?q=brno", "/api/v1/search?q=a&k=0", "/api/v1/documents/none"):
        answer = listed.get(path, headers={"Origin": LISTED})
        assert answer.headers["access-control-allow-origin"] == LISTED
        assert "access-control-allow-credentials" not in answer.headers
        assert "Origin" in answer.headers["vary"]
        assert "ETag" in answer.headers["access-control-expose-headers"]


def test_a_listed_origin_is_told_what_it_may_send(listed) -> None:
    """The browser's question before a POST with JSON."""
    headers = {
        "Origin": LISTED,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = listed.options("/api/v1/answer", headers=headers)
    assert answer.status_code == 204
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]


def refused(client, origin: str) -> bool:
    """Whether neither an answer nor the question before it names any origin, in the API and in the admin routes."""
    question = {"Origin": origin.encode(), "Access-Control-Request-Method": "POST"}
    answers = [
        client.get("/api/v1/search?q=brno", headers={"Origin": origin.encode()}),
        client.options("/api/v1/answer", headers=question),
        client.get("/api/v1/admin/jobs", headers={"Origin": origin.encode()}),
        client.options("/api/v1/admin/documents", headers=question),
    ]
    return all("access-control-allow-origin" not in answer.headers for answer in answers)


@pytest.mark.parametrize(
    "origin", ["null", "*", "", "https://ok.invalid ", "HTTPS://ok.invalid", "https://ok.invalid,x"]
)
def test_anything_but_the_exact_origin_is_refused(listed, origin) -> None:
    """Never a reflection, never null, never a star."""
    if origin != "https://ok.invalid ":  # HTTP drops the space at the end, so this one is the listed origin
        assert refused(listed, origin)


def test_the_admin_routes_are_for_our_own_pages_alone(listed) -> None:
    """Even a listed origin gets nothing there."""
    answer = listed.get("/api/v1/admin/jobs", headers={"Origin": LISTED})
    assert "access-control-allow-origin" not in answer.headers


def test_no_origin_is_allowed_unless_one_is_listed(client) -> None:
    """The default list is empty."""
    assert refused(client, LISTED)


@pytest.mark.shared
def test_every_hostile_origin_of_the_list_is_refused(start, shared) -> None:
    """Each line brings its own list of allowed origins."""
    lines = (shared / "data" / "bad-inputs" / "payloads" / "origins.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    client = start(allowed_origins=tuple(cases[0]["allowed_list"]))
    let_in = [case["origin"] for case in cases if not refused(client, case["origin"])]
    assert len(cases) >= 17
    assert let_in == []


@pytest.mark.shared
def test_the_test_of_hostile_origins_would_notice_a_reflection(start, shared) -> None:
    """Negative control: with the hostile origin on the list, the same check fails."""
    client = start(allowed_origins=("https://sub.ok.invalid",))
    assert not refused(client, "https://sub.ok.invalid")
