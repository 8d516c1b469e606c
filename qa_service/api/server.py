"""How does the service start quickly and stop without cutting anybody off?

On SIGTERM it first says that it is not ready and takes its leave of every connection, then lets nobody new in, then
finishes what runs, then ends. A second signal ends it at once.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import secrets
import socket
import struct
import sys
import time
from contextlib import suppress
from types import FrameType
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from qa_service.api.app import create_app
from qa_service.api.edge import SECURITY_HEADERS
from qa_service.api.problems import MEDIA_TYPE, Refusal, problem_body
from qa_service.api.service import Service
from qa_service.web.messages import LANGUAGES

LEAVE_SECONDS = 1.0
"""How long after SIGTERM requests are still taken, so that a proxy can notice and clients can let go."""
FIRST_REQUEST_SECONDS = 1.5
"""How long a connection that was made just before the stop has to ask what it was made for."""
HANDSHAKE_SECONDS = 0.2
"""How long a handshake that has begun before the door closed has to end, so that its client is heard."""
SWITCH_SECONDS = 0.001
"""After how long a searching thread lets the others go on.

The event loop asks for its turn a dozen times for each request, once for each call of the system, and every thread that
searches may be before it: with the five milliseconds of CPython a refusal under load took longer than an answer.
"""
HEAD_SECONDS = 10.0
"""Longest time for the head of a request."""
KEEP_ALIVE_SECONDS = 15
HEAD_BYTES = 32 * 1024


def serve(service: Service, host: str, port: int) -> None:
    """Answer requests on host and port until a signal comes; then finish what runs and return."""
    sys.setswitchinterval(SWITCH_SECONDS)
    config = uvicorn.Config(
        create_app(service),
        host=host,
        port=port,
        http=Connection,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=int(service.settings.shutdown_timeout_s),
        h11_max_incomplete_event_size=HEAD_BYTES,
    )
    Server(config, service).run()


class Server(uvicorn.Server):
    """A server that takes its leave before it closes the door."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._drain = service.drain
        self._leaves_at = float("inf")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the library's signature
        """Begin to stop; at the second signal, stop at once."""
        if self._drain.has_begun:
            self.should_exit = self.force_exit = True
            return
        self._drain.begin()
        self._leaves_at = time.monotonic() + LEAVE_SECONDS

    async def on_tick(self, counter: int) -> bool:
        """Return whether it is time to close, asked ten times a second."""
        if time.monotonic() >= self._leaves_at:
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take those whom the system has let in already, let in nobody new, finish and close."""
        doors = [
            socket.socket(fileno=os.dup(listener.fileno())) for server in self.servers for listener in server.sockets
        ]
        for server in self.servers:
            server.close()
        for door in doors:
            _admit_nobody(door)
        await asyncio.sleep(HANDSHAKE_SECONDS)
        for door in doors:
            with door:
                await self._take_queued(door)
        await super().shutdown(sockets)

    async def _take_queued(self, door: socket.socket) -> None:
        """Accept the connections that the system has made but nobody has taken: their clients believe to be heard."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = door.accept()
            except OSError:
                return
            connection.setblocking(False)
            await loop.connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        return Connection(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)


def _admit_nobody(door: socket.socket) -> bool:
    """Let the system drop whoever asks to connect; they ask again a second later and are refused.

    Without it a connection that the system makes between the last `accept` and the close is cut off. Returns False
    where the system has no filters of sockets (not Linux, or a sandbox): there that moment stays.
    """
    if sys.platform != "linux":
        return False
    program = ctypes.create_string_buffer(_DROP_SYN)
    filter_program = struct.pack("HL", len(_DROP_SYN) // _INSTRUCTION.size, ctypes.addressof(program))
    with suppress(OSError):
        door.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, filter_program)
        return True
    return False


_SO_ATTACH_FILTER = 26
"""asm-generic/socket.h"""
_INSTRUCTION = struct.Struct("HBBI")
"""struct sock_filter of linux/filter.h: code, jump if true, jump if false, operand."""
_DROP_SYN = b"".join(
    _INSTRUCTION.pack(*instruction)
    for instruction in (
        (0x30, 0, 0, 13),  # load the byte of flags of the TCP header (RFC 9293, section 3.1)
        (0x45, 0, 1, 0x02),  # if SYN is set:
        (0x06, 0, 0, 0),  # drop the packet
        (0x06, 0, 0, 0xFFFFFFFF),  # else take it whole
    )
)


class Connection(H11Protocol):
    """A connection that waits for the head of a request only so long, and refuses in our form what is no HTTP."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_timer: asyncio.TimerHandle | None = None
        self._is_given_time = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; a head that is not whole yet has its time."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._wait_for_head()
        else:
            self._stop_waiting()

    def shutdown(self) -> None:
        """Close an idle connection; one that has not asked anything yet has a moment to do so."""
        if self.cycle is None and not self._is_given_time:
            self._is_given_time = True
            self.loop.call_later(FIRST_REQUEST_SECONDS, self.shutdown)
        elif not self.transport.is_closing():
            super().shutdown()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the library's signature
        """Answer what is no HTTP with a problem, and close."""
        if self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self.transport.close()
            return
        identity = secrets.token_hex(8)
        body = json.dumps(problem_body(Refusal("malformed", reason="HTTP"), LANGUAGES[0], identity)).encode()
        headers = {**SECURITY_HEADERS, "Content-Type": MEDIA_TYPE, "X-Request-ID": identity, "Connection": "close"}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        response = h11.Response(status_code=400, headers=[*raw, (b"Content-Length", str(len(body)).encode())])
        for event in (response, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _wait_for_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
