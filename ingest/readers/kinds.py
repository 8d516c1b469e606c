"""Of which kind is a file? As `corpus.file_kinds` says, told as a reason of the receipt."""

from __future__ import annotations

from pathlib import Path

from corpus import file_kinds
from corpus.errors import FileRefused
from corpus.file_kinds import FileKind, is_markdown
from ingest.errors import UnreadableDocument
from ingest.reasons import Reason

__all__ = ["FileKind", "is_markdown", "kind_of"]


def kind_of(path: Path) -> FileKind:
    """Return the kind that the content of a file shows. Raises UnreadableDocument."""
    try:
        return file_kinds.kind_of(path)
    except FileRefused as error:
        raise UnreadableDocument(Reason(error.code), error.detail) from error
