"""`/admin/session`: signing in to the console with a token, and out again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from qa_service.api.access import note_subject
from qa_service.api.admin.addresses import staff_router
from qa_service.api.admin.wire import SessionBody, SignInInput
from qa_service.api.problems import Refusal, documented
from qa_service.api.service import Service, Serving, caller_of_request
from qa_service.keys import Role

router = staff_router()


@router.post("/session", response_model=SessionBody, responses=documented(400, 415))
async def sign_in(request: Request, body: Annotated[SignInInput, Body()], service: Serving) -> Response:
    """Exchange a token for a session cookie that scripts cannot read."""
    caller = service.door.sign_in(body.token, request.client.host if request.client else None)
    if caller.role < Role.STAFF or caller.key_id is None:
        raise Refusal("role_insufficient", needed=Role.STAFF.label, role=caller.role.label)
    note_subject(request, name=caller.name)
    cookie = Response()
    session = service.sessions.begin(cookie, caller.key_id, caller.fingerprint, secure=_is_secure(request, service))
    told = SessionBody(name=caller.name, role=caller.role.label, csrf=service.sessions.csrf_token(session))
    headers = {"Set-Cookie": cookie.headers["set-cookie"], "Cache-Control": "no-store"}
    return JSONResponse(told.model_dump(), headers=headers)


@router.get("/session", responses=documented())
async def who(request: Request, response: Response, service: Serving) -> SessionBody:
    """Tell who is signed in, and the CSRF token of the session."""
    response.headers["Cache-Control"] = "no-store"
    caller = caller_of_request(request)
    token = service.sessions.csrf_token(caller.session) if caller.session else None
    return SessionBody(name=caller.name, role=caller.role.label, csrf=token)


@router.delete("/session", status_code=204, responses=documented())
async def sign_out(request: Request, service: Serving) -> Response:
    """Take the session cookie back."""
    response = Response(status_code=204)
    service.sessions.end(response, secure=_is_secure(request, service))
    return response


def _is_secure(request: Request, service: Service) -> bool:
    return request.url.scheme == "https" or (service.settings.public_url or "").startswith("https:")
