"""Who may do what, and how often?

One table names for every address who may use it and against which rate it counts. A route asks it before a byte of
its body is read; a route without a line cannot be made.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Coroutine
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from qa_service.api.problems import FieldProblem, Refusal, refusal_of, require_media_type
from qa_service.api.rates import Rates, caller_of
from qa_service.api.sessions import COOKIE, CSRF_HEADER, Session, Sessions
from qa_service.audit import AuditLog
from qa_service.keys import KeyRing, Role, hashed
from qa_service.query import nearest_first
from qa_service.settings import ServiceSettings

API = "/api/v1"
ADMIN_KEY_ID = "admin"
"""Stands for the admin token where a key is named by its id."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a route: the least role, and the rate that its requests count against (none for a free one)."""

    needs: Role
    rate: str | None = None
    is_admin: bool = False


_FREE = Access(Role.ANONYMOUS)
_READ = Access(Role.READER, "search")
_ASK = Access(Role.READER, "answer")
_TELL = Access(Role.READER, "feedback")
_SIGN_IN = Access(Role.ANONYMOUS, "admin", is_admin=True)
_STAFF = Access(Role.STAFF, "admin", is_admin=True)
_ADMIN = Access(Role.ADMIN, "admin", is_admin=True)

ROUTES: dict[tuple[str, str], Access] = {
    ("GET", "/healthz"): _FREE,
    ("GET", "/readyz"): _FREE,
    ("GET", "/metrics"): _FREE,
    ("GET", "/docs"): _FREE,
    ("GET", "/docs.css"): _FREE,
    ("GET", "/openapi.json"): _FREE,
    ("GET", f"{API}/search"): _READ,
    ("POST", f"{API}/answer"): _ASK,
    ("GET", f"{API}/documents"): _READ,
    ("GET", f"{API}/documents/{{document_id}}"): _READ,
    ("GET", f"{API}/documents/{{document_id}}/source"): _READ,
    ("GET", f"{API}/documents/{{document_id}}/citation"): _READ,
    ("GET", f"{API}/passages/{{passage_id}}"): _READ,
    ("GET", f"{API}/quote"): _READ,
    ("POST", f"{API}/feedback"): _TELL,
    ("GET", f"{API}/admin/session"): _STAFF,
    ("POST", f"{API}/admin/session"): _SIGN_IN,
    ("DELETE", f"{API}/admin/session"): _SIGN_IN,
    ("GET", f"{API}/admin/documents"): _STAFF,
    ("POST", f"{API}/admin/documents"): _STAFF,
    ("PATCH", f"{API}/admin/documents/{{document_id}}"): _STAFF,
    ("DELETE", f"{API}/admin/documents/{{document_id}}"): _STAFF,
    ("GET", f"{API}/admin/removed"): _STAFF,
    ("POST", f"{API}/admin/removed/{{name}}/bring-back"): _STAFF,
    ("POST", f"{API}/admin/builds"): _STAFF,
    ("GET", f"{API}/admin/jobs"): _STAFF,
    ("GET", f"{API}/admin/jobs/{{job_id}}"): _STAFF,
    ("DELETE", f"{API}/admin/jobs/{{job_id}}"): _STAFF,
    ("GET", f"{API}/admin/releases"): _STAFF,
    ("POST", f"{API}/admin/releases/{{release_id}}/publish"): _STAFF,
    ("POST", f"{API}/admin/rollback"): _STAFF,
    ("GET", f"{API}/admin/receipts"): _STAFF,
    ("GET", f"{API}/admin/receipts/{{document_id}}"): _STAFF,
    ("GET", f"{API}/admin/gaps"): _STAFF,
    ("GET", f"{API}/admin/feedback"): _STAFF,
    ("GET", f"{API}/admin/glossary"): _STAFF,
    ("POST", f"{API}/admin/glossary"): _STAFF,
    ("PUT", f"{API}/admin/glossary/{{entry_id}}"): _STAFF,
    ("DELETE", f"{API}/admin/glossary/{{entry_id}}"): _STAFF,
    ("GET", f"{API}/admin/glossary.tsv"): _STAFF,
    ("PUT", f"{API}/admin/glossary.tsv"): _STAFF,
    ("GET", f"{API}/admin/audit"): _ADMIN,
}
"""Every address of the API by method and path."""

