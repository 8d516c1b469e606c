"""Which signs of a PDF are raised above their line, and so point to a footnote?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from ingest.note_marks import is_minutes, is_note_mark, is_power, superior
from ingest.readers.pdf_glyphs import Glyphs
from ingest.readers.pdf_page import Line

_SIGNS = re.compile(r"\d+|[*†‡]+")
_LONE_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡]{1,3})[\])]?")
_MARK_CHARS = 5
_SMALL = 0.93
"""Marks are set smaller than this share of the size of their line, or in figures that are drawn small and high."""
_RAISED = 0.2
"""Share of the size of the font by which the lower edge of a raised figure stands above the line."""
_LOW = 0.6
"""A raised figure is lower than this share of the size; the figures of the line are about 0.7 of it high."""
_REACH = 0.6
"""Each sign between a word and its mark takes at most this share of the size; a figure further off is another cell."""
_LIFTED = 0.1
"""The same for the origin of a smaller figure; where it is not lifted, it is an index (CO₂)."""
_SEARCHED_CHARS = 2000


def raised_signs(glyphs: Glyphs, start: int, content: str, size: float) -> dict[int, str]:
    """Return what stands in place of the raised characters of a row: superior figures for exponents, nothing for marks.

    Keys are offsets into `content`, whose first character has the text index `start`; `size` is that of the line.
    """
    changes: dict[int, str] = {}
    for match in _SIGNS.finditer(content[:_SEARCHED_CHARS]):
        if match.start() == 0 and match.end() == len(content):
            continue
        first = _first_raised(glyphs, start, content, match, size)
        if 0 < first < match.end() and content[match.end() : match.end() + 1] not in ("/", "⁄"):
            changes |= _changes(content, first, match.end())
    return changes | _between(content, changes)


def _changes(content: str, first: int, end: int) -> dict[int, str]:
    if is_minutes(content[:first], content[first:end]):
        return {first: ":" + content[first]}
    if is_power(content[:first], content[first:end]):
        return {place: superior(content[place]) for place in range(first, end)}
    if content[first - 1] in "[(" and content[end : end + 1] in ("]", ")"):
        first, end = first - 1, end + 1
    if not is_note_mark(content[:first], content[first:end]):
        return {}
    if content[first - 1] == " " and not content[end : end + 1].isalnum():
        first -= 1
    return dict.fromkeys(range(first, end), "")


def _between(content: str, changes: Mapping[int, str]) -> dict[int, str]:
    """Return the commas and blanks between two marks ("slovo⁵, ⁶"), which go with them."""
    dropped = sorted(place for place, text in changes.items() if not text)
    gaps = [range(one + 1, other) for one, other in pairwise(dropped) if other - one > 1]
    return {place: "" for gap in gaps if set(content[gap.start : gap.stop]) <= set(" ,;") for place in gap}


def _first_raised(glyphs: Glyphs, start: int, content: str, match: re.Match[str], size: float) -> int:
    """Return the offset of the first of the raised signs at the end of a run of signs; its end where none is raised."""
    first = match.end()
    while first > match.start() and _is_raised(glyphs, start + first - 1, content, first - 1, size):
        first -= 1
    return first


def _is_raised(glyphs: Glyphs, text_index: int, content: str, place: int, size: float) -> bool:
    """Return whether the sign at `place` stands above the line of the word before it, close to that word."""
    before = len(content[:place].rstrip(" [(0123456789*†‡,")) - 1
    index = glyphs.index(text_index)
    base = glyphs.index(text_index - place + max(before, 0))
    if index < 0 or base < 0 or place == 0:
        return False
    line = glyphs.base(base)
    left, _, bottom, top = glyphs.box(index)
    if left - glyphs.box(base)[1] > (place - before) * _REACH * size:
        return False
    if bottom - line > _RAISED * size and top - bottom < _LOW * size and content[place].isdigit():
        return True
    return glyphs.size(index) < _SMALL * size and glyphs.base(index) - line > _LIFTED * size


def without_lone_marks(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without those that hold nothing but a mark: PDFium may take a raised mark for a line of its own."""
    lone = [line for line in lines if len(line.text) <= _MARK_CHARS and _LONE_MARK.fullmatch(line.text)]
    if not lone:
        return list(lines)
    marks = {id(mark) for mark in lone if any(_is_mark_of(mark, line) for line in lines if line is not mark)}
    return [line for line in lines if id(line) not in marks]


def _is_mark_of(mark: Line, line: Line) -> bool:
    return (
        mark.size < _SMALL * line.size
        and mark.bottom > line.bottom + _RAISED * line.size
        and mark.top < line.top + line.size / 2
        and -1 < mark.left - line.right < line.size / 2
        and is_note_mark(line.text, mark.text)
    )
