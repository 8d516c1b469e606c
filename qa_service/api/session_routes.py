"""`/admin/session`: signing in to the console with a token, and out again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from qa_service.api.access import API, Caller, GuardedRoute
from qa_service.api.admin_wire import SessionBody, SignInInput
from qa_service.api.problems import Refusal, documented
from qa_service.api.service import Service, caller_of_request
from qa_service.keys import Role

SESSION = f"{API}/admin/session"


def session_router(service: Service) -> APIRouter:
    """Return the routes of signing in and out."""
    router = APIRouter(route_class=GuardedRoute, tags=["staff"])
    sessions = service.sessions

    def is_secure(request: Request) -> bool:
        return request.url.scheme == "https" or (service.settings.public_url or "").startswith("https:")

    @router.post(SESSION, response_model=SessionBody, responses=documented(400, 415))
    async def sign_in(request: Request, body: Annotated[SignInInput, Body()]) -> Response:
        """Exchange a token for a session cookie that scripts cannot read."""
        caller = service.door.sign_in(body.token, request.client.host if request.client else None)
        if caller.role < Role.STAFF or caller.key_id is None:
            raise Refusal("role_insufficient", needed=Role.STAFF.label, role=caller.role.label)
        cookie = Response()
        session = sessions.begin(cookie, caller.key_id, caller.fingerprint, secure=is_secure(request))
        told = SessionBody(name=caller.name, role=caller.role.label, csrf=sessions.csrf_token(session))
        headers = {"Set-Cookie": cookie.headers["set-cookie"], "Cache-Control": "no-store"}
        return JSONResponse(told.model_dump(), headers=headers)

    @router.get(SESSION, responses=documented())
    async def who(request: Request, response: Response) -> SessionBody:
        """Tell who is signed in, and the CSRF token of the session."""
        response.headers["Cache-Control"] = "no-store"
        return _told(caller_of_request(request))

    @router.delete(SESSION, status_code=204, responses=documented())
    async def sign_out(request: Request) -> Response:
        """Take the session cookie back."""
        response = Response(status_code=204)
        sessions.end(response, secure=is_secure(request))
        return response

    def _told(caller: Caller) -> SessionBody:
        token = sessions.csrf_token(caller.session) if caller.session else None
        return SessionBody(name=caller.name, role=caller.role.label, csrf=token)

    return router
