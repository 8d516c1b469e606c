"""How do the parts become one service?

`create_app` is the composition root: every object that lives as long as the service is made here and nowhere else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import lru_cache, partial

from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from indexes.contract import ReleaseShelf
from indexes.embedding.embedder import Embedder
from indexes.feedback import FeedbackStore
from indexes.jobs import JobQueue, JobState
from indexes.manifest import ModelIdentity
from indexes.settings import IndexSettings
from qa_service.answering.answerer import Answerer
from qa_service.api import (
    admin,
    answer_routes,
    docs_routes,
    document_routes,
    feedback_routes,
    health_routes,
    quote_routes,
    search_routes,
)
from qa_service.api.access import API, Door, GuardedRoute, methods_of
from qa_service.api.bodies import BodyLimit
from qa_service.api.capacity import Capacity
from qa_service.api.compression import Compression
from qa_service.api.docs_routes import describe
from qa_service.api.edge import Drain, Edge
from qa_service.api.gate import Gate
from qa_service.api.heads import Heads
from qa_service.api.in_process import InProcess
from qa_service.api.origins import Origins
from qa_service.api.problems import install
from qa_service.api.service import Service
from qa_service.api.sessions import Sessions
from qa_service.assembly import Assembly, open_retriever
from qa_service.audit import AuditLog
from qa_service.curation import Curation
from qa_service.gaps import Listener
from qa_service.guarded_embedder import GuardedEmbedder
from qa_service.keys import KeyRing
from qa_service.live import LiveIndex
from qa_service.metrics import Metrics
from qa_service.settings import ServiceSettings
from qa_service.staff_glossary import StaffGlossary
from qa_service.supervisor import WorkerSupervisor
from qa_service.verbs import Searcher, Verbs
from qa_service.web.pages import pages_router
from qa_service.web.pictures import PICTURES
from qa_service.web.templates import render_refusal

MIB = 1024 * 1024
API_VERSION = "1"
REMEMBERED_QUESTIONS = 10_000
"""How many vectors of kept questions stay in memory; 15 MB at 384 dimensions."""
ROUTERS = (
    search_routes.router,
    answer_routes.router,
    document_routes.router,
    quote_routes.router,
    feedback_routes.router,
    health_routes.router,
    docs_routes.router,
    *admin.ROUTERS,
)


def build_service(
    indexes: IndexSettings,
    settings: ServiceSettings,
    *,
    embedder: Embedder,
    shelf: ReleaseShelf,
    searcher: Callable[[Embedder], Searcher],
    answerer: Answerer,
    worker: WorkerSupervisor | None = None,
) -> Service:
    """Return the service made of these parts; `searcher` gets the embedder that gives up in time."""
    metrics, capacity = Metrics(), Capacity.of(settings)
    guarded = GuardedEmbedder(embedder, capacity.embedding, metrics)
    live = LiveIndex(shelf, ModelIdentity(embedder.name, embedder.fingerprint, embedder.dimension))
    sessions = Sessions(indexes.state, settings.session_hours)
    feedback = FeedbackStore(indexes.state)
    service = Service(
        settings=settings,
        state=indexes.state,
        live=live,
        embedder=guarded,
        verbs=Verbs(live, searcher(guarded), answerer),
        capacity=capacity,
        metrics=metrics,
        drain=Drain(),
        door=Door(settings, KeyRing(indexes.state), sessions),
        sessions=sessions,
        curation=Curation(indexes, shelf, JobQueue(indexes.state), live),
        glossary=StaffGlossary(indexes.state, settings.glossary),
        audit=AuditLog(indexes.state),
        feedback=feedback,
        embed_asked=lru_cache(REMEMBERED_QUESTIONS)(guarded.embed_query),
        listener=Listener(feedback) if settings.keep_questions else None,
        worker=worker,
    )
    _watch(service)
    return service


def open_service(
    indexes: IndexSettings, settings: ServiceSettings, parts: Assembly, worker: WorkerSupervisor | None = None
) -> Service:
    """Return the service over the parts that the settings name."""
    return build_service(
        indexes,
        settings,
        embedder=parts.embedder,
        shelf=parts.shelf,
        searcher=open_retriever,
        answerer=parts.answerer,
        worker=worker,
    )


def create_app(service: Service) -> FastAPI:
    """Return the application that answers over HTTP; it watches CURRENT from its start to its end."""
    app = FastAPI(
        title="Pramen",
        version=API_VERSION,
        description="Search and cited answers over Czech and English literature on migrant integration.",
        lifespan=partial(_running, service),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    _include_routes(app, service)
    install(app, methods_of, render_refusal)
    _add_middleware(app, service)
    return app


@asynccontextmanager
async def _running(service: Service, _: FastAPI) -> AsyncIterator[None]:
    """Watch CURRENT while the application runs, and let go of everything when it ends."""
    service.live.watch()
    yield
    service.live.close()
    service.capacity.close()
    service.curation.queue.close()
    service.feedback.close()


def _include_routes(app: FastAPI, service: Service) -> None:
    for router in ROUTERS:
        app.include_router(router)
    settings = service.settings
    pages = pages_router(
        InProcess(service),
        service.state / PICTURES,
        contact=settings.contact,
        public_url=settings.public_url,
        route_class=GuardedRoute,
    )
    app.include_router(pages)


def _add_middleware(app: FastAPI, service: Service) -> None:
    """Wrap the routes, the innermost layer first."""
    settings = service.settings
    app.add_middleware(Compression)
    app.add_middleware(Heads)
    slots_of = {
        ("GET", f"{API}/search"): service.capacity.searching,
        ("POST", f"{API}/answer"): service.capacity.answering,
    }
    app.add_middleware(Gate, slots_of=slots_of)
    app.add_middleware(BodyLimit, upload_bytes=settings.max_upload_mb * MIB)
    app.add_middleware(Origins, allowed=settings.allowed_origins)
    app.add_middleware(Edge, metrics=service.metrics, drain=service.drain)
    if settings.trusted_proxies:
        app.add_middleware(_proxied, trusted=list(settings.trusted_proxies))


def _proxied(app: ASGIApp, trusted: list[str]) -> ASGIApp:
    return ProxyHeadersMiddleware(app, trusted_hosts=trusted)  # type: ignore[arg-type, return-value]


def _watch(service: Service) -> None:
    live, metrics = service.live, service.metrics

    def age() -> float:
        return (datetime.now(UTC) - live.created).total_seconds() if live.created else float("nan")

    def job_count(state: JobState) -> float:
        return service.curation.queue.counts()[state]

    for slots in service.capacity.slots:
        metrics.watch_slots(slots)
    metrics.release_age.set_function(age)
    metrics.release_faults.set_function(lambda: live.status.fault is not None)
    for state in JobState:
        metrics.jobs.labels(state).set_function(partial(job_count, state))
    metrics.embedder_rests.set_function(lambda: service.embedder.is_resting)
