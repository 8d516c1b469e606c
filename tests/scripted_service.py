"""A service that says what a test tells it to: the bodies of the contract, delays and failures, without any search.

The documents are invented. Tests change the attributes of `ScriptedService` and look at what the pages make of them.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from corpus.document import Document, DocumentKind, Metadata
from corpus.errors import PramenError
from indexes.passage import DocumentText, HeadingSpan, PageSegment, PageSpan, Passage, PassageKind, passage_id
from qa_service.web.pages import pages_router
from qa_service.web.search_page import EXAMPLE_SOURCES
from qa_service.web.verbs import JsonObject, Reading

HANDBOOK_ID = "prirucka-pro-obce"
RELEASE = "20261121-190000-ab12"

HANDBOOK_TEXT = (
    "Koordinátor integrace v obci\n"
    "Koordinátora integrace zaměstnává městský úřad. Jeho plat hradí město ze svého rozpočtu, v prvních třech letech"
    " přispívá projekt financovaný z fondu AMIF.\n"
    "Koordinátor svolává jednou za čtvrt roku pracovní skupinu, ve které sedí škola, úřad práce a neziskové organizace.\n"
    "Kurzy češtiny\n"
    "Kurzy češtiny pro cizince pořádá knihovna každé úterý a čtvrtek. Přihlásit se lze i v průběhu roku. Kurz je pro"
    " rodiče dětí ve spádové škole bezplatný.\n"
)
REPORT_TEXT = (
    "The coordinator is employed by the municipality and paid from its own budget; for the first three years two thirds"
    " of the salary were covered by AMIF. Towns that kept the post afterwards describe it as the single most useful"
    " measure of their strategy."
)


def _passage(text: str, page: int, label: str, heading: str) -> Passage:
    start = HANDBOOK_TEXT.index(text)
    return Passage(
        id=passage_id(HANDBOOK_ID, page, text, 0),
        document_id=HANDBOOK_ID,
        text=text,
        language="cs",
        heading=(heading,),
        pages=PageSpan(page, page, (label,)),
        start=start,
        end=start + len(text),
        sentences=((0, len(text)),),
        kind=PassageKind.PROSE,
    )


def _lines(text: str, first: int, last: int) -> str:
    return "\n".join(text.split("\n")[first:last])


HANDBOOK_PASSAGES = (
    _passage(_lines(HANDBOOK_TEXT, 1, 3), 3, "iii", "Koordinátor integrace v obci"),
    _passage(_lines(HANDBOOK_TEXT, 4, 5), 4, "iv", "Kurzy češtiny"),
)
_SECOND_PAGE = HANDBOOK_TEXT.index("Kurzy češtiny\n")
HANDBOOK = Reading(
    release_id=RELEASE,
    document=Document(
        id=HANDBOOK_ID,
        title="Integrace cizinců na místní úrovni: příručka pro obce",
        metadata=Metadata(
            title="Integrace cizinců na místní úrovni: příručka pro obce",
            authors=("Jana Nováková", "Petr Svoboda"),
            publisher="Centrum pro integraci, o. p. s.",
            year=2021,
            kind=DocumentKind.GUIDE,
            language="cs",
            url="https://publisher.invalid/prirucka",
            license="CC BY 4.0",
            valid_to=date(2023, 12, 31),
        ),
        file_name="prirucka-pro-obce/prirucka.pdf",
        media_type="application/pdf",
        sha256="0" * 64,
        inferred=frozenset({"year"}),
    ),
    text=DocumentText(
        HANDBOOK_ID,
        HANDBOOK_TEXT,
        (
            PageSegment(0, _SECOND_PAGE, 3, "iii"),
            PageSegment(_SECOND_PAGE, len(HANDBOOK_TEXT), 4, "iv"),
        ),
        (
            HeadingSpan(0, len("Koordinátor integrace v obci"), 1),
            HeadingSpan(_SECOND_PAGE, _SECOND_PAGE + len("Kurzy češtiny"), 1),
        ),
    ),
    passages=HANDBOOK_PASSAGES,
    citation="NOVÁKOVÁ, Jana a SVOBODA, Petr. Integrace cizinců na místní úrovni: příručka pro obce. 2021.",
)


def document_body(reading: Reading = HANDBOOK, **changes: Any) -> dict[str, Any]:
    """Return the `document` of a hit or citation."""
    meta = reading.document.metadata
    valid_to = meta.valid_to.isoformat() if meta.valid_to else None
    body = {
        "id": reading.document.id, "title": reading.document.title, "authors": list(meta.authors),
        "publisher": meta.publisher, "year": meta.year, "kind": str(meta.kind), "language": meta.language,
        "url": meta.url, "valid_from": None, "valid_to": valid_to, "superseded_by": None,
        "media_type": reading.document.media_type,
    }  # fmt: skip
    return {**body, **changes}


def hit_body(rank: int = 1, **changes: Any) -> dict[str, Any]:
    """Return one hit; the first passage of the handbook unless something is changed."""
    passage = HANDBOOK_PASSAGES[0]
    body = {
        "rank": rank, "score": 0.8123, "passage_id": passage.id, "text": passage.text, "language": "cs",
        "heading": list(passage.heading), "pages": {"first": 3, "last": 3, "labels": ["iii"]},
        "highlights": [[0, 12], [13, 22]], "document": document_body(),
        "citation": {
            "text": HANDBOOK.citation,
            "url": f"/documents/{HANDBOOK_ID}?release={RELEASE}#passage={passage.id}",
        },
        "copies": [], "newer": None,
    }  # fmt: skip
    return {**body, **changes}


def link_body(identity: str, title: str) -> dict[str, str]:
    """Return what leads to another document, as `copies` and `newer` do."""
    return {"id": identity, "title": title, "url": f"/documents/{identity}?release={RELEASE}"}


ENGLISH_DOCUMENT = document_body(
    id="municipal-integration-report", title="Municipal integration in Central Europe: what lasted and what did not",
    authors=["Mary Fields"], publisher="Institute of Local Policy", year=2019, kind="report", language="en",
    url="https://institute.invalid/report", valid_to=None,
)  # fmt: skip
ENGLISH_HIT = hit_body(
    2, score=0.7412, passage_id="feedfacecafebeef", text=REPORT_TEXT, language="en", heading=["5 Staff", "5.2 Coordinators"],
    pages={"first": 41, "last": 42, "labels": ["41", "42"]}, highlights=[[4, 15]], document=ENGLISH_DOCUMENT,
    citation={"text": "FIELDS, Mary. Municipal integration. 2019, pp. 41–42.",
              "url": f"/documents/municipal-integration-report?release={RELEASE}#passage=feedfacecafebeef"},
)  # fmt: skip
COURSES = HANDBOOK_PASSAGES[1]
COURSE_HIT = hit_body(
    3, score=0.6034, passage_id=COURSES.id, text=COURSES.text, heading=list(COURSES.heading),
    pages={"first": 4, "last": 4, "labels": ["iv"]}, highlights=[],
    citation={"text": HANDBOOK.citation, "url": f"/documents/{HANDBOOK_ID}?release={RELEASE}#passage={COURSES.id}"},
)  # fmt: skip


def citation_body(number: int, hit: Mapping[str, Any], quote: str) -> dict[str, Any]:
    """Return one citation of an answer: a quotation out of a hit."""
    start = hit["text"].index(quote)
    return {
        "number": number, "quote": quote, "passage_id": hit["passage_id"], "start": start, "end": start + len(quote),
        "pages": hit["pages"], "language": hit["language"], "document": hit["document"],
        "text": hit["citation"]["text"], "url": hit["citation"]["url"], "notes": [], "newer": None,
    }  # fmt: skip


SEARCH_BODY: dict[str, Any] = {
    "query": {
        "text": "koordinátor integrace", "language": "cs", "suggestions": [],
        "also_searched": [{"term": "integration coordinator", "from": "koordinátor integrace", "source": "glossary"}],
    },
    "release": RELEASE, "degraded": False, "took_ms": 12.5, "hits": [hit_body(), ENGLISH_HIT, COURSE_HIT],
    "facets": {
        "kind": {"guide": 2, "report": 1}, "source_lang": {"cs": 2, "en": 1},
        "publisher": {"Centrum pro integraci, o. p. s.": 2, "Institute of Local Policy": 1},
        "year": {"2015": 3, "2017": 5, "2019": 8, "2020": 2, "2021": 6},
    },
    "total": 3,
}  # fmt: skip
CZECH_QUOTE = HANDBOOK_PASSAGES[0].text.split(". ")[0] + "."
ANSWER_BODY: dict[str, Any] = {
    "question": "Kdo platí koordinátora integrace?", "release": RELEASE, "status": "answered", "reason": None,
    "mode": "extractive", "degraded": False, "probability": 0.91, "missing": [],
    "claims": [{"text": CZECH_QUOTE, "citations": [1], "differs": False},
               {"text": REPORT_TEXT.split(";", maxsplit=1)[0], "citations": [2], "differs": False}],
    "citations": [citation_body(1, hit_body(), CZECH_QUOTE), citation_body(2, ENGLISH_HIT, REPORT_TEXT.split(";", maxsplit=1)[0])],
    "hits": SEARCH_BODY["hits"],
}  # fmt: skip
NO_ANSWER_BODY = {**ANSWER_BODY, "status": "no_answer", "reason": "near_miss", "claims": [], "citations": [],
                  "missing": ["Ústí nad Labem"]}  # fmt: skip
NO_HITS_BODY = {**SEARCH_BODY, "hits": [], "total": 0, "facets": {name: {} for name in SEARCH_BODY["facets"]}}


EXAMPLES = {source for sources in EXAMPLE_SOURCES.values() for source in sources}
TITLES = {HANDBOOK_ID: HANDBOOK.document.title, **{source: source for source in EXAMPLES}}


class Refused(PramenError):
    """The scripted service refuses, with the given status and words."""

    code = "refused"

    def __init__(self, status: int, title: str, detail: str, errors: Sequence[JsonObject] = ()) -> None:
        super().__init__(detail)
        self.problem = {"type": "about:blank", "title": title, "status": status, "detail": detail,
                        "code": self.code, "request_id": "r-1", "errors": list(errors)}  # fmt: skip


@dataclass
class ScriptedService:
    """What the service says; a test changes it at will. `delays` holds seconds by question, `asked` what was asked."""

    search_body: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(SEARCH_BODY))
    answer_body: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(ANSWER_BODY))
    readings: dict[str, Reading] = field(default_factory=lambda: {HANDBOOK_ID: HANDBOOK})
    originals: dict[str, bytes] = field(default_factory=dict)
    titles_by_id: dict[str, str] = field(default_factory=lambda: dict(TITLES))
    refusal: Refused | None = None
    refused_verbs: Sequence[str] = ("search", "answer", "read")
    delays: dict[str, float] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    """Questions that are not answered until `gate` is set."""
    holds_claims: bool = False
    """A stream stops behind its first claim until `gate` is set."""
    gate: Event = field(default_factory=Event)
    breaks_after: str = ""
    """The event of a stream behind which it fails."""
    asked: list[tuple[str, Any]] = field(default_factory=list)
    feedback: list[dict[str, Any]] = field(default_factory=list)

    def search(self, parameters: Sequence[tuple[str, str]], language: str) -> JsonObject:
        """Return the scripted search, with the question that was asked."""
        question = dict(parameters)["q"]
        self._wait("search", parameters, question)
        return {**self.search_body, "query": {**self.search_body["query"], "text": question}}

    def answer(self, question: JsonObject, language: str) -> JsonObject:
        """Return the scripted answer, with the question that was asked."""
        self._wait("answer", question, question["question"])
        return {**self.answer_body, "question": question["question"]}

    def complete(self, question: str, before: str) -> str:
        """Return a question that begins with "A " behind the one before it, any other as it is."""
        return f"{before.rstrip('?')} – {question[2:]}" if question.startswith("A ") else question

    def read(self, document_id: str, release_id: str | None, language: str) -> Reading:
        """Return a scripted document."""
        self._wait("read", document_id, document_id)
        if document_id not in self.readings:
            raise Refused(404, "Nenalezeno", f"Dokument {document_id} v katalogu není.")
        return self.readings[document_id]

    def titles(self, document_ids: Sequence[str], release_id: str | None) -> dict[str, str]:
        """Return the scripted titles of these documents."""
        return {name: self.titles_by_id[name] for name in document_ids if name in self.titles_by_id}

    def source(self, document_id: str, release_id: str | None) -> bytes:
        """Return a scripted original."""
        return self.originals[document_id]

    def problem(self, error: PramenError, language: str) -> JsonObject:
        """Return what a refusal says."""
        assert isinstance(error, Refused)
        return error.problem

    def _wait(self, verb: str, what: Any, question: str) -> None:
        self.asked.append((verb, what))
        time.sleep(self.delays.get(question, 0))
        if question in self.held:
            self.gate.wait()
        if self.refusal and verb in self.refused_verbs:
            raise self.refusal


def _events(service: ScriptedService, answer: JsonObject) -> Iterator[str]:
    """Yield an answer as the server-sent events of the contract, held behind the first claim if so told."""
    events: list[tuple[str, Any]] = [("meta", {name: answer[name] for name in ("question", "release", "mode")})]
    events += [("hits", answer["hits"])]
    sources = {source["number"]: source for source in answer["citations"]}
    for claim in answer["claims"]:
        events += [("citation", sources.pop(number)) for number in claim["citations"] if number in sources]
        events += [("claim", claim)]
    if answer["reason"]:
        events += [("no_answer", {"reason": answer["reason"]})]
    for name, data in [*events, ("done", answer)]:
        if service.holds_claims and name == "citation" and data["number"] > 1:
            service.gate.wait()
        yield f"event: {name}\r\ndata: {json.dumps(data)}\r\n\r\n"
        if name == service.breaks_after:
            yield 'event: error\r\ndata: {"code": "internal"}\r\n\r\n'
            return


def scripted_app(service: ScriptedService, pictures: Path) -> FastAPI:
    """Return an application of the pages and as much of the API as they and the widget call."""
    app = FastAPI()
    cors = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}

    @app.exception_handler(Refused)
    def refused(request: Request, error: Refused) -> Response:
        return JSONResponse(error.problem, error.problem["status"], cors, "application/problem+json")

    @app.get("/api/v1/search")
    def search(request: Request) -> Response:
        return JSONResponse(service.search(request.query_params.multi_items(), "cs"), headers=cors)

    @app.options("/api/v1/answer")
    def preflight() -> Response:
        return Response(headers=cors)

    @app.post("/api/v1/answer")
    def answer(request: Request, body: dict[str, Any]) -> Response:
        for turn in body.get("conversation", []):
            body["question"] = service.complete(body["question"], turn["question"])
        found = service.answer(body, "cs")
        if request.headers["accept"] == "text/event-stream":
            return StreamingResponse(_events(service, found), headers=cors, media_type="text/event-stream")
        return JSONResponse(found, headers=cors)

    @app.post("/api/v1/feedback")
    def feedback(body: dict[str, Any]) -> Response:
        service.feedback.append(body)
        return JSONResponse({})

    @app.get("/api/v1/documents/{document_id}/citation")
    def citation(document_id: str, request: Request) -> Response:
        return PlainTextResponse(f"{request.query_params['format']}: {document_id}")

    app.include_router(pages_router(service, pictures, contact="knihovna@example.org"))
    return app
