"""Can a person see a character of a PDF? Invisible, tiny and white text is not what the page says."""

from __future__ import annotations

import ctypes
from typing import Any

from pypdfium2 import raw

from ingest.readers.pdf_glyphs import Glyphs

_INVISIBLE_MODES = {raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP}
_WHITE = 250
"""Of 255, for each of red, green and blue."""
_LEAST_POINTS = 1.5
"""Letters smaller than this cannot be read by people."""


def is_visible(page: Any, glyphs: Glyphs, index: int, size: float) -> bool:
    """Return whether the character at `index`, of a font of `size` points, can be seen."""
    mode = glyphs.render_mode(index)
    if mode is None:
        return True
    if mode in _INVISIBLE_MODES or size < _LEAST_POINTS:
        return False
    red, green, blue, alpha = glyphs.fill(index)
    if alpha == 0:
        return False
    is_white = red >= _WHITE and green >= _WHITE and blue >= _WHITE
    return not is_white or _is_on_colour(page, glyphs, index)


def _is_on_colour(page: Any, glyphs: Glyphs, index: int) -> bool:
    """Return whether something that is not white was painted under a character: white letters show there."""
    left, right, bottom, top = glyphs.box(index)
    x, y = (left + right) / 2, (bottom + top) / 2
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
