"""Where does each letter of a row stand, and which letters does the file hold in another order than they are read?"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
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


def characters(glyphs: Glyphs, start: int, content: str, asked: Collection[int] | None = None) -> list[Character]:
    """Return each character of a row with its left and right edge; blanks have those of the character before.

    `asked` are the offsets of those whose place matters; None stands for all.
    """
    left = right = 0.0
    found: list[Character] = []
    for offset, char in enumerate(content):
        index = -1 if char.isspace() or (asked is not None and offset not in asked) else glyphs.index(start + offset)
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


def has_loose_accents(content: str) -> bool:
    """Return whether accents stand apart from their letters in the file."""
    return _LOOSE_ACCENT.search(content) is not None


def around_accents(content: str) -> set[int]:
    """Return the offsets of the characters whose places tell where loose accents belong: `with_accents_in_place`."""
    places = {place for place, char in enumerate(content) if char.isupper()}
    for match in _STRAY_ACCENT.finditer(content):
        places |= {match.start() - 1, match.start("accent"), match.end()}
    return places


def with_accents_in_place(row: list[Character]) -> list[Character]:
    """Put accents that stand apart in the file (those over capitals, in old fonts) in front of the letters below them."""
    content = "".join(char for char, _, _ in row)
    placed = list(row)
    for match in _STRAY_ACCENT.finditer(content):
        below = _capital_below(row, match.start("accent"))
        if below is None:
            continue
        char, left, right = placed[below]
        placed[below] = (match["accent"] + char, left, right)
        gap = row[match.end()][1] - row[match.start() - 1][2] if match.end() < len(content) else 0.0
        blank = " " if match.start() > 0 and gap > _WORD_GAP else ""
        for index in range(*match.span()):
            placed[index] = (blank if index == match.start() else "", *row[index][1:])
    return placed


def _capital_below(row: list[Character], accent: int) -> int | None:
    """Return the index of the capital letter whose middle is that of the accent."""
    place = sum(row[accent][1:])
    distances = {i: abs(left + right - place) / 2 for i, (char, left, right) in enumerate(row) if char.isupper()}
    nearest = min(distances, key=lambda i: distances[i], default=None)
    return nearest if nearest is not None and distances[nearest] < _ACCENT_REACH else None
