"""Which keys does the lexical index hold for a passage, and which does a query look for?

A key is one letter that tells what it is, and the thing itself: `c` a Czech stem, `e` an English stem, `n` a number,
`d` a date, `p` a section of an act. Keys hold no spaces.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from indexes.analysis.numbers import number_expressions, number_keys
from indexes.analysis.stems import stems
from indexes.analysis.stopwords import is_stop_word
from indexes.analysis.tokens import tokenise
from indexes.passage import WeightedTerm

ANALYSIS_VERSION = "1"
"""Raised by every change after which a release would have to be built again to be found by its words."""

_ANALYSES = {"cs": ("cs",), "sk": ("cs",), "en": ("en",)}
"""Which analyses a language gets; any other text, and text of unknown language, gets both. Slovak is close to Czech."""
_PREFIX = {"cs": "c", "en": "e"}


@dataclass(frozen=True, slots=True)
class AnalysedWord:
    """A word or number of a text with the keys that stand for it; offsets are code points, end exclusive."""

    start: int
    end: int
    surface: str
    keys: tuple[str, ...]


def analysed_words(text: str, language: str | None) -> list[AnalysedWord]:
    """Return the words and numbers of `text` that carry meaning, in order of their start."""
    numbers = number_expressions(text)
    covered = {position for number in numbers for position in range(number.start, number.end)}
    found = [AnalysedWord(item.start, item.end, text[item.start : item.end].lower(), item.keys) for item in numbers]
    languages = _ANALYSES.get(language or "", ("cs", "en"))
    for token in tokenise(text):
        if token.has_digit:
            keys = () if token.start in covered else number_keys(token.surface)
        else:
            keys = tuple(dict.fromkeys(word_keys(token.surface, languages)))
        if keys:
            found.append(AnalysedWord(token.start, token.end, token.surface, keys))
    return sorted(found, key=lambda word: word.start)


def word_keys(surface: str, languages: Collection[str]) -> Iterator[str]:
    """Yield the keys of one lower-case word, none where it is a stop word."""
    for language in languages:
        if not is_stop_word(surface, language):
            yield from (_PREFIX[language] + key for key in stems(surface, language))


def passage_terms(text: str, language: str | None) -> list[str]:
    """Return the keys of a passage (or of its title or heading) in order, as often as they occur."""
    return [key for word in analysed_words(text, language) for key in word.keys]


def query_terms(text: str, language: str | None) -> list[WeightedTerm]:
    """Return the keys that a query looks for, all of weight 1; both analyses run where the language is unknown."""
    return [
        WeightedTerm(key, 1.0, position)
        for position, word in enumerate(analysed_words(text, language))
        for key in word.keys
    ]


def highlight_spans(text: str, language: str | None, terms: Collection[str]) -> list[tuple[int, int]]:
    """Return where words of `text` have one of the keys `terms`: code points, sorted, not overlapping."""
    wanted = frozenset(terms)
    spans: list[tuple[int, int]] = []
    for word in analysed_words(text, language):
        if not wanted.isdisjoint(word.keys):
            if spans and word.start < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(spans[-1][1], word.end))
            else:
                spans.append((word.start, word.end))
    return spans


def words(text: str) -> list[str]:
    """Return the words of `text` as written but in lower case, numbers left out: the vocabulary of a release."""
    return [token.surface for token in tokenise(text) if not token.has_digit]
