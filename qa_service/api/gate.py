"""Who is turned away before anything is done for them?

Whoever would find all places taken. The rest of the application says so too, but only after it has found the route, read
the parameters and asked the door, which costs as much as a cheap answer: at several times the rate that the service
holds, refusals would take the time of those who have a place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from qa_service.api.problems import problem_response, refusal_of
from qa_service.slots import Slots


@dataclass(frozen=True, slots=True)
class _Address:
    """Stands for the route that was not looked for, so that the refusal is counted under its address."""

    path: str


class Gate:
    """Refuses GET requests for an address whose slots are full; a body that is being sent would have to be received."""

    def __init__(self, app: ASGIApp, slots_of: Mapping[str, Slots]) -> None:
        """Watch the slots of some addresses, each without parameters in its path."""
        self._app = app
        self._slots_of = slots_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it at once."""
        slots = self._slots_of.get(scope["path"]) if scope.get("method") == "GET" else None
        refusal = slots.refusal if slots else None
        if refusal is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = _Address(scope["path"])
        await problem_response(scope, refusal_of(refusal))(scope, receive, send)
