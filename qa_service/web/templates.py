"""How does a page come about from a template, in one language, with the headers that every page carries?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from corpus.errors import PramenError
from qa_service.web import wording
from qa_service.web.assets import WEB, read_assets
from qa_service.web.days import written_day
from qa_service.web.marking import excerpt
from qa_service.web.messages import LANGUAGES, Messages, format_number, messages, preferred_language
from qa_service.web.verbs import JsonObject, PageVerbs

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
"""Everything comes from here, nothing inline, and no string ever becomes markup or code (CSP 3, Trusted Types)."""

PAGE_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
    "Vary": "Accept-Language",
}

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(WEB), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def page_language(request: Request) -> str:
    """Return the language of a page: that of its address, else the browser's."""
    return preferred_language(request.query_params.get("lang"), request.headers.get("accept-language", ""))


def render(name: str, request: Request, language: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return the page that a template makes of the values, in one language."""
    other = next(code for code in LANGUAGES if code != language)
    html = _ENVIRONMENT.get_template(name).render(
        **_words(messages(language)),
        language=language,
        on_paper=partial(_on_paper, str(request.base_url).rstrip("/")),
        asset=read_assets().address,
        other_language=other,
        other_language_link=_in_language(request, other),
        **values,
    )
    return HTMLResponse(html, status, PAGE_HEADERS)


def render_problem(verbs: PageVerbs, request: Request, language: str, error: PramenError) -> HTMLResponse:
    """Return the page that says what went wrong, with the status that the API gives."""
    problem = verbs.problem(error, language)
    return render(
        "shared/problem.html", request, language, int(problem["status"]), problem={"request_id": "", **problem}
    )


def render_refusal(request: Request, problem: Callable[[str], JsonObject]) -> HTMLResponse:
    """Return the page for a request that was refused before any page was asked; `problem` tells it in a language."""
    language = page_language(request)
    told = problem(language)
    return render("shared/problem.html", request, language, int(told["status"]), problem=told)


def _words(t: Messages) -> dict[str, Any]:
    def cautions(document: JsonObject, newer: JsonObject | None, notes: Sequence[JsonObject]) -> list[wording.Caution]:
        return wording.cautions(t, document, notes, newer, datetime.now(UTC).date())

    return {
        "t": t,
        "page_words": partial(wording.page_words, t),
        "language_words": partial(wording.language_words, t),
        "language_name": partial(wording.language_name, t),
        "number": partial(format_number, t.language),
        "written_day": partial(written_day, t.language),
        "cautions": cautions,
        "citation_link": wording.citation_link,
        "quote_link": partial(wording.quote_link, t),
        "source_link": partial(wording.source_link, t),
        "excerpt": excerpt,
    }


def _on_paper(origin: str, address: str) -> str:
    """Return an address as somebody types it who reads it on paper: with the host, also where a link needs none."""
    return f"{origin}{address}" if address.startswith("/") else address


def _in_language(request: Request, language: str) -> str:
    return f"{request.url.path}?{request.url.include_query_params(lang=language).query}"
