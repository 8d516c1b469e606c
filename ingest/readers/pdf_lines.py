"""Which lines of text stand where on a page of a PDF? PDFium's answer, as values."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, TypeAlias

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.readers.reading import Block

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom edge."""
Character: TypeAlias = tuple[str, float, float]
"""A character of a row with its left and right edge."""

HYPHEN_MARK = "\ufffe"
"""What PDFium puts in place of a hyphen at the end of a line, after which it writes the rest of the word."""
_INVISIBLE_MODES = {raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP}
_STRAY_ACCENT = re.compile(r"\s*(?P<accent>[ˇ´˚¨])(?=\s|$)\s*")
_ACCENT_REACH = 3.0
"""Points between the middle of an accent and that of its letter."""
_WORD_GAP = 1.5
"""Points; letters of a word stand closer."""
_LEAST_SPACED, _SPACED_SHARE = 5, 0.7
_WORD_TO_LETTER_GAP = 1.6
_CELL_GAP = 0.9
"""Words are parted by less than this share of the height of the font, cells of a table by more."""
_SCAN_SHARE = 0.5
_ROW = re.compile(f"[^\n{HYPHEN_MARK}]*(?:[\n{HYPHEN_MARK}]|$)")
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


@dataclass(frozen=True, slots=True)
class PageLines:
    """The visible lines of a page in the order of the file, and how much was hidden."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    hidden: tuple[Line, ...] = ()
    has_pictures: bool = False
    is_scan: bool = False
    """Whether a picture covers most of the page; only looked for where text is missing or hidden."""
    is_ocr: bool = False
    """Whether its text was laid invisibly over a scan."""
    scanned: tuple[Block, ...] = ()
    """Paragraphs that OCR saw on a page without text."""


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
                hidden.append(line)
        width, height = page.get_size()
        shares = list(_picture_shares(page, width * height)) if hidden or not lines else []
        is_scan = any(share > _SCAN_SHARE for share in shares)
        return PageLines(number, width, height, tuple(lines), tuple(hidden), bool(shares), is_scan)
    finally:
        textpage.close()


def _picture_shares(page: Any, area: float) -> Iterator[float]:
    """Yield the share of the page that each picture covers."""
    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        left, bottom, right, top = item.get_bounds()
        yield (right - left) * (top - bottom) / max(area, 1)


def _spans(text: str) -> Iterator[tuple[int, str]]:
    """Yield each printed row with the index of its first character, counted in units of UTF-16 as PDFium counts.

    PDFium writes the rest of a hyphenated word on the same line, whatever row, column or note it takes for it, so its
    lines are parted again behind each hyphen mark.
    """
    is_plain = max(text, default="") <= "\uffff"
    start = 0
    for content in _ROW.findall(text):
        stripped = content.strip(" \t\r\n")
        if stripped:
            yield start + len(content) - len(content.lstrip(" \t\r\n")), stripped
        start += len(content) if is_plain else len(content.encode("utf-16-le", "surrogatepass")) // 2


def _line(page: Any, textpage: Any, start: int, content: str) -> tuple[Line, bool]:
    first = max(raw.FPDFText_GetCharIndexFromTextIndex(textpage, start), 0)
    last = max(raw.FPDFText_GetCharIndexFromTextIndex(textpage, start + len(content) - 1), first)
    middle = max(raw.FPDFText_GetCharIndexFromTextIndex(textpage, start + _middle_letter(content)), first)
    boxes = _boxes(textpage, first, last - first + 1)
    size = _font_size(textpage, middle)
    text, cells = _words(textpage, start, content, boxes, size)
    line = Line(
        text,
        left=min(box[0] for box in boxes),
        right=max(box[2] for box in boxes),
        top=max(box[1] for box in boxes),
        bottom=min(box[3] for box in boxes),
        size=size,
        weight=min(raw.FPDFText_GetFontWeight(textpage, first), raw.FPDFText_GetFontWeight(textpage, middle)),
        cells=cells,
    )
    return line, _is_visible(page, textpage, first, size) or _is_visible(page, textpage, middle, size)


def _words(textpage: Any, start: int, content: str, boxes: list[Box], size: float) -> tuple[str, tuple[Cell, ...]]:
    """Return the text of a row and its cells; only rows with gaps or loose accents are looked at letter by letter."""
    raised = _raised_numbers(textpage, start, content, size)
    if _is_spaced_out(content):
        return _closed_up(_characters(textpage, start, content)), ()
    edges = _gaps(boxes, size)
    if len(edges) == 1 and not _STRAY_ACCENT.search(content):
        return "".join(char for i, char in enumerate(content) if i not in raised) if raised else content, ()
    characters = [char for i, char in enumerate(_characters(textpage, start, content)) if i not in raised]
    characters = _with_accents_in_place(characters)
    return "".join(char for char, _, _ in characters).strip(), _cells(characters, edges) if len(edges) > 1 else ()


def _middle_letter(content: str) -> int:
    """Return the place of the letter nearest the middle: blanks that PDFium put in have no font of their own."""
    middle = len(content) // 2
    return next((i for i in range(middle, len(content)) if content[i].isalnum()), middle)


def _boxes(textpage: Any, first: int, count: int) -> list[Box]:
    """Left, top, right and bottom of each unbroken stretch of characters."""
    values = [ctypes.c_double() for _ in range(4)]
    boxes = []
    for index in range(min(raw.FPDFText_CountRects(textpage, first, count), 200)):
        raw.FPDFText_GetRect(textpage, index, *values)
        boxes.append((values[0].value, values[1].value, values[2].value, values[3].value))
    return boxes or [(0.0, 0.0, 0.0, 0.0)]


def _gaps(boxes: list[Box], size: float) -> list[tuple[float, float]]:
    """Return the edges of the stretches of a row that stand further apart than words do."""
    edges: list[tuple[float, float]] = []
    for left, _, right, _ in sorted(boxes):
        if edges and left - edges[-1][1] < _CELL_GAP * max(size, 4):
            edges[-1] = (edges[-1][0], max(edges[-1][1], right))
        else:
            edges.append((left, right))
    return edges


def _cells(characters: list[Character], edges: list[tuple[float, float]]) -> tuple[Cell, ...]:
    texts = [""] * len(edges)
    for char, left, right in characters:
        middle = (left + right) / 2
        texts[min(range(len(edges)), key=lambda i: _distance(edges[i], middle))] += char
    return tuple(Cell(left, right, " ".join(text.split())) for (left, right), text in zip(edges, texts, strict=True))


def _is_spaced_out(content: str) -> bool:
    """Return whether a line is set with wide gaps between its letters (`T E M A T I C K Á`)."""
    words = content.split(" ")
    letters = sum(len(word) == 1 and word.isalpha() for word in words)
    return len(words) >= _LEAST_SPACED and letters > _SPACED_SHARE * len(words)


def _closed_up(characters: list[Character]) -> str:
    """Return a spaced-out line with its words written together: they are further apart than their letters."""
    letters = [character for character in characters if not character[0].isspace()]
    gaps = [after[1] - before[2] for before, after in pairwise(letters)]
    widest = _WORD_TO_LETTER_GAP * median(gaps)
    rest = [" " + char if gap > widest else char for gap, (char, _, _) in zip(gaps, letters[1:], strict=True)]
    return letters[0][0] + "".join(rest)


def _distance(edges: tuple[float, float], place: float) -> float:
    return max(edges[0] - place, place - edges[1], 0.0)


def _characters(textpage: Any, start: int, content: str) -> list[Character]:
    """Return each character of a row with its left and right edge; blanks have those of the character before."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    characters: list[Character] = []
    for offset, char in enumerate(content):
        index = raw.FPDFText_GetCharIndexFromTextIndex(textpage, start + offset)
        if not char.isspace() and index >= 0:
            raw.FPDFText_GetCharBox(textpage, index, left, right, bottom, top)
        characters.append((char, left.value, right.value))
    return characters


