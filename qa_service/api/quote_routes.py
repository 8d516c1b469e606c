"""`GET /quote`: where does a pasted sentence come from?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from qa_service.api.access import API, GuardedRoute
from qa_service.api.presenter import Presenter
from qa_service.api.problems import documented
from qa_service.api.service import Serving, language_of
from qa_service.api.wire import PlacesBody
from qa_service.query import clean_text

QUOTE_CHARS = 1000


router = APIRouter(route_class=GuardedRoute, tags=["collection"])


@router.get(f"{API}/quote", responses=documented(422, 503))
async def find_quote(
    request: Request,
    service: Serving,
    text: Annotated[str, Query(min_length=1, max_length=QUOTE_CHARS, description="A pasted sentence")],
) -> PlacesBody:
    """Find the document and page of a pasted text, forgiving hyphens, quotation marks and missing diacritics."""
    release_id, places = await service.capacity.searching.run(lambda: service.verbs.locate(clean_text(text)))
    return Presenter(release_id, language_of(request), service.settings.public_url).places(places)
