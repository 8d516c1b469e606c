"""May everybody do what they should, and nobody anything else?"""

from __future__ import annotations

import re

import pytest

from qa_service.api.sessions import SECRET_BYTES, SIGNING_FILE
from qa_service.keys import KeyRing

TOKEN = "an-invented-admin-token"
API = "/api/v1"
ROLES = ("nobody", "reader", "staff", "admin")

MATRIX = {
    ("GET", "/healthz"): "nobody",
    ("GET", "/readyz"): "nobody",
    ("GET", "/metrics"): "nobody",
    ("GET", "/docs"): "nobody",
    ("GET", "/docs.css"): "nobody",
    ("GET", "/openapi.json"): "nobody",
    ("GET", "/"): "reader",
    ("GET", "/documents/{document_id}"): "reader",
    ("GET", "/documents/{document_id}/pages/{page}.png"): "reader",
    ("GET", "/static/{version}/{name}"): "nobody",
    ("GET", "/widget.js"): "nobody",
    ("GET", "/widget/demo"): "nobody",
    ("GET", "/admin"): "nobody",
    ("GET", "/favicon.ico"): "nobody",
    ("GET", f"{API}/search"): "reader",
    ("POST", f"{API}/answer"): "reader",
    ("GET", f"{API}/documents"): "reader",
    ("GET", f"{API}/documents/{{document_id}}"): "reader",
    ("GET", f"{API}/documents/{{document_id}}/source"): "reader",
    ("GET", f"{API}/documents/{{document_id}}/citation"): "reader",
    ("GET", f"{API}/passages/{{passage_id}}"): "reader",
    ("GET", f"{API}/quote"): "reader",
    ("POST", f"{API}/feedback"): "reader",
    ("GET", f"{API}/admin/gaps"): "staff",
    ("GET", f"{API}/admin/feedback"): "staff",
    ("GET", f"{API}/admin/session"): "staff",
    ("POST", f"{API}/admin/session"): "nobody",
    ("DELETE", f"{API}/admin/session"): "nobody",
    ("GET", f"{API}/admin/documents"): "staff",
    ("POST", f"{API}/admin/documents"): "staff",
    ("PATCH", f"{API}/admin/documents/{{document_id}}"): "staff",
    ("DELETE", f"{API}/admin/documents/{{document_id}}"): "staff",
    ("GET", f"{API}/admin/removed"): "staff",
    ("POST", f"{API}/admin/removed/{{name}}/bring-back"): "staff",
    ("POST", f"{API}/admin/builds"): "staff",
    ("GET", f"{API}/admin/jobs"): "staff",
    ("GET", f"{API}/admin/jobs/{{job_id}}"): "staff",
    ("DELETE", f"{API}/admin/jobs/{{job_id}}"): "staff",
    ("GET", f"{API}/admin/releases"): "staff",
    ("POST", f"{API}/admin/releases/{{release_id}}/publish"): "staff",
    ("POST", f"{API}/admin/rollback"): "staff",
    ("GET", f"{API}/admin/receipts"): "staff",
    ("GET", f"{API}/admin/receipts/{{document_id}}"): "staff",
    ("GET", f"{API}/admin/glossary"): "staff",
    ("POST", f"{API}/admin/glossary"): "staff",
    ("PUT", f"{API}/admin/glossary/{{entry_id}}"): "staff",
    ("DELETE", f"{API}/admin/glossary/{{entry_id}}"): "staff",
    ("GET", f"{API}/admin/glossary.tsv"): "staff",
    ("PUT", f"{API}/admin/glossary.tsv"): "staff",
    ("GET", f"{API}/admin/audit"): "admin",
}
"""The least role for each route where searching needs a key; written by hand, and compared with the program."""


def routes(app) -> set[tuple[str, str]]:
    """Return every method and path of an app, with those of included routers."""
    found = set()
    for route in app.routes:
        for each in getattr(route, "original_router", app).routes:
            if hasattr(each, "methods"):
                found |= {(method, each.path) for method in each.methods or ()}
    return found


def test_every_route_has_a_line_in_the_matrix(bench) -> None:
    """A route that nobody has thought about fails here."""
    assert routes(bench.app()) == set(MATRIX)


@pytest.fixture
def keyed(start, bench):
    """A service where searching needs a key, and a key for each role."""
    client = start(admin_token=TOKEN, anonymous_search=False)
    ring = KeyRing(bench.service.state)
    return client, {"reader": ring.create("r", "reader")[1], "staff": ring.create("s", "staff")[1], "admin": TOKEN}


