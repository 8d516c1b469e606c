"""What does a PDF say about itself: printed page numbers, outline, properties? pypdf tells; PDFium gives the text.

A damaged structure costs what it would have told, never the text: then pages count from 1, and headings come from
typography.
"""

from __future__ import annotations

import datetime
import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from corpus.document import Metadata
from ingest.cleaning import clean_text

MOST_BOOKMARKS = 5000
STRUCTURE_SECONDS = 10.0
LABEL_CHARS, TITLE_CHARS, AUTHOR_CHARS, BOOKMARK_CHARS = 20, 300, 200, 300

# pypdf tells every oddity of a file through the log; what staff need to know stands in the receipt.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A bookmark of a PDF: `level` from 1, `page` from 1 or None where it points nowhere."""

    title: str
    level: int
    page: int | None


@dataclass(frozen=True, slots=True)
class Structure:
    """What the file names; `labels` has one entry for each page, its counted number where none is printed."""

    labels: tuple[str, ...]
    outline: tuple[OutlineEntry, ...] = ()
    properties: Metadata = Metadata()


def read_structure(path: Path, page_count: int) -> Structure:
    """Return what the PDF at `path` says about itself; for a damaged structure, as much of it as can be read."""
    labels = counted = tuple(str(number) for number in range(1, page_count + 1))
    outline: tuple[OutlineEntry, ...] = ()
    properties = Metadata()
    # pypdf asks its callers to expect any exception from a hostile file ("user security", its documentation).
    with suppress(Exception), _at_most(STRUCTURE_SECONDS):
        reader = PdfReader(path)
        if reader.is_encrypted:
            reader.decrypt("")
        root: Any = reader.trailer["/Root"]
        with suppress(Exception):
            properties = _properties(reader)
        if "/PageLabels" in root:  # computed for every page, so only where there is something to find
            with suppress(Exception):
                labels = _labels(reader.page_labels, counted)
        if "/Outlines" in root:
            with suppress(Exception):
                outline = tuple(_entries(reader, reader.outline, 1))[:MOST_BOOKMARKS]
    return Structure(labels, outline, properties)


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block after so many seconds, so that a structure made to loop does not cost the text.

    Only the main thread of a process can be interrupted so; a child that reads a document has no other.
    """

    def interrupt(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _labels(printed: Sequence[str], counted: Sequence[str]) -> tuple[str, ...]:
    if len(printed) != len(counted):
        return tuple(counted)
    return tuple(clean_text(label)[:LABEL_CHARS] or number for label, number in zip(printed, counted, strict=True))


def _entries(reader: PdfReader, entries: Sequence[Any], level: int) -> Iterator[OutlineEntry]:
    for entry in entries:
        if isinstance(entry, list):
            yield from _entries(reader, entry, level + 1)
            continue
        title = clean_text(str(entry.title or ""))[:BOOKMARK_CHARS]
        if title:
            yield OutlineEntry(title, level, _page(reader, entry))


def _page(reader: PdfReader, entry: Any) -> int | None:
    with suppress(Exception):
        index = reader.get_destination_page_number(entry)
        return None if index is None or index < 0 else index + 1
    return None


def _properties(reader: PdfReader) -> Metadata:
    information = reader.metadata
    if information is None:
        return Metadata()
    author = clean_text(information.author or "")[:AUTHOR_CHARS]
    return Metadata(
        title=clean_text(information.title or "")[:TITLE_CHARS] or None,
        authors=(author,) if author else (),
        date=_created(information),
    )


def _created(information: Any) -> datetime.date | None:
    with suppress(Exception):
        created = information.creation_date
        return created.date() if created else None
    return None
