"""Which lines of text stand where on a page of a PDF? PDFium's answer, as values."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import pypdfium2 as pdfium
from pypdfium2 import raw

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom edge."""

HYPHEN_MARK = "\ufffe"
"""What PDFium puts in place of a hyphen at the end of a line, after which it writes the rest of the word."""
_INVISIBLE_MODES = {raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP}
_CELL_GAP = 0.9
"""Words are parted by less than this share of the height of the font, cells of a table by more."""
_WHITE = 250
_LEAST_POINTS = 1.5
"""Letters smaller than this cannot be read by people."""
_GLUED_NUMBER = re.compile(r"(?<=[^\W\d_])\d{1,3}(?=\W|$)|(?<=[.,;:!?)“”\"])\d{1,3}(?=\s|$)")
_RAISED = 0.85
"""A number of a smaller size than this share of its line's, right behind a word, points to a footnote."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of a line that a gap of more than a space parts from the next."""

    left: float
    right: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text: in points, the origin at the lower left corner of the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    """Height of the font in points."""
    weight: int
    """Boldness as PDFium guesses it; only comparable within one document."""
    cells: tuple[Cell, ...] = ()
    """The parts of a row of a table: empty where nothing but word spaces part the words."""
    lead: float = 0.0
    """Lower edge of the first printed row; higher than `bottom` where hyphens joined several rows."""


@dataclass(frozen=True, slots=True)
class PageLines:
    """The visible lines of a page in the order of the file, and how much was hidden."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    hidden: tuple[str, ...] = ()
    has_pictures: bool = False
    bad_characters: int = 0
    """How many characters have no known meaning in their font."""


def page_lines(page: Any, number: int) -> PageLines:
    """Return the lines of a page (a `pypdfium2.PdfPage`); `number` counts from 1."""
    textpage = page.get_textpage()
    try:
        text = textpage.get_text_range(errors="replace") if textpage.count_chars() > 0 else ""
        lines, hidden = [], []
        for start, content in _spans(text):
            line, is_visible = _line(page, textpage, start, content)
            if is_visible:
                lines.append(line)
            else:
                hidden.append(content)
        width, height = page.get_size()
        pictures = not lines and any(True for _ in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3))
        return PageLines(
            number, width, height, tuple(lines), tuple(hidden), pictures, text.count("\ufffd") + text.count("\x00")
        )
    finally:
        textpage.close()


def _spans(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with the index of its first character."""
    start = 0
    for content in re.split(r"\r\n|\n|\r", text):
        if content.strip():
            yield start + len(content) - len(content.lstrip()), content.strip()
        start += len(content)
        start += 2 if text[start : start + 2] == "\r\n" else 1


