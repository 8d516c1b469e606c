"""What is true of every response, whatever happened behind it?

It carries a request id and the security headers (OWASP ASVS 5.0, section 3.4), it is counted and logged without
anything that the reader wrote, and a fault of ours leaves as a problem like any other refusal.
"""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa_service.api.problems import Refusal, problem_response
from qa_service.metrics import Metrics

log = structlog.get_logger(__name__)

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Set where a route has not set its own. HSTS belongs to the proxy that speaks TLS."""

_GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


class Drain:
    """Whether the service is being stopped: it still answers, but takes its leave of every connection."""

    def __init__(self) -> None:
        self.has_begun = False

    def begin(self) -> None:
        """Say no to readiness checks and keep no connection open from now on."""
        self.has_begun = True


@dataclass(slots=True)
class _Outcome:
    """What is known of a response while it is sent."""

    status: int = 0


class Edge:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, metrics: Metrics, drain: Drain) -> None:
        self._app = app
        self._metrics = metrics
        self._drain = drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on and stand behind its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        identity = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = identity
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=identity)
        outcome = _Outcome()

        async def send_dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                outcome.status = message["status"]
                self._dress(MutableHeaders(scope=message), identity)
            await send(message)

        began = time.perf_counter()
        try:
            await self._app(scope, receive, send_dressed)
        except Exception:
            log.exception("fault")
            if outcome.status:
                raise
            await problem_response(scope, Refusal("internal"))(scope, receive, send_dressed)
        finally:
            self._tell(scope, outcome.status, time.perf_counter() - began)

    def _dress(self, headers: MutableHeaders, identity: str) -> None:
        headers["X-Request-ID"] = identity
        for name, value in SECURITY_HEADERS.items():
            headers.setdefault(name, value)
        if self._drain.has_begun:
            headers["Connection"] = "close"

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        refusal = scope["state"].get("refusal")
        self._metrics.requests.labels(scope["method"], route, status).observe(seconds)
        if refusal:
            self._metrics.refusals.labels(refusal).inc()
        facts = {"method": scope["method"], "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        log.info("request", **facts, **({"refusal": refusal} if refusal else {}))


def _request_id(scope: Scope) -> str:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"").decode("latin-1")
    return given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
