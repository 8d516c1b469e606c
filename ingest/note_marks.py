"""Is a raised sign behind a word the mark of a footnote, or does it belong to the word?

A mark glued to its word makes another word of it ("organizací5"), so marks are left out of the text. Powers (m², R²) and
the minutes of a time (15³⁰) are raised as well, and stay.
"""

from __future__ import annotations

import re

_MARK = re.compile(r"[\[(]?(?:\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*|[*†‡]{1,3})[\])]?")
_POWER = re.compile(r"(?:(?<![^\W\d_])(?:[kcmdµμn]?m|[^\W\d_])|(?<![\d/.,])10)$")
"""A unit of length or a single letter, alone, or ten."""
_TIME = re.compile(r"(?<!\d)(?:[01]?\d|2[0-4])$")
_MINUTES = {"00", "15", "30", "45"}
_NO_BASE = "([{§+=/<>„"
_SUPERIORS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUPERIOR = re.compile(r"(?<=\S)[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[,;⁾)][⁰¹²³⁴⁵⁶⁷⁸⁹]+)*(?![/⁄\w])")


def is_note_mark(before: str, mark: str) -> bool:
    """Return whether the raised sign `mark` points to a footnote; `before` is the text of the line before it."""
    base = before.rstrip()
    if not base or base[-1] in _NO_BASE or not _MARK.fullmatch(mark.strip()):
        return False
    return not (is_power(base, mark) or is_minutes(base, mark))


def is_power(before: str, mark: str) -> bool:
    """Return whether the raised figures are an exponent (m², R², 10³)."""
    return mark.isdigit() and bool(_POWER.search(before[-12:]))


def is_minutes(before: str, mark: str) -> bool:
    """Return whether the raised sign is the minutes of a time written without a colon."""
    return mark in _MINUTES and bool(_TIME.search(before[-4:]))


def raised(before: str, text: str) -> str:
    """Return what a raised text comes to: nothing for the mark of a footnote, superior figures for an exponent."""
    if is_note_mark(before, text):
        return ""
    return superior(text) if is_power(before, text) else text


def without_note_marks(text: str) -> str:
    """Return a text without the marks that stand in it as superior figures ("organizací¹").

    >>> without_note_marks("Byt má 60 m² a podporu organizací¹.")
    'Byt má 60 m² a podporu organizací.'
    """
    return _SUPERIOR.sub(lambda match: "" if _is_mark(match, text) else match[0], text)


def superior(figure: str) -> str:
    """Return a figure as it is written above the line."""
    return figure.translate(_RAISED)


def _is_mark(match: re.Match[str], text: str) -> bool:
    return is_note_mark(text[: match.start()][-20:], match[0].translate(_SUPERIORS))
