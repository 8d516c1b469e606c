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
    """Refuses requests whose slots are full. It stands within the limits on bodies, because it receives what is sent."""

    def __init__(self, app: ASGIApp, slots_of: Mapping[tuple[str, str], Slots]) -> None:
        """Watch the slots of some requests, each named by its method and an address without parameters in its path."""
        self._app = app
        self._slots_of = slots_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it at once."""
        slots = self._slots_of.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        refusal = slots.refusal if slots else None
        if refusal is None:
            await self._app(scope, receive, send)
            return
        await _forget_body(receive)
        scope["route"] = _Address(scope["path"])
        await problem_response(scope, refusal_of(refusal))(scope, receive, send)


async def _forget_body(receive: Receive) -> None:
    """Read what the sender still writes: closed before that, the connection would lose the refusal."""
    while (await receive()).get("more_body", False):
        pass
