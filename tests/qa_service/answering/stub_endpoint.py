"""A model endpoint that plays a line of a list of bad replies, on a real socket of this machine."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Reply = Mapping[str, Any]
Answering = Callable[[list[dict[str, str]]], str]
FAULT_S = 600.0
"""How long a fault that lasts goes on where nobody stops it."""


def sound(content: str) -> Reply:
    """Return the reply line of a model that answers `content`."""
    choice = {"message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    return {"status": 200, "body": json.dumps({"choices": [choice]})}


class StubEndpoint(ThreadingHTTPServer):
    """Serves one reply line; `requests` keeps what was asked, `heads` the headers sent."""

    daemon_threads = True

    def __init__(self, reply: Reply, answering: Answering | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply = reply
        self.answering = answering
        self.requests: list[dict[str, Any]] = []
        self.heads: list[dict[str, str]] = []
        self.is_over = Event()
        """Set when the asker is done: a fault that lasts ends then."""
        self.has_given_up = False
        """Whether a fault that lasts has ended before the asker was done."""

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the asker hanging up is part of most lines."""


class _Handler(BaseHTTPRequestHandler):
    server: StubEndpoint

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the library
        """Say nothing."""

    def do_POST(self) -> None:
        """Play the line."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append(json.loads(body))
        self.server.heads.append(dict(self.headers))
        line = self.server.reply
        if self.server.answering is not None:
            line = sound(self.server.answering(self.server.requests[-1]["messages"]))
        fault = line.get("fault")
        if fault is not None:
            getattr(self, f"_play_{fault}")(line)
            return
        self.send_response(line["status"])
        headers = {"Content-Type": "application/json"} | dict(line.get("headers", {}))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        for chunk in _body(line):
            self.wfile.write(chunk)

    def _play_drip(self, line: Reply) -> None:
        self.send_response(200)
        self.end_headers()
        end = time.monotonic() + FAULT_S
        while time.monotonic() < end:
            self.wfile.write(b" ")
            if self.server.is_over.wait(0.05):
                return
        self.server.has_given_up = True

    def _play_delay(self, line: Reply) -> None:
        self.server.has_given_up = not self.server.is_over.wait(FAULT_S)

    def _play_reset(self, line: Reply) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(_json_body("Kurz trvá čtyři hodiny [1].")[: line["after_bytes"]])
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _play_sse_no_done(self, line: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for word in ("Kurz ", "trvá ", "čtyři ", "hodiny [1]."):
            event = json.dumps({"choices": [{"delta": {"content": word}}]})
            self.wfile.write(f"data: {event}\n\n".encode())


def _json_body(content: str) -> bytes:
    return str(sound(content)["body"]).encode()


def _body(line: Reply) -> Iterator[bytes]:
    if "body_hex" in line:
        yield bytes.fromhex(line["body_hex"])
    elif "body_gzip_repeat" in line:
        text, count = line["body_gzip_repeat"]
        yield gzip.compress(text.encode() * min(count, 5_000_000))
    elif "body_repeat" in line:
        text, count = line["body_repeat"]
        for _ in range(count // 10_000):
            yield text.encode() * 10_000
    else:
        yield line["body"].encode()


@contextmanager
def playing(reply: Reply, answering: Answering | None = None) -> Iterator[StubEndpoint]:
    """Run a stub endpoint for as long as the block lasts; `answering` writes the reply from the chat it gets."""
    stub = StubEndpoint(reply, answering)
    thread = Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stub
    finally:
        stub.is_over.set()
        stub.shutdown()
        stub.server_close()
        thread.join()
