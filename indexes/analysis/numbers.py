"""Which numbers, dates, amounts and sections of acts does a text name, however it writes them?

`1 500`, `1.500` and `1,500` are one number; `21. 9. 2021`, `21. září 2021`, `21 September 2021` and `2021-09-21` are one
day, and `8. a 9. června` and `8 and 9 June` are two; `15:00` and `15.00 hod.` are one time; `§ 15a` and `Section 15a` are
one section; `326/1999 Sb.` and `No. 326/1999 Coll.` are one act.
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
_MONTHS_BY_CAPITAL = frozenset({"may", "mar", "jan", "dec"})
"""In a day without a year they are months only with a capital: "persons over 18 may"."""

_GAP = r"[ \u00a0\u202f\u2009]"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)"
_MARK = r"(?:\.|st|nd|rd|th)?"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_YEAR = r"(?P<year>(?:1[5-9]|20|21)\d\d)"
_NAME = r"(?P<name>[^\W\d_]{3,9})"
_TO = rf"{_GAP}?[–—-]{_GAP}?|{_GAP}(?:až|az|do|to|till|until|through){_GAP}"
_AND = rf"{_GAP}(?:and|or|&){_GAP}|(?<=\.)(?:{_GAP}(?:a|i|nebo){_GAP}|,{_GAP}|/)"
"""A Czech number without a point is no day: "sál 3 a 9. června"."""
_EARLIER = rf"{_DAY}(?:\.{_GAP}?{_MONTH}\.|{_MARK}{_GAP}{_NAME}|{_MARK})(?:(?P<range>{_TO})|{_AND})"
_EARLIER_DAY = re.compile(_EARLIER)
_ALSO = rf"(?P<earlier>(?:{re.sub(r'[?]P<[a-z]+>', '?:', _EARLIER)}){{1,5}})?"
"""Other days that come before the day of a date, and share its year, and its month unless they have one."""

# where a date begins with its day, (?=\d) turns away all other places at a sixth of the cost
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\d-]){_YEAR}-(?P<month>0[1-9]|1[0-2])-{_DAY}(?!-)",
        rf"(?=\d)(?<![\d.]){_ALSO}{_DAY}\.{_GAP}?{_MONTH}\.{_GAP}?{_YEAR}(?!\d)",
        rf"(?=\d)(?<!\d)(?<!\d[.:]){_ALSO}{_DAY}{_MARK}{_GAP}(?:of )?{_NAME}\.?,?{_GAP}{_YEAR}(?!\d)",
        rf"(?<!\w){_NAME}\.?{_GAP}{_ALSO}{_DAY}{_MARK},?{_GAP}{_YEAR}(?!\d)",
        rf"(?<!\w){_NAME}{_GAP}{_YEAR}(?!\d)",
    )
)
_DAYS_OF_ANY_YEAR = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?=\d)(?<![\d.:,/])(?<!\d\. ){_ALSO}{_DAY}\.(?(earlier){_GAP}?|{_GAP}){_MONTH}\.(?!{_GAP}?\d)",
        rf"(?=\d)(?<![\d.:,/]){_ALSO}{_DAY}{_MARK}{_GAP}(?:of )?{_NAME}(?!\w)",
        rf"(?<!\w)(?P<name>[A-Z][a-z]{{2,8}})\.?{_GAP}{_ALSO}{_DAY}{_MARK}(?![\w%])(?![.,:]\d)",
    )
)
_TIME = re.compile(
    rf"(?<![\d:.,])(?P<hour>[01]?\d|2[0-4])(?::(?P<minute>[0-5]\d)(?![\d:])|\.(?P<of_hour>[0-5]\d)(?={_GAP}?(?:h\b|hod)))"
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
    is_taken = bytearray(len(text))
    for rule in _RULES:
        for expression in rule(text):
            place = slice(expression.start, expression.end)
            if not any(is_taken[place]):
                is_taken[place] = b"\1" * (expression.end - expression.start)
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
            month = _month(match)
            if month and not match.groupdict().get("day"):
                yield NumberExpression(*match.span(), _month_keys(match["year"], [month]))
            elif month:
                start, days = _days(match, month)
                months = list(dict.fromkeys(each for each, _ in days))
                of_year = [f"d{match['year']}-{each:02}-{day:02}" for each, day in days]
                keys = (*of_year, *_month_keys(match["year"], months), *_keys_of_any_year(days))
                yield NumberExpression(start, match.end(), keys)


def _days_of_any_year(text: str) -> Iterator[NumberExpression]:
    for pattern in _DAYS_OF_ANY_YEAR:
        for match in pattern.finditer(text):
            month = _month(match)
            if month and match.groupdict().get("name") not in _MONTHS_BY_CAPITAL:
                start, days = _days(match, month)
                yield NumberExpression(start, match.end(), _keys_of_any_year(days))


def _month(match: re.Match[str]) -> int | None:
    """Return the month that a date names, in figures or as a word; None where the word is no month."""
    parts = match.groupdict()
    return MONTHS.get(fold(parts["name"])) if parts.get("name") else int(parts.get("month") or 0) or None


def _month_keys(year: str, months: list[int]) -> tuple[str, ...]:
    return (*(f"d{year}-{month:02}" for month in months), f"n{year}")


def _keys_of_any_year(days: list[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(f"d{month:02}-{day:02}" for month, day in days)


def _days(match: re.Match[str], month: int) -> tuple[int, list[tuple[int, int]]]:
    """Return where a date starts, and its days as (month, day), those within a range too.

    What merely looks like an earlier day ("8 people and 9 June") ends it.
    """
    days = [(month, int(match["day"]))]
    if not match.groupdict().get("earlier"):
        return match.start(), days
    for earlier in reversed(list(_EARLIER_DAY.finditer(match.string, *match.span("earlier")))):
        of_month = _month(earlier) if earlier["month"] or earlier["name"] else days[0][0]
        if of_month is None:
            return earlier.end(), days
        first = int(earlier["day"])
        within = range(first + 1, days[0][1]) if earlier["range"] and of_month == days[0][0] else ()
        days = [(of_month, first), *((of_month, day) for day in within), *days]
    return match.start(), days


def _times(text: str) -> Iterator[NumberExpression]:
    for match in _TIME.finditer(text):
        hour, minute = int(match["hour"]), match["minute"] or match["of_hour"]
        yield NumberExpression(match.start(), match.end(), (f"n{hour}:{minute}", f"n{hour}"))


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


_RULES: tuple[Callable[[str], Iterator[NumberExpression]], ...] = (
    _dates,
    _days_of_any_year,
    _times,
    _sections,
    _numbered,
    _amounts,
)
