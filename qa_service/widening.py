"""Which terms does a query look for beside its own words, and why?

Translations, and words that translate alike, come from a table of probabilities, synonyms from the glossary of the staff,
and a word that the collection lacks may be a slip of one that it has. `also_searched` names what a reader would know for
an addition, and the reader can take it back; kin of a word ("policejní" for "policie"), and unlikely translations, are
searched with their small weight and can be taken back with all others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from indexes.analysis import (
    NUMERIC,
    AnalysedWord,
    analysed_words,
    fold,
    is_function_word,
    is_light,
    word_keys,
    word_weights,
)
from indexes.translation import Translation, TranslationTable
from qa_service.glossary import Glossary
from qa_service.spelling import Spelling

TAKE_BACK_ALL = "*"
GLOSSARY_WEIGHT = 0.8
"""What a variant of the glossary counts beside the words it stands for."""
SPELLING_WEIGHT = 0.7
"""What a corrected word counts beside the word as typed."""
MOST_CORRECTED = 5
"""So many unknown words of a query are looked up by likeness; a text of nothing else is not Czech or English."""
SHOWN_PROBABILITY = 0.15
"""Translations below this are searched with their small weight but not worth a reader's attention, and so is a word that
says little by itself (`indexes.analysis.light_words`)."""
SHOWN_TRANSLATIONS = 2
"""For each word; the second only where it is at least half as probable as the first."""
PART_OF_NUMBER = 1 / 16
"""How surely a part of a date or reference stands for it: who names a day wants the day. Its month or year alone, or "326" of
"326/1999", finds with a quarter of its weight (the root, see `qa_service.fusion.lexical_query`)."""

CHOSEN_WORDS, TEXT_WORDS = 8, 14
"""So many words of content, and fewer, were each chosen to search by; so many, and more, are a text."""

_DIGIT = re.compile(r"\d")
_OF_ACTS = frozenset({"sb", "coll"})

Source = Literal["glossary", "translation", "spelling"]


@dataclass(frozen=True, slots=True)
class AlsoSearched:
    """A term that was searched beside the words of the query, and where it comes from."""

    term: str
    source_word: str
    """The word or words of the query that brought it."""
    source: Source


@dataclass(frozen=True, slots=True)
class Alternative:
    """A term that may stand for a word of the query; `credit` is how surely, 0..1."""

    term: str
    credit: float


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of the query with everything that may stand for it."""

    word: AnalysedWord
    weight: float
    """What it counts beside other words, above 0 to 1."""
    alternatives: tuple[Alternative, ...]
    related: tuple[Alternative, ...] = ()
    """Words of the same language that translate alike ("policie", "policejní"): found, but not marked as the word."""

    def stand_ins(self) -> tuple[Alternative, ...]:
        """Return all terms by which the word is found."""
        return self.alternatives + self.related


@dataclass(frozen=True, slots=True)
class WidenedQuery:
    """The words of a query, the variants that the glossary adds, and what to tell the reader."""

    words: tuple[QueryWord, ...]
    variants: tuple[Alternative, ...]
    """Terms that stand for no single word; `credit` is their weight."""
    also_searched: tuple[AlsoSearched, ...]
    suggestions: tuple[str, ...]

    def highlighted_terms(self) -> frozenset[str]:
        """Return the terms to mark in a passage: those of function words only where the query has no others.

        A function word that a translation adds ("how" for "kolik") is searched, but marked in no passage.
        """
        telling = [word for word in self.words if not word.word.is_common] or self.words
        own = {key for word in telling for key in word.word.keys}
        added = {item.term for word in telling for item in word.alternatives if not is_function_word(item.term)}
        return frozenset(own | added | {variant.term for variant in self.variants})


def likeness_to_text(words: Sequence[AnalysedWord]) -> float:
    """Return how much the words of a query are a text, rising evenly from 0 to 1: see CHOSEN_WORDS."""
    count = sum(not word.is_common for word in words)
    return min(max((count - CHOSEN_WORDS) / (TEXT_WORDS - CHOSEN_WORDS), 0.0), 1.0)


