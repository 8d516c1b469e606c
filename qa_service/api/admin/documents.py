"""`/admin/documents`: the publications of the corpus, and how they come, change and go."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Body
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from qa_service.api.admin.addresses import begun, staff_router
from qa_service.api.admin.upload_form import UPLOAD, read_uploads
from qa_service.api.admin.wire import (
    AcceptedBody,
    JobBody,
    PublicationsBody,
    RemovedBody,
    RemovedListBody,
    UploadsBody,
    metadata_schema,
)
from qa_service.api.problems import documented
from qa_service.api.service import Serving

Changes = Annotated[dict[str, Any], Body(json_schema_extra=metadata_schema())]

router = staff_router()


@router.get("/documents", responses=documented())
async def list_publications(service: Serving) -> PublicationsBody:
    """List the publications of the corpus with what was written, inferred and found about each."""
    documents = await run_in_threadpool(lambda: list(service.curation.publications()))
    findings = await run_in_threadpool(service.curation.findings)
    return PublicationsBody.model_validate({"documents": documents, "findings": findings})


@router.post(
    "/documents",
    status_code=202,
    response_model=UploadsBody,
    responses=documented(400, 409, 413, 415, 422, 507),
    openapi_extra={"requestBody": UPLOAD},
)
async def upload(request: Request, service: Serving) -> UploadsBody:
    """Take files into the collection: all of them or none. Nothing is searchable before it is published."""
    form, uploads = await read_uploads(request, service.settings.max_upload_files)
    try:
        accepted = await run_in_threadpool(lambda: service.curation.accept(uploads))
    finally:
        await form.close()
    return UploadsBody(documents=[AcceptedBody.of(one) for one in accepted])


@router.patch("/documents/{document_id}", status_code=202, responses=documented(400, 404, 415, 422, 507))
async def describe(response: Response, document_id: str, changes: Changes, service: Serving) -> JobBody:
    """Change what is said about a publication; null takes a fact away."""
    return begun(response, await run_in_threadpool(lambda: service.curation.describe(document_id, changes)))


@router.delete("/documents/{document_id}", status_code=202, responses=documented(404))
async def remove(response: Response, document_id: str, service: Serving) -> JobBody:
    """Take a publication out of the corpus; search forgets it at the next release."""
    return begun(response, await run_in_threadpool(lambda: service.curation.remove(document_id)))


@router.get("/removed", responses=documented())
async def list_removed(service: Serving) -> RemovedListBody:
    """List the publications that were removed or replaced, newest first."""
    removed = await run_in_threadpool(service.curation.removed)
    return RemovedListBody(removed=[RemovedBody(**asdict(one)) for one in removed])


@router.post("/removed/{name}/bring-back", status_code=202, responses=documented(404, 409, 507))
async def bring_back(response: Response, name: str, service: Serving) -> JobBody:
    """Put a removed publication back into the corpus; search knows it again from the next release on."""
    return begun(response, await run_in_threadpool(lambda: service.curation.bring_back(name)))
