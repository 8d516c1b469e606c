"""How much of what a question says does a piece of evidence say too, in whatever inflection or language?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from indexes.analysis import analysed_words, passage_terms, word_keys
from indexes.contract import PassageIndex
from indexes.passage import Passage
from qa_service.answering.places import Place, names_of_place, places
from qa_service.answering.understanding import Understanding
from qa_service.spelling import Spelling
from qa_service.widening import Alternative, QueryWord, WidenedQuery, Widening

KIN_LETTERS = 5
"""Stems that share so many first letters are taken for kin: derived words, which no stemmer brings together."""
KIN_CREDIT = 0.5
LIFT, LIFT_OF_NAMES = 1 / 3, 1 / 2
"""Powers that lift the probabilities of sound translations, which are low where a word has several. The cube root found
more of the judged answers across languages than the square root, which holds what a model writes to its sources."""
_KIN, _STEMS, _FUNCTION_WORDS = "~", "ce", ("c-", "e-")

Widen = Callable[[PassageIndex, str, str | None], WidenedQuery]
"""Returns the words of a text with all that may stand for each in a release, as `Retriever.widen` does."""


def plain_words(index: PassageIndex, text: str, language: str | None) -> WidenedQuery:
    """Return the words of a text as they are, without translations and corrections."""
    return Widening().widen(text, language, index.document_frequency, lambda: Spelling({}))


class Wording:
    """The words of one question as one release knows them: for each its alternatives and how much it tells."""

    def __init__(self, alternatives: Mapping[int, Mapping[str, float]], weights: Mapping[int, float]) -> None:
        """Each word, by its offset in the question, has the credit (0..1) of its terms and a weight."""
        self._alternatives, self._weights = alternatives, weights
        self._total = sum(weights.values())
        self._words_of_term: dict[str, list[tuple[int, float]]] = {}
        for word, credits_of_word in alternatives.items():
            for term, credit in credits_of_word.items():
                self._words_of_term.setdefault(term, []).append((word, credit))
        self._terms = frozenset(self._words_of_term)

    def without(self, words: frozenset[int]) -> Wording:
        """Return the wording of the same question without some of its words, given by their offsets."""
        kept = {start: weight for start, weight in self._weights.items() if start not in words}
        return Wording({start: self._alternatives[start] for start in kept}, kept)

    def coverage(self, terms: frozenset[str]) -> float:
        """Return the share of the question, 0..1, that `terms` say; rare words count more. 1 for no words at all."""
        if not self._total:
            return 1.0
        return sum(self._weights[word] * credit for word, credit in self._said(terms).items()) / self._total

    def heaviest_unsaid(self, terms: frozenset[str]) -> float:
        """Return the share of the question, 0..1, that the heaviest word makes up of which `terms` say nothing."""
        said = self._said(terms)
        unsaid = [weight * (1.0 - said.get(word, 0.0)) for word, weight in self._weights.items()]
        return max(unsaid) / self._total if self._total else 0.0

    def _said(self, terms: frozenset[str]) -> dict[int, float]:
        """Return the credit of each word that `terms` say, by its offset in the question."""
        best: dict[int, float] = {}
        for term in self._terms & terms:
            for word, credit in self._words_of_term[term]:
                best[word] = max(credit, best.get(word, 0.0))
        return best


def wording_of(index: PassageIndex, understood: Understanding, widen: Widen) -> Wording:
    """Return the wording of a question, without the words that only ask."""
    meant = {word.start for word in understood.words}
    widened = widen(index, understood.text, understood.language)
    named = {place.start: _names_in_one_word(place) for place in places(understood.text)}
    words = {
        word.word.start: _credits(word, word.alternatives, LIFT) | dict.fromkeys(named.get(word.word.start, ()), 1.0)
        for word in widened.words
        if word.word.start in meant
    }
    return _weighted(index, words, with_kin=True)


def _names_in_one_word(place: Place) -> frozenset[str]:
    """Return the terms of the names of a place that are one word, in both languages: Dresden is Drážďany."""
    return frozenset(term for name in names_of_place(place.number) if len(name) == 1 for term in name)


@dataclass(frozen=True, slots=True)
class NameWording:
    """How texts may word something that is named: in the words of its name, or by another name of it as a whole."""

    own: Wording
    others: tuple[Wording, ...] = ()

    def is_said(self, terms: frozenset[str], share: float) -> bool:
        """Tell whether `terms` say at least a share of the name, 0..1, rare words counting more, or all of another name."""
        return self.own.coverage(terms) >= share or any(other.coverage(terms) >= 1.0 for other in self.others)


def wording_of_name(index: PassageIndex, name: str, language: str | None, widen: Widen) -> NameWording:
    """Return the wording of something that is named; guesses at slips of the keyboard do not stand for a name.

    Of other names that the glossary knows for it none stands in part: "migrace" alone does not speak of the IOM.
    """
    widened = widen(index, name, language)
    guessed = {also.source_word.lower() for also in widened.also_searched if also.source == "spelling"}
    other_names = [
        also.term for also in widened.also_searched if also.source == "glossary" and also.source_word == name
    ]
    others = [_as_written(index, other) for other in other_names]
    partial = frozenset[str]().union(*map(_parts, other_names)) if len(widened.words) == 1 else frozenset[str]()
    words = {}
    for word in widened.words:
        if not word.word.is_common:
            own = frozenset(word.word.keys)
            kept = [
                one
                for one in word.alternatives
                if one.term in own or not (word.word.surface in guessed or one.term in partial)
            ]
            words[word.word.start] = _credits(word, kept, LIFT_OF_NAMES)
    return NameWording(_weighted(index, words), tuple(others))


def _parts(name: str) -> frozenset[str]:
    """Return the terms of a name of several words, in both languages; none for one word, which is the whole name."""
    words = analysed_words(name, None)
    return (
        frozenset(key for word in words for key in word_keys(word.surface, ("cs", "en")))
        if len(words) > 1
        else frozenset()
    )


def _as_written(index: PassageIndex, name: str) -> Wording:
    """Return the wording of a name without anything that may stand for its words."""
    words = (word for word in plain_words(index, name, None).words if not word.word.is_common)
    return _weighted(index, {word.word.start: _credits(word, (), LIFT_OF_NAMES) for word in words})


def _credits(word: QueryWord, alternatives: Iterable[Alternative], lift: float) -> dict[str, float]:
    """Return how far each term stands for a word: its probability to the power of `lift`.

    The word as it is counts in both languages, since names and loan words are not translated.
    """
    lifted = {one.term: min(1.0, max(0.0, one.credit)) ** lift for one in alternatives}
    return lifted | dict.fromkeys((*word.word.keys, *word_keys(word.word.surface, ("cs", "en"))), 1.0)


def _weighted(index: PassageIndex, words: Mapping[int, Mapping[str, float]], *, with_kin: bool = False) -> Wording:
    weights = {start: _weight(index, terms) for start, terms in words.items()}
    return Wording({start: _with_kin(terms) for start, terms in words.items()} if with_kin else words, weights)


def _with_kin(terms: Mapping[str, float]) -> dict[str, float]:
    """Return terms and, at part of their credit, what begins like each: "moderovat" and "moderátorka"."""
    kin: dict[str, float] = {}
    for term, credit in terms.items():
        beginning = _kin(term)
        if beginning:
            kin[beginning] = max(KIN_CREDIT * credit, kin.get(beginning, 0.0))
    return kin | dict(terms)


def _kin(term: str) -> str | None:
    """Return the key that a term shares with words derived from the same root, whatever the language; None for most."""
    is_stem = term[0] in _STEMS and not term.startswith(_FUNCTION_WORDS)
    return f"{_KIN}{term[1 : 1 + KIN_LETTERS]}" if is_stem and len(term) > KIN_LETTERS else None


def _weight(index: PassageIndex, terms: Mapping[str, float]) -> float:
    """Return the inverse document frequency of a word (Robertson and Spärck Jones, smoothed), counted over its terms."""
    frequency = max(index.document_frequency(term) for term in terms)
    return math.log(1 + (index.manifest.passage_count + 0.5) / (frequency + 0.5))


def terms_of_passage(passage: Passage) -> frozenset[str]:
    """Return the terms of all sentences of a passage."""
    sentences = (passage.text[start:end] for start, end in passage.sentences)
    return frozenset().union(*(terms_of(sentence, passage.language) for sentence in sentences))


@lru_cache(maxsize=32768)
def terms_of(text: str, language: str | None) -> frozenset[str]:
    """Return the terms of a sentence and their kin; kept, because the same passages are looked at again and again."""
    terms = frozenset(passage_terms(text, language))
    return terms | {kin for term in terms if (kin := _kin(term)) is not None}
