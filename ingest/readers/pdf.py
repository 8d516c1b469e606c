"""How is a PDF read? PDFium gives the lines; `pdf_layout` tells what each of them is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from corpus.document import Metadata
from ingest.cleaning import COMPOSED_ACCENT_MINIMUM, clean_text, compose_accents, count_spacing_accents
from ingest.errors import UnreadableDocument
from ingest.readers.kinds import FileKind
from ingest.readers.ocr import read_scan
from ingest.readers.pdf_layout import layout
from ingest.readers.pdf_lines import open_pdf, page_lines
from ingest.readers.pdf_page import Line, PageLines
from ingest.readers.pdf_structure import read_structure
from ingest.readers.pdf_xmp import packet_metadata
from ingest.readers.reading import Finding, Reading
from ingest.reasons import Reason
from ingest.settings import ReaderLimits

_MARK_CHARS = 40


def read_pdf(path: Path, limits: ReaderLimits) -> Reading:
    """Return the blocks of a PDF with their pages. Raises UnreadableDocument."""
    try:
        document = open_pdf(path)
    except pdfium.PdfiumError as error:
        reason = Reason.ENCRYPTED if "password" in str(error).lower() else Reason.CORRUPT
        raise UnreadableDocument(reason, f"PDFium: {error}") from error
    count = len(document)
    if count == 0:
        raise UnreadableDocument(Reason.NO_TEXT, "the file has no pages")
    if count > limits.pages:
        raise UnreadableDocument(Reason.TOO_MANY_PAGES, f"{count} pages, {limits.pages} are allowed")
    pages = _shown(_repaired(list(_pages(document, count, limits))))
    if all(page.height == 0 for page in pages):
        raise UnreadableDocument(Reason.CORRUPT, "none of its pages can be opened")
    findings = list(_findings(pages))
    structure = read_structure(document)
    blocks, layout_findings = layout(pages, structure.outline)
    if not blocks:
        raise _without_text(pages)
    return Reading(
        FileKind.PDF,
        tuple(blocks),
        structure.labels,
        _described(structure.properties, packet_metadata(path)),
        (*findings, *layout_findings),
        pages_without_text=_without_lines(pages),
        pages_by_ocr=_by_ocr(pages),
    )


def _pages(document: Any, count: int, limits: ReaderLimits) -> Iterator[PageLines]:
    for index in range(count):
        try:
            page = document[index]
        except pdfium.PdfiumError:
            yield PageLines(index + 1, 0.0, 0.0, ())
            continue
        lines = page_lines(page, index + 1)
        if limits.ocr and lines.has_pictures and not lines.lines:
            lines = replace(lines, scanned=tuple(read_scan(page, index + 1, limits.ocr)))
        yield lines
        page.close()


def _repaired(pages: list[PageLines]) -> list[PageLines]:
    """Put accents onto their letters throughout a document whose fonts have none."""
    accents = sum(count_spacing_accents("\n".join([line.text for line in page.lines])) for page in pages)
    if accents < COMPOSED_ACCENT_MINIMUM:
        return pages
    return [replace(page, lines=tuple(_composed(line) for line in page.lines)) for page in pages]


def _composed(line: Line) -> Line:
    if line.text.isascii():
        return line
    cells = tuple(cell._replace(text=compose_accents(cell.text)) for cell in line.cells)
    return line._replace(text=compose_accents(line.text), cells=cells)


def _shown(pages: list[PageLines]) -> list[PageLines]:
    """Return the pages with hidden lines that are no secret: the text that OCR laid over a scan, and short marks.

    Programs sign their pages invisibly ("Powered by ..."); so few words carry no instruction.
    """
    is_mark = sum(len(line.text) for page in pages for line in page.hidden) <= _MARK_CHARS
    return [
        replace(page, lines=(*page.lines, *page.hidden), hidden=(), is_ocr=page.is_scan)
        if page.hidden and (is_mark or page.is_scan)
        else page
        for page in pages
    ]


def _findings(pages: list[PageLines]) -> Iterator[Finding]:
    hidden = [(page.number, line.text) for page in pages for line in page.hidden]
    if hidden:
        numbers = tuple(dict.fromkeys(number for number, _ in hidden))
        sample = clean_text(" ".join(text for _, text in hidden))[:200]
        yield Finding("hidden_text", len(hidden), numbers, sample)
    empty = _without_lines(pages)
    if empty and len(empty) < len(pages):
        yield Finding("pages_without_text", len(empty), empty)
    scans = _by_ocr(pages)
    if scans:
        yield Finding("pages_by_ocr", len(scans), scans)


def _described(properties: Metadata, packet: Metadata) -> Metadata:
    """Return the properties of a file with what its XMP packet tells better."""
    return replace(
        properties,
        title=properties.title or packet.title,
        authors=packet.authors or properties.authors,
        publisher=packet.publisher,
    )


def _without_lines(pages: list[PageLines]) -> tuple[int, ...]:
    return tuple(page.number for page in pages if not page.lines and not page.scanned and page.has_pictures)


def _by_ocr(pages: list[PageLines]) -> tuple[int, ...]:
    return tuple(page.number for page in pages if page.scanned or (page.lines and page.is_ocr))


def _without_text(pages: list[PageLines]) -> UnreadableDocument:
    if any(page.hidden for page in pages):
        return UnreadableDocument(Reason.NO_TEXT, "all of its text is hidden")
    if any(page.has_pictures for page in pages):
        return UnreadableDocument(Reason.NO_TEXT_LAYER, f"{len(pages)} scanned pages")
    return UnreadableDocument(Reason.NO_TEXT)
