"""Which numbers, dates, amounts and sections of acts does a text name, however it writes them?

`1 500`, `1.500` and `1,500` are one number; `21. 9. 2021`, `21. září 2021`, `21 September 2021` and `2021-09-21` are one
day; `§ 15a` and `Section 15a` are one section; `326/1999 Sb.` and `No. 326/1999 Coll.` are one act.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from indexes.analysis.tokens import fold

_MONTH_NAMES = (
    "leden ledna lednu january jan",
    "unor unora unoru february feb",
    "brezen brezna breznu march mar",
    "duben dubna dubnu april apr",
    "kveten kvetna kvetnu may",
    "cerven cervna cervnu june jun",
    "cervenec cervence cervenci july jul",
    "srpen srpna srpnu august aug",
    "zari september sep sept",
    "rijen rijna rijnu october oct",
    "listopad listopadu november nov",
    "prosinec prosince prosinci december dec",
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
"""Folded month names of both languages, in the cases in which dates use them."""

_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?P<year>(?:1[5-9]|20|21)\d\d)"
_NAME = r"(?P<name>[^\W\d_]{3,9})"
_GAP = r"[ \u00a0\u202f\u2009]"

_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\d-]){_YEAR}-(?P<month>0[1-9]|1[0-2])-{_DAY}(?![\d-])",
        rf"(?<![\d.]){_DAY}\.{_GAP}?(?P<month>0?[1-9]|1[0-2])\.{_GAP}?{_YEAR}(?!\d)",
        rf"(?<!\d){_DAY}(?:\.|st|nd|rd|th)?{_GAP}(?:of )?{_NAME}\.?,?{_GAP}{_YEAR}(?!\d)",
        rf"(?<!\w){_NAME}\.?{_GAP}{_DAY}(?:st|nd|rd|th)?,?{_GAP}{_YEAR}(?!\d)",
        rf"(?<!\w){_NAME}{_GAP}{_YEAR}(?!\d)",
    )
)
_SECTION = re.compile(
    rf"(?:§+|\b(?:section|sect?\.|paragraf\w{{0,3}})){_GAP}*(?P<number>\d{{1,4}})\)?{_GAP}?(?:\((?P<part>[a-z])\)|(?P<letter>[a-z]\b)?)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?<![\w/])(?P<first>\d{1,4})/(?P<second>\d{1,4})(?!\d)")
_NO_SUFFIX = r"(?!\d|(?:st|nd|rd|th|[^\W\d_])(?![^\W_]))"
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<whole>\d{{1,3}}(?:(?P<gap>[.,]|{_GAP})\d{{3}}(?:(?P=gap)\d{{3}})*)?|\d+)(?:[.,](?P<part>\d+))?{_NO_SUFFIX}"
)
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")


@dataclass(frozen=True, slots=True)
class NumberExpression:
    """A number, date or reference in a text with the keys that stand for it; offsets are code points, end exclusive."""

    start: int
    end: int
    keys: tuple[str, ...]


def number_expressions(text: str) -> list[NumberExpression]:
    """Return what `text` says in numbers of more than one sign, in order, not overlapping; earlier rules win."""
    if not any(char.isdigit() for char in text):
        return []
    found: list[NumberExpression] = []
    for rule in _RULES:
        for expression in rule(text):
            if all(expression.end <= other.start or other.end <= expression.start for other in found):
                found.append(expression)
    return sorted(found, key=lambda expression: expression.start)


def number_keys(surface: str) -> tuple[str, ...]:
    """Return the keys of one word that holds a digit: "15a", "b1", "10th"."""
    folded = fold(surface)
    ordinal = _ORDINAL.match(folded)
    return (f"n{(ordinal.group(1) if ordinal else folded).lstrip('0') or '0'}",)


def _dates(text: str) -> Iterator[NumberExpression]:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = MONTHS.get(fold(parts["name"])) if parts.get("name") else int(parts["month"])
            if month:
                keys = [f"d{parts['year']}-{month:02}", f"n{parts['year']}"]
                if parts.get("day"):
                    keys.insert(0, f"d{parts['year']}-{month:02}-{int(parts['day']):02}")
                yield NumberExpression(match.start(), match.end(), tuple(keys))


def _sections(text: str) -> Iterator[NumberExpression]:
    for match in _SECTION.finditer(text):
        number = match["number"] + (match["part"] or match["letter"] or "").lower()
        yield NumberExpression(match.start(), match.end(), (f"p{number}", f"n{number}"))


def _numbered(text: str) -> Iterator[NumberExpression]:
    for match in _NUMBERED.finditer(text):
        first, second = match["first"], match["second"]
        yield NumberExpression(match.start(), match.end(), (f"n{first}/{second}", f"n{first}", f"n{second}"))


def _amounts(text: str) -> Iterator[NumberExpression]:
    for match in _AMOUNT.finditer(text):
        whole = re.sub(r"\D", "", match["whole"]).lstrip("0") or "0"
        part = (match["part"] or "").rstrip("0")
        yield NumberExpression(match.start(), match.end(), (f"n{whole}.{part}" if part else f"n{whole}",))


_RULES: tuple[Callable[[str], Iterator[NumberExpression]], ...] = (_dates, _sections, _numbered, _amounts)
