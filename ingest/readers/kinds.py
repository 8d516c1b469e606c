"""Of which kind is a file? As `corpus.file_kinds` says, told as a reason of the receipt."""

from __future__ import annotations

from pathlib import Path

from corpus import file_kinds
from corpus.errors import FileRefused
from corpus.file_kinds import FileKind, is_markdown
from ingest.errors import UnreadableDocument
from ingest.reasons import Reason

__all__ = ["FileKind", "check_claim", "is_markdown", "kind_of"]


def kind_of(path: Path) -> FileKind:
    """Return the kind that the content of a file shows. Raises UnreadableDocument."""
    try:
        return file_kinds.kind_of(path)
    except FileRefused as error:
        raise _unreadable(error) from error


def check_claim(file_name: str, kind: FileKind) -> None:
    """Raise UnreadableDocument (type_mismatch) where the suffix of an upload claims another kind than its content."""
    try:
        file_kinds.check_claim(file_name, kind)
    except FileRefused as error:
        raise _unreadable(error) from error


def _unreadable(error: FileRefused) -> UnreadableDocument:
    return UnreadableDocument(Reason(error.code), error.detail)
