"""What does the XMP packet of a PDF say of the publication?

PDFium tells the plain properties alone, in which many authors are one text; a packet (ISO 16684-1) names each author by
itself, and the publisher. pypdf reads it. A damaged packet costs what it would have told, never the text.
"""

from __future__ import annotations

import logging
import mmap
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from pypdf import PdfReader

from corpus.document import Metadata
from ingest.cleaning import clean_text

PACKET_SECONDS = 5.0
MOST_AUTHORS = 50
TITLE_CHARS, NAME_CHARS = 300, 200
_PACKET = b"<?xpacket begin="
"""Packets stand uncompressed in the file, so that programs of other trades find them (ISO 16684-1, 7.3)."""

# pypdf tells every oddity of a file through the log; what staff need to know stands in the receipt.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def packet_metadata(path: Path) -> Metadata:
    """Return title, authors and publisher as the packet of the PDF at `path` names them; empty where it has none."""
    if not _has_packet(path):
        return Metadata()
    # pypdf asks its callers to expect any exception from a hostile file ("user security", its documentation).
    with suppress(Exception), _at_most(PACKET_SECONDS):
        packet = PdfReader(path).xmp_metadata
        if packet is not None:
            return Metadata(
                title=_title(packet.dc_title or {}),
                authors=tuple(_names(packet.dc_creator or ())),
                publisher=next(_names(packet.dc_publisher or ()), None),
            )
    return Metadata()


def _has_packet(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(_PACKET) >= 0


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block after so many seconds.

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


def _title(by_language: Mapping[str, str]) -> str | None:
    title = by_language.get("x-default") or next(iter(by_language.values()), "")
    return clean_text(str(title))[:TITLE_CHARS] or None


def _names(values: object) -> Iterator[str]:
    given = list(values)[:MOST_AUTHORS] if isinstance(values, list | tuple) else []
    yield from (name for value in given if (name := clean_text(str(value))[:NAME_CHARS]))
