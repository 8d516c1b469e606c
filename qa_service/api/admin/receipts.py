"""`/admin/receipts`: how each publication was read, and what could not be used."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool

from qa_service.api.admin.addresses import staff_router
from qa_service.api.admin.wire import ReceiptsBody
from qa_service.api.problems import documented
from qa_service.api.service import Serving

router = staff_router()


@router.get("/receipts", responses=documented())
async def list_receipts(service: Serving) -> ReceiptsBody:
    """Tell what the newest build says of every publication."""
    return ReceiptsBody.model_validate({"receipts": await run_in_threadpool(service.curation.receipts)})


@router.get("/receipts/{document_id}", responses=documented(404))
async def get_receipt(document_id: str, service: Serving) -> dict[str, Any]:
    """Tell what the newest build says of one publication."""
    return dict(await run_in_threadpool(lambda: service.curation.receipt(document_id)))