PAGES: dict[tuple[str, str], Access] = {
    ("GET", "/"): _READ,
    ("GET", "/documents/{document_id}"): _READ,
    ("GET", "/documents/{document_id}/pages/{page}.png"): _READ,
    ("GET", "/static/{version}/{name}"): _FREE,
    ("GET", "/admin"): _FREE,
    ("GET", "/favicon.ico"): _FREE,
    ("GET", "/widget.js"): _FREE,
    ("GET", "/widget/demo"): _FREE,
}
"""The addresses that a person visits."""


def methods_of(path: str) -> list[str]:
    """Return the methods of an address by its template, in order."""
    known = {method for method, template in ROUTES | PAGES if template == path}
    return sorted(known | ({"HEAD"} if "GET" in known else set()))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a role, the name under which actions are audited, and what rates count."""

    role: Role
    name: str
    counted_as: str
    key_id: str | None = None
    fingerprint: str = ""
    session: Session | None = None


class Door:
    """Knows the keys and lets requests in, or refuses them with a code."""

    def __init__(self, settings: ServiceSettings, keys: KeyRing, sessions: Sessions) -> None:
        self._settings = settings
        self._keys = keys
        self._sessions = sessions
        self._rates = Rates(
            {
                "search": settings.search_rate,
                "answer": settings.answer_rate,
                "feedback": settings.feedback_rate,
                "admin": settings.admin_rate,
                "failed_sign_in": settings.failed_sign_in_rate,
            }
        )
        self._admin_hash = hashed(settings.admin_token) if settings.admin_token else None

    def admit(self, request: Request, access: Access) -> Caller:
        """Return who asks. Raises Refusal: unknown key, role too small, no CSRF token, rate spent."""
        if access.is_admin and self._admin_hash is None:
            raise Refusal("admin_disabled")
        caller = self._caller(request)
        if caller.role < self._needed(access):
            self._refuse(caller, access)
        is_change = request.method not in SAFE_METHODS
        if is_change and access.is_admin and access.needs > Role.ANONYMOUS:
            self._require_own_page(request, caller)
        if access.rate:
            self._count(access.rate, caller.counted_as)
        return caller

    def sign_in(self, token: str, address: str | None) -> Caller:
        """Return who a token makes the caller. Raises Refusal for an unknown one, and when too many were tried."""
        counted_as = caller_of(address)
        wait = self._rates.seconds_until_free("failed_sign_in", counted_as)
        if wait:
            raise _too_often(wait)
        caller = self._known(token)
        if caller is None:
            self._count("failed_sign_in", counted_as)
            raise _challenge("key_unknown")
        return caller

    def _caller(self, request: Request) -> Caller:
        address = request.client.host if request.client else None
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if token and scheme.lower() == "bearer":
            return self.sign_in(token.strip(), address)
        session = self._sessions.read(request.cookies.get(COOKIE, ""))
        if session:
            return self._resumed(session, address)
        return Caller(Role.ANONYMOUS, "anonymous", caller_of(address))

    def _known(self, token: str) -> Caller | None:
        token_hash = hashed(token)
        if self._admin_hash and hmac.compare_digest(token_hash, self._admin_hash):
            return Caller(Role.ADMIN, "admin", f"key {ADMIN_KEY_ID}", ADMIN_KEY_ID, token_hash[:16])
        key = self._keys.find(token)
        if key is None:
            return None
        return Caller(Role[key.role.upper()], key.name, f"key {key.id}", key.id, token_hash[:16])

    def _resumed(self, session: Session, address: str | None) -> Caller:
        """Return who signed in, unless the key is gone or is another one by now."""
        if session.key_id == ADMIN_KEY_ID:
            known, role, name = self._admin_hash, Role.ADMIN, "admin"
        else:
            key = self._keys.get(session.key_id)
            known = key.secret_hash if key else None
            role, name = (Role[key.role.upper()], key.name) if key else (Role.ANONYMOUS, "anonymous")
        if known is None or not hmac.compare_digest(known[:16], session.fingerprint):
            return Caller(Role.ANONYMOUS, "anonymous", caller_of(address))
        return Caller(role, name, f"key {session.key_id}", session.key_id, session.fingerprint, session)

    def _needed(self, access: Access) -> Role:
        if access.needs is Role.READER and self._settings.anonymous_search:
            return Role.ANONYMOUS
        return access.needs

    def _refuse(self, caller: Caller, access: Access) -> None:
        if caller.role is Role.ANONYMOUS:
            raise _challenge("key_required")
        raise Refusal("role_insufficient", needed=access.needs.label, role=caller.role.label)

    def _require_own_page(self, request: Request, caller: Caller) -> None:
        """A cookie travels by itself, so a change must also show what only our own page can know."""
        if caller.session and not self._sessions.is_csrf_token(caller.session, request.headers.get(CSRF_HEADER, "")):
            raise Refusal("csrf")

    def _count(self, rate: str, counted_as: str) -> None:
        wait = self._rates.seconds_to_wait(rate, counted_as)
        if wait:
            raise _too_often(wait)


def _too_often(seconds: int) -> Refusal:
    return Refusal("rate_limited", seconds=seconds)


def _challenge(code: str) -> Refusal:
    return Refusal(code, headers={"WWW-Authenticate": 'Bearer realm="pramen"'})


async def audited(
    audit: AuditLog, caller: Caller, request: Request, handle: Callable[[Request], Coroutine[Any, Any, Response]]
) -> Response:
    """Return the response to a change that staff ask for, and write down who asked, for what, and what came of it."""
    outcome: str | int = "fault"
    try:
        response = await handle(request)
        outcome = response.status_code
        return response
    except Exception as error:
        outcome = refusal_of(error).code
        raise
    finally:
        action = f"{request.method} {request.scope['route'].path}"
        subject = request.path_params | getattr(request.state, "subject", {})
        await run_in_threadpool(
            lambda: audit.write(caller.name, action, key=caller.key_id, subject=subject, outcome=outcome)
        )


def note_subject(request: Request, **facts: object) -> None:
    """Have the audit log say what a change was about, beside the ids in its address."""
    request.state.subject = facts


def _unknown(name: str, known: Collection[str]) -> FieldProblem:
    if not known:
        return FieldProblem(name, "unknown_parameter", sentence="no_parameters")
    return FieldProblem(name, "unknown_parameter", {"known": nearest_first(name, known)}, "unknown_parameter_known")


class GuardedRoute(APIRoute):
    """A route that asks the door first, takes JSON bodies only where it takes any, and knows all its parameters.

    Raises KeyError when it is made for an address without a line in the table.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler behind the door."""
        handle = super().get_route_handler()
        access = {method: (ROUTES | PAGES)[method, self.path] for method in self.methods or ()}
        takes_json = self.body_field is not None
        known = {field.alias for field in self.dependant.query_params}
        reads_own_parameters = self.openapi_extra is not None and "parameters" in self.openapi_extra
        is_drawn = access == {"GET": _READ} and ("GET", self.path) in PAGES
        is_strict = self.path.startswith(API) and not reads_own_parameters

        async def guarded(request: Request) -> Response:
            service = request.app.state.service
            asked = access[request.method]
            caller = request.state.caller = service.door.admit(request, asked)
            if asked.is_admin and request.method not in SAFE_METHODS:
                return await audited(service.audit, caller, request, handle_known)
            with service.capacity.pages.taken() if is_drawn else nullcontext():
                return await handle_known(request)

        async def handle_known(request: Request) -> Response:
            if takes_json:
                require_media_type(request, JSON)
            if is_strict and (unknown := [name for name in request.query_params if name not in known]):
                raise Refusal("invalid_query", errors=[_unknown(name, known) for name in unknown])
            return await handle(request)

        return guarded
