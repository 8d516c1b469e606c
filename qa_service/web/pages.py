"""Which addresses does a reader visit? The search page, the source viewer, the widget and what they are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Path as PathParameter
from fastapi.routing import APIRoute
from starlette.responses import Response

from qa_service.web.assets import Asset, read_assets, read_widget
from qa_service.web.document_page import DocumentPage
from qa_service.web.pictures import PagePictures
from qa_service.web.search_page import SearchPage
from qa_service.web.templates import page_language, render
from qa_service.web.verbs import PageVerbs

FOREVER = "public, max-age=31536000, immutable"
WIDGET_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "public, max-age=3600",
}
"""The widget may be loaded by any site; only the API behind it follows the list of origins."""


def pages_router(
    verbs: PageVerbs,
    pictures: Path,
    contact: str | None = None,
    public_url: str | None = None,
    route_class: type[APIRoute] = APIRoute,
) -> APIRouter:
    """Return the routes of all pages, to be mounted at the root.

    Args:
        verbs: The service, called in process.
        pictures: Folder in which drawn pages are cached; made when first needed.
        contact: Address that a reader without an answer may write to.
        public_url: Address by which other sites reach the service; by default that of the request.
        route_class: How each route lets requests in; the service gives one that asks its door.
    """
    router = APIRouter(include_in_schema=False, route_class=route_class)
    search_page = SearchPage(verbs, contact)
    document_page = DocumentPage(verbs, PagePictures(pictures))

    @router.get("/")
    def search(request: Request) -> Response:
        return search_page.draw(request)

    @router.get("/documents/{document_id}")
    def document(request: Request, document_id: str) -> Response:
        return document_page.draw(request, document_id)

    @router.get("/documents/{document_id}/pages/{page}.png")
    def picture(request: Request, document_id: str, page: Annotated[int, PathParameter(ge=1, le=100_000)]) -> Response:
        return document_page.draw_picture(request, document_id, page)

    @router.get("/static/{version}/{name}")
    def static(version: str, name: str) -> Response:
        return _static(version, name)

    @router.get("/favicon.ico")
    def icon() -> Response:
        return _file(read_assets().by_name["icon.svg"], {"Cache-Control": "public, max-age=86400"})

    @router.get("/admin")
    def console(request: Request) -> Response:
        return render("admin/console.html", request, page_language(request))

    @router.get("/widget.js")
    def widget() -> Response:
        return _file(read_widget(), WIDGET_HEADERS)

    @router.get("/widget/demo")
    def demo(request: Request) -> Response:
        return _demo(request, public_url)

    return router


def _static(version: str, name: str) -> Response:
    assets = read_assets()
    if name not in assets.by_name:
        return Response(status_code=404)
    return _file(assets.by_name[name], {"Cache-Control": FOREVER if version == assets.version else "no-cache"})


def _demo(request: Request, public_url: str | None) -> Response:
    is_hostile = "hostile" in request.query_params
    site = (public_url or str(request.base_url)).rstrip("/")
    return render("widget/demo.html", request, page_language(request), is_hostile=is_hostile, site=site)


def _file(asset: Asset, headers: dict[str, str]) -> Response:
    return Response(
        asset.content, media_type=asset.media_type, headers={"X-Content-Type-Options": "nosniff", **headers}
    )