def _with_accents_in_place(characters: list[Character]) -> list[Character]:
    """Put accents that stand apart in the file (those over capitals, in old fonts) in front of the letters below them."""
    content = "".join(char for char, _, _ in characters)
    placed = list(characters)
    for match in _STRAY_ACCENT.finditer(content):
        below = _capital_below(characters, match.start("accent"))
        if below is None:
            continue
        char, left, right = placed[below]
        placed[below] = (match["accent"] + char, left, right)
        gap = characters[match.end()][1] - characters[match.start() - 1][2] if match.end() < len(content) else 0.0
        blank = " " if match.start() > 0 and gap > _WORD_GAP else ""
        for index in range(*match.span()):
            placed[index] = (blank if index == match.start() else "", *characters[index][1:])
    return placed


def _capital_below(characters: list[Character], accent: int) -> int | None:
    """Return the index of the capital letter whose middle is that of the accent."""
    place = sum(characters[accent][1:])
    distances = {i: abs(left + right - place) / 2 for i, (char, left, right) in enumerate(characters) if char.isupper()}
    nearest = min(distances, key=lambda i: distances[i], default=None)
    return nearest if nearest is not None and distances[nearest] < _ACCENT_REACH else None


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


def _raised_numbers(textpage: Any, start: int, content: str, size: float) -> set[int]:
    """Return the places of the footnote numbers that stand glued to words."""
    raised: set[int] = set()
    for match in _GLUED_NUMBER.finditer(content[:2000]):
        index = raw.FPDFText_GetCharIndexFromTextIndex(textpage, start + match.start())
        before = raw.FPDFText_GetCharIndexFromTextIndex(textpage, start + match.start() - 1)
        if index > 0 and _font_size(textpage, index) < _RAISED * min(size, _font_size(textpage, before)):
            raised |= set(range(*match.span()))
    return raised


def open_pdf(path: Any) -> Any:
    """Return the `pypdfium2.PdfDocument` of a file. Raises pypdfium2.PdfiumError."""
    return pdfium.PdfDocument(path)
