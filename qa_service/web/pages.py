"""Which addresses does a reader visit? The search page, the source viewer, the widget and what they are made of."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter

from qa_service.web.verbs import PageVerbs


def pages_router(verbs: PageVerbs, pictures: Path, contact: str | None = None) -> APIRouter:
    """Return the routes of all pages, to be mounted at the root.

    Args:
        verbs: The service, called in process.
        pictures: Folder in which drawn pages are cached; made when first needed.
        contact: Address that a reader without an answer may write to.
    """
    raise NotImplementedError
