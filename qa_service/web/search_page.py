"""How is a question asked on the search page answered, with and without JavaScript?

One set of templates draws the page. A browser without JavaScript gets it whole; the script asks for its parts
(`part=results`, `part=answer`) at the same address, so that both readers see the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.errors import PramenError
from qa_service.query import OFFSETS, QUERY_CHARS
from qa_service.web.address import HITS_PER_PAGE, SearchAddress, read_address
from qa_service.web.messages import Messages, messages
from qa_service.web.templates import PAGE_HEADERS, page_language, render
from qa_service.web.verbs import JsonObject, PageVerbs
from qa_service.web.wording import evidence_columns, facet_lists, year_bars

PARTS = ("results", "answer")
EXAMPLE_SOURCES = {
    "cs": (
        "drazdany-a-kulate-stoly",
        "drazdany-a-kulate-stoly",
        "vietnamese-integration-meeting-2018",
        "integration-forum-prague-2021",
    ),
    "en": (
        "integration-forum-prague-2021",
        "mesta-migrace-integrace-2019",
        "guests-from-abroad",
        "drazdany-a-kulate-stoly",
    ),
}
"""Publications of the bundled collection that answer the messages `search.example.1` to 4, by the reader's language.
A collection without them does not show these questions, which it could not answer."""


class SearchPage:
    """Draws the search page, whole or in parts."""

    def __init__(self, verbs: PageVerbs, contact: str | None) -> None:
        self._verbs = verbs
        self._contact = contact

    def draw(self, request: Request) -> Response:
        """Return the page, or the part that `part` names, for the question in the address.

        A question that comes after another leads to the address of the question in full, which stands by itself.
        """
        language = page_language(request)
        address = read_address(request.query_params.multi_items(), language)
        part = request.query_params.get("part")
        before = request.query_params.get("after", "").strip()
        if before and address.question:
            return self._lead_on(address, before[:QUERY_CHARS], part)
        template = "page/part.html" if part in PARTS else "page/search.html"
        values = self._search(address, part)
        problem = values["problem"]
        values |= self._answer(address, "results" if problem else part)
        values["titles"] = titles = self._titles(address, values["found"] or values["answer"] or {})
        values["examples"] = examples(messages(language), titles) if not address.question else []
        status = int(problem["status"]) if problem else 200
        return render(template, request, language, status, address=address, part=part, contact=self._contact, **values)

    def _lead_on(self, address: SearchAddress, before: str, part: str | None) -> Response:
        said = address.question[:QUERY_CHARS]
        question = said if said == before else self._verbs.complete(said, before)
        link = address.link() if question == said else address.link(question=question, said=said)
        return RedirectResponse(f"{link}&part={part}" if part in PARTS else link, 303, PAGE_HEADERS)

    def _search(self, address: SearchAddress, part: str | None) -> dict[str, Any]:
        nothing: dict[str, Any] = {"found": None, "problem": None, "facets": [], "years": [], "paging": paging}
        if not address.question or part == "answer":
            return nothing
        try:
            found = self._verbs.search(address.search_parameters(), address.language)
        except PramenError as error:
            return {**nothing, "problem": {"errors": [], **self._verbs.problem(error, address.language)}}
        t = messages(address.language)
        facets = facet_lists(t, found["facets"], address)
        return {**nothing, "found": found, "facets": facets, "years": year_bars(found["facets"].get("year", {}))}

    def _answer(self, address: SearchAddress, part: str | None) -> dict[str, Any]:
        nothing: dict[str, Any] = {"answer": None, "evidence": [], "answer_problem": None}
        if not address.question or address.offset or part == "results":
            return nothing
        question = {"question": address.question, "filters": address.filters()}
        try:
            answer = self._verbs.answer(question, address.language)
        except PramenError as error:
            return {**nothing, "answer_problem": self._verbs.problem(error, address.language)}
        return {
            **nothing,
            "answer": answer,
            "evidence": evidence_columns(messages(address.language), answer["citations"]),
        }

    def _titles(self, address: SearchAddress, told: JsonObject) -> Mapping[str, str]:
        """Return the titles of the documents that the address and the examples name by their ids, as `told` has them."""
        ids = [*address.values("document"), *(() if address.question else EXAMPLE_SOURCES[address.language])]
        if not ids:
            return {}
        try:
            return self._verbs.titles(list(dict.fromkeys(ids)), told.get("release"))
        except PramenError:  # the page has told already why there is nothing, or has nothing to tell yet
            return {}


def examples(t: Messages, titles: Mapping[str, str]) -> list[str]:
    """Return the questions that the first page offers: those whose source is among the documents known by title."""
    sources = EXAMPLE_SOURCES[t.language]
    return [t(f"search.example.{number}") for number, source in enumerate(sources, 1) if source in titles]


def paging(found: JsonObject) -> tuple[str | None, str | None]:
    """Return the offsets of the pages before and behind the hits shown, None where there is none."""
    hits = found["hits"]
    if not hits:
        return None, None
    first, last = hits[0]["rank"], hits[-1]["rank"]
    previous = str(max(0, first - 1 - HITS_PER_PAGE)) if first > 1 else None
    following = str(last) if last < found["total"] and last <= OFFSETS[1] else None
    return previous, following
