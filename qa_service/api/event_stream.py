"""How is something told as it comes? As server-sent events, where the client asks for them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request

EVENT_STREAM = "text/event-stream"
HEARTBEAT_SECONDS = 15
OR_STREAMED: dict[int | str, dict[str, Any]] = {200: {"content": {EVENT_STREAM: {"schema": {"type": "string"}}}}}
"""What OpenAPI says of a response that may come as a stream too."""


def wants_stream(request: Request) -> bool:
    """Tell whether a client asks for events."""
    return EVENT_STREAM in request.headers.get("accept", "")


def streamed(events: AsyncIterator[ServerSentEvent]) -> EventSourceResponse:
    """Return the response that sends events as they come, and a comment where none has come for a while."""
    return EventSourceResponse(events, ping=HEARTBEAT_SECONDS, ping_message_factory=_heartbeat)


def _heartbeat() -> ServerSentEvent:
    return ServerSentEvent(comment="waiting")
