"""Which reader reads which kind of file?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.kinds import FileKind, kind_of
from ingest.readers.pdf import read_pdf
from ingest.readers.pptx import read_pptx
from ingest.readers.reading import Reading
from ingest.readers.text import read_text
from ingest.settings import ReaderLimits

Reader = Callable[[Path, ReaderLimits], Reading]
"""Reads one file into blocks, or raises UnreadableDocument. Runs inside the child process of `ingest.sandbox`."""

READERS: dict[FileKind, Reader] = {
    FileKind.PDF: read_pdf,
    FileKind.DOCX: read_docx,
    FileKind.PPTX: read_pptx,
    FileKind.HTML: read_html,
    FileKind.MARKDOWN: read_text,
    FileKind.TEXT: read_text,
}

READER_VERSION = 22
"""Raised by every change after which a file would be read differently: readings kept from earlier builds are dropped."""


def read_file(path: Path, limits: ReaderLimits) -> Reading:
    """Return what the reader for the content of a file finds in it. Raises UnreadableDocument."""
    return READERS[kind_of(path)](path, limits)
