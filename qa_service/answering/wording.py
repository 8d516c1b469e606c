"""How much of what a question says does a piece of evidence say too, in whatever inflection or language?"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache

from indexes.analysis import analysed_words, passage_terms, query_terms
from indexes.contract import PassageIndex
from indexes.passage import WeightedTerm
from qa_service.answering.understanding import Understanding

Widen = Callable[[PassageIndex, str, str | None], Sequence[WeightedTerm]]
"""Returns the terms of a text with their translations; `word` counts the analysed words of the text from 0."""


def plain_terms(_: PassageIndex, text: str, language: str | None) -> Sequence[WeightedTerm]:
    """Return the terms of a text as they are, without translations."""
    return query_terms(text, language)


class Wording:
    """The words of one question as one release knows them: for each its alternatives and how much it tells."""

    def __init__(self, alternatives: Mapping[int, Mapping[str, float]], weights: Mapping[int, float]) -> None:
        """Each word, by its place in the question, has the credit (0..1) of its terms and a weight."""
        self._alternatives = alternatives
        self._weights = weights
        self._total = sum(weights.values())

    def coverage(self, terms: Collection[str]) -> float:
        """Return the share of the question, 0..1, that `terms` say; rare words count more. 1 for no words at all."""
        if not self._total:
            return 1.0
        return sum(self._weights[word] * self._credit(word, terms) for word in self._alternatives) / self._total

    def missing(self, terms: Collection[str]) -> list[int]:
        """Return the places of the words of which `terms` say nothing."""
        return [word for word in self._alternatives if not self._credit(word, terms)]

    def _credit(self, word: int, terms: Collection[str]) -> float:
        return max((credit for term, credit in self._alternatives[word].items() if term in terms), default=0.0)


def wording_of(index: PassageIndex, understood: Understanding, widen: Widen) -> Wording:
    """Return the wording of a question, without the words that only ask."""
    meant = {word.start for word in understood.words}
    return _wording(index, understood.text, understood.language, widen, meant)


def wording_of_name(index: PassageIndex, name: str, language: str | None, widen: Widen) -> Wording:
    """Return the wording of something that a question names."""
    return _wording(index, name, language, widen, None)


def _wording(
    index: PassageIndex, text: str, language: str | None, widen: Widen, starts: Collection[int] | None
) -> Wording:
    words = analysed_words(text, language)
    alternatives: dict[int, dict[str, float]] = {
        place: {} for place, word in enumerate(words) if starts is None or word.start in starts
    }
    for term in widen(index, text, language):
        if term.word in alternatives:
            known = alternatives[term.word]
            known[term.term] = max(known.get(term.term, 0.0), _credit_of(term.weight))
    weights = {place: _weight(index, terms) for place, terms in alternatives.items() if terms}
    return Wording({place: alternatives[place] for place in weights}, weights)


def _credit_of(weight: float) -> float:
    """Return how far a term stands for its word: the root lifts the low probabilities of sound translations."""
    return math.sqrt(min(1.0, max(0.0, weight)))


def _weight(index: PassageIndex, terms: Mapping[str, float]) -> float:
    """Return the inverse document frequency of a word (Robertson and Spärck Jones, smoothed), counted over its terms."""
    frequency = max(index.document_frequency(term) for term in terms)
    return math.log(1 + (index.manifest.passage_count + 0.5) / (frequency + 0.5))


@lru_cache(maxsize=8192)
def terms_of(text: str, language: str | None) -> frozenset[str]:
    """Return the terms of a sentence or a passage; kept, because the same passages are looked at again and again."""
    return frozenset(passage_terms(text, language))
