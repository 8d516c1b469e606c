"""Which responses travel compressed?

Pages, scripts, style sheets and JSON that come in one piece, for readers who send no credentials: whoever sees the length
of a compressed body could guess a secret in it that stands beside text of their choice (BREACH, CVE-2013-3587), and
what is given without credentials holds none. Streams, pictures and originals leave as they are.
"""

from __future__ import annotations

import gzip
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST_BYTES = 1000
"""Below this a packet is saved by nothing."""
LEVEL = 4
"""On pages of ours 5 % larger than at the highest level, in a third of its time."""

_COMPRESSIBLE = re.compile(r"text/(?!event-stream)|application/([\w.-]+\+)?json|image/svg\+xml")
_CREDENTIALS = ("authorization", "cookie")
_GZIP = re.compile(r"(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))|,|$)", re.IGNORECASE)
"""gzip, or anything, at a weight above nought (RFC 9110, section 12.5.3)."""


class Compression:
    """Compresses what may be compressed for those who can read it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and compress its response."""
        if scope["type"] != "http" or any(name in Headers(scope=scope) for name in _CREDENTIALS):
            await self._app(scope, receive, send)
            return
        is_read = _GZIP.search(Headers(scope=scope).get("accept-encoding", "")) is not None
        await self._app(scope, receive, _Packer(send, is_read).send)


class _Packer:
    """Holds the start of a response back until it knows whether its body comes in one piece."""

    def __init__(self, send: Send, is_read: bool) -> None:
        self._send = send
        self._is_read = is_read
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_compressible(Headers(raw=message["headers"])):
            MutableHeaders(raw=message["headers"]).add_vary_header("Accept-Encoding")
            self._start = message
            return
        if self._start is not None:
            start, self._start = self._start, None
            body = message.get("body", b"")
            if self._is_read and len(body) >= LEAST_BYTES and not message.get("more_body", False):
                message = {**message, "body": gzip.compress(body, LEVEL, mtime=0)}
                headers = MutableHeaders(raw=start["headers"])
                headers["Content-Encoding"] = "gzip"
                headers["Content-Length"] = str(len(message["body"]))
            await self._send(start)
        await self._send(message)


def _is_compressible(headers: Headers) -> bool:
    return "content-encoding" not in headers and _COMPRESSIBLE.match(headers.get("content-type", "")) is not None
