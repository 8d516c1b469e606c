"""Are the characters of a page told as PDFium tells them when each pointer is wrapped by pypdfium2?"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pypdfium2 import raw

from ingest.readers.pdf_glyphs import Glyphs, utf16_length

PDF = Path(__file__).resolve().parents[1] / "fixtures" / "pdf"


@pytest.fixture(params=["latex-ot1-2", "libreoffice-2", "traps", "marks"])
def textpage(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The first page of a file: with accents apart, of office programs, with hidden text, with raised signs."""
    document = pypdfium2.PdfDocument(PDF / f"{request.param}.pdf")
    textpage = document[0].get_textpage()
    yield textpage
    textpage.close()
    document.close()


def wrapped(count: int, kind: Any) -> list[Any]:
    """Return so many values that PDFium may fill."""
    return [kind() for _ in range(count)]


def test_every_character_stands_where_pdfium_says(textpage: Any) -> None:
    """Edges, the line below, and the number of the character that stands at a place of the text."""
    glyphs = Glyphs(textpage)
    assert glyphs.text == textpage.get_text_range()
    for place in range(len(glyphs.text)):
        index = glyphs.index(place)
        assert index == raw.FPDFText_GetCharIndexFromTextIndex(textpage, place)
        edges, origin = wrapped(4, ctypes.c_double), wrapped(2, ctypes.c_double)
        raw.FPDFText_GetCharBox(textpage, index, *edges)
        raw.FPDFText_GetCharOrigin(textpage, index, *origin)
        assert glyphs.box(index) == tuple(edge.value for edge in edges)
        assert glyphs.base(index) == origin[1].value
        assert glyphs.is_generated(index) is (raw.FPDFText_IsGenerated(textpage, index) == 1)


def test_every_character_looks_as_pdfium_says(textpage: Any) -> None:
    """Boldness, colour and the way of painting; the same for all characters of a font or a text object."""
    glyphs = Glyphs(textpage)
    for index in range(textpage.count_chars()):
        item = raw.FPDFText_GetTextObject(textpage, index)
        assert glyphs.render_mode(index) == (raw.FPDFTextObj_GetTextRenderMode(item) if item else None)
        parts = wrapped(4, ctypes.c_uint)
        is_told = raw.FPDFText_GetFillColor(textpage, index, *parts)
        assert glyphs.fill(index) == (tuple(part.value for part in parts) if is_told else (0, 0, 0, 255))
        name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
        raw.FPDFText_GetFontInfo(textpage, index, name, 128, flags)
        guess = raw.FPDFText_GetFontWeight(textpage, index)
        assert glyphs.weight(index, index) == (max(guess, 700) if b"bold" in name.value.lower() else guess)


def test_stretches_of_characters_are_those_of_pdfium(textpage: Any) -> None:
    """Of the whole page, up to two hundred; of nothing, one in the corner."""
    glyphs = Glyphs(textpage)
    count = raw.FPDFText_CountRects(textpage, 0, textpage.count_chars())
    expected = []
    for number in range(min(count, 200)):
        left, top, right, bottom = wrapped(4, ctypes.c_double)
        raw.FPDFText_GetRect(textpage, number, left, top, right, bottom)
        expected.append((left.value, right.value, bottom.value, top.value))
    assert glyphs.boxes(0, textpage.count_chars()) == expected
    assert glyphs.boxes(0, 0) == [(0.0, 0.0, 0.0, 0.0)]


@pytest.mark.parametrize(("text", "units"), [("", 0), ("češtině", 7), ("a𝔸b", 4), ("\ud800", 1)])
def test_characters_beyond_the_first_plane_count_twice(text: str, units: int) -> None:
    """As PDFium counts; a lone surrogate, which broken files hold, is one unit."""
    assert utf16_length(text) == units
