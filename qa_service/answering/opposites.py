"""Does a text say the very opposite of what a question asks for?

"Kdy projekt skončil?" is not answered by the day on which it began, though all other words agree. A list of common
opposites in both languages, and words that differ by no more than a prefix of denial ("officially", "unofficially").
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path

from qa_service.answering.facts import folded_words

_FILE = Path(__file__).with_name("opposites.tsv")
"""One pair of opposites a line, parted by a tab: beginnings of folded words, those of whole words marked by a dollar."""
_PREFIXES = ("un", "non", "dis")
"""English alone: a Czech verb that is denied may well be the answer ("Nepřijel nikdo")."""
_SHORTEST_WORD = 4
"""Shorter words that a prefix of denial seems to precede are too often another word."""
_MEASURED = re.compile(r"\b(?:how|jak) \w+")
"""In "how long" and "jak velký" the second word asks for a measure and claims nothing."""


def opposed(question: str, text: str) -> bool:
    """Tell whether a text says the opposite of a word of a question, and not that word itself."""
    asked = frozenset(_MEASURED.sub(" ", " ".join(folded_words(question))).split())
    said = frozenset(folded_words(text))
    return _by_list(asked, said) or _by_prefix(asked - said, said) or _by_prefix(said - asked, asked, said)


def _by_list(asked: frozenset[str], said: frozenset[str]) -> bool:
    wanted, told = _sides(asked), _sides(said)
    opposites = {(row, not side) for row, side in wanted - told} - wanted
    return not opposites.isdisjoint(told)


def _by_prefix(plain: frozenset[str], others: frozenset[str], also: frozenset[str] = frozenset()) -> bool:
    """Tell whether `others` hold one of the `plain` words behind a prefix of denial, and not among `also` as well."""
    long_enough = (word for word in plain if len(word) >= _SHORTEST_WORD)
    return any(prefix + word in others - also for word in long_enough for prefix in _PREFIXES)


def _sides(words: frozenset[str]) -> frozenset[tuple[int, bool]]:
    return frozenset().union(*(_sides_of(word) for word in words))


@lru_cache(maxsize=16384)
def _sides_of(word: str) -> frozenset[tuple[int, bool]]:
    """Return the lines of the list on which a word stands, and on which side of them."""
    return frozenset(
        (row, side)
        for row, pair in enumerate(_pairs())
        for side, pattern in zip((False, True), pair, strict=True)
        if pattern.match(word)
    )


@lru_cache(maxsize=1)
def _pairs() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    with _FILE.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple((re.compile(f"(?:{one})"), re.compile(f"(?:{other})")) for one, other in rows)
