"""`POST /feedback`: was it useful?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from indexes.feedback import Rating
from qa_service.api.access import API, GuardedRoute
from qa_service.api.inputs import FeedbackInput
from qa_service.api.problems import documented
from qa_service.api.service import Serving

router = APIRouter(route_class=GuardedRoute, tags=["answer"])


@router.post(f"{API}/feedback", status_code=204, responses=documented(400, 410, 413, 415, 422, 503, 507))
async def rate(body: Annotated[FeedbackInput, Body()], service: Serving) -> Response:
    """Keep what somebody thought of an answer, without personal data and without who it was."""
    await run_in_threadpool(service.live.require, body.release)
    if service.listener:
        rating = Rating(body.release, body.question, body.passage_id, body.useful, body.comment)
        await run_in_threadpool(service.listener.rated, rating)
    return Response(status_code=204)
