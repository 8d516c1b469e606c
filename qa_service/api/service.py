"""What may a route use? Everything of one running service, built once by `create_app`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from indexes.feedback import FeedbackStore
from qa_service.api.access import Caller, Door
from qa_service.api.capacity import Capacity
from qa_service.api.edge import Drain
from qa_service.api.sessions import Sessions
from qa_service.audit import AuditLog
from qa_service.curation import Curation
from qa_service.gaps import Embed, Listener
from qa_service.guarded_embedder import GuardedEmbedder
from qa_service.live import LiveIndex
from qa_service.metrics import Metrics
from qa_service.settings import ServiceSettings
from qa_service.staff_glossary import StaffGlossary
from qa_service.supervisor import WorkerSupervisor
from qa_service.verbs import Verbs
from qa_service.web.messages import preferred_language


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of a running service; `state` is the folder of jobs, keys and feedback."""

    settings: ServiceSettings
    state: Path
    live: LiveIndex
    embedder: GuardedEmbedder
    verbs: Verbs
    capacity: Capacity
    metrics: Metrics
    drain: Drain
    door: Door
    sessions: Sessions
    curation: Curation
    glossary: StaffGlossary
    audit: AuditLog
    feedback: FeedbackStore
    embed_asked: Embed
    """Gives the vector of a question that was kept, and remembers it for the next look at the gaps."""
    listener: Listener | None
    """Hears questions and ratings; None where nothing is to be kept."""
    worker: WorkerSupervisor | None
    """Keeps the worker alive; None where it runs apart."""


async def service_of(request: Request) -> Service:
    """Return the service of the application that a request came to."""
    service: Service = request.app.state.service
    return service


Serving = Annotated[Service, Depends(service_of)]
"""The parameter by which a handler gets the service."""


def caller_of_request(request: Request) -> Caller:
    """Return who asks, as the door has found."""
    caller: Caller = request.state.caller
    return caller


def language_of(request: Request, chosen: str | None = None) -> str:
    """Return the language of our own words for this reader: as chosen, else by Accept-Language, else Czech."""
    return preferred_language(chosen, request.headers.get("accept-language", ""))
