"""What does a PDF say about itself: printed page numbers, outline, properties?

A damaged structure costs what it would have told, never the text: then pages count from 1, and headings come from
typography.
"""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

from corpus.document import Metadata
from ingest.cleaning import clean_text

MOST_BOOKMARKS = 5000
LABEL_CHARS, TITLE_CHARS, AUTHOR_CHARS, BOOKMARK_CHARS = 20, 300, 200, 300
_CREATED = re.compile(r"(?:D:)?(?P<year>\d{4})(?P<month>\d{2})?(?P<day>\d{2})?")
"""The beginning of a date as ISO 32000-1, 7.9.4 writes it: `D:20210921105759+02'00'`."""

# pypdfium2 tells the oddities of an outline through the log; what staff need to know stands in the receipt.
logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A bookmark of a PDF: `level` from 1."""

    title: str
    level: int


@dataclass(frozen=True, slots=True)
class Structure:
    """What the file names; `labels` has one entry for each page, its counted number where none is printed."""

    labels: tuple[str, ...]
    outline: tuple[OutlineEntry, ...] = ()
    properties: Metadata = Metadata()


def read_structure(document: Any) -> Structure:
    """Return what a PDF (a `pypdfium2.PdfDocument`) says about itself: of a damaged structure, what can be read."""
    return Structure(
        tuple(_label(document, index) for index in range(len(document))),
        tuple(_outline(document)),
        _properties(document),
    )


def _label(document: Any, index: int) -> str:
    with suppress(UnicodeDecodeError):
        return clean_text(document.get_page_label(index))[:LABEL_CHARS] or str(index + 1)
    return str(index + 1)


def _outline(document: Any) -> Iterator[OutlineEntry]:
    for bookmark in islice(document.get_toc(), MOST_BOOKMARKS):
        with suppress(UnicodeDecodeError):
            title = clean_text(bookmark.get_title())[:BOOKMARK_CHARS]
            if title:
                yield OutlineEntry(title, bookmark.level + 1)


def _properties(document: Any) -> Metadata:
    title, author, created = (_property(document, key) for key in ("Title", "Author", "CreationDate"))
    return Metadata(
        title=title[:TITLE_CHARS] or None,
        authors=(author[:AUTHOR_CHARS],) if author else (),
        date=_date(created),
    )


def _property(document: Any, key: str) -> str:
    with suppress(UnicodeDecodeError):
        return clean_text(document.get_metadata_value(key))
    return ""


def _date(created: str) -> datetime.date | None:
    match = _CREATED.match(created)
    with suppress(ValueError):
        return datetime.date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1)) if match else None
    return None