@pytest.mark.parametrize(("method", "path"), sorted(MATRIX))
def test_each_role_may_do_what_its_line_says_and_no_more(keyed, method, path) -> None:
    """Without a key 401, with too small a role 403; otherwise whatever the route itself answers."""
    client, keys = keyed
    needed = ROLES.index(MATRIX[method, path])
    for rank, role in enumerate(ROLES):
        headers = {"Authorization": f"Bearer {keys[role]}"} if role in keys else {}
        answer = client.request(
            method, re.sub(r"\{page\}", "1", re.sub(r"\{\w+_?\w*id\}", "none", path)), headers=headers
        )
        code = answer.json().get("code", "") if answer.headers.get("content-type", "").endswith("json") else ""
        is_refused = code in {"key_required", "key_unknown", "role_insufficient", "admin_disabled"}
        assert is_refused == (rank < needed), (role, answer.status_code, code)
        if is_refused:
            assert answer.status_code == (401 if role == "nobody" else 403)


def test_without_an_admin_token_every_admin_route_is_closed(start, bench) -> None:
    """Also for a named key of staff, and before anything of the body is looked at."""
    client = start()
    _, key = KeyRing(bench.service.state).create("s", "staff")
    for method, path in MATRIX:
        if path.startswith(f"{API}/admin"):
            answer = client.request(method, re.sub(r"\{\w+\}", "x", path), headers={"Authorization": f"Bearer {key}"})
            assert (answer.status_code, answer.json()["code"]) == (403, "admin_disabled"), (method, path)


@pytest.mark.parametrize(
    "header",
    ["Bearer wrong", "Bearer ", "bearer  wrong", "Bearer " + "A" * 5000, "Bearer pramen_x_y", b"Bearer \xe9\xe9"],
)
def test_a_wrong_key_is_refused_with_a_challenge(start, header) -> None:
    """401 and WWW-Authenticate, whatever was sent; nothing of it comes back."""
    answer = start(admin_token=TOKEN).get(f"{API}/admin/jobs", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "AAAA" not in answer.text


def test_a_wrong_key_is_refused_where_none_is_needed_too(start) -> None:
    """A site whose key was revoked learns of it, instead of going on as nobody."""
    answer = start().get(f"{API}/search", params={"q": "a"}, headers={"Authorization": "Bearer wrong"})
    assert (answer.status_code, answer.json()["code"]) == (401, "key_unknown")


def test_a_revoked_key_is_refused_at_once_by_a_running_service(keyed, bench) -> None:
    """The file of keys is read again when it changes."""
    client, keys = keyed
    headers = {"Authorization": f"Bearer {keys['staff']}"}
    assert client.get(f"{API}/admin/jobs", headers=headers).status_code == 200
    ring = KeyRing(bench.service.state)
    kept = ring.keys()
    ring.revoke(next(key.id for key in kept if key.role == "staff"))
    assert client.get(f"{API}/admin/jobs", headers=headers).status_code == 401


def signed_in(client, token: str = TOKEN) -> str:
    """Sign a client in and return its CSRF token."""
    answer = client.post(f"{API}/admin/session", json={"token": token})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["csrf"])


def test_the_console_stays_signed_in_by_a_cookie_that_scripts_and_other_sites_cannot_use(start) -> None:
    """HttpOnly, SameSite=Strict; the token itself is not in it."""
    client = start(admin_token=TOKEN)
    answer = client.post(f"{API}/admin/session", json={"token": TOKEN})
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}
    assert TOKEN not in cookie
    assert client.get(f"{API}/admin/session").json() == {
        "name": "admin",
        "role": "admin",
        "csrf": answer.json()["csrf"],
    }


def test_the_cookie_is_kept_to_https_where_the_service_is_reached_by_it(start) -> None:
    """Behind a proxy that speaks TLS the public address tells."""
    client = start(admin_token=TOKEN, public_url="https://hledej.example.cz")
    assert "Secure" in client.post(f"{API}/admin/session", json={"token": TOKEN}).headers["set-cookie"]


def test_a_change_by_cookie_needs_the_csrf_token_and_a_look_does_not(start) -> None:
    """Another site can make the browser send the cookie, but cannot know the token."""
    client = start(admin_token=TOKEN)
    csrf = signed_in(client)
    assert client.get(f"{API}/admin/jobs").status_code == 200
    assert client.post(f"{API}/admin/rollback").json()["code"] == "csrf"
    assert client.post(f"{API}/admin/rollback", headers={"X-CSRF-Token": csrf[:-1] + "x"}).json()["code"] == "csrf"
    assert client.post(f"{API}/admin/rollback", headers={"X-CSRF-Token": csrf}).status_code == 202


