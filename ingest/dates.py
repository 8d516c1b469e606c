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
_RANGE = re.compile(
    r"(?<![\d/.])(?P<first>(?:19|20)\d{2})"
    r"(?:(?:\s?[–—-]\s?|_|\s(?:až|to)\s)(?P<last>(?:19|20)\d{2})|[–—_-](?P<short>1[3-9]|[2-9]\d))(?![\d/-])"
)
"""A short end of twelve and less may be a month, and one behind a blank a count ("2020 – 45 příběhů")."""
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
    """Return the years from 1980 to 2049 that a text names outside ranges of years, dates and numbers of acts."""
    return [int(year) for year in _YEAR.findall(_RANGE.sub(" ", text))]


def year_ranges_in(text: str) -> list[tuple[int, int]]:
    """Return the first and the last year of each range, from 1980 to 2049, that a text names.

    >>> year_ranges_in("Strategie 2024–2026 navazuje na akční plán 2022-23")
    [(2024, 2026), (2022, 2023)]
    """
    found = _RANGE.finditer(text)
    ranges = [(int(match["first"]), int(match["last"] or match["first"][:2] + match["short"])) for match in found]
    return [(first, last) for first, last in ranges if 1980 <= first < last < 2050]  # noqa: PLR2004


def _date(match: re.Match[str]) -> datetime.date | None:
    month = match["m"].lower()
    try:
        return datetime.date(int(match["y"]), int(month) if month.isdigit() else _MONTHS[month], int(match["d"]))
    except ValueError:
        return None
