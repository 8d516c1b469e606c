"""`/admin/gaps`, `/admin/feedback`: what readers miss, and what they say of what they got."""

from __future__ import annotations

from dataclasses import asdict

from starlette.concurrency import run_in_threadpool

from qa_service.api.admin.addresses import Limit, staff_router
from qa_service.api.admin.wire import GapsBody, RatingBody, RatingsBody
from qa_service.api.problems import documented
from qa_service.api.service import Serving
from qa_service.gaps import DAYS, gaps

router = staff_router()


@router.get("/gaps", responses=documented(503))
async def list_gaps(service: Serving) -> GapsBody:
    """List what was asked several times and not answered well, without who asked."""
    found = await run_in_threadpool(lambda: gaps(service.feedback, service.embed_asked))
    return GapsBody.model_validate({"gaps": [asdict(gap) for gap in found]})


@router.get("/feedback", responses=documented(422, 503))
async def list_ratings(service: Serving, limit: Limit = 50) -> RatingsBody:
    """List what readers said of answers and passages, newest first, without who said it."""
    found = await run_in_threadpool(lambda: service.feedback.ratings(DAYS))
    return RatingsBody(ratings=[RatingBody.of(rating) for rating in reversed(found[-limit:])])
