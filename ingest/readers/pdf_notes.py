"""Which lines at the foot of a page of a PDF are footnotes?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from ingest.cleaning import clean_text
from ingest.readers.line_ends import Compound, joined_lines
from ingest.readers.pdf_page import Line, PageLines
from ingest.readers.pdf_style import Style
from ingest.readers.reading import Block, BlockKind

_NOTE_NUMBER = re.compile(r"(?:\d{1,3}(?!\d)[.)]?|\[\d{1,3}\]|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|[*†‡]{1,3})\s*(?=\S)")
_SENTENCE_END = re.compile(r"[.!?…][\"'”“»)\]]*$")
_NOTE_INDENT = 60.0
"""Points by which the lines of one note may be set in."""
_NUMBER_AND_TEXT = 2
"""Cells of a note whose number stands apart; rows of a small table have more."""
_LOW = 0.6
"""Notes stand below this share of the height of the page."""


def split_notes(page: PageLines, lines: Sequence[Line], style: Style, goes_on: bool) -> tuple[list[Line], list[Line]]:
    """Return the lines of the body and those of the footnotes: small ones at the foot, from a number on.

    `goes_on` says that the last note of the page before is not at its end, so the first one here may have no number.
    """
    body: list[Line] = []
    notes: list[Line] = []
    for line in lines:
        follows = bool(notes) and _follows(notes[-1], line)
        is_small = style.is_small(line) or (follows and style.is_small(notes[-1]))
        begins = style.is_small(line) and (_is_numbered(line) or (goes_on and not notes))
        if is_small and line.top < _LOW * page.height and (begins or follows):
            notes.append(line)
        else:
            body.append(line)
    if goes_on and notes and not _is_numbered(notes[0]) and _has_body_below(notes[0], body):
        return list(lines), []
    return body, notes


def _is_numbered(line: Line) -> bool:
    """Return whether a line begins like a note: a number, then words, and no further columns."""
    number = _NOTE_NUMBER.match(line.text)
    return (
        number is not None and any(map(str.isalpha, line.text[number.end() :])) and len(line.cells) <= _NUMBER_AND_TEXT
    )


def _has_body_below(note: Line, body: Sequence[Line]) -> bool:
    """Return whether text of the body stands under a line: then it is a caption, not the rest of a note."""
    return any(line.top < note.bottom and line.left < note.right and note.left < line.right for line in body)


def _follows(above: Line, line: Line) -> bool:
    return (
        above.bottom - line.bottom + line.size >= 0
        and above.bottom - line.top < 1.2 * line.size
        and abs(above.left - line.left) < _NOTE_INDENT
    )


def is_unfinished(lines: Sequence[Line]) -> bool:
    """Return whether the last note of a page stops in the middle of a sentence."""
    return bool(lines) and not _SENTENCE_END.search(lines[-1].text)


def note_blocks(page: int, lines: Sequence[Line], before: Block | None, words: Collection[Compound]) -> Iterator[Block]:
    """Yield the footnotes of a page without their numbers.

    `before` is the last note of the page before where it goes on here; it comes first, with the rest of its text.
    """
    texts: list[str] = []
    for line in lines:
        if _NOTE_NUMBER.match(line.text) and (not texts or not line.text[:1].isalpha()):
            texts.append(line.text)
        elif texts:
            texts[-1] = joined_lines(texts[-1], line.text, words)
        elif before is not None:
            texts.append(line.text)
    if before is not None and texts and not _NOTE_NUMBER.match(texts[0]):
        rest = clean_text(texts.pop(0))
        text = joined_lines(before.text, rest, words)
        yield Block(BlockKind.FOOTNOTE, text, page=before.page, breaks=((len(text) - len(rest), page),))
    elif before is not None:
        yield before
    for text in texts:
        cleaned = clean_text(_NOTE_NUMBER.sub("", text, count=1))
        if any(char.isalpha() for char in cleaned):
            yield Block(BlockKind.FOOTNOTE, cleaned, page=page)