def _line(page: Any, textpage: Any, start: int, content: str) -> tuple[Line, bool]:
    first = max(raw.FPDFText_GetCharIndexFromTextIndex(textpage, start), 0)
    last = max(raw.FPDFText_GetCharIndexFromTextIndex(textpage, start + len(content) - 1), first)
    boxes = _boxes(textpage, first, last - first + 1)
    size = _font_size(textpage, first)
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    top, bottom = max(box[1] for box in boxes), min(box[3] for box in boxes)
    is_visible = _is_visible(page, textpage, first, size) or _is_visible(page, textpage, (first + last) // 2, size)
    text = _without_raised_numbers(textpage, start, content, size)
    weight = raw.FPDFText_GetFontWeight(textpage, (first + last) // 2)
    lead = max(min(boxes[0][3], top), bottom)
    is_one_row = top - bottom < 2 * max(size, 4)
    cells = _cells(textpage, boxes, size) if len(boxes) > 1 and is_one_row else ()
    return Line(text, left, right, top, bottom, size, weight, cells, lead), is_visible


def _boxes(textpage: Any, first: int, count: int) -> list[Box]:
    """Left, top, right and bottom of each unbroken stretch of characters."""
    values = [ctypes.c_double() for _ in range(4)]
    boxes = []
    for index in range(min(raw.FPDFText_CountRects(textpage, first, count), 200)):
        raw.FPDFText_GetRect(textpage, index, *values)
        boxes.append((values[0].value, values[1].value, values[2].value, values[3].value))
    return boxes or [(0.0, 0.0, 0.0, 0.0)]


def _cells(textpage: Any, boxes: list[Box], size: float) -> tuple[Cell, ...]:
    """Stretches of one printed row that stand further apart than words do."""
    edges: list[tuple[float, float]] = []
    for left, _, right, _ in sorted(boxes):
        if edges and left - edges[-1][1] < _CELL_GAP * max(size, 4):
            edges[-1] = (edges[-1][0], max(edges[-1][1], right))
        else:
            edges.append((left, right))
    if len(edges) == 1:
        return ()
    top, bottom = max(box[1] for box in boxes), min(box[3] for box in boxes)
    texts = [textpage.get_text_bounded(left - 1, bottom, right + 1, top) for left, right in edges]
    return tuple(Cell(left, right, " ".join(text.split())) for (left, right), text in zip(edges, texts, strict=True))


def _font_size(textpage: Any, index: int) -> float:
    """Printed height of the font: its nominal size times the scale of the text matrix."""
    size = float(raw.FPDFText_GetFontSize(textpage, index))
    matrix = raw.FS_MATRIX()
    if raw.FPDFText_GetMatrix(textpage, index, matrix):
        size *= (matrix.c**2 + matrix.d**2) ** 0.5 or 1.0
    return size


def _is_visible(page: Any, textpage: Any, index: int, size: float) -> bool:
    item = raw.FPDFText_GetTextObject(textpage, index)
    if not item:
        return True
    if raw.FPDFTextObj_GetTextRenderMode(item) in _INVISIBLE_MODES or size < _LEAST_POINTS:
        return False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFText_GetFillColor(textpage, index, red, green, blue, alpha):
        return True
    if alpha.value == 0:
        return False
    is_white = min(red.value, green.value, blue.value) >= _WHITE
    return not is_white or _is_on_colour(page, textpage, index)


def _is_on_colour(page: Any, textpage: Any, index: int) -> bool:
    """Return whether something that is not white was painted under a character: white letters show there."""
    edges = [ctypes.c_double() for _ in range(4)]
    raw.FPDFText_GetCharBox(textpage, index, *edges)
    x, y = (edges[0].value + edges[1].value) / 2, (edges[2].value + edges[3].value) / 2
    for item in page.get_objects(
        filter=(raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING), max_depth=4
    ):
        left, bottom, right, top = item.get_bounds()
        if left <= x <= right and bottom <= y <= top and not _is_white_path(item):
            return True
    return False


def _is_white_path(item: Any) -> bool:
    if item.type != raw.FPDF_PAGEOBJ_PATH:
        return False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, mode, stroke)
    raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
    return mode.value == raw.FPDF_FILLMODE_NONE or min(red.value, green.value, blue.value) >= _WHITE


def _without_raised_numbers(textpage: Any, start: int, content: str, size: float) -> str:
    """Leave out the numbers of footnotes that stand glued to words."""
    for match in reversed(list(_GLUED_NUMBER.finditer(content[:2000]))):
        index = raw.FPDFText_GetCharIndexFromTextIndex(textpage, start + match.start())
        before = raw.FPDFText_GetCharIndexFromTextIndex(textpage, start + match.start() - 1)
        if index > 0 and _font_size(textpage, index) < _RAISED * min(size, _font_size(textpage, before)):
            content = content[: match.start()] + content[match.end() :]
    return content


def shifted(line: Line, text: str) -> Line:
    """Return a line with another text at the same place."""
    return replace(line, text=text)


def open_pdf(path: Any) -> Any:
    """Return the `pypdfium2.PdfDocument` of a file. Raises pypdfium2.PdfiumError."""
    return pdfium.PdfDocument(path)
