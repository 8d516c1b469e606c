"""Which part of a passage is shown, and which words of it are marked?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

EXCERPT_CHARS = 420
"""About five lines of the results page: enough for two or three sentences, so that most hits need no opening."""
LONGEST_WORD = 60
"""What holds no space for so many characters is no word: an address, or the dots of a table of contents."""

_SENTENCE_END = re.compile(r"(?<=[.!?:;…])\n")
_LINE_END = re.compile(r"\s*\n\s*")

Span = tuple[int, int]
"""Offsets in Unicode code points, end exclusive."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is marked as a whole or not at all."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Part of a text, with marks; tells whether something was left out on either side."""

    runs: tuple[Run, ...]
    cut_before: bool
    cut_after: bool


def marked_runs(text: str, spans: Sequence[Span], start: int = 0, end: int | None = None) -> tuple[Run, ...]:
    """Return `text[start:end]` as runs, marked where `spans` (sorted, not overlapping, into `text`) say so."""
    end = len(text) if end is None else end
    runs: list[Run] = []
    position = start
    for first, last in ((max(a, start), min(b, end)) for a, b in spans):
        if first >= last:
            continue
        if position < first:
            runs.append(Run(text[position:first], marked=False))
        runs.append(Run(text[first:last], marked=True))
        position = last
    if position < end:
        runs.append(Run(text[position:end], marked=False))
    return tuple(runs)


def excerpt(text: str, spans: Sequence[Span], limit: int = EXCERPT_CHARS) -> Excerpt:
    """Return the stretch of about `limit` characters that holds the most marks, cut between words, on one line."""
    start = _word_start(text, _best_start(spans, limit)) if len(text) > limit else 0
    end = _word_end(text, min(start + limit, len(text)))
    runs = tuple(Run(_one_line(run.text), run.marked) for run in marked_runs(text, spans, start, end))
    return Excerpt(runs, cut_before=start > 0, cut_after=end < len(text))


def _one_line(text: str) -> str:
    """Return the text with its lines joined as in print: by a space behind a sentence, else by a slash."""
    return _LINE_END.sub(" / ", _SENTENCE_END.sub(" ", text))


def _best_start(spans: Sequence[Span], limit: int) -> int:
    """Return where the window with the most marks begins: at the start of the text if the first mark is near it."""
    if not spans or spans[-1][1] <= limit:
        return 0
    counts = [sum(1 for a, b in spans if first <= a and b <= first + limit * 3 // 4) for first, _ in spans]
    first = spans[counts.index(max(counts))][0]
    lead = limit // 4
    return 0 if first <= lead else first - lead


def _word_start(text: str, position: int) -> int:
    """Return where the next word begins, the position itself within what is too long for a word."""
    near = range(position, min(position + LONGEST_WORD, len(text)))
    return next((start for start in near if start == 0 or text[start - 1].isspace()), position)


def _word_end(text: str, position: int) -> int:
    """Return where the last word that is whole ends, the position itself within what is too long for a word."""
    if position == len(text):
        return position
    least = max(0, position - LONGEST_WORD)
    cut = max(text.rfind(" ", least, position), text.rfind("\n", least, position))
    return cut if cut > 0 else position
