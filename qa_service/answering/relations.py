"""Is what a question asks about a thing told in a text at all?

A text that speaks of the very person, body or meeting is the hardest trap: "Kdo přeložil manuál?" is not answered where
nothing speaks of a translation, however much is said of the manual. For common relations the words in which either
language can tell of them are few enough to be listed, unlike those for the things themselves.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path

from qa_service.answering.facts import folded_words, years
from qa_service.answering.understanding import QuestionKind, Understanding

_FILE = Path(__file__).with_name("relations.tsv")
"""One relation a line: how a question asks for it, a tab, and how else than in those words a text may tell of it.

Beginnings of folded words, ends of words marked by a dollar. The second list is as wide as it can be: a word too many
leaves a trap unseen, one too few refuses an answer.
"""

_TO_COME = re.compile(r"\b(?:bud(?:e|ou)|je (?:dalsi|pristi)|will|upcoming|is the next)\b")
"""How one speaks, in folded words, of what is to come."""
_NO_YEAR = re.compile(r"\d+/\d+|\d{4}\s?(?:Kč|korun|CZK|eur|€)", re.IGNORECASE)
"""Figures that may look like years: the number of an act ("117/1995 Sb.") and money."""


def untold(understood: Understanding, text: str) -> bool:
    """Tell whether a question asks for a relation of which a text says no word.

    What merely stands in a name asks for nothing, and a yes or a no is often told in other words.
    """
    if understood.kind is QuestionKind.YES_NO:
        return False
    asked = _asked(_without_names(understood))
    said = _flat(text) if asked else ""
    return any(not _relations()[row][1].search(said) for row in asked)


def is_over(understood: Understanding, text: str, year: int) -> bool:
    """Tell whether a question asks when something is to come, and a text names none but years before `year`.

    A text that itself speaks of what was to come tells it, and one without a year may well. The number of an act and money
    are no years.
    """
    if understood.kind is not QuestionKind.WHEN or not _TO_COME.search(_flat(understood.text)):
        return False
    named = years(_NO_YEAR.sub(" ", text))
    return bool(named) and max(map(int, named)) < year and not _TO_COME.search(_flat(text))


def _without_names(understood: Understanding) -> str:
    text = understood.text
    for name in understood.named:
        text = text[: name.start] + " " * len(name.text) + text[name.end :]
    return text


@lru_cache(maxsize=256)
def _asked(question: str) -> tuple[int, ...]:
    """Return the lines of the relations that a question asks for."""
    flat = _flat(question)
    return tuple(row for row, (asked, _) in enumerate(_relations()) if asked.search(flat))


def _flat(text: str) -> str:
    return " ".join(folded_words(text))


@lru_cache(maxsize=1)
def _relations() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    with _FILE.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(
            (_pattern(asking), _pattern(f"{asking}|{telling}" if telling else asking)) for asking, telling in rows
        )


def _pattern(beginnings: str) -> re.Pattern[str]:
    whole = beginnings.replace("$", r"\b")
    return re.compile(rf"\b(?:{whole})")
