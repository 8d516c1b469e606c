"""Where do the routes of staff stand, and what have they in common?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from indexes.jobs import Job
from qa_service.api.access import API, GuardedRoute
from qa_service.api.admin.wire import JobBody

ADMIN = f"{API}/admin"
LARGEST_PAGE = 200

Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="How many at most")]


def staff_router() -> APIRouter:
    """Return a router for addresses below ADMIN, all of them behind the door."""
    return APIRouter(prefix=ADMIN, route_class=GuardedRoute, tags=["staff"])


def begun(response: Response, job: Job) -> JobBody:
    """Return the body of a job that was enqueued, and name its address on the response."""
    response.headers["Location"] = f"{ADMIN}/jobs/{job.id}"
    return JobBody.of(job)
