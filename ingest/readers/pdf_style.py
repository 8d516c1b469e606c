"""What does the body text of a PDF look like, and what its headings of each level?

Everything is measured against the document itself: its most frequent font size and boldness. Where the file has an
outline, its levels are those of the looks in which its titles are set.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.readers.pdf_page import Line, PageLines
from ingest.readers.pdf_structure import OutlineEntry

Look = tuple[float, bool]
"""Size of the font in half points and whether it is bold."""

SMALLER = 0.93
"""Text of a smaller size than this share of the body's is set apart: footnotes, captions."""
HEADING_CHARS = 200
_LARGER, MUCH_LARGER = 1.1, 1.3
"""Text of a larger size than this share of the body's is a heading; one that ends like a sentence has to be much larger."""
_PROSE_SHARE = 0.05
_BOLDER = 1.25
_MOST_LEVELS = 6
_LEAST_TITLE_LETTERS = 3
_LETTER = re.compile(r"[^\W\d_]")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_NUMBERING = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Style:
    """What the text of a document looks like."""

    size: float
    """Height of the font of the body in points."""
    weight: int
    titles: Mapping[str, int] = field(default_factory=dict)
    """Level by the bare letters of each title of the outline."""
    initials: frozenset[str] = frozenset()
    """The first letters of the titles."""
    levels: Mapping[Look, int] = field(default_factory=dict)

    def look(self, line: Line) -> Look:
        """Return what tells the headings of one level from those of another."""
        return round(line.size * 2) / 2, self.is_bold(line)

    def is_bold(self, line: Line) -> bool:
        """Return whether a line is set bolder than the body."""
        return self.weight > 0 and line.weight >= _BOLDER * self.weight

    def is_small(self, line: Line) -> bool:
        """Return whether a line is set smaller than the body."""
        return line.size < SMALLER * self.size

    def may_be_heading(self, line: Line) -> bool:
        """Return whether a line is larger or bolder than the body, and no sentence."""
        text = line.text
        is_larger = line.size >= _LARGER * self.size
        if not (is_larger or self.is_bold(line)) or len(text) > HEADING_CHARS or not any(map(str.isalpha, text)):
            return False
        if is_larger and (line.size >= MUCH_LARGER * self.size or not text.endswith(".")):
            return True
        return (
            self.is_bold(line)
            and not self.is_small(line)
            and not text.endswith((".", ",", ";", ":"))
            and not line.cells
        )

    def is_titled(self, text: str) -> bool:
        """Return whether a line is a title of the outline, whatever it looks like."""
        return (
            bool(self.titles)
            and _initial(text) in self.initials
            and not text.endswith((".", ","))
            and bare_letters(text) in self.titles
        )

    def level(self, text: str, line: Line) -> int:
        """Return the level, from 1, of a heading whose first line is `line`."""
        outlined = self.titles.get(bare_letters(text), 0) if self.titles else 0
        if outlined:
            return outlined
        level = self.levels.get(self.look(line), 1)
        numbering = numbering_of(text)
        return level + numbering.count(".") if numbering else level


def style_of(pages: Sequence[PageLines], outline: Sequence[OutlineEntry]) -> Style:
    """Return the style of a document."""
    sizes: Counter[float] = Counter()
    weights: Counter[int] = Counter()
    lines = [line for page in pages for line in page.lines]
    prose = [line for line in lines if not line.cells]
    looks: Counter[tuple[float, int]] = Counter()
    for line in prose if len(prose) > _PROSE_SHARE * len(lines) else lines:
        looks[line.size, line.weight] += len(line.text)
    for (size, weight), count in looks.items():
        sizes[round(size, 1)] += count
        weights[weight] += count
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    weight = weights.most_common(1)[0][0] if weights else 0
    named = {bare_letters(entry.title): entry.level for entry in outline}
    titles = {name: level for name, level in named.items() if len(name) >= _LEAST_TITLE_LETTERS}
    plain = Style(size, weight, titles, frozenset(name[0] for name in titles))
    return replace(plain, levels=_levels(plain, [line for line in lines if plain.may_be_heading(line)]))


def _levels(style: Style, lines: Sequence[Line]) -> dict[Look, int]:
    """Return the level of each look: the one its titles have in the outline, else by its rank in size and boldness."""
    looks = {style.look(line) for line in lines}
    ranked = sorted(looks, key=lambda look: (-look[0], not look[1]))
    levels = {look: min(level, _MOST_LEVELS) for level, look in enumerate(ranked, start=1)}
    outlined: defaultdict[Look, Counter[int]] = defaultdict(Counter)
    for line in lines if style.titles else ():
        level = style.titles.get(bare_letters(line.text))
        if level:
            outlined[style.look(line)][level] += 1
    return levels | {look: counts.most_common(1)[0][0] for look, counts in outlined.items()}


def numbering_of(text: str) -> str:
    """Return the number that a heading begins with ("2.1"), empty where it has none."""
    match = _NUMBERING.match(text)
    return match[1] if match else ""


def _initial(text: str) -> str:
    """Return the first letter of a text, in lower case; empty where it has none."""
    first = text[:1]
    if not first.isalpha():
        found = _LETTER.search(text)
        first = found[0] if found else ""
    return first.casefold()[:1]


def bare_letters(text: str) -> str:
    """Return the letters of a text, in lower case."""
    return _NO_LETTERS.sub("", text).casefold()
