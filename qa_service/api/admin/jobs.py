"""`/admin/jobs`: what became of each wish of staff."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Query
from sse_starlette import ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from indexes.errors import JobError
from indexes.jobs import FINISHED
from qa_service.api.admin.addresses import Limit, staff_router
from qa_service.api.admin.wire import JobBody, JobDetailsBody, JobsBody, LogLineBody
from qa_service.api.event_stream import OR_STREAMED, streamed, wants_stream
from qa_service.api.problems import Refusal, documented
from qa_service.api.service import Service, Serving

LOOK_SECONDS = 0.3
"""How often a job that somebody follows is looked at."""
ID_CHARS = 40

Cursor = Annotated[str | None, Query(pattern=r"^\d{1,17}$", description="`next` of the page before")]

router = staff_router()


@router.get("/jobs", responses=documented(422))
async def list_jobs(service: Serving, limit: Limit = 50, cursor: Cursor = None) -> JobsBody:
    """List jobs, newest first."""
    jobs = await run_in_threadpool(lambda: service.curation.queue.jobs(limit + 1, cursor))
    shown = jobs[:limit]
    return JobsBody(jobs=[JobBody.of(job) for job in shown], next=shown[-1].id if len(jobs) > limit else None)


@router.get(
    "/jobs/{job_id}",
    response_model=JobDetailsBody,
    responses={**OR_STREAMED, **documented(404)},
)
async def get_job(request: Request, job_id: str, service: Serving) -> Response:
    """Tell what became of a job, once or, as server-sent events, until it has ended."""
    details = await run_in_threadpool(lambda: _details(service, job_id))
    if wants_stream(request):
        return streamed(_followed(service, job_id))
    return Response(details.model_dump_json(), media_type="application/json")


@router.delete("/jobs/{job_id}", responses=documented(404, 409))
async def cancel_job(job_id: str, service: Serving) -> JobBody:
    """Cancel a waiting job, or ask a running one to stop."""
    await run_in_threadpool(lambda: _details(service, job_id))
    return JobBody.of(await run_in_threadpool(lambda: service.curation.queue.cancel(job_id)))


def _details(service: Service, job_id: str) -> JobDetailsBody:
    """Return a job with its log. Raises Refusal for an unknown one."""
    queue = service.curation.queue
    try:
        log = [LogLineBody.of(line) for line in queue.lines(job_id)]
        return JobDetailsBody(**JobBody.of(queue.get(job_id)).model_dump(), log=log)
    except JobError as error:
        raise Refusal("unknown_job", id=job_id[:ID_CHARS]) from error


async def _followed(service: Service, job_id: str) -> AsyncIterator[ServerSentEvent]:
    """Yield the job whenever it changes, and once more as `done` when it has ended; a stop of the service ends it."""
    told = ""
    while not service.drain.has_begun:
        job = await run_in_threadpool(lambda: _details(service, job_id))
        if job.state in FINISHED:
            yield ServerSentEvent(job.model_dump_json(), event="done")
            return
        if (now := job.model_dump_json()) != told:
            told = now
            yield ServerSentEvent(now, event="job")
        await asyncio.sleep(LOOK_SECONDS)
