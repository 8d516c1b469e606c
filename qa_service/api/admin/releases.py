"""`/admin/builds`, `/admin/releases`, `/admin/rollback`: how the collection becomes what readers search."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from qa_service.api.admin.addresses import begun, staff_router
from qa_service.api.admin.wire import BuildInput, JobBody, ReleasesBody
from qa_service.api.problems import documented
from qa_service.api.service import Serving

router = staff_router()


@router.post("/builds", status_code=202, responses=documented(400, 415, 422, 507))
async def build(response: Response, body: Annotated[BuildInput, Body()], service: Serving) -> JobBody:
    """Build a release beside the published one; publish it if asked to and if it passes the gate."""
    return begun(response, await run_in_threadpool(lambda: service.curation.build(publish=body.publish)))


@router.get("/releases", responses=documented())
async def list_releases(service: Serving) -> ReleasesBody:
    """List the releases, newest first, with their counts and scores."""
    releases = await run_in_threadpool(lambda: list(service.curation.releases()))
    return ReleasesBody.model_validate({"releases": releases})


@router.post("/releases/{release_id}/publish", status_code=202, responses=documented(410))
async def publish(response: Response, release_id: str, service: Serving) -> JobBody:
    """Publish a release if it passes the gate."""
    return begun(response, await run_in_threadpool(lambda: service.curation.publish(release_id)))


@router.post("/rollback", status_code=202, responses=documented())
async def roll_back(response: Response, service: Serving) -> JobBody:
    """Publish the release that was published before."""
    return begun(response, await run_in_threadpool(service.curation.roll_back))
