"""Which particular things does a text name: numbers, dates, persons, places, institutions?

Czech and English. Separators are normalised only for comparing; what is shown is always the source's own wording.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from indexes.analysis import MONTHS, NumberExpression, fold, number_expressions
from qa_service.answering.number_words import spelled_numbers

ENGLISH_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS_THAT_ARE_ALSO_WORDS = frozenset({"may", "mar", "jan", "dec", "listopad"})

_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20|21)\d{2}(?!\d)")
_MONTH_OF_DATE = re.compile(r"d(?:\d{4}-)?(\d\d)")
_DAY_OR_HOUR = re.compile(r"\d{1,2}\.\s?\d{1,2}\.|\d{1,2}:\d{2}")


class FactKind(StrEnum):
    """What sort of particular thing is named."""

    NAME = "name"
    PLACE = "place"
    DATE = "date"
    """A month of a year, or a day."""
    YEAR = "year"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Named:
    """Something particular that a text names: `text` is as written, at `start` (code points)."""

    text: str
    kind: FactKind
    start: int

    @property
    def end(self) -> int:
        """The offset behind its last character."""
        return self.start + len(self.text)


def folded_words(text: str) -> list[str]:
    """Return the words of `text` without digits, folded, in order."""
    return [fold(word) for word in _WORD.findall(text)]


def number_keys(text: str) -> frozenset[str]:
    """Return keys of all numbers, dates and sections of acts in `text`, those spelled out in words too.

    Equal things have equal keys: "1 250" and "1,250", "sto padesát" and "150", "14. května 2019" and "2019-05-14".
    """
    spelled = spelled_numbers(text)
    keys = {
        key
        for expression in number_expressions(text)
        if not any(one.start <= expression.start < one.end for one in spelled)
        for key in expression.keys
    }
    keys.update(f"n{one.value}" for one in spelled)
    keys.update(f"m{int(month[1])}" for month in map(_MONTH_OF_DATE.match, tuple(keys)) if month)
    keys.update(f"m{MONTHS[word]}" for word in _month_words(text))
    return frozenset(keys)


def years(text: str) -> frozenset[str]:
    """Return the four-digit years of `text`, 1800 to 2199."""
    return frozenset(_YEAR.findall(text))


def has_date(text: str) -> bool:
    """Tell whether `text` names a year, a month, a day or a time of day."""
    return bool(_YEAR.search(text) or _month_words(text) or _DAY_OR_HOUR.search(text))


def has_number(text: str) -> bool:
    """Tell whether `text` names a number that is part of no date and of no name ("Praha 14")."""
    plain = {key for key in number_keys(text) if key.startswith("n")}
    other = {f"n{year}" for year in years(text)}
    named = [(name.start, name.end) for name in names(text)]
    for expression in number_expressions(text):
        is_named = any(start < expression.start < end for start, end in named)
        if is_named or _is_of_date(text, expression):
            other.update(expression.keys)
    return bool(plain - other)


def counting_ends(text: str) -> list[int]:
    """Return where each number of a text ends that is part of no date, so that it may count what follows."""
    written = [number.end for number in number_expressions(text) if not _is_of_date(text, number)]
    return written + [number.end for number in spelled_numbers(text)]


def _is_of_date(text: str, number: NumberExpression) -> bool:
    """Tell whether a number is a date or a year."""
    return any(key.startswith("d") for key in number.keys) or bool(_YEAR.fullmatch(text[number.start : number.end]))


def names(text: str) -> tuple[Named, ...]:
    """Return runs of capitalised words ("Vít Rakušan", "Praha 14", "OBSE/ODIHR") in order.

    The word that opens a sentence counts only where it is an abbreviation or leads a longer run, and never where it is
    a word that often opens sentences.
    """
    found = []
    for match in _NAME_RUN.finditer(text):
        start, run = match.start(), _POSSESSIVE.sub("", match.group())
        first, _, rest = run.partition(" ")
        if _SENTENCE_START.search(text[:start]) and not (first.isupper() and len(first) > 1):
            if not rest:
                continue
            if fold(first) in _OPENING:
                start, run = start + len(first) + 1, rest
        if fold(run) not in _CALENDAR:
            found.append(Named(run, FactKind.NAME, start))
    return tuple(found)


def body_words(text: str) -> list[str]:
    """Return the folded words of `text` that say what kind of institution it names: ministry, centre, office ..."""
    return [word for word in folded_words(text) if _BODY.match(word)]


def denies(text: str) -> bool:
    """Tell whether `text` says that something is not so, in Czech or English."""
    return any(_DENIAL.fullmatch(word) for word in folded_words(text)) or bool(_CONTRACTED_DENIAL.search(text))


def _month_words(text: str) -> set[str]:
    return {word for word in folded_words(text) if word in MONTHS} - _MONTHS_THAT_ARE_ALSO_WORDS


_UPPER = "A-ZÁÄČĎÉĚËÍĹĽŇÓÔÖŘŔŠŤÚŮÜÝŽ"
_CAPITALISED = rf"(?:[{_UPPER}][\w’'/-]*[\w]|[{_UPPER}]\.?)"
_NAME_RUN = re.compile(
    rf"(?<!\w){_CAPITALISED}(?:[ \u00a0]{_CAPITALISED}|[ \u00a0]\d{{1,2}}(?![\w:%]|,\d|\.(?:\d|\s*[a-zá-ž])))*"
)
_POSSESSIVE = re.compile(r"[’']s$")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;•\n–])\s*[„“\"«(\[]*\s*$|[„“\"«]$")
_OPENING_WORDS = """
the a an in on at by for from with after before during since under this these that those its their our we it and
but or as if when where who what which how why does do did is are was were can could has have may must there list
v ve na po za od do pro pri s se z ze k ke o u podle tato toto tento tyto ti ta to i a ale proto dale jako mezi
vsem pan pani mr mrs ms dr kdo kdy kde kolik co jak jaky jaka jake ktery ktera ktere kteri proc kam odkud
je jsou ma maji muze mohou musi smi lze existuje existuji byl byla bylo byli bude plati ano ne
"""
_OPENING = frozenset(_OPENING_WORDS.split())
"""Folded words that often open a sentence or a question with a capital letter and name nothing."""
_CALENDAR = frozenset({*MONTHS, *ENGLISH_WEEKDAYS, *(f"{day}s" for day in ENGLISH_WEEKDAYS)})
"""Folded words that English writes with a capital letter and that name nobody."""
_BODY = re.compile(
    r"(?:ministerstv|magistrat|urad|centr|sdruzen|konsorci|organizac|nadac|spolek|spolk|agentur|odbor|rad[ay]\b|svaz|"
    r"institut|univerzit|policie|komis|platform|ministry|office|cent(?:er|re)\b|association|consortium|organi[sz]ation|"
    r"foundation|agency|department|council|institute|university|police|commission|union)"
)
_DENIAL = re.compile(
    r"not|never|no|none|neither|nor|without|cannot|except|ne|nikdy|nikdo|nikde|nic|zadn\w+|bez|ani"
    r"|ne(?!j|k|bo|b[ey]|co$|ch\b|mec|del|mocn|movit|ziskov|zletil|vlad|stat|formal|zbyt|gativ|utral|pal"
    r"|ed|xt|w|tw|ar|igh|cess|got|ver)\w{2,}"
)
"""Folded words of denial; the Czech prefix "ne-" without the commonest words of both languages that merely begin so."""
_CONTRACTED_DENIAL = re.compile(r"\w+n[’']t\b")
