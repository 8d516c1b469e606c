"""A folder with releases to damage, publish and prune."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexes.local.writer import LocalWriter
from tests.contracts.collection import MODEL, collection

ENTRIES = collection()


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., str]:
    """A function that builds a release of the first documents of the collection below `tmp_path` and returns its id."""

    def write(count: int = 3) -> str:
        writer = LocalWriter(tmp_path, MODEL)
        for item in ENTRIES[:count]:
            writer.add(item.document, item.text, item.source, item.passages)
            writer.add_receipt(item.document.id, {"document_id": item.document.id, "outcome": "indexed"})
        return writer.commit()

    return write
