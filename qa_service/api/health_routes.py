"""`/healthz`, `/readyz`, `/metrics`: is the service alive, can it answer, and how is it doing?"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from qa_service.api.access import GuardedRoute
from qa_service.api.service import Service, Serving

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


_STATE: dict[str, Any] = {
    "description": "The state",
    "content": {
        "application/json": {
            "schema": {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}}
        }
    },
}
_FIGURES: dict[str, Any] = {
    "description": "The figures",
    "content": {METRICS_TYPE: {"schema": {"type": "string"}}},
}

router = APIRouter(route_class=GuardedRoute, tags=["operation"])


@router.get("/healthz", responses={200: _STATE})
async def healthz() -> JSONResponse:
    """Tell that the process is alive; whether it can answer is told by /readyz."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz", responses={200: _STATE, 503: _STATE})
async def readyz(service: Serving) -> JSONResponse:
    """Tell whether requests are answered, from which release, and what is not as it should be."""
    state = readiness(service)
    return JSONResponse(state, 200 if state["status"] in {"ready", "degraded"} else 503)


@router.get("/metrics", response_class=Response, responses={200: _FIGURES})
async def metrics(service: Serving) -> Response:
    """Give all figures in the text format of Prometheus."""
    return Response(service.metrics.text(), media_type=METRICS_TYPE)


def readiness(service: Service) -> dict[str, Any]:
    """Return what /readyz says: `ready`, `degraded` (answers, but something is wrong), `stopping` or `unready`."""
    live, embedder = service.live.status, service.embedder
    faults = [{"code": live.fault.code, "message": str(live.fault)}] if live.fault else []
    if embedder.is_resting:
        faults.append({"code": "embedding_failed", "message": "search goes on by words alone"})
    if service.worker and service.worker.status.is_down:
        last_exit = service.worker.status.last_exit
        faults.append(
            {"code": "worker_down", "message": f"the worker has ended ({last_exit}) and will be started again"}
        )
    if service.drain.has_begun:
        status = "stopping"
    elif live.serving is None:
        status = "unready"
    else:
        status = "degraded" if faults else "ready"
    return {
        "status": status,
        "release": live.serving,
        "published": live.published,
        "model": embedder.name,
        "engine": service.live.engine,
        "faults": faults,
    }
