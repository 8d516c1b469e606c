"""`/admin/glossary`: which terms mean the same. An edit counts from the next published release on."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Header, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from qa_service.api.access import note_subject
from qa_service.api.admin.addresses import staff_router
from qa_service.api.admin.wire import EntryBody, EntryInput, GlossaryBody, ImportBody
from qa_service.api.document_routes import attachment
from qa_service.api.problems import Refusal, documented, require_media_type
from qa_service.api.service import Service, Serving
from qa_service.glossary import GLOSSARY, read_glossary_file
from qa_service.staff_glossary import STAFF_GLOSSARY

TSV = "text/tab-separated-values"
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""With which a spreadsheet begins what it saves as UTF-16; everything else is UTF-8."""

EntryId = Annotated[str, Path(description="Id of an entry, made from its words")]
IsTrial = Annotated[bool, Query(alias="trial", description="Only tell what would change")]
Version = Annotated[str | None, Header(description="The ETag of the glossary that the file was made from; required")]
_FILE = {"content": {TSV: {"schema": {"type": "string"}}}}

router = staff_router()


@router.get("/glossary", responses=documented(503))
async def read_glossary(response: Response, service: Serving) -> GlossaryBody:
    """List the entries, and tell whether readers are already answered by them."""
    found = await run_in_threadpool(service.glossary.read)
    response.headers.update({"ETag": f'"{found.version}"', "Cache-Control": "no-store"})
    is_published = await run_in_threadpool(lambda: _published_text(service) == found.text)
    return GlossaryBody(
        entries=[EntryBody.of(entry) for entry in found.entries], version=found.version, is_published=is_published
    )


@router.post("/glossary", status_code=201, responses=documented(400, 415, 422, 503, 507))
async def add_entry(request: Request, body: Annotated[EntryInput, Body()], service: Serving) -> EntryBody:
    """Add an entry."""
    entry = await run_in_threadpool(lambda: service.glossary.add(body.english, body.czech))
    note_subject(request, entry=entry.line)
    return EntryBody.of(entry)


@router.put("/glossary/{entry_id}", responses=documented(400, 404, 415, 422, 503, 507))
async def change_entry(
    request: Request, entry_id: EntryId, body: Annotated[EntryInput, Body()], service: Serving
) -> EntryBody:
    """Put other words in the place of an entry; it gets another id."""
    entry = await run_in_threadpool(lambda: service.glossary.change(entry_id, body.english, body.czech))
    note_subject(request, entry=entry.line)
    return EntryBody.of(entry)


@router.delete("/glossary/{entry_id}", status_code=204, responses=documented(404, 503, 507))
async def remove_entry(request: Request, entry_id: EntryId, service: Serving) -> Response:
    """Take an entry out."""
    entry = await run_in_threadpool(lambda: service.glossary.remove(entry_id))
    note_subject(request, entry=entry.line)
    return Response(status_code=204)


@router.get("/glossary.tsv", response_class=Response, responses={200: _FILE, **documented(503)})
async def export_glossary(service: Serving) -> Response:
    """Hand out the glossary as a file of two columns, English and Czech, with its remarks."""
    found = await run_in_threadpool(service.glossary.read)
    headers = {
        "Content-Disposition": attachment(STAFF_GLOSSARY),
        "ETag": f'"{found.version}"',
        "Cache-Control": "no-store",
    }
    return Response(found.text, headers=headers, media_type=TSV)


@router.put(
    "/glossary.tsv",
    responses=documented(400, 412, 415, 422, 428, 503, 507),
    openapi_extra={"requestBody": {"required": True, **_FILE}},
)
async def import_glossary(
    request: Request, service: Serving, if_match: Version = None, is_trial: IsTrial = False
) -> ImportBody:
    """Put a file in the place of the whole glossary, if it is still the one that If-Match names."""
    require_media_type(request, TSV)
    version = (if_match or "").strip().strip('"')
    if not version:
        raise Refusal("version_required")
    text = _decoded(await request.body())
    report = await run_in_threadpool(lambda: service.glossary.replace(text, version, is_trial=is_trial))
    note_subject(request, added=report.added, removed=report.removed, trial=is_trial)
    return ImportBody(added=report.added, removed=report.removed, unchanged=report.unchanged)


def _decoded(data: bytes) -> str:
    """Return the text of an uploaded file. Raises Refusal for one that is no Unicode text."""
    try:
        return data.decode("utf-16" if data.startswith(BYTE_ORDER_MARKS) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal("malformed", reason="UTF-8") from error


def _published_text(service: Service) -> str | None:
    """Return the glossary that readers are answered by, or None where nothing is published."""
    service.live.refresh()  # what was published a moment ago counts, before the next look at CURRENT finds it
    if service.live.status.serving is None:
        return None
    with service.live.current() as index:
        held = index.glossary()
    return read_glossary_file(GLOSSARY) if held is None else held
