"""Which keys does the lexical index hold for a passage, and which does a query look for?

A key is one letter that tells what it is, and the thing itself: `c` a Czech stem, `e` an English stem (`c-`, `e-` a
function word), `n` a number, `d` a date, `p` a section of an act. Keys hold no spaces.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from indexes.analysis.numbers import number_expressions, number_keys
from indexes.analysis.stems import stems
from indexes.analysis.stopwords import is_stop_word
from indexes.analysis.tokens import WORD, fold, plain_words
from indexes.passage import WeightedTerm

ANALYSIS_VERSION = "7"
"""Raised by every change after which a release would have to be built again to be found by its words."""

COMMON_WORD_WEIGHT = 0.5
"""What a function word of a query counts beside any other word: little, but "co to je" is a heading to be found by."""

_ANALYSES = {"cs": ("cs",), "sk": ("cs",), "en": ("en",)}
"""Which analyses a language gets; any other text, and text of unknown language, gets both. Slovak is close to Czech."""
_BOTH = ("cs", "en")
NUMERIC = "ndp"
"""What the keys of numbers, dates and sections begin with."""
_PREFIX = {"cs": "c", "en": "e"}
_FUNCTION = "-"


@dataclass(frozen=True, slots=True)
class AnalysedWord:
    """A word or number of a text with the keys that stand for it; offsets are code points, end exclusive."""

    start: int
    end: int
    surface: str
    """As written, in lower case."""
    keys: tuple[str, ...]
    is_common: bool = False
    """Whether it is a function word: of little weight in a query, and never highlighted."""


def analysed_words(text: str, language: str | None) -> list[AnalysedWord]:
    """Return the words and numbers of `text`, in order of their start; a date is one, and so is the month in it.

    A word with a capital gets both analyses: it may be a name, and names are inflected in Czech ("v Lounech") but stand
    in English texts as they are ("Louny"). The keys of its own language come first.
    """
    numbers = number_expressions(text)
    covered = {position for number in numbers for position in range(number.start, number.end)}
    found = [AnalysedWord(item.start, item.end, text[item.start : item.end].lower(), item.keys) for item in numbers]
    languages = analyses_of(language)
    for match in WORD.finditer(text):
        start, end = match.span()
        surface = match.group().lower()
        if match.lastgroup:
            found.append(AnalysedWord(start, end, surface, *_analysed(surface, languages, text[start].isupper())))
        elif start not in covered:
            found.append(AnalysedWord(start, end, surface, number_keys(surface)))
    return sorted(found, key=lambda word: word.start)


def analyses_of(language: str | None) -> tuple[str, ...]:
    """Return in which languages (`cs`, `en`) the words of a text are analysed."""
    return _ANALYSES.get(language or "", _BOTH)


def keys_of_word(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys of one word of letters, as written, of a text that is analysed in `languages`."""
    return _analysed(word.lower(), languages, word[0].isupper())[0]


@lru_cache(maxsize=65536)
def _analysed(surface: str, languages: tuple[str, ...], has_capital: bool) -> tuple[tuple[str, ...], bool]:
    """Return the keys of a word, and whether it is a function word of any of the languages."""
    is_common = any(is_stop_word(surface, language) for language in languages)
    may_be_name = has_capital and not is_common
    return word_keys(surface, dict.fromkeys((*languages, *_BOTH)) if may_be_name else languages), is_common


def word_keys(surface: str, languages: Collection[str]) -> tuple[str, ...]:
    """Return the keys of one lower-case word in the given languages (`cs`, `en`)."""
    return tuple(_PREFIX[language] + key for language in languages for key in _keys_in(surface, language))


def _keys_in(surface: str, language: str) -> tuple[str, ...]:
    """Return the stems of a word; a function word stands for itself, so that "být" does not meet "byt"."""
    return (f"{_FUNCTION}{fold(surface)}",) if is_stop_word(surface, language) else stems(surface, language)


def is_function_word(key: str) -> bool:
    """Return whether a key is that of a function word."""
    return key[1:2] == _FUNCTION


def passage_terms(text: str, language: str | None) -> list[str]:
    """Return the keys of the text of a passage in order, as often as they occur."""
    return [key for word in analysed_words(text, language) for key in word.keys]


def word_weights(words: Collection[AnalysedWord]) -> list[float]:
    """Return what each word of a query counts: function words less, unless there are no others."""
    if all(word.is_common for word in words):
        return [1.0] * len(words)
    return [COMMON_WORD_WEIGHT if word.is_common else 1.0 for word in words]


def query_terms(text: str, language: str | None) -> list[WeightedTerm]:
    """Return the keys of the words of a query; both analyses run where the language is unknown."""
    found = analysed_words(text, language)
    return [
        WeightedTerm(key, weight, position)
        for position, (word, weight) in enumerate(zip(found, word_weights(found), strict=True))
        for key in word.keys
    ]


def words(text: str) -> list[str]:
    """Return the words of `text` as written but in lower case, numbers left out: the vocabulary of a release."""
    return plain_words(text)
