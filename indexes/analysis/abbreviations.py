"""Which abbreviations does a document explain, and which of its passages use one form without the other?

"Organizace pro pomoc uprchlíkům (OPU)" is written once; later passages say "OPU", or the long form again. Within that
document, and only there, both forms stand for each other: another document may mean another body by the same letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from indexes.analysis.stopwords import is_stop_word
from indexes.analysis.terms import AnalysedWord, analysed_words, passage_terms
from indexes.analysis.tokens import WORD, fold

_IN_BRACKETS = re.compile(r"\((?P<short>[^\W\d_]{2,10})\)")
_FEWEST_CAPITALS = 2
_FARTHEST = 160
"""Characters before the bracket in which the long form is looked for."""
_SENTENCE_END = re.compile(r"[.!?;:(]\s|\n")


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """Letters and what they stand for in one document, as written there."""

    short: str
    long: str
    language: str | None


def explained_abbreviations(text: str, language: str | None) -> Iterator[Abbreviation]:
    """Yield the abbreviations that `text` explains: a long form, then in brackets the first letters of its words.

    Function words may lack a letter ("Ministerstvo práce a sociálních věcí (MPSV)"). As in Schwartz and Hearst (PSB 2003),
    but with initials alone, so that a bracket which explains something else is not taken for an abbreviation.
    """
    for match in _IN_BRACKETS.finditer(text):
        short = match["short"]
        if sum(char.isupper() for char in short) >= _FEWEST_CAPITALS:
            before = _SENTENCE_END.split(text[max(match.start() - _FARTHEST, 0) : match.start()])[-1]
            long = _long_form(before, fold(short))
            if long:
                yield Abbreviation(short, long, language)


def _long_form(before: str, letters: str) -> str | None:
    """Return the end of `before` whose words begin with `letters`; None unless there are at least two words."""
    wanted = len(letters)
    for word in reversed(list(WORD.finditer(before))):
        folded = fold(word.group())
        if folded.startswith(letters[wanted - 1]):
            wanted -= 1
        elif not any(is_stop_word(word.group().lower(), language) for language in ("cs", "en")):
            return None
        if not wanted:
            return before[word.start() :].strip() if len(letters) > 1 else None
    return None


def missing_forms(text: str, language: str | None, known: Iterable[Abbreviation]) -> list[str]:
    """Return the keys of the other form of each known abbreviation of which `text` holds exactly one form."""
    abbreviations = list(known)
    words = analysed_words(text, language) if abbreviations else []
    keys: list[str] = []
    for one in abbreviations:
        has_short = any(word.surface == one.short.lower() for word in words)
        has_long = _holds(words, analysed_words(one.long, one.language))
        if has_short != has_long:
            keys += passage_terms(one.long if has_short else one.short, one.language)
    return keys


def _holds(words: Sequence[AnalysedWord], phrase: Sequence[AnalysedWord]) -> bool:
    """Return whether `phrase` stands in `words`, in any inflection."""
    places = range(len(words) - len(phrase) + 1)
    return any(
        all(not set(found.keys).isdisjoint(wanted.keys) for found, wanted in zip(words[at:], phrase, strict=False))
        for at in places
    )
