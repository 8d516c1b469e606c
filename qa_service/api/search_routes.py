"""`GET /search`: cited passages."""

from __future__ import annotations

import time
from typing import Any

import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from corpus.document import DocumentKind
from qa_service.api.access import API, GuardedRoute
from qa_service.api.entity_tags import CACHING, entity_tag, is_known
from qa_service.api.presenter import Presenter
from qa_service.api.problems import documented
from qa_service.api.service import Serving, language_of
from qa_service.api.wire import SearchBody
from qa_service.query import FILTER_CHARS, OFFSETS, QUERY_CHARS, QUERY_LANGUAGES, RESULT_COUNTS, YEARS
from qa_service.retrieval import SearchResult
from qa_service.verbs import DEFAULT_K, parse_parameters

log = structlog.get_logger(__name__)

router = APIRouter(route_class=GuardedRoute, tags=["search"])


def _parameter(name: str, description: str, schema: dict[str, Any], *, repeats: bool = False) -> dict[str, Any]:
    of_parameter = {"type": "array", "items": schema} if repeats else schema
    return {"name": name, "in": "query", "required": name == "q", "description": description, "schema": of_parameter}


_TEXT = {"type": "string", "maxLength": FILTER_CHARS}
_YEAR = {"type": "integer", "minimum": YEARS[0], "maximum": YEARS[1]}

PARAMETERS: list[dict[str, Any]] = [
    _parameter(
        "q",
        "What is looked for; at least one letter or digit",
        {"type": "string", "minLength": 1, "maxLength": QUERY_CHARS},
    ),
    _parameter("lang", "Language of the query and of our own words; never filters", {"enum": list(QUERY_LANGUAGES)}),
    _parameter(
        "k",
        "How many hits",
        {"type": "integer", "minimum": RESULT_COUNTS[0], "maximum": RESULT_COUNTS[1], "default": int(DEFAULT_K)},
    ),
    _parameter(
        "offset",
        "How many hits are skipped",
        {"type": "integer", "minimum": OFFSETS[0], "maximum": OFFSETS[1], "default": 0},
    ),
    _parameter("kind", "Kind of publication", {"enum": [str(kind) for kind in DocumentKind]}, repeats=True),
    _parameter("publisher", "Publisher, as written in the facets", _TEXT, repeats=True),
    _parameter("source_lang", "Language of the passage (ISO 639-1)", _TEXT, repeats=True),
    _parameter("document", "Id of a publication", _TEXT, repeats=True),
    _parameter("year_from", "Published in this year or later", _YEAR),
    _parameter("year_to", "Published in this year or earlier", _YEAR),
    _parameter("valid_on", "Valid on this day", {"type": "string", "format": "date"}),
    _parameter("without", "A term of also_searched that is taken back; * takes all of them back", _TEXT, repeats=True),
]
"""The parameters of a search as OpenAPI describes them; `parse_query` is what checks them."""


@router.get(
    f"{API}/search",
    response_model=SearchBody,
    responses={304: {"description": "The answer that If-None-Match names still holds"}, **documented(422, 503)},
    openapi_extra={"parameters": PARAMETERS},
)
async def search(request: Request, service: Serving) -> Response:
    """Find passages by meaning and by words, in Czech and English, each with its citation."""
    query = parse_parameters(request.query_params.multi_items())
    language = language_of(request, query.language)
    serving = service.live.status.serving
    asked = (query, language, service.settings.public_url)
    if serving and is_known(entity_tag(serving, *asked), request.headers.getlist("if-none-match")):
        return Response(status_code=304, headers={"ETag": entity_tag(serving, *asked), **CACHING})
    if service.settings.log_questions:
        log.info("query", text=query.text)
    began = time.perf_counter()
    with service.metrics.step("search"):
        result = await service.capacity.searching.run(lambda: service.verbs.search(query))
    if result.degraded:
        service.metrics.degraded.labels("search").inc()
    took_ms = (time.perf_counter() - began) * 1000
    presenter = Presenter(result.release_id, language, service.settings.public_url)
    return _answered(result, entity_tag(result.release_id, *asked), presenter, took_ms)


def _answered(result: SearchResult, tag: str, presenter: Presenter, took_ms: float) -> Response:
    """Return the body with its tag; a degraded answer gets none, because a better one may follow on the same release."""
    headers = CACHING if result.degraded else CACHING | {"ETag": tag}
    body = presenter.search(result, took_ms).model_dump_json(by_alias=True)
    return Response(body, headers=headers, media_type="application/json")
