"""`/admin/audit`: who changed what."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool

from qa_service.api.admin.addresses import Limit, staff_router
from qa_service.api.admin.wire import AuditBody
from qa_service.api.problems import documented
from qa_service.api.service import Serving

router = staff_router()


@router.get("/audit", responses=documented(422))
async def list_actions(service: Serving, limit: Limit = 50) -> AuditBody:
    """Tell who changed what, newest first; for administrators."""
    return AuditBody.model_validate({"actions": await run_in_threadpool(lambda: service.audit.newest(limit))})
