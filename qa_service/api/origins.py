"""Which other sites' pages may call the API?

Those of an exact list: scheme, host and port letter by letter, never a pattern, never `null`, never `*`. The admin
routes and the pages are for our own origin alone.
"""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API_PREFIX = "/api/v1/"
ADMIN_PREFIX = "/api/v1/admin"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "600",
}
EXPOSED = "ETag, Retry-After, X-Request-ID"


class Origins:
    """Lets pages of the allowed origins read what the API answers; credentials never go along."""

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        self._app = app
        self._allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or answer the browser's question whether it may be made."""
        if scope["type"] != "http" or not _is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        is_allowed = origin in self._allowed

        async def send_with_origin(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.add_vary_header("Origin")
                if is_allowed:
                    answer["Access-Control-Allow-Origin"] = origin
                    answer["Access-Control-Expose-Headers"] = EXPOSED
            await send(message)

        if is_allowed and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            raw = [(name.lower().encode(), value.encode()) for name, value in PREFLIGHT.items()]
            await send_with_origin({"type": "http.response.start", "status": 204, "headers": raw})
            await send({"type": "http.response.body", "body": b""})
            return
        await self._app(scope, receive, send_with_origin)


def _is_open(path: str) -> bool:
    return path.startswith(API_PREFIX) and not path.startswith(ADMIN_PREFIX)
