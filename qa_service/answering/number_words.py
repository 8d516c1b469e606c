"""Which numbers does a text spell out: "sto padesát", "tři tisíce", "pětadvacet", "a hundred and fifty", "1,5 milionu"?

Czech in all cases and without diacritics, and English. "One" by itself is left out, being an article and a pronoun as
often as a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexes.analysis import fold

_WORDS = {
    1: "jeden jedna jedno one",
    2: "dva dve dvou dvema two",
    3: "tri trem tremi three",
    4: "ctyri ctyr ctyrem ctyrmi four",
    5: "pet peti five",
    6: "sest sesti six",
    7: "sedm sedmi seven",
    8: "osm osmi eight",
    9: "devet deviti nine",
    10: "deset deseti ten",
    11: "jedenact jedenacti eleven",
    12: "dvanact dvanacti twelve",
    13: "trinact trinacti thirteen",
    14: "ctrnact ctrnacti fourteen",
    15: "patnact patnacti fifteen",
    16: "sestnact sestnacti sixteen",
    17: "sedmnact sedmnacti seventeen",
    18: "osmnact osmnacti eighteen",
    19: "devatenact devatenacti nineteen",
    20: "dvacet dvaceti twenty",
    30: "tricet triceti thirty",
    40: "ctyricet ctyriceti forty",
    50: "padesat padesati fifty",
    60: "sedesat sedesati sixty",
    70: "sedmdesat sedmdesati seventy",
    80: "osmdesat osmdesati eighty",
    90: "devadesat devadesati ninety",
    100: "sto sta set ste stovka stovku stovky hundred hundreds",
    1_000: "tisic tisice tisici tisicu tisicum tisicich thousand thousands",
    1_000_000: "milion miliony milionu milionum milionech million millions",
    1_000_000_000: "miliarda miliardy miliardu miliard billion billions",
}
_VALUES = {word: number for number, words in _WORDS.items() for word in words.split()}
_UNITS = {"jedn": 1, "dva": 2, "tri": 3, "ctyri": 4, "pet": 5, "sest": 6, "sedm": 7, "osm": 8, "devet": 9}
_UNIT_FIRST = re.compile(
    rf"({'|'.join(_UNITS)})a({'|'.join(word for ten in range(20, 100, 10) for word in _WORDS[ten].split()[:2])})"
)
"""Czech also says "five-and-twenty": pětadvacet."""
_AMBIGUOUS_ALONE = frozenset({"sta", "set", "ste", *_WORDS[1].split()})
"""Words that are numbers only behind or before another one ("tři sta", "dvacet jedna"; "set" is an English word)."""
_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+")
_TEN, _HUNDRED, _THOUSAND = 10, 100, 1_000


@dataclass(frozen=True, slots=True)
class SpelledNumber:
    """A number of words, or of a figure and a word; offsets are code points, end exclusive."""

    start: int
    end: int
    value: int


def spelled_numbers(text: str) -> list[SpelledNumber]:
    """Return the numbers that `text` spells out at least in part, in order."""
    return [number for run in _runs(text) if (number := run.finished()) is not None]


@dataclass(slots=True)
class _Run:
    """Number words that make one number so far: `total` of whole thousands, and `current` below them."""

    start: int
    end: int
    words: list[str]
    total: float = 0
    current: float = 0
    scale: float = float("inf")

    def takes(self, value: float) -> bool:
        """Tell whether a word of this value can go on the number; behind a figure only "thousand" and the like can."""
        if self.words and self.words[-1][0].isdigit() and value < _HUNDRED:
            return False
        if value >= _THOUSAND:
            return value < self.scale and (self.current > 0 or not self.words)
        if value == _HUNDRED:
            return self.current < _HUNDRED and (self.current > 0 or not self.words or self.total > 0)
        if value >= 2 * _TEN:
            return self.current % _HUNDRED == 0
        return self.current % _TEN == 0 and (self.current % _HUNDRED == 0 or value < _TEN)

    def add(self, word: str, value: float, end: int) -> None:
        """Go on the number with a word."""
        if value >= _THOUSAND:
            self.total += max(self.current, 1) * value
            self.current, self.scale = 0, value
        elif value == _HUNDRED:
            self.current = max(self.current, 1) * _HUNDRED
        else:
            self.current += value
        self.words.append(word)
        self.end = end

    def finished(self) -> SpelledNumber | None:
        """Return the number, None where it is no more than an article or a bare figure."""
        is_bare = len(self.words) == 1 and (self.words[0] in _AMBIGUOUS_ALONE or self.words[0][0].isdigit())
        return None if is_bare else SpelledNumber(self.start, self.end, round(self.total + self.current))


def _runs(text: str) -> Iterator[_Run]:
    run: _Run | None = None
    for match in _TOKEN.finditer(text):
        word = fold(match.group())
        value = _value(word)
        if run is not None and value is None and word in ("a", "and") and _is_close(text, run.end, match.start()):
            continue  # "a hundred and fifty"; what follows decides
        goes_on = run is not None and value is not None and run.takes(value) and _joins(text[run.end : match.start()])
        if run is not None and not (goes_on and not word[0].isdigit()):
            yield run
            run = None
        if value is not None:
            run = run or _Run(match.start(), match.end(), [])
            run.add(word, value, match.end())
    if run is not None:
        yield run


def _value(word: str) -> float | None:
    if word[0].isdigit():
        return float(word.replace(",", "."))
    unit_first = _UNIT_FIRST.fullmatch(word)
    if unit_first:
        return _UNITS[unit_first[1]] + _VALUES[unit_first[2]]
    return _VALUES.get(word)


def _joins(between: str) -> bool:
    return between.strip(" \u00a0-") in ("", "a", "and")


def _is_close(text: str, end: int, start: int) -> bool:
    return not text[end:start].strip(" \u00a0")
