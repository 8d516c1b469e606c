"""Where does each letter of a row stand, and which letters does the file hold in another order than they are read?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from statistics import median
from typing import TypeAlias

from ingest.readers.pdf_glyphs import Glyphs

Character: TypeAlias = tuple[str, float, float]
"""A character or word of a row with its left and right edge."""

_WORD = re.compile(r"\S+")
_LOOSE_ACCENT = re.compile(r"[ˇ´˚¨](?=\s|$)")
_STRAY_ACCENT = re.compile(r"\s*(?P<accent>[ˇ´˚¨])(?=\s|$)\s*")
_ACCENT_REACH = 3.0
"""Points between the middle of an accent and that of its letter."""
_WORD_GAP = 1.5
"""Points; letters of a word stand closer."""
_LEAST_SPACED, _SPACED_SHARE, _SPACED_CHARS = 5, 0.7, 4
_WORD_TO_LETTER_GAP = 1.6


def characters(glyphs: Glyphs, start: int, content: str) -> list[Character]:
    """Return each character of a row with its left and right edge; blanks have those of the character before."""
    left = right = 0.0
    found: list[Character] = []
    for offset, char in enumerate(content):
        index = -1 if char.isspace() else glyphs.index(start + offset)
        if index >= 0:
            left, right, _, _ = glyphs.box(index)
        found.append((char, left, right))
    return found


def words(glyphs: Glyphs, start: int, content: str, changes: Mapping[int, str]) -> list[Character]:
    """Return each word of a row, a blank behind it, with the edges of its first letter; `changes` as in `pdf_marks`."""
    left = right = 0.0
    found: list[Character] = []
    for match in _WORD.finditer(content):
        index = glyphs.index(start + match.start())
        if index >= 0:
            left, right, _, _ = glyphs.box(index)
        word = "".join(changes.get(i, content[i]) for i in range(*match.span())) if changes else match[0]
        found.append((word + " ", left, right))
    return found


def is_spaced_out(content: str) -> bool:
    """Return whether a line is set with wide gaps between its letters (`T E M A T I C K Á`)."""
    if len(content) > _SPACED_CHARS * (content.count(" ") + 1):
        return False
    words = content.split(" ")
    letters = sum(len(word) == 1 and word.isalpha() for word in words)
    return len(words) >= _LEAST_SPACED and letters > _SPACED_SHARE * len(words)


def closed_up(row: list[Character]) -> str:
    """Return a spaced-out line with its words written together: they are further apart than their letters."""
    letters = [character for character in row if not character[0].isspace()]
    gaps = [after[1] - before[2] for before, after in pairwise(letters)]
    widest = _WORD_TO_LETTER_GAP * median(gaps)
    rest = [" " + char if gap > widest else char for gap, (char, _, _) in zip(gaps, letters[1:], strict=True)]
    return letters[0][0] + "".join(rest)


def loose_accents(glyphs: Glyphs, start: int, content: str) -> dict[int, str]:
    """Return what stands in place of characters of a row in which accents stand apart from their letters.

    Old fonts draw those over capitals by themselves, and the file holds them anywhere: each is put in front of the capital
    below it, where `cleaning.compose_accents` joins the two. Keys are offsets into `content`.
    """
    changes: dict[int, str] = {}
    if not _LOOSE_ACCENT.search(content):
        return changes
    middles = {place: _middle(glyphs, start + place) for place, char in enumerate(content) if char.isupper()}
    for match in _STRAY_ACCENT.finditer(content):
        middle = _middle(glyphs, start + match.start("accent"))
        below = min(middles, key=lambda place: abs(middles[place] - middle), default=None)
        if below is None or abs(middles[below] - middle) >= _ACCENT_REACH:
            continue
        changes[below] = match["accent"] + changes.get(below, content[below])
        changes |= dict.fromkeys(range(*match.span()), "")
        if match.start() > 0 and match.end() < len(content):
            before, after = (glyphs.box(glyphs.index(start + place)) for place in (match.start() - 1, match.end()))
            changes[match.start()] = " " if after[0] - before[1] > _WORD_GAP else ""
    return changes


def _middle(glyphs: Glyphs, text_index: int) -> float:
    left, right, _, _ = glyphs.box(glyphs.index(text_index))
    return (left + right) / 2
