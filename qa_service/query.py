"""What may a reader ask for, and what exactly did this one ask?

Everything that comes from outside passes `parse_query` once; nothing behind it checks again.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from corpus.document import DocumentKind
from indexes.passage import Filters
from qa_service.errors import InvalidQuery, ParameterProblem

QUERY_CHARS = 500
QUERY_LANGUAGES = ("cs", "en")
RESULT_COUNTS = (1, 50)
OFFSETS = (0, 199)
YEARS = (1, 9999)
FILTER_VALUES = 50
FILTER_CHARS = 200

LIST_FILTERS = ("kind", "publisher", "source_lang", "document")
SINGLE_FILTERS = ("year_from", "year_to", "valid_on")
FILTER_NAMES = (*LIST_FILTERS, *SINGLE_FILTERS)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Query:
    """A valid query: `text` is trimmed, composed (NFC) and free of control characters."""

    text: str
    language: str | None = None
    """`cs` or `en` as the reader said; None leaves it open."""
    filters: Filters = field(default_factory=Filters)
    k: int = 10
    offset: int = 0
    """How many hits are skipped, from 0."""
    without: tuple[str, ...] = ()
    """Terms of `also_searched` that the reader took back; `*` takes all of them back."""


def clean_text(text: str) -> str:
    """Return `text` composed (NFC), with control characters and lone surrogates as spaces, runs of spaces as one."""
    printable = "".join(" " if unicodedata.category(char) in {"Cc", "Cs", "Cn", "Co"} else char for char in text)
    return " ".join(unicodedata.normalize("NFC", printable).split())


def nearest_first(name: str, known: Collection[str]) -> str:
    """Return the names in `known` as one text, those first that are most like `name`."""
    return ", ".join(difflib.get_close_matches(name, sorted(known), n=len(known), cutoff=0.0))


def parse_query(
    text: str | None,
    *,
    language: str | None = None,
    k: int | str = 10,
    offset: int | str = 0,
    filters: Mapping[str, Sequence[str]] | None = None,
    without: Sequence[str] = (),
) -> Query:
    """Return the valid query that a reader asked for.

    `filters` gives the values of each filter as text, by the names of FILTER_NAMES. Raises InvalidQuery with every
    problem that was found, not only the first.
    """
    reading = _Reading()
    query = Query(
        text=reading.text(text),
        language=reading.choice("lang", language, QUERY_LANGUAGES) if language else None,
        filters=_parse_filters(reading, filters or {}),
        k=reading.number("k", k, *RESULT_COUNTS),
        offset=reading.number("offset", offset, *OFFSETS),
        without=tuple(reading.values("without", without)),
    )
    if reading.problems:
        raise InvalidQuery(reading.problems)
    return query


def _parse_filters(reading: _Reading, given: Mapping[str, Sequence[str]]) -> Filters:
    for name in given:
        if name not in FILTER_NAMES:
            reading.add(name, "unknown_parameter", known=nearest_first(name, FILTER_NAMES))
    lists = {name: reading.values(name, given.get(name, ())) for name in LIST_FILTERS}
    singles = {name: reading.single(name, given.get(name, ())) for name in SINGLE_FILTERS}
    kinds = tuple(str(kind) for kind in DocumentKind)
    year_from = reading.optional(singles["year_from"], lambda value: reading.number("year_from", value, *YEARS))
    year_to = reading.optional(singles["year_to"], lambda value: reading.number("year_to", value, *YEARS))
    if year_from is not None and year_to is not None and year_from > year_to:
        reading.add("year_from", "years_reversed", year_from=year_from, year_to=year_to)
    return Filters(
        kind=tuple(DocumentKind(kind) for kind in lists["kind"] if reading.choice("kind", kind, kinds)),
        publisher=tuple(lists["publisher"]),
        source_lang=tuple(lists["source_lang"]),
        document=tuple(lists["document"]),
        year_from=year_from,
        year_to=year_to,
        valid_on=reading.optional(singles["valid_on"], lambda value: reading.day("valid_on", value)),
    )


class _Reading:
    """Reads parameters one by one and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[ParameterProblem] = []

    def add(self, parameter: str, code: str, **facts: str | int) -> None:
        self.problems.append(ParameterProblem(parameter, code, facts))

    def text(self, text: str | None) -> str:
        if text is None:
            self.add("q", "missing")
            return ""
        cleaned = clean_text(text)
        if len(cleaned) > QUERY_CHARS:
            self.add("q", "too_long", length=len(cleaned), limit=QUERY_CHARS)
        elif not any(char.isalnum() for char in cleaned):
            self.add("q", "empty")
        return cleaned

    def choice(self, parameter: str, value: str, choices: Sequence[str]) -> str | None:
        if value in choices:
            return value
        self.add(parameter, "not_a_choice", value=value[:FILTER_CHARS], choices=", ".join(choices))
        return None

    def number(self, parameter: str, value: int | str, least: int, most: int) -> int:
        digits = str(value).strip()
        if not (
            digits.removeprefix("-").isascii() and digits.removeprefix("-").isdecimal() and len(digits) <= QUERY_CHARS
        ):
            self.add(parameter, "not_a_number", value=digits[:FILTER_CHARS])
            return least
        if not least <= int(digits) <= most:
            self.add(parameter, "out_of_range", value=digits[:FILTER_CHARS], least=least, most=most)
            return least
        return int(digits)

    def day(self, parameter: str, value: str) -> date | None:
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.add(parameter, "not_a_date", value=value)
            return None

    def values(self, parameter: str, values: Sequence[str]) -> list[str]:
        if len(values) > FILTER_VALUES:
            self.add(parameter, "too_many_values", count=len(values), limit=FILTER_VALUES)
        longest = max(map(len, values), default=0)
        if longest > FILTER_CHARS:
            self.add(parameter, "value_too_long", length=longest, limit=FILTER_CHARS)
        return list(dict.fromkeys(cleaned for value in values if (cleaned := clean_text(value))))

    def single(self, parameter: str, values: Sequence[str]) -> str | None:
        cleaned = self.values(parameter, values)
        if len(cleaned) > 1:
            self.add(parameter, "repeated")
        return cleaned[0] if cleaned else None

    @staticmethod
    def optional(value: str | None, read: Callable[[str], T]) -> T | None:
        return None if value is None else read(value)
