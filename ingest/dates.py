"""Which dates and years does a text name, in Czech and in English?"""

from __future__ import annotations

import datetime
import re

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "ledna january", "února february", "března march", "dubna april", "května may", "června june",
            "července july", "srpna august", "září september", "října october", "listopadu november", "prosince december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(_MONTHS)
_FORMS = (
    r"\b(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>(?:19|20)\d{2})\b",
    rf"\b(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th)?\s(?:of\s)?(?P<m>{_MONTH})\s(?P<y>(?:19|20)\d{{2}})\b",
    rf"\b(?P<m>{_MONTH})\s(?P<d>\d{{1,2}})(?:\s?(?:–|-|and|až)\s?\d{{1,2}})?,?\s(?P<y>(?:19|20)\d{{2}})\b",
    r"\b(?P<y>(?:19|20)\d{2})-(?P<m>\d{2})-(?P<d>\d{2})\b",
)
_DATES = tuple(re.compile(form, re.IGNORECASE) for form in _FORMS)
_YEAR = re.compile(r"(?<![\d/.])(?:19[89]\d|20[0-4]\d)(?![\d/])")


def dates_in(text: str) -> list[datetime.date]:
    """Return the dates with day, month and year that a text names, those of one way of writing after another."""
    return [date for pattern in _DATES for match in pattern.finditer(text) if (date := _date(match))]


def first_date(text: str) -> tuple[datetime.date, int] | None:
    """Return the date that a text begins with, blanks aside, and where it ends; None where it begins with none."""
    start = len(text) - len(text.lstrip())
    for pattern in _DATES:
        match = pattern.match(text, start)
        if match and (date := _date(match)):
            return date, match.end()
    return None


def years_in(text: str) -> list[int]:
    """Return the years from 1980 to 2049 that a text names outside dates and numbers of acts."""
    return [int(year) for year in _YEAR.findall(text)]


def _date(match: re.Match[str]) -> datetime.date | None:
    month = match["m"].lower()
    try:
        return datetime.date(int(match["y"]), int(month) if month.isdigit() else _MONTHS[month], int(match["d"]))
    except ValueError:
        return None
