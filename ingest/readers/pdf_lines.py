"""Which lines of text stand where on a page of a PDF? PDFium's answer, as values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.readers.pdf_glyphs import Box, Glyphs, utf16_length
from ingest.readers.pdf_letters import (
    Character,
    characters,
    closed_up,
    is_spaced_out,
    loose_accents,
    words,
)
from ingest.readers.pdf_marks import raised_signs
from ingest.readers.pdf_page import HYPHEN_MARK, Cell, Line, PageLines
from ingest.readers.pdf_rows import with_narrow_gaps
from ingest.readers.pdf_visibility import is_visible

_CELL_GAP = 0.9
"""Words are parted by less than this share of the height of the font, cells of a table by more."""
_UNEVEN = 0.15
"""Share of the height of the font by which the lower edges of letters without descenders do not differ."""
_SCAN_SHARE = 0.5
_BLANKS = " \t\r\n"


def open_pdf(path: Any) -> Any:
    """Return the `pypdfium2.PdfDocument` of a file. Raises pypdfium2.PdfiumError."""
    return pdfium.PdfDocument(path)


def page_lines(page: Any, number: int) -> PageLines:
    """Return the lines of a page (a `pypdfium2.PdfPage`); `number` counts from 1."""
    textpage = page.get_textpage()
    try:
        glyphs = Glyphs(textpage)
        lines, hidden = [], []
        for start, content in _spans(glyphs):
            line, can_be_seen = _line(page, glyphs, start, content)
            if can_be_seen:
                lines.append((start, content, line))
            else:
                hidden.append(line)
        width, height = page.get_size()
        shares = list(_picture_shares(page, width * height)) if hidden or not lines else []
        is_scan = any(share > _SCAN_SHARE for share in shares)
        rows = tuple(with_narrow_gaps(glyphs, lines))
        return PageLines(number, width, height, rows, tuple(hidden), bool(shares), is_scan)
    finally:
        textpage.close()


def _picture_shares(page: Any, area: float) -> Iterator[float]:
    """Yield the share of the page that each picture covers."""
    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        left, bottom, right, top = item.get_bounds()
        yield (right - left) * (top - bottom) / max(area, 1)


def _spans(glyphs: Glyphs) -> Iterator[tuple[int, str]]:
    """Yield each printed row with the index of its first character, counted in units of UTF-16 as PDFium counts.

    PDFium writes the rest of a hyphenated word on the same line, whatever row, column or note it takes for it, so its
    lines are parted again behind each hyphen mark.
    """
    start = 0
    for content in _rows(glyphs.text):
        stripped = content.strip(_BLANKS)
        if stripped:
            blanks = len(content) - len(content.lstrip(_BLANKS)) if content[0] in _BLANKS else 0
            yield start + blanks, stripped
        start += len(content) if glyphs.is_plain else utf16_length(content)


def _rows(text: str) -> Iterator[str]:
    """Yield the text cut behind each line end and each hyphen mark."""
    for row in text.split("\n"):
        *parted, rest = row.split(HYPHEN_MARK)
        for part in parted:
            yield part + HYPHEN_MARK
        yield rest + "\n"


def _line(page: Any, glyphs: Glyphs, start: int, content: str) -> tuple[Line, bool]:
    first = max(glyphs.index(start), 0)
    last = max(glyphs.index(start + len(content) - 1), first)
    middle = max(glyphs.index(start + _middle_letter(content)), first)
    boxes = glyphs.boxes(first, last - first + 1)
    size = glyphs.size(middle)
    text, cells = _words(glyphs, start, content, boxes, size)
    left, right, bottom, top = boxes[0] if len(boxes) == 1 else _around(boxes)
    line = Line(text, left, right, top, bottom, size, glyphs.weight(first, middle), cells)
    return line, is_visible(page, glyphs, first, size) or is_visible(page, glyphs, middle, size)


def _around(boxes: list[Box]) -> Box:
    lefts, rights, bottoms, tops = zip(*boxes, strict=True)
    return min(lefts), max(rights), min(bottoms), max(tops)


def _words(glyphs: Glyphs, start: int, content: str, boxes: list[Box], size: float) -> tuple[str, tuple[Cell, ...]]:
    """Return the text of a row and its cells."""
    changes = raised_signs(glyphs, start, content, size) if _is_uneven(boxes, size) else {}
    if is_spaced_out(content):
        return closed_up(characters(glyphs, start, content)), ()
    edges = _gaps(boxes, size)
    accents = loose_accents(glyphs, start, content)
    changes |= accents
    text = "".join([changes.get(i, char) for i, char in enumerate(content)]).strip() if changes else content
    if len(edges) == 1:
        return text, ()
    if accents:  # they may be moved to another word
        row = characters(glyphs, start, content)
        return text, _cells([(changes.get(i, char), left, right) for i, (char, left, right) in enumerate(row)], edges)
    return text, _cells(words(glyphs, start, content, changes), edges)


def _middle_letter(content: str) -> int:
    """Return the place of the letter nearest the middle, which tells the font of a line.

    Blanks that PDFium put in have no font of their own, and a figure may be a raised mark.
    """
    middle = len(content) // 2
    if content[middle].isalpha():
        return middle
    for place in range(middle, len(content)):
        if content[place].isalpha():
            return place
    return next(
        (place for is_fit in (str.isalpha, str.isalnum) for place, char in enumerate(content) if is_fit(char)), middle
    )


def _is_uneven(boxes: list[Box], size: float) -> bool:
    """Return whether a stretch stands higher than another: PDFium begins a stretch at every change of font or rise."""
    if len(boxes) == 1:
        return False
    bottoms = [bottom for _, _, bottom, _ in boxes]
    return max(bottoms) - min(bottoms) > _UNEVEN * size


def _gaps(boxes: list[Box], size: float) -> list[tuple[float, float]]:
    """Return the edges of the stretches of a row that stand further apart than words do."""
    if len(boxes) == 1:
        return [boxes[0][:2]]
    edges: list[tuple[float, float]] = []
    for left, right, _, _ in sorted(boxes):
        if edges and left - edges[-1][1] < _CELL_GAP * max(size, 4):
            edges[-1] = (edges[-1][0], max(edges[-1][1], right))
        else:
            edges.append((left, right))
    return edges


def _cells(row: list[Character], edges: list[tuple[float, float]]) -> tuple[Cell, ...]:
    """Return the text between each pair of edges; `row` are characters or words with their places."""
    if len(edges) == 1:
        return ()
    texts = [""] * len(edges)
    for char, left, right in row:
        middle = (left + right) / 2
        texts[min(range(len(edges)), key=lambda i: _distance(edges[i], middle))] += char
    return tuple(Cell(left, right, " ".join(text.split())) for (left, right), text in zip(edges, texts, strict=True))


def _distance(edges: tuple[float, float], place: float) -> float:
    return max(edges[0] - place, place - edges[1], 0.0)
