"""A service over stand-ins in a process of its own, on a real socket."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[3]
SEARCH = "/api/v1/search?q=brno"


@dataclass
class Running:
    """A service in a process of its own."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    folder: Path

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, HTTPMessage, bytes]:
        """Return status, headers and body of one request on a new connection."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def send(self, raw: bytes, timeout: float = 30.0) -> bytes:
        """Return everything that comes back for some bytes on a new connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            received = b""
            try:
                connection.sendall(raw)
                while piece := connection.recv(65536):
                    received += piece
            except (TimeoutError, ConnectionResetError, BrokenPipeError):
                pass  # what came until then is what counts
            return received

    def is_well(self) -> bool:
        """Whether the same process still answers."""
        return self.process.poll() is None and self.ask("GET", SEARCH)[0] == 200


def start(folder: Path, **settings: object) -> Running:
    """Start a service over stand-ins on a free port and wait until it is ready."""
    port = free_port()
    log = folder / "log"
    command = [sys.executable, str(Path(__file__).with_name("stand_in_server.py")), str(folder), str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("wb") as file:
        process = subprocess.Popen([*command, json.dumps(settings)], stderr=file, env=environment)
    running = Running(process, port, log, folder)
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        try:
            if running.ask("GET", "/readyz")[0] == 200:
                return running
        except OSError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())
