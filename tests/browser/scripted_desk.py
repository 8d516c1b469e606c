"""What the admin routes say in every state that the console can show: invented bodies, by address, without any service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from indexes.jobs import JobFailure
from qa_service.api.admin.wire import FailureBody

NOW = datetime.now(UTC)
SESSION = {"name": "Jana z knihovny", "role": "admin", "csrf": "an-invented-token"}
READY = {
    "status": "ready", "release": "20261120-100000-ab12", "published": "20261120-100000-ab12",
    "model": "pramen-minilm-cs-en", "engine": "local", "faults": [],
}  # fmt: skip


def ago(minutes: float) -> str:
    """Return the moment so many minutes ago."""
    return (NOW - timedelta(minutes=minutes)).isoformat()


def publication(identity: str, title: str, **changes: Any) -> dict[str, Any]:
    """Return a publication that was read; what nobody wrote is inferred, and the file contradicts one value."""
    metadata = {
        "title": {"value": title, "origin": "given", "confidence": 1.0, "conflict": f"{title} (koncept)"},
        "year": {"value": 2021, "origin": "text", "confidence": 0.6},
        "language": {"value": "cs", "origin": "text", "confidence": 0.9},
    }
    body = {
        "id": identity, "file_name": f"{identity}/{identity}.pdf", "given": {"title": title, "kind": "guide"},
        "outcome": "indexed", "reasons": [], "metadata": metadata, "is_searchable": True,
    }  # fmt: skip
    return {**body, **changes}


RELATED = [
    {"document_id": "prirucka-pro-obce", "likeness": "version"}, {"document_id": "novy", "likeness": "near"},
    {"document_id": "gone", "likeness": "unheard of"},
]  # fmt: skip
"""Like a document that readers find, like one that they do not find yet, and like one that is no longer there."""


def receipt(identity: str, outcome: str = "indexed", **changes: Any) -> dict[str, Any]:
    """Return how a publication was read, with something left out and pages to look at."""
    told = {
        "indexed": ("Dokument je připraven k vyhledávání.", "The document is ready to be searched."),
        "quarantined": ("Soubor obsahuje jen naskenované obrázky bez textu.", "The file holds only scanned pictures."),
        "rejected": ("Soubor je poškozený a nelze ho přečíst.", "The file is damaged and cannot be read."),
    }[outcome]
    finding = {
        "code": "running_heads", "count": 1200, "sample": "Příručka pro obce", "pages": list(range(1, 13)),
        "messages": {"cs": "Vynechána záhlaví, zápatí a čísla stran", "en": "Running heads left out"},
    }  # fmt: skip
    body = {
        "document_id": identity, "title": None, "file_name": f"{identity}.pdf", "media_type": "application/pdf",
        "outcome": outcome, "reasons": [] if outcome == "indexed" else ["corrupt"], "message": told[0],
        "messages": {"cs": told[0], "en": told[1]}, "detail": "" if outcome == "indexed" else "xref table not found",
        "pages": 48, "passages": 120, "languages": {"cs": 0.92, "en": 0.08}, "missing": ["publisher", "authors"],
        "findings": [finding] if outcome == "indexed" else [], "related": RELATED,
    }  # fmt: skip
    return {**body, **changes}


def job(identity: str, kind: str, state: str, **changes: Any) -> dict[str, Any]:
    """Return a job; one that has ended did so a quarter of an hour ago."""
    finished = ago(15) if state in {"succeeded", "failed", "canceled"} else None
    body = {
        "id": identity, "kind": kind, "state": state, "progress": None, "error": None, "created": ago(20),
        "started": None if state == "enqueued" else ago(19), "finished": finished, "attempts": 1,
        "document_id": None, "result": {}, "log": [],
    }  # fmt: skip
    return {**body, **changes}


def release(identity: str, score: float | None, *, is_published: bool = False) -> dict[str, Any]:
    """Return a release with its scores, or one that nobody could measure."""
    scores = {"fused": {"nDCG@10": score, "R@5": score, "MRR": score}} if score is not None else {}
    return {
        "id": identity, "created": ago(600), "documents": 1234, "passages": 56789, "model": "pramen-minilm-cs-en",
        "is_published": is_published, "evaluation": {"scores": scores, "judged": 120},
    }  # fmt: skip


RUNNING = job(
    "9", "build", "running", progress={"step": "read", "done": 3, "total": 1200, "seconds_left": 400.0}
)  # fmt: skip
FAILED = [
    job(str(number), kind, "failed", error=FailureBody.of(JobFailure(code, "an English sentence for the log")).model_dump())
    for number, (kind, code) in enumerate(
        [
            ("build", "publish_refused"), ("build", "nothing_indexed"), ("add", "insufficient_storage"),
            ("add", "publication_exists"), ("build", "worker_died"), ("publish", "something_new"),
        ]
    )
]  # fmt: skip
PAIRS = [
    {"id": "a" * 16, "english": "asylum", "czech": "azyl"},
    {"id": "b" * 16, "english": "Labour Office; Job Centre", "czech": "úřad práce"},
    {"id": "c" * 16, "english": "foreigner; foreign national", "czech": "cizinec"},
]


def problem(status: int, code: str, detail: str, errors: list[dict[str, str]] | None = None) -> tuple[int, Any]:
    """Return a refusal as the API tells it."""
    return status, {"status": status, "code": code, "title": detail, "detail": detail, "errors": errors or []}


FULL: dict[str, Any] = {
    "GET session": SESSION,
    "GET documents": {
        "documents": [
            publication("prirucka-pro-obce", "Integrace cizinců na místní úrovni: příručka pro obce"),
            publication("sken", "Sken", outcome="quarantined", is_searchable=False),
            publication("novy", "Nový", outcome=None, metadata={}, is_searchable=False),
        ],
        "findings": [{"path": "x/document.toml", "message": "unknown key 'titel'; known are title, authors"}],
    },
    "GET removed": {
        "removed": [{"name": "stary-20261120", "id": "stary", "title": None, "file_name": "stary.txt", "removed": ago(90)}]
    },
    "GET receipts": {"receipts": [receipt("prirucka-pro-obce"), receipt("sken", "quarantined"), receipt("x", "rejected")]},
    "GET receipts/prirucka-pro-obce": receipt("prirucka-pro-obce"),
    "GET receipts/sken": receipt("sken", "quarantined"),
    "GET releases": {
        "releases": [release("new", 0.711), release("now", 0.742, is_published=True), release("old", None)]
    },
    "GET jobs": {"jobs": FAILED},
    "GET glossary": {"entries": PAIRS, "version": "d" * 16, "is_published": False},
    "GET gaps": {
        "gaps": [
            {"question": "kolik stojí tlumočník", "count": 1204, "unanswered": 7, "rated_poorly": 2,
             "reasons": {"not_found": 5, "near_miss": 2}, "wordings": ["kolik stojí tlumočník", "cena tlumočníka"]}
        ]
    },
    "GET feedback": {
        "ratings": [
            {"release": "r", "question": "kdo platí koordinátora", "passage_id": None, "useful": False, "comment": "staré"},
            {"release": "r", "question": "kdo platí kurzy", "passage_id": "a" * 16, "useful": True, "comment": None},
        ]
    },
    "GET audit": {
        "actions": [
            {"at": ago(5), "actor": "Jana", "action": "PUT /api/v1/admin/glossary/{entry_id}", "outcome": 200,
             "subject": {"entry_id": "a", "entry": "asylum\tazyl"}},
            {"at": ago(6), "actor": "Jana", "action": "POST /api/v1/admin/rollback", "outcome": "csrf", "subject": {}},
            {"at": ago(7), "actor": "Petr", "action": "GET /api/v9/unheard_of", "outcome": 200, "subject": None},
        ]
    },
    "GET /readyz": READY,
}  # fmt: skip
"""A desk with something of everything."""

EMPTY: dict[str, Any] = {
    **FULL,
    "GET documents": {"documents": [], "findings": []},
    "GET removed": {"removed": []},
    "GET receipts": {"receipts": []},
    "GET releases": {"releases": []},
    "GET jobs": {"jobs": []},
    "GET gaps": {"gaps": []},
    "GET feedback": {"ratings": []},
    "GET audit": {"actions": []},
    "GET /readyz": {**READY, "status": "unready", "release": None,
                    "faults": [{"code": "no_release", "message": "no release is published"}]},
}  # fmt: skip
"""A desk on its first day."""


@dataclass
class ScriptedDesk:
    """Answers requests of the console from a table; `asked` keeps the changes that came, with their bodies."""

    bodies: Mapping[str, Any]
    asked: list[tuple[str, Any, Mapping[str, str]]] = field(default_factory=list)

    def answer(self, route: Any) -> None:
        """Fulfil one request of a page: a body, or a status with a body; 404 for what the table does not know."""
        request = route.request
        path = request.url.split("?")[0].split("/api/v1/admin/")[-1]
        name = f"{request.method} {'/readyz' if path.endswith('/readyz') else path}"
        if request.method != "GET":
            self.asked.append((name, request.post_data, request.headers))
        body = self.bodies.get(name, problem(404, "unknown_address", name))
        status, body = body if isinstance(body, tuple) else (200, body)
        if "text/event-stream" in request.headers.get("accept", ""):
            route.fulfill(
                status=200, content_type="text/event-stream", body=f"event: job\ndata: {json.dumps(body)}\n\n"
            )
            return
        route.fulfill(status=status, content_type="application/json", body="" if body is None else json.dumps(body))
