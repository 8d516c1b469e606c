"""How does the service say no, in the reader's language and in a form that programs understand?

Every refusal is `application/problem+json` (RFC 9457). The sentences are in `problems.json` (whole requests) and
`fields.json` (single values); the codes are part of the contract, the sentences are not.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from corpus.errors import PramenError
from qa_service.errors import SHOWN_CHARS, InvalidQuery, ParameterProblem, ServiceError
from qa_service.web.messages import LANGUAGES, preferred_language

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
API_PREFIX = "/api/"
STATUSES_OF_THE_DOOR = (401, 403, 413, 422, 429)
"""What any route may answer before it has looked at anything: no key, a small role, a large body, an unknown parameter."""
RETRIED_STATUSES = (429, 503)
DEFAULT_RETRY_SECONDS = 5
"""What Retry-After says where nobody knows better."""


PageOfProblem = Callable[[Request, Callable[[str], Mapping[str, Any]]], Response]
"""Draws a problem as a page; its second argument gives the problem in a language."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a refusal with one code says in one language; names in braces are facts of the case."""

    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue of refusals."""

    status: int
    sentences: Mapping[str, Sentence]


def _read(name: str) -> dict[str, Any]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return dict(json.loads(text))


CATALOGUE: Mapping[str, Entry] = {
    code: Entry(line["status"], {language: Sentence(*line[language]) for language in LANGUAGES})
    for code, line in _read("problems.json").items()
}
"""Every refusal that the service knows, by its code."""

FIELD_SENTENCES: Mapping[str, Mapping[str, str]] = _read("fields.json")
"""What is said of a single value, by code and language."""

_CODES_OF_STATUS = {400: "malformed", 404: "unknown_address", 405: "method_not_allowed", 413: "too_large"}

_TOLD_AS: Mapping[str, tuple[str, str]] = {
    "missing": ("missing", "missing"),
    "extra_forbidden": ("unknown_parameter", "unknown_parameter"),
    "string_too_short": ("too_short", "too_short"),
    "string_too_long": ("too_long", "too_long"),
    "too_short": ("too_short", "too_few"),
    "too_long": ("too_long", "too_many"),
    "greater_than_equal": ("out_of_range", "too_small"),
    "less_than_equal": ("out_of_range", "too_great"),
    "enum": ("not_a_choice", "not_a_choice"),
    "literal_error": ("not_a_choice", "not_a_choice"),
    "string_unicode": ("not_text", "not_text"),
    "int_parsing": ("wrong_type", "not_a_number"),
    "int_type": ("wrong_type", "not_a_number"),
    "int_from_float": ("wrong_type", "not_a_number"),
    "bool_parsing": ("wrong_type", "not_a_truth"),
    "bool_type": ("wrong_type", "not_a_truth"),
    "string_type": ("wrong_type", "not_a_text"),
    "list_type": ("wrong_type", "not_a_list"),
}
"""How an error of pydantic is told: the code, and the sentence of `fields.json`."""

_LIMITS = ("ge", "le", "min_length", "max_length")


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One value of a request that cannot be taken, by its name; `facts` fill the sentence of `fields.json`."""

    parameter: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    sentence: str = ""
    """Key of the sentence where one code has several."""

    def message(self, language: str) -> str:
        """Return the sentence for a reader of `language`."""
        return FIELD_SENTENCES[self.sentence or self.code][language].format(**self.facts)


class Refusal(ServiceError):
    """A request is refused with a code of the catalogue; the facts fill its sentences."""

    def __init__(
        self,
        code: str,
        *,
        errors: Sequence[FieldProblem | ParameterProblem] = (),
        headers: Mapping[str, str] | None = None,
        **facts: object,
    ) -> None:
        self.code = code
        self.facts = facts
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        super().__init__(code)


def request_id(scope: Scope) -> str:
    """Return the id under which the log keeps this request."""
    return str(scope.get("state", {}).get("request_id", ""))


def problem_body(refusal: Refusal | InvalidQuery, language: str, identity: str) -> dict[str, Any]:
    """Return the problem in a reader's language; `identity` is the id of the request."""
    entry = CATALOGUE[refusal.code]
    sentence = entry.sentences[language]
    facts = defaultdict(str, {"request_id": identity} | dict(refusal.facts))
    body: dict[str, Any] = {
        "type": f"/docs#problem-{refusal.code}",
        "title": sentence.title,
        "status": entry.status,
        "detail": sentence.detail.format_map(facts),
        "code": refusal.code,
        "request_id": identity,
    }
    if refusal.errors:
        body["errors"] = [
            {"parameter": error.parameter, "code": error.code, "message": error.message(language)}
            for error in refusal.errors
        ]
    return body


