"""`/admin/...`: what staff ask for. Every change is only written down here; the worker makes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body, Query
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from indexes.errors import JobError
from indexes.jobs import FINISHED, Job
from qa_service.api.access import API, GuardedRoute
from qa_service.api.admin_wire import (
    AcceptedBody,
    AuditBody,
    BuildInput,
    GapsBody,
    JobBody,
    JobDetailsBody,
    JobsBody,
    LogLineBody,
    PublicationsBody,
    RatingBody,
    RatingsBody,
    ReceiptsBody,
    ReleasesBody,
    UploadsBody,
    metadata_schema,
)
from qa_service.api.problems import Refusal, documented
from qa_service.api.service import Service
from qa_service.api.upload_form import MULTIPART, read_uploads
from qa_service.gaps import DAYS, gaps

ADMIN = f"{API}/admin"
EVENT_STREAM = "text/event-stream"
HEARTBEAT_SECONDS = 15
LOOK_SECONDS = 0.3
"""How often a job that somebody follows is looked at."""
LARGEST_PAGE = 200

T = TypeVar("T")


def admin_router(service: Service) -> APIRouter:
    """Return the routes of staff."""
    router = APIRouter(route_class=GuardedRoute, tags=["staff"])
    curation, queue = service.curation, service.curation.queue

    @router.get(f"{ADMIN}/documents", responses=documented())
    async def list_publications() -> PublicationsBody:
        """List the publications of the corpus with what was written, inferred and found about each."""
        documents = await run_in_threadpool(lambda: list(curation.publications()))
        findings = await run_in_threadpool(curation.findings)
        return PublicationsBody.model_validate({"documents": documents, "findings": findings})

    @router.post(
        f"{ADMIN}/documents",
        status_code=202,
        response_model=UploadsBody,
        responses=documented(400, 409, 413, 415, 422, 507),
        openapi_extra={"requestBody": _UPLOAD},
    )
    async def upload(request: Request) -> UploadsBody:
        """Take files into the collection: all of them or none. Nothing is searchable before it is published."""
        form, uploads = await read_uploads(request, service.settings.max_upload_files)
        try:
            accepted = await run_in_threadpool(lambda: curation.accept(uploads))
        finally:
            await form.close()
        return UploadsBody(documents=[AcceptedBody.of(one) for one in accepted])

    @router.patch(
        f"{ADMIN}/documents/{{document_id}}",
        status_code=202,
        responses=documented(400, 404, 415, 422, 507),
    )
    async def describe(
        response: Response,
        document_id: str,
        changes: Annotated[dict[str, Any], Body(json_schema_extra=metadata_schema())],
    ) -> JobBody:
        """Change what is said about a publication; null takes a fact away."""
        return _begun(response, await run_in_threadpool(lambda: curation.describe(document_id, changes)))

    @router.delete(f"{ADMIN}/documents/{{document_id}}", status_code=202, responses=documented(404))
    async def remove(response: Response, document_id: str) -> JobBody:
        """Take a publication out of the corpus; search forgets it at the next release."""
        return _begun(response, await run_in_threadpool(lambda: curation.remove(document_id)))

    @router.post(f"{ADMIN}/builds", status_code=202, responses=documented(400, 415, 422, 507))
    async def build(response: Response, body: Annotated[BuildInput, Body()]) -> JobBody:
        """Build a release beside the published one; publish it if asked to and if it passes the gate."""
        return _begun(response, await run_in_threadpool(lambda: curation.build(publish=body.publish)))

    @router.get(f"{ADMIN}/jobs", responses=documented(422))
    async def list_jobs(
        limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 50,
        cursor: Annotated[str | None, Query(pattern=r"^\d{1,17}$", description="`next` of the page before")] = None,
    ) -> JobsBody:
        """List jobs, newest first."""
        jobs = await run_in_threadpool(lambda: queue.jobs(limit + 1, cursor))
        shown = jobs[:limit]
        return JobsBody(jobs=[JobBody.of(job) for job in shown], next=shown[-1].id if len(jobs) > limit else None)

    @router.get(
        f"{ADMIN}/jobs/{{job_id}}",
        response_model=JobDetailsBody,
        responses={200: {"content": {EVENT_STREAM: {"schema": {"type": "string"}}}}, **documented(404)},
    )
    async def get_job(request: Request, job_id: str) -> Response:
        """Tell what became of a job, once or, as server-sent events, until it has ended."""
        details = await _known(lambda: _details(service, job_id), job_id)
        if EVENT_STREAM in request.headers.get("accept", ""):
            return EventSourceResponse(
                _followed(service, job_id), ping=HEARTBEAT_SECONDS, ping_message_factory=_heartbeat
            )
        return Response(details.model_dump_json(), media_type="application/json")

    @router.delete(f"{ADMIN}/jobs/{{job_id}}", responses=documented(404, 409))
    async def cancel_job(job_id: str) -> JobBody:
        """Cancel a waiting job, or ask a running one to stop."""
        await _known(lambda: queue.get(job_id), job_id)
        return JobBody.of(await run_in_threadpool(lambda: queue.cancel(job_id)))

    @router.get(f"{ADMIN}/releases", responses=documented())
    async def list_releases() -> ReleasesBody:
        """List the releases, newest first, with their counts and scores."""
        return ReleasesBody.model_validate({"releases": await run_in_threadpool(lambda: list(curation.releases()))})

    @router.post(f"{ADMIN}/releases/{{release_id}}/publish", status_code=202, responses=documented(410))
    async def publish(response: Response, release_id: str) -> JobBody:
        """Publish a release if it passes the gate."""
        return _begun(response, await run_in_threadpool(lambda: curation.publish(release_id)))

    @router.post(f"{ADMIN}/rollback", status_code=202, responses=documented())
    async def roll_back(response: Response) -> JobBody:
        """Publish the release that was published before."""
        return _begun(response, await run_in_threadpool(curation.roll_back))

    @router.get(f"{ADMIN}/receipts", responses=documented())
    async def list_receipts() -> ReceiptsBody:
        """Tell what the newest build says of every publication."""
        return ReceiptsBody.model_validate({"receipts": await run_in_threadpool(curation.receipts)})

    @router.get(f"{ADMIN}/receipts/{{document_id}}", responses=documented(404))
    async def get_receipt(document_id: str) -> dict[str, Any]:
        """Tell what the newest build says of one publication."""
        return dict(await run_in_threadpool(lambda: curation.receipt(document_id)))

    @router.get(f"{ADMIN}/gaps", responses=documented(503))
    async def list_gaps() -> GapsBody:
        """List what was asked several times and not answered well, without who asked."""
        found = await run_in_threadpool(lambda: gaps(service.feedback, service.embedder))
        return GapsBody.model_validate({"gaps": [asdict(gap) for gap in found]})

    @router.get(f"{ADMIN}/feedback", responses=documented(422, 503))
    async def list_ratings(limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 50) -> RatingsBody:
        """List what readers said of answers and passages, newest first, without who said it."""
        found = await run_in_threadpool(lambda: service.feedback.ratings(DAYS))
        return RatingsBody(ratings=[RatingBody.of(rating) for rating in reversed(found[-limit:])])

    @router.get(f"{ADMIN}/audit", responses=documented(422))
    async def list_actions(limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 50) -> AuditBody:
        """Tell who changed what, newest first; for administrators."""
        return AuditBody.model_validate({"actions": await run_in_threadpool(lambda: service.audit.newest(limit))})

    return router


_UPLOAD: dict[str, Any] = {
    "required": True,
    "content": {
        MULTIPART: {
            "schema": {
                "type": "object",
                "required": ["file"],
                "additionalProperties": False,
                "properties": {
                    "file": {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}},
                    "metadata": {"type": "string", "description": "JSON: one object for all files, or a list of them"},
                },
            }
        }
    },
}


def _begun(response: Response, job: Job) -> JobBody:
    response.headers["Location"] = f"{ADMIN}/jobs/{job.id}"
    return JobBody.of(job)


async def _known(look: Callable[[], T], job_id: str) -> T:
    try:
        return await run_in_threadpool(look)
    except JobError as error:
        raise Refusal("unknown_job", id=job_id[:40]) from error


def _details(service: Service, job_id: str) -> JobDetailsBody:
    queue = service.curation.queue
    log = [LogLineBody.of(line) for line in queue.lines(job_id)]
    return JobDetailsBody(**JobBody.of(queue.get(job_id)).model_dump(), log=log)


def _heartbeat() -> ServerSentEvent:
    return ServerSentEvent(comment="waiting")


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
