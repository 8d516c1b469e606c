"""How much may a request bring, and how slowly?

The limit counts while the body is read, so neither a missing nor a lying Content-Length helps. The answer is sent at
once; what the sender still pushes is read and forgotten for a moment, because a connection closed under a writing
sender would lose the answer.
"""

from __future__ import annotations

import asyncio
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa_service.api.problems import Refusal, problem_response

SMALL_BODY = 256 * 1024
"""Largest body of everything but an upload, in bytes: ten turns of a conversation fit many times."""
UPLOAD_PATH = "/api/v1/admin/documents"
SILENCE_SECONDS = 20.0
"""Longest wait for the next piece of a body."""
LINGER_SECONDS = 3.0
LINGER_BYTES = 256 * 1024 * 1024


class BodyLimit:
    """Refuses bodies that are too large or come too slowly; `upload_bytes` holds for uploads."""

    def __init__(self, app: ASGIApp, upload_bytes: int) -> None:
        self._app = app
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = self._upload_bytes if scope["path"] == UPLOAD_PATH else SMALL_BODY
        announced = headers.get("content-length")
        if announced is None and "transfer-encoding" not in headers:
            await self._app(scope, receive, send)
        elif announced is not None and announced.isdecimal() and int(announced) > limit:
            await _refuse(_too_large(limit), scope, receive, send)
        else:
            await self._count(limit, scope, receive, send)

    async def _count(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, _CountedBody(receive, limit).receive, send)
        except _Stopped as stopped:
            await _refuse(stopped.refusal, scope, receive, send)


class _Stopped(BaseException):
    """The body is not read any further; no handler of the application is to mistake this for an error of its own."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__()


class _CountedBody:
    """Hands out the pieces of a body and counts them."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._size = 0
        self._is_whole = False

    async def receive(self) -> Message:
        if self._is_whole:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), SILENCE_SECONDS)
        except TimeoutError as error:
            raise _Stopped(Refusal("timeout", headers={"Connection": "close"})) from error
        self._size += len(message.get("body", b""))
        if self._size > self._limit:
            raise _Stopped(_too_large(self._limit))
        self._is_whole = not message.get("more_body", False)
        return message


def _too_large(limit: int) -> Refusal:
    return Refusal("too_large", headers={"Connection": "close"}, limit=f"{limit / 1024 / 1024:g} MiB")


async def _refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    """Send the refusal, then read and forget the rest for a moment before the response ends."""
    response = problem_response(scope, refusal)
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    if "expect" not in Headers(scope=scope):
        await _forget_rest(receive)
    await send({"type": "http.response.body", "body": b""})


async def _forget_rest(receive: Receive) -> None:
    ends, size = time.monotonic() + LINGER_SECONDS, 0
    while size < LINGER_BYTES and (rest := ends - time.monotonic()) > 0:
        try:
            message = await asyncio.wait_for(receive(), rest)
        except TimeoutError:
            return
        size += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return
