"""What does PDFium know of the single characters of a page: where each stands, how large, how bold, in which colour?

PDFium answers for one character at a time, and a page holds a hundred lines. So its functions are declared here with
plain addresses for the answers: `pypdfium2.raw` wraps every pointer anew, which takes longer than most answers do.
"""

from __future__ import annotations

import ctypes
import re
import struct
from typing import Any, TypeAlias

from pypdfium2 import raw

Box: TypeAlias = tuple[float, float, float, float]
"""Left, right, bottom and top edge in points, the origin at the lower left corner of the page."""

_BOLD_NAME = re.compile(rb"bold|black|heavy", re.IGNORECASE)
_BOLD = 700
_NAME_BYTES = 128
_MOST_BOXES = 200
_FOUR_DOUBLES, _FOUR_INTS = struct.Struct("4d"), struct.Struct("4I")
"""Taking the answers out of an array of `ctypes` one by one takes longer than asking for them."""
_INT, _DOUBLE, _ADDRESS = ctypes.c_int, ctypes.c_double, ctypes.c_void_p


def _declared(function: Any, result: Any, *arguments: Any) -> Any:
    """Return a function of PDFium that takes and gives addresses as plain numbers."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, _ADDRESS).value or 0)


_AT = (_ADDRESS, _INT)
_BOX = (_ADDRESS,) * 4
_char_index = _declared(raw.FPDFText_GetCharIndexFromTextIndex, _INT, *_AT)
_char_box = _declared(raw.FPDFText_GetCharBox, _INT, *_AT, *_BOX)
_char_origin = _declared(raw.FPDFText_GetCharOrigin, _INT, *_AT, *_BOX[:2])
_count_rects = _declared(raw.FPDFText_CountRects, _INT, *_AT, _INT)
_rect = _declared(raw.FPDFText_GetRect, _INT, *_AT, *_BOX)
_size = _declared(raw.FPDFText_GetFontSize, _DOUBLE, *_AT)
_matrix = _declared(raw.FPDFText_GetMatrix, _INT, *_AT, _ADDRESS)
_weight = _declared(raw.FPDFText_GetFontWeight, _INT, *_AT)
_font_info = _declared(raw.FPDFText_GetFontInfo, ctypes.c_ulong, *_AT, _ADDRESS, ctypes.c_ulong, _ADDRESS)
_fill = _declared(raw.FPDFText_GetFillColor, _INT, *_AT, *_BOX)
_text_object = _declared(raw.FPDFText_GetTextObject, _ADDRESS, *_AT)
_font = _declared(raw.FPDFTextObj_GetFont, _ADDRESS, _ADDRESS)
_render_mode = _declared(raw.FPDFTextObj_GetTextRenderMode, _INT, _ADDRESS)
_is_generated = _declared(raw.FPDFText_IsGenerated, _INT, *_AT)


def utf16_length(text: str) -> int:
    """Return how many units of UTF-16 a text takes."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Glyphs:
    """The characters of one page, by their index; only good while the text page is open."""

    def __init__(self, textpage: Any) -> None:
        """Take the characters of a `pypdfium2.PdfTextPage`."""
        count = textpage.count_chars()
        self.text: str = textpage.get_text_range(errors="replace") if count > 0 else ""
        """Their text as PDFium orders it, rows parted by line ends; a text index counts units of UTF-16."""
        self._page = ctypes.cast(textpage.raw, _ADDRESS).value
        self.is_plain = utf16_length(self.text) == len(self.text)
        """Whether each character of the text is one unit of UTF-16."""
        self._is_numbered_alike = self.is_plain and len(self.text) == count
        self._edges, self._fills = (_DOUBLE * 4)(), (ctypes.c_uint * 4)()
        self._edge_addresses = [ctypes.addressof(self._edges) + 8 * i for i in range(4)]
        self._fill_addresses = [ctypes.addressof(self._fills) + 4 * i for i in range(4)]
        self._scale = raw.FS_MATRIX()
        self._scale_address = ctypes.addressof(self._scale)
        self._items: dict[int, int | None] = {}
        self._weights: dict[int | None, tuple[int, bool]] = {}

    def index(self, text_index: int) -> int:
        """Return the index of the character that stands at `text_index` of the text; negative where there is none."""
        return text_index if self._is_numbered_alike else int(_char_index(self._page, text_index))

    def box(self, index: int) -> Box:
        """Return the edges of a character."""
        left, right, bottom, top = self._edge_addresses
        _char_box(self._page, index, left, right, bottom, top)
        return _FOUR_DOUBLES.unpack(self._edges)

    def base(self, index: int) -> float:
        """Return the height of the line that a character stands on."""
        x, y, _, _ = self._edge_addresses
        _char_origin(self._page, index, x, y)
        return self._edges[1]

    def boxes(self, first: int, count: int) -> list[Box]:
        """Return the edges of each unbroken stretch of characters; of nothing, one box in the corner of the page."""
        left, right, bottom, top = self._edge_addresses
        found = []
        for number in range(min(_count_rects(self._page, first, count), _MOST_BOXES)):
            _rect(self._page, number, left, top, right, bottom)
            found.append(_FOUR_DOUBLES.unpack(self._edges))
        return found or [(0.0, 0.0, 0.0, 0.0)]

    def size(self, index: int) -> float:
        """Return the printed height of the font in points: its nominal size times the scale of the text matrix."""
        size: float = _size(self._page, index)
        if _matrix(self._page, index, self._scale_address):
            c, d = self._scale.c, self._scale.d
            size *= (c * c + d * d) ** 0.5 or 1.0
        return size

    def weight(self, first: int, middle: int) -> int:
        """Return the boldness of a line by two of its characters: what PDFium guesses, 700 where both fonts are named bold.

        The guess comes from the width of stems, which office programs leave the same for both cuts of a font.
        """
        one, is_one_bold = self._font_weight(first)
        is_alike = self._text(first) == self._text(middle)
        other, is_other_bold = (one, is_one_bold) if is_alike else self._font_weight(middle)
        guess = min(one, other)
        return max(guess, _BOLD) if is_one_bold and is_other_bold else guess

    def _text(self, index: int) -> int | None:
        """Return the address of the text of the file that a character belongs to, None for one that PDFium put in."""
        if index not in self._items:
            self._items[index] = _text_object(self._page, index)
        return self._items[index]

    def _font_weight(self, index: int) -> tuple[int, bool]:
        """Return PDFium's guess, and whether the font is named bold; asked once for each font."""
        item = self._text(index)
        font = _font(item) if item else None
        known = self._weights.get(font)
        if known is None:
            name = ctypes.create_string_buffer(_NAME_BYTES)
            flags = ctypes.c_int()
            _font_info(self._page, index, ctypes.addressof(name), _NAME_BYTES, ctypes.addressof(flags))
            known = self._weights[font] = (_weight(self._page, index), _BOLD_NAME.search(name.value) is not None)
        return known

    def render_mode(self, index: int) -> int | None:
        """Return how a character is painted (`FPDF_TEXTRENDERMODE_...`); None where it comes from no text of the file."""
        item = self._text(index)
        return int(_render_mode(item)) if item else None

    def fill(self, index: int) -> tuple[int, int, int, int]:
        """Return red, green, blue and opacity of a character, 0 to 255; opaque black where none is told."""
        red, green, blue, alpha = self._fill_addresses
        if not _fill(self._page, index, red, green, blue, alpha):
            return (0, 0, 0, 255)
        return _FOUR_INTS.unpack(self._fills)

    def is_generated(self, index: int) -> bool:
        """Return whether a blank stands in no text of the file, and PDFium put it in between two."""
        return bool(_is_generated(self._page, index) == 1)