class Widening:
    """Widens queries by what one installation knows."""

    def __init__(self, translations: TranslationTable | None = None, glossary: Glossary | None = None) -> None:
        self._translations = translations
        self._glossary = glossary

    def widen(
        self,
        text: str,
        language: str | None,
        document_frequency: Callable[[str], int],
        spelling: Callable[[], Spelling],
        without: Sequence[str] = (),
    ) -> WidenedQuery:
        """Return the query with all that may stand for its words.

        `document_frequency` and `spelling` speak of the release that is searched; `spelling` is called only for a query
        with unknown words. Terms in `without` are left out, all additions with TAKE_BACK_ALL.
        """
        run = _Run(text, language, document_frequency, without)
        for word, weight in zip(run.words, word_weights(run.words), strict=True):
            run.add_word(word, weight, self._translations)
        if self._glossary:
            run.add_glossary(self._glossary)
        run.add_corrections(spelling, self._translations)
        return run.widened()


class _Run:
    """The widening of one query."""

    def __init__(
        self, text: str, language: str | None, document_frequency: Callable[[str], int], without: Sequence[str]
    ) -> None:
        self.words = _asked_words(text, language)
        self._likeness_to_text = likeness_to_text(self.words)
        self._text = text
        self._language = language
        self._frequency = document_frequency
        self._refused = frozenset(fold(term) for term in without)
        self._alternatives: list[dict[str, float]] = []
        self._related: list[dict[str, float]] = []
        self._weights: list[float] = []
        self._variants: dict[str, float] = {}
        self._also: dict[tuple[str, str], AlsoSearched] = {}
        self._corrected: dict[int, str] = {}
        self._translated: set[int] = set()

    def add_word(self, word: AnalysedWord, weight: float, table: TranslationTable | None) -> None:
        """Add a word with its keys and translations; a word without any may stand in the other language as it is.

        A word counts by how much it tells in texts at large too: in a small collection a common one may happen to be rare.
        Function words and numbers do so in a text only: among chosen words the one is part of a heading to be found
        ("co je azyl"), and who names the other wants it.
        """
        is_number = word.keys[0][0] in NUMERIC
        alternatives = {key: PART_OF_NUMBER if is_number and _is_part(key, word.keys[0]) else 1.0 for key in word.keys}
        translations = [found for key in word.keys for found in (table.translations(key) if table else ())]
        self._take(alternatives, translations)
        self._tell_translations(word, translations)
        if translations:
            self._translated.add(len(self._alternatives))
        elif not is_number:
            for key in word_keys(word.surface, ("cs", "en")):
                alternatives.setdefault(key, 1.0)
        self._alternatives.append(alternatives)
        if table:
            telling = min(map(table.telling, word.keys[:1] if is_number else word.keys))
            weight *= telling**self._likeness_to_text if word.is_common or is_number else telling
        related = self._related_to(word, table) if table and not word.is_common else {}
        self._related.append({term: credit for term, credit in related.items() if term not in alternatives})
        self._weights.append(weight)

    def _related_to(self, word: AnalysedWord, table: TranslationTable) -> dict[str, float]:
        """Return the credit of the terms that are related to a word and no function words."""
        related: dict[str, float] = {}
        found = [item for key in word.keys for item in table.related(key)]
        self._take(related, [item for item in found if not is_function_word(item.term)])
        return related

    def _take(self, terms: dict[str, float], found: Sequence[Translation]) -> None:
        """Add to `terms` what the table gives for a word and the reader has not taken back."""
        for item in found:
            if self._is_wanted(item.word):
                terms[item.term] = max(item.probability, terms.get(item.term, 0.0))

    def _tell_translations(self, word: AnalysedWord, found: Sequence[Translation]) -> None:
        """Tell what a reader would know for a translation of a word; "Brno" for "Brna" is none."""
        for item in found[:SHOWN_TRANSLATIONS]:
            is_telling = not any(map(is_light, (item.term, *word.keys))) and len(item.word) > 1
            is_likely = item.probability >= max(SHOWN_PROBABILITY, found[0].probability / 2)
            is_another = set(word_keys(item.word.lower(), ("cs", "en"))).isdisjoint(word.keys)
            if is_telling and is_likely and is_another and self._is_wanted(item.word):
                self._tell(item.word, self._as_typed(word), "translation", [item.term])

    def add_glossary(self, glossary: Glossary) -> None:
        """Add the variants of what stands in the glossary; each weighs as much as the words it stands for."""
        for match in glossary.matches(self.words):
            source = self._text[self.words[match.first].start : self.words[match.last].end]
            weight = sum(self._weights[match.first : match.last + 1]) * GLOSSARY_WEIGHT
            for variant in match.variants:
                if self._is_wanted(variant.text):
                    terms = [word.keys[0] for word in variant.words]
                    self._tell(variant.text, source, "glossary", terms)
                    for term in terms:
                        if not self._vouched(term, match.first, match.last):
                            self._variants[term] = max(weight / len(terms), self._variants.get(term, 0.0))

    def _vouched(self, term: str, first: int, last: int) -> bool:
        """Raise `term` where it may stand for a word from `first` to `last` anyhow, lest it count twice; tell whether."""
        for related in self._related[first : last + 1]:
            related.pop(term, None)
        holding = [found for found in self._alternatives[first : last + 1] if term in found]
        for alternatives in holding:
            alternatives[term] = max(alternatives[term], GLOSSARY_WEIGHT)
        return bool(holding)

    def add_corrections(self, spelling: Callable[[], Spelling], table: TranslationTable | None) -> None:
        """Add the words of the release that an unknown word may be a slip of; it tells as much as the likeliest of them.

        A word that has translations is a word: that the release lacks it is no slip.
        """
        unknown = [
            (place, word)
            for place, word in enumerate(self.words)
            if not (word.is_common or place in self._translated or any(map(self._frequency, self._alternatives[place])))
        ]
        for place, word in unknown[:MOST_CORRECTED]:
            for number, correction in enumerate(spelling().corrections(word.surface)):
                keys = word_keys(correction, ("cs", "en"))
                if number == 0:
                    self._corrected[place] = correction
                    self._weights[place] *= min(map(table.telling, keys)) if table else 1.0
                if self._is_wanted(correction):
                    self._tell(correction, self._as_typed(word), "spelling", keys)
                    for key in keys:
                        self._alternatives[place].setdefault(key, SPELLING_WEIGHT)

    def widened(self) -> WidenedQuery:
        """Return what was gathered."""
        words = tuple(
            QueryWord(word, weight, _as_alternatives(alternatives), _as_alternatives(related))
            for word, weight, alternatives, related in zip(
                self.words, self._weights, self._alternatives, self._related, strict=True
            )
        )
        variants = _as_alternatives(self._variants)
        suggestions = (self._respelled(),) if self._corrected else ()
        return WidenedQuery(words, variants, self._told(), suggestions)

    def _respelled(self) -> str:
        text = self._text
        for place in sorted(self._corrected, reverse=True):
            word = self.words[place]
            text = text[: word.start] + self._corrected[place] + text[word.end :]
        return text

    def _as_typed(self, word: AnalysedWord) -> str:
        return self._text[word.start : word.end]

    def _is_wanted(self, term: str) -> bool:
        return TAKE_BACK_ALL not in self._refused and fold(term) not in self._refused

    def _tell(self, term: str, source_word: str, source: Source, keys: Sequence[str]) -> None:
        """Name an addition to the reader, unless the release has nothing of it or it is the same word again.

        What is both a translation and in the glossary is named once, by the glossary, which staff can change.
        """
        pair = fold(term), fold(source_word)
        if pair[0] != pair[1] and any(map(self._frequency, keys)):
            self._also[pair] = AlsoSearched(term, source_word, source)

    def _told(self) -> tuple[AlsoSearched, ...]:
        """Return what to tell: a word that the glossary has speaks by it alone, since its key may be that of another."""
        by_glossary = {fold(also.source_word) for also in self._also.values() if also.source == "glossary"}
        return tuple(
            also
            for also in self._also.values()
            if also.source != "translation" or fold(also.source_word) not in by_glossary
        )


def _is_part(key: str, whole: str) -> bool:
    """Tell whether a key says less than another of the same number: the year of a day, but not the second of two days."""
    return _DIGIT.sub("0", key) != _DIGIT.sub("0", whole)


def _asked_words(text: str, language: str | None) -> list[AnalysedWord]:
    """Return the words of a query but for the collection behind the number of an act: "Sb." is no "sbírka" of anything else."""
    words = analysed_words(text, language)
    follows_act = [False, *("/" in word.keys[0] for word in words)]
    return [
        word for word, follows in zip(words, follows_act, strict=False) if not (follows and word.surface in _OF_ACTS)
    ]


def _as_alternatives(terms: Mapping[str, float]) -> tuple[Alternative, ...]:
    return tuple(Alternative(term, credit) for term, credit in terms.items())
