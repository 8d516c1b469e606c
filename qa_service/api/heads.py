"""How is HEAD answered? As GET is, without the body (RFC 9110, section 9.3.2)."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Asks what is behind it for what GET gives and sends the head alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        asked = {**scope, "method": "GET"}
        has_ended = False

        async def send_head(message: Message) -> None:
            nonlocal has_ended
            if message["type"] != "http.response.body":
                await send(message)
            elif not has_ended:  # a stream that goes on hears that its reader has left
                has_ended = True
                await send({"type": "http.response.body", "body": b""})

        try:
            await self._app(asked, receive, send_head)
        finally:
            scope["route"] = asked.get("route")  # by which the request is counted
