"""`/docs` and `/openapi.json`: the description of the API, made here and loading nothing from anywhere else."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from qa_service.api.access import GuardedRoute
from qa_service.api.problems import CATALOGUE, problem_schema
from qa_service.api.service import language_of

PAGE_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


router = APIRouter(route_class=GuardedRoute, include_in_schema=False)


@router.get("/openapi.json")
def openapi(request: Request) -> JSONResponse:
    """Return the description for programs."""
    return JSONResponse(request.app.openapi())


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """Return the description for people."""
    page = _page(request.app.openapi(), language_of(request))
    return HTMLResponse(page, headers={"Content-Security-Policy": PAGE_POLICY, "Vary": "Accept-Language"})


@router.get("/docs.css")
def style() -> Response:
    """Return the style of the page."""
    return Response((Path(__file__).parent / "docs.css").read_bytes(), media_type="text/css")


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI description of the app, with the schema of problems and the two ways to show a key."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        components = schema.setdefault("components", {})
        components.setdefault("schemas", {})["Problem"] = problem_schema()
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        app.openapi_schema = schema
    return app.openapi_schema


def _page(schema: dict[str, Any], language: str) -> str:
    operations = [
        _operation(method, path, operation)
        for path, methods in sorted(schema["paths"].items())
        for method, operation in methods.items()
    ]
    problems = [
        f'<tr id="problem-{code}"><td>{entry.status}</td><td><code>{code}</code></td>'
        f"<td>{escape(entry.sentences[language].title)}</td></tr>"
        for code, entry in CATALOGUE.items()
    ]
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(schema["info"]["title"])} API'
        '</title><meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/docs.css"></head><body>'
        f"<main><h1>{escape(schema['info']['title'])} API</h1><p>{escape(schema['info']['description'])}</p>"
        f'<p><a href="/openapi.json">openapi.json</a></p>{"".join(operations)}'
        f"<h2>problem+json</h2><table>{''.join(problems)}</table></main></body></html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(each['name'])}</code></td><td>{escape(each['in'])}</td>"
        f"<td>{escape(each.get('description', ''))}</td></tr>"
        for each in operation.get("parameters", ())
    )
    statuses = " ".join(sorted(operation["responses"]))
    return (
        f"<section><h2><code>{method.upper()} {escape(path)}</code></h2><p>{escape(operation.get('description', ''))}</p>"
        f"<table>{rows}</table><p><small>{escape(statuses)}</small></p></section>"
    )
