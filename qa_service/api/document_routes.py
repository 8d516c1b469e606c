"""`GET /documents`, `/passages` and what belongs to them: the collection itself, readable by its ids."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from qa_service.api.access import API, GuardedRoute
from qa_service.api.presenter import Presenter
from qa_service.api.problems import documented
from qa_service.api.service import Service, Serving, language_of
from qa_service.api.wire import DocumentBody, DocumentDetailsBody, DocumentsBody, PassageBody
from qa_service.citations import MEDIA_TYPES, CitationFormat, cite, permalink
from qa_service.verbs import Found

PAGE_SIZE = 50
LARGEST_PAGE = 200
ID_CHARS = 300
SANDBOX = "default-src 'none'; sandbox"
"""An original comes from elsewhere: whatever it holds, it runs and loads nothing under our address."""

DocumentId = Annotated[str, Path(description="Id of a publication")]
PassageId = Annotated[str, Path(description="Id of a passage")]
ReleaseId = Annotated[str | None, Query(min_length=1, max_length=ID_CHARS, description="Id of a kept release")]


_BYTES: dict[str, Any] = {
    "description": "The file, as an attachment",
    "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
}
_CITATION: dict[str, Any] = {
    "description": "The citation",
    "content": {media_type: {"schema": {"type": "string"}} for media_type in MEDIA_TYPES.values()},
}

router = APIRouter(route_class=GuardedRoute, tags=["collection"])


@router.get(f"{API}/documents", responses=documented(422, 503))
async def list_documents(
    service: Serving,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE_SIZE,
    cursor: Annotated[str, Query(max_length=ID_CHARS, description="`next` of the page before")] = "",
) -> DocumentsBody:
    """List the publications of the release in the order of their ids."""
    release_id, documents = await service.capacity.searching.run(lambda: service.verbs.documents(limit + 1, cursor))
    shown = documents[:limit]
    return DocumentsBody(
        documents=[DocumentBody.of(document) for document in shown],
        next=shown[-1].id if len(documents) > limit else None,
        release=release_id,
    )


@router.get(f"{API}/documents/{{document_id}}", responses=documented(404, 410, 422, 503))
async def get_document(
    request: Request, service: Serving, document_id: DocumentId, release: ReleaseId = None
) -> DocumentDetailsBody:
    """Tell everything that is known about one publication."""
    found = await service.capacity.searching.run(lambda: service.verbs.document(document_id, release))
    return _presenter(request, service, found).document(found.document, found.passage_count)


@router.get(
    f"{API}/documents/{{document_id}}/source",
    response_class=Response,
    responses={200: _BYTES, **documented(404, 410, 422, 503)},
)
async def get_source(service: Serving, document_id: DocumentId, release: ReleaseId = None) -> Response:
    """Hand out the original file as it was when the release was built."""
    document, source = await service.capacity.searching.run(lambda: service.verbs.source(document_id, release))
    headers = {
        "Content-Disposition": attachment(document.file_name.rsplit("/", 1)[-1]),
        "Content-Security-Policy": SANDBOX,
    }
    return Response(source, headers=headers, media_type=document.media_type)


@router.get(
    f"{API}/documents/{{document_id}}/citation",
    response_class=Response,
    responses={200: _CITATION, **documented(404, 410, 422, 503)},
)
async def get_citation(
    request: Request,
    service: Serving,
    *,
    document_id: DocumentId,
    form: Annotated[CitationFormat, Query(alias="format")] = CitationFormat.ISO690,
    passage: Annotated[str | None, Query(description="Id of a passage")] = None,
    release: ReleaseId = None,
) -> Response:
    """Cite a publication, or the pages of one of its passages."""
    found = await service.capacity.searching.run(lambda: service.verbs.place(document_id, passage, release))
    pages = found.passage.pages if found.passage else None
    public = service.settings.public_url
    link = permalink(document_id, found.release_id, passage, public) if public else ""
    text = cite(found.document, form, pages, language_of(request), link=link)
    return Response(text, media_type=MEDIA_TYPES[form], headers={"Vary": "Accept-Language"})


@router.get(f"{API}/passages/{{passage_id}}", responses=documented(404, 410, 422, 503))
async def get_passage(
    request: Request, service: Serving, passage_id: PassageId, release: ReleaseId = None
) -> PassageBody:
    """Give one passage with the text into which all offsets point."""
    found = await service.capacity.searching.run(lambda: service.verbs.passage(passage_id, release))
    assert found.passage is not None  # noqa: S101 - `passage` finds one or raises
    return _presenter(request, service, found).passage(found.passage, found.document)


def _presenter(request: Request, service: Service, found: Found) -> Presenter:
    return Presenter(found.release_id, language_of(request), service.settings.public_url)


def attachment(file_name: str) -> str:
    """Return the Content-Disposition of a download: plain ASCII for old clients, the real name beside it (RFC 6266)."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "._- ") else "_" for char in file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
