"""Does a real socket stand what strangers send, and does a stop cut nobody off?"""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from qa_service.api.server import _admit_nobody
from tests.qa_service.api.running import Running, start

TOKEN = "an-invented-admin-token-of-the-socket-tests"
SEARCH = "/api/v1/search?q=brno"
FLOOD = "1000000 per second"
"""A rate that never refuses, where something else is tested."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One service for all hostile requests, so that what one breaks the next one finds broken."""
    running = start(
        tmp_path_factory.mktemp("service"), admin_token=TOKEN, admin_rate=FLOOD, search_rate=FLOOD, answer_rate=FLOOD
    )
    yield running
    running.process.terminate()
    assert running.process.wait(600) == 0


def statuses(received: bytes) -> list[int]:
    """Return the statuses of all responses in what came back."""
    return [int(part[:3]) for part in received.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize(
    "raw",
    [
        b"nonsense\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nBad Header\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"POST /api/v1/answer HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    ],
)
def test_what_is_no_http_is_refused_as_a_problem_or_dropped(running, raw) -> None:
    """4xx in our form, with the headers of every response; never a trace, never a dead service."""
    received = running.send(raw, timeout=2)
    assert all(400 <= status < 500 for status in statuses(received))
    if received:
        assert b"application/problem+json" in received
        assert b"content-security-policy" in received.lower()
    assert b"Traceback" not in received
    assert running.is_well()


@pytest.mark.slow
@pytest.mark.shared
def test_every_hostile_request_of_the_list_is_refused_or_answered(running, shared) -> None:
    """4xx, or 200 where it is in fact valid; never 5xx, no trace, no process lost."""
    lines = (
        (shared / "data" / "bad-inputs" / "payloads" / "http_requests.jsonl").read_text(encoding="utf-8").splitlines()
    )
    cases = [json.loads(line) for line in lines]
    assert len(cases) >= 34
    for case in cases:
        for received in _played(running, case):
            for status in statuses(received):
                assert status < 500 or status == 503, (case["name"], received[:300])
            assert b"Traceback" not in received, case["name"]
            if "must_not_show" in case:
                assert case["must_not_show"].encode() not in received
        assert running.is_well(), case["name"]


def _played(running: Running, case: dict) -> list[bytes]:
    """Send one line of the list, to the search, the answer and the upload where it fits, and return what came back."""
    if "raw" in case:
        return [running.send(case["raw"].encode("latin-1"), timeout=2)]
    if case.get("fault") == "slow_headers":
        return [running.send(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ", timeout=1)]
    if case.get("fault") == "slow_chunks":
        head = f"POST /api/v1/answer HTTP/1.1\r\nHost: a\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n"
        return [running.send(head.encode(), timeout=1)]
    if "multipart" in case:
        return [_multipart(running, case["multipart"])]
    headers = [(name, value) for name, value in case.get("headers", {}).items()]
    headers += [
        (name, value.encode("latin-1").decode("latin-1")) for name, value in case.get("headers_latin1", {}).items()
    ]
    headers += [(f"X-{n}", "a") for n in range(case.get("header_repeat", 0))]
    if "body_repeat" in case:
        piece, count = case["body_repeat"]
        body = piece.encode() * count
    elif "body_hex" in case:
        body = bytes.fromhex(case["body_hex"])
    else:
        body = case.get("body", "").encode()
    paths = ["/api/v1/answer", "/api/v1/feedback", "/api/v1/admin/builds", "/api/v1/search?q=a"]
    return [_sent(running, case.get("method", "POST" if body else "GET"), path, headers, body) for path in paths]


JSON = "application/json"


def _sent(running: Running, method: str, path: str, headers: list[tuple[str, str]], body: bytes) -> bytes:
    names = {name.lower() for name, _ in headers}
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [] if "host" in names else ["Host: a"]
    lines += [] if "content-length" in names else [f"Content-Length: {len(body)}"]
    lines += [] if "authorization" in names else [f"Authorization: Bearer {TOKEN}"]
    lines += [f"Content-Type: {JSON}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    return running.send("\r\n".join([*lines, "", ""]).encode("latin-1") + body, timeout=3)


def _multipart(running: Running, shape: dict) -> bytes:
    boundary = b"b" * shape.get("boundary_bytes", 10)
    name = b'filename*="' + shape["filename_star"].encode() + b'"' if "filename_star" in shape else b'filename="a.txt"'
    extra = b"X-Long: " + b"a" * shape.get("part_header_bytes", 0) + b"\r\n" if "part_header_bytes" in shape else b""
    part = b'Content-Disposition: form-data; name="file"; ' + name + b"\r\n" + extra + b"\r\ntext"
    parts = [part] * shape.get("files", 1)
    parts += [b'Content-Disposition: form-data; name="x"\r\n\r\ny'] * shape.get("parts", 0)
    if "field_bytes" in shape:
        parts.append(b'Content-Disposition: form-data; name="metadata"\r\n\r\n' + b"a" * shape["field_bytes"])
    body = b"p" * shape.get("preamble_bytes", 0)
    body += b"".join(b"\r\n--" + boundary + b"\r\n" + each for each in parts)
    body += b"" if shape.get("cut") else b"\r\n--" + boundary + b"--\r\n"
    head = (
        f"POST /api/v1/admin/documents HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\nContent-Type: multipart/form-data; boundary="
    )
    return running.send(head.encode() + boundary + b"\r\n\r\n" + body, timeout=10)


def test_a_body_over_the_limit_is_refused_before_it_is_all_read(running) -> None:
    """Announced or not, the answer comes while most of it is still unsent."""
    announced = b"POST /api/v1/answer HTTP/1.1\r\nHost: a\r\nContent-Length: 200000000\r\n\r\n"
    chunked = b"POST /api/v1/answer HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    assert statuses(running.send(announced + b"a" * 1000)) == [413]
    assert statuses(running.send(chunked + piece * 8)) == [413]


def test_a_client_that_pushes_the_whole_large_body_still_gets_its_answer(running) -> None:
    """The connection is not closed under a writing sender, so an ordinary client sees the 413."""
    status, headers, body = running.ask("POST", "/api/v1/answer", b"a" * 20_000_000, {"Content-Type": JSON})
    assert (status, json.loads(body)["code"]) == (413, "too_large")
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.shared
def test_every_query_of_the_lists_is_answered_or_refused(running, shared) -> None:
    """Search box and question alike: 200 or 4xx, never 5xx."""
    folder = shared / "data" / "bad-inputs" / "payloads"
    lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["q"] for line in lines]
    for text in texts:
        status, _, body = running.ask("GET", f"/api/v1/search?q={quote(text.encode('utf-8', 'surrogatepass'))}")
        assert status in {200, 400, 413, 422}, (text, body[:200])
        question = json.dumps({"question": text}).encode()
        status, _, body = running.ask("POST", "/api/v1/answer", question, {"Content-Type": JSON})
        assert status in {200, 400, 413, 422}, (text, body[:200])
    assert running.is_well()


@pytest.mark.shared
def test_every_file_name_of_the_list_is_taken_or_refused_and_none_is_used_on_the_disk(running, shared) -> None:
    """202 or a reason code; what is kept is named by us; nothing appears outside the state folder."""
    lines = (shared / "data" / "bad-inputs" / "payloads" / "filenames.jsonl").read_text(encoding="utf-8").splitlines()
    names = [json.loads(line)["name"] for line in lines]
    before = set(running.folder.iterdir())
    for name in names:
        shown = (
            name.encode("utf-8", "surrogatepass").replace(b'"', b"%22").replace(b"\r", b"%0D").replace(b"\n", b"%0A")
        )
        body = (
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="'
            + shown
            + b'"\r\n\r\ntext o integraci\r\n--b--\r\n'
        )
        headers = {"Content-Type": "multipart/form-data; boundary=b", "Authorization": f"Bearer {TOKEN}"}
        status, _, answer = running.ask("POST", "/api/v1/admin/documents", body, headers)
        assert status in {202, 400, 415, 422}, (name, answer)
    kept = [path.name for path in (running.folder / "state" / "uploads").glob("*/*")]
    assert len(kept) > len(names) / 2
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") for name in kept)
    assert set(running.folder.iterdir()) == before


def test_no_log_line_holds_a_secret_a_question_or_an_escape(running) -> None:
    """After all of the above: the planted token, a planted question, and control characters are not there."""
    running.ask("GET", f"/api/v1/search?q={quote('tajny dotaz Xq7')}", headers={"Authorization": f"Bearer {TOKEN}"})
    running.ask("GET", f"/api/v1/documents/{quote(chr(27) + '[31m')}")
    running.ask("POST", "/api/v1/admin/session", b'{"token": "wrong-Zk9-token"}', {"Content-Type": JSON})
    log = running.log.read_bytes()
    assert log.count(b"\n") > 10
    for secret in (TOKEN.encode(), b"Xq7", b"Zk9", b"\x1b", b"127.0.0.1"):
        assert secret not in log
    audit = (running.folder / "state" / "audit.jsonl").read_bytes()
    assert TOKEN.encode() not in audit
    assert b"\x1b" not in audit


def test_a_closing_door_takes_no_handshake_and_hears_who_was_let_in() -> None:
    """The same address connects before; then who is in can still speak, and the next to knock gets no answer at all."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        with socket.create_connection(door.getsockname(), timeout=60) as let_in:
            if not _admit_nobody(door):
                pytest.skip("this system does not filter what a socket takes")
            with pytest.raises(TimeoutError):
                socket.create_connection(door.getsockname(), timeout=0.3)
            let_in.sendall(b"heard")
            taken, _ = door.accept()
            with taken:
                assert taken.recv(5) == b"heard"


def cut_requests(folder: Path, rounds: int) -> tuple[int, list[str]]:
    """Stop a service under load so often; return how many requests were made and how some of them were cut off.

    A request counts as cut when the connection was made but no whole response came.
    """
    made, cut = 0, []
    for number in range(rounds):
        home = folder / str(number)
        home.mkdir()
        running = start(home, search_rate=FLOOD)
        is_over = threading.Event()
        results: list[str] = []

        def load(running: Running = running, results: list[str] = results, is_over: threading.Event = is_over) -> None:
            while not is_over.is_set():
                try:
                    connection = socket.create_connection(("127.0.0.1", running.port), timeout=60)
                except OSError:
                    return  # nobody took the connection: the service is closed, as it should be
                with connection:
                    try:
                        connection.sendall(f"GET {SEARCH} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
                        received = b""
                        while piece := connection.recv(65536):
                            received += piece
                        is_whole = received.startswith(b"HTTP/1.1 200") and received.endswith(b"}")
                        results.append("" if is_whole else f"got {received[:60]!r}")
                    except OSError as error:
                        results.append(repr(error))

        readers = [threading.Thread(target=load) for _ in range(4)]
        for reader in readers:
            reader.start()
        while len(results) < 10 and any(reader.is_alive() for reader in readers):
            time.sleep(0.01)
        time.sleep(0.05 * (number % 5))
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(600) == 0
        is_over.set()
        for reader in readers:
            reader.join()
        made += len(results)
        cut += [result for result in results if result]
    return made, cut


@pytest.mark.slow
def test_a_stop_under_load_cuts_no_request(tmp_path) -> None:
    """SIGTERM again and again while four readers ask without a pause: every connection that was taken is answered."""
    _, cut = cut_requests(tmp_path, int(os.environ.get("SIGTERM_ROUNDS", "3")))
    assert cut == []


@pytest.mark.slow
def test_the_stop_test_would_notice_a_service_that_just_ends(tmp_path) -> None:
    """Negative control: killed with a request in its hands instead of stopped, the same service cuts it off."""
    running = start(tmp_path)
    running.process.send_signal(signal.SIGSTOP)  # however long this test takes to go on, no answer is under way
    held = socket.create_connection(("127.0.0.1", running.port), timeout=60)
    held.sendall(b"GET /api/v1/search?q=slow HTTP/1.1\r\nHost: a\r\n\r\n")
    running.process.kill()
    running.process.wait()
    with held:
        try:
            received = held.recv(65536)
        except ConnectionResetError:
            received = b""
    assert received == b""