def test_signing_out_takes_the_cookie_back(start) -> None:
    """Afterwards the console is closed."""
    client = start(admin_token=TOKEN)
    signed_in(client)
    assert client.delete(f"{API}/admin/session").status_code == 204
    assert client.get(f"{API}/admin/session").status_code == 401


def test_a_forged_or_foreign_cookie_is_nobody(start) -> None:
    """Only what we have signed counts, and only for the key that was shown."""
    client = start(admin_token=TOKEN)
    signed_in(client)
    value = client.cookies["pramen_session"]
    client.cookies.clear()
    client.cookies.set("pramen_session", value[:-2] + "AA")
    assert client.get(f"{API}/admin/session").status_code == 401


@pytest.mark.parametrize("cut_off", [b"", b"half"])
def test_a_secret_that_a_crash_cut_off_signs_nothing(start, bench, cut_off) -> None:
    """An empty key would let anybody write a session; the file is made anew and is for the service alone."""
    file = bench.folder / "state" / SIGNING_FILE
    file.parent.mkdir()
    file.write_bytes(cut_off)
    signed_in(start(admin_token=TOKEN), TOKEN)
    assert len(file.read_bytes()) == SECRET_BYTES
    assert file.stat().st_mode & 0o777 == 0o600


def test_revoking_a_key_ends_its_sessions(start, bench) -> None:
    """A session is no longer than the key behind it."""
    client = start(admin_token=TOKEN)
    ring = KeyRing(bench.service.state)
    key, secret = ring.create("Jana", "staff")
    signed_in(client, secret)
    assert client.get(f"{API}/admin/session").json()["name"] == "Jana"
    ring.revoke(key.id)
    assert client.get(f"{API}/admin/session").status_code == 401


def test_a_reader_cannot_sign_in_to_the_console(start, bench) -> None:
    """403, and no cookie."""
    client = start(admin_token=TOKEN)
    _, secret = KeyRing(bench.service.state).create("Web", "reader")
    answer = client.post(f"{API}/admin/session", json={"token": secret})
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_beyond_its_rate_a_caller_is_told_when_to_come_back(start) -> None:
    """429 with Retry-After; searching and asking are counted apart."""
    client = start(search_rate="3 per minute")
    statuses = [client.get(f"{API}/search", params={"q": "a"}).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    refused = client.get(f"{API}/search", params={"q": "a"})
    assert 1 <= int(refused.headers["retry-after"]) <= 120
    assert client.post(f"{API}/answer", json={"question": "Brno?"}).status_code == 200


def test_a_forged_forwarded_address_changes_nothing_without_a_trusted_proxy(start) -> None:
    """Anybody can write the header."""
    client = start(search_rate="2 per minute")
    headers = [{"X-Forwarded-For": f"10.0.0.{n}"} for n in range(4)]
    statuses = [client.get(f"{API}/search", params={"q": "a"}, headers=each).status_code for each in headers]
    assert statuses == [200, 200, 429, 429]


def test_behind_a_trusted_proxy_each_reader_has_a_rate_of_their_own(start) -> None:
    """The last address that the trusted proxy has added counts; what the client wrote before it does not."""
    client = start(search_rate="2 per minute", trusted_proxies=("testclient",))

    def asked(forwarded: str) -> int:
        return client.get(f"{API}/search", params={"q": "a"}, headers={"X-Forwarded-For": forwarded}).status_code

    assert [asked("203.0.113.1"), asked("203.0.113.1"), asked("203.0.113.1")] == [200, 200, 429]
    assert asked("203.0.113.2") == 200
    assert asked("198.51.100.9, 203.0.113.1") == 429


def test_guessing_tokens_is_slowed_down(start) -> None:
    """After so many wrong ones from an address, even the right one has to wait."""
    client = start(admin_token=TOKEN, failed_sign_in_rate="3 per minute")
    wrong = [client.get(f"{API}/admin/jobs", headers={"Authorization": "Bearer no"}).status_code for _ in range(5)]
    right = client.get(f"{API}/admin/jobs", headers={"Authorization": f"Bearer {TOKEN}"})
    assert wrong == [401, 401, 401, 429, 429]
    assert right.status_code == 429