def problem_response(scope: Scope, refusal: Refusal | InvalidQuery) -> Response:
    """Return the refusal as problem+json in the reader's language; its code is noted for whoever counts them."""
    scope.setdefault("state", {})["refusal"] = refusal.code
    language = preferred_language(None, Headers(scope=scope).get("accept-language", ""))
    body = problem_body(refusal, language, request_id(scope))
    headers = {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-store"}
    if isinstance(refusal, Refusal):
        headers |= refusal.headers
    if body["status"] in RETRIED_STATUSES:
        headers["Retry-After"] = str(refusal.facts.get("seconds", DEFAULT_RETRY_SECONDS))
    return Response(json.dumps(body), body["status"], headers, MEDIA_TYPE)


def refusal_of(error: Exception) -> Refusal | InvalidQuery:
    """Return how an error of ours, of FastAPI or of Starlette is told; whatever is unknown is a fault on our side."""
    if isinstance(error, Refusal | InvalidQuery):
        return error
    if isinstance(error, RequestValidationError):
        return _refused_values(error)
    if isinstance(error, HTTPException):
        return _refused_by_framework(error)
    if isinstance(error, PramenError) and error.code in CATALOGUE:
        errors = getattr(error, "errors", ())
        return Refusal(error.code, errors=errors, **{"reason": str(error), **getattr(error, "facts", {})})
    return Refusal("internal")


def _refused_by_framework(error: HTTPException) -> Refusal:
    code = _CODES_OF_STATUS.get(error.status_code, "internal")
    reason = str(error.detail).rstrip(".")
    return Refusal(code, headers=error.headers, reason=reason, limit="")


def _refused_values(error: RequestValidationError) -> Refusal:
    problems = [_field_problem(line) for line in error.errors()]
    if any(line["type"] in {"json_invalid", "model_attributes_type", "dict_type"} for line in error.errors()):
        return Refusal("malformed", errors=problems, reason="JSON")
    is_of_body = any(line["loc"][0] == "body" for line in error.errors())
    return Refusal("invalid_body" if is_of_body else "invalid_query", errors=problems)


def _field_problem(line: Mapping[str, Any]) -> FieldProblem:
    unknown = "wrong_type" if line["type"].endswith(("_type", "_parsing")) else "invalid_value"
    code, sentence = _TOLD_AS.get(line["type"], (unknown, unknown))
    name = ".".join(str(part) for part in line["loc"][1:]) or str(line["loc"][0])
    value, context = line.get("input"), line.get("ctx", {})
    facts = {
        "value": str(value)[:SHOWN_CHARS],
        "length": len(value) if isinstance(value, str | list) else 0,
        "limit": next((context[limit] for limit in _LIMITS if limit in context), ""),
        "expected": ", ".join(re.findall(r"'([^']*)'", str(context.get("expected", "")))),
    }
    return FieldProblem(name, code, facts, sentence)


def require_media_type(request: Request, expected: str) -> None:
    """Do nothing where a request says that its body is of a media type. Raises Refusal otherwise."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != expected:
        raise Refusal("unsupported_media_type", expected=expected)


def install(app: FastAPI, methods_of: Callable[[str], Sequence[str]], page: PageOfProblem) -> None:
    """Make the app tell every expected error as a problem; faults are told by the outermost layer, which logs them.

    `methods_of` knows the methods of an address by its template; `page` draws a problem for a person's browser.
    """

    async def tell(request: Request, error: Exception) -> Response:
        refusal = refusal_of(error)
        if refusal.code == "internal":
            log.error("fault", exc_info=error)
        response = problem_response(request.scope, refusal)
        if _is_visit(request):
            response = _as_page(page, request, refusal, response)
        if refusal.code == "method_not_allowed" and "route" in request.scope:
            response.headers["Allow"] = ", ".join(methods_of(request.scope["route"].path))
        return response

    for kind in (Refusal, RequestValidationError, HTTPException, PramenError):
        app.add_exception_handler(kind, tell)


def _is_visit(request: Request) -> bool:
    """Tell whether a person's browser asks for a page: a script and a program ask for something else."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(API_PREFIX)


def _as_page(page: PageOfProblem, request: Request, refusal: Refusal | InvalidQuery, response: Response) -> Response:
    drawn = page(request, lambda language: problem_body(refusal, language, request_id(request.scope)))
    for name in ("Retry-After", "WWW-Authenticate"):
        if name in response.headers:
            drawn.headers[name] = response.headers[name]
    return drawn


def problem_schema() -> dict[str, Any]:
    """Return the JSON schema of a problem."""
    line = {
        "type": "object",
        "required": ["parameter", "code", "message"],
        "properties": {name: {"type": "string"} for name in ("parameter", "code", "message")},
    }
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string", "enum": sorted(CATALOGUE)},
            "request_id": {"type": "string"},
            "errors": {"type": "array", "items": line},
        },
    }


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries of refusals with these statuses and those of the door, for a route to declare."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    described = sorted({*STATUSES_OF_THE_DOOR, *statuses})
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in described}
