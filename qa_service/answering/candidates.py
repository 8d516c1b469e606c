"""Which sentences of the passages found could be the answer, and how well does each fit?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from indexes.contract import Int8Array, PassageIndex
from indexes.embedding.embedder import FloatArray
from indexes.passage import Passage, PassageKind
from qa_service.answering.facts import folded_words
from qa_service.answering.naming import NamedThings, context_of
from qa_service.answering.understanding import Understanding, fits, wants_a_fact
from qa_service.answering.wording import Wording, terms_of
from qa_service.retrieval import RankedPassage, SearchResult

LOOKED_AT = 10
"""How many passages are taken apart into sentences."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign counts in the score of a sentence; the signs are 0..1, the first four weights add up to 1."""

    meaning: float = 0.35
    """Cosine of the sentence and the question."""
    words: float = 0.25
    """Share of the question's words in the sentence; words of title, headings and the sentence before count half."""
    kind: float = 0.20
    """The sentence holds the sort of thing asked for, and the question does not."""
    passage: float = 0.20
    """Score of the passage: how well its surroundings fit."""
    missing: float = 0.15
    """Taken off where the passage mentions nothing of what the question names; a part of it for a part."""

    aside: float = 0.10
    """Taken off in lists of sources and in footnotes, which name what others say."""


WEIGHTS = Weights()
MOST_REMEMBERED = 20_000
_HEADINGS: WeakKeyDictionary[PassageIndex, dict[str, frozenset[int]]] = WeakKeyDictionary()
"""Headings by open release and passage: reading them means reading the whole text of a document."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage found: `place` counts from 0 among its sentences, offsets are into the passage."""

    hit: RankedPassage
    place: int
    start: int
    end: int
    meaning: float
    words: float
    score: float
    vector: FloatArray
    """float32[d], unit length."""
    headings: frozenset[int] = frozenset()
    """Places of the sentences of its passage that are headings."""

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.hit.passage.text[self.start : self.end]


def candidates(
    index: PassageIndex, understood: Understanding, wording: Wording, things: NamedThings, result: SearchResult
) -> list[Candidate]:
    """Return the sentences of the first passages that could answer, best first; equal ones in order of their place."""
    hits = result.hits[:LOOKED_AT]
    vectors = index.sentence_vectors([hit.passage.id for hit in hits])
    scoring = _Scoring(index, understood, wording, things, result.query_vector)
    found = [
        one for hit, stored in zip(hits, vectors, strict=True) for one in scoring.of_passage(hit, unit_vectors(stored))
    ]
    return sorted(scoring.with_kind(found), key=lambda one: (-one.score, one.hit.rank, one.place))


@dataclass(frozen=True, slots=True)
class _Scoring:
    """Scores the sentences of a passage against one question."""

    index: PassageIndex
    understood: Understanding
    wording: Wording
    things: NamedThings
    query_vector: FloatArray | None
    weights: Weights = WEIGHTS

    def of_passage(self, hit: RankedPassage, vectors: FloatArray) -> list[Candidate]:
        """Return the candidates of a passage in order; `vectors` is float32[s, d], one unit vector a sentence."""
        passage = hit.passage
        meanings = np.zeros(len(vectors)) if self.query_vector is None else np.clip(vectors @ self.query_vector, 0, 1)
        about = self.weights.passage * hit.score - self.weights.missing * self._missing_share(hit)
        headings = heading_places(self.index, passage)
        found: list[Candidate] = []
        title = terms_of(context_of(hit), passage.language)
        above = before = frozenset[str]()
        meaning_above = 0.0
        is_aside = passage.kind is PassageKind.FOOTNOTE or _heads_sources(passage.heading[-1:])
        for place, (start, end) in enumerate(passage.sentences):
            sentence, meaning = passage.text[start:end], float(meanings[place])
            terms = terms_of(sentence, passage.language)
            if place in headings:
                above, meaning_above, is_aside = terms, meaning, _heads_sources((sentence,))
            elif _could_answer(sentence):
                own = self.wording.coverage(terms)
                said = (own + self.wording.coverage(terms | title | above | before)) / 2
                score = about + self._score(max(meaning, (meaning + meaning_above) / 2), said, is_aside=is_aside)
                found.append(Candidate(hit, place, start, end, meaning, own, score, vectors[place], headings))
            before = terms
        return found

    def _missing_share(self, hit: RankedPassage) -> float:
        missing = self.things.missing_around(hit)
        return len(missing) / len(self.understood.named) if missing else 0.0

    def _score(self, meaning: float, words: float, *, is_aside: bool) -> float:
        return self.weights.meaning * meaning + self.weights.words * words - self.weights.aside * is_aside

    def with_kind(self, found: Sequence[Candidate]) -> list[Candidate]:
        """Return the candidates with what their kind adds; only those that it could still bring to the top are looked at."""
        if not wants_a_fact(self.understood.kind):
            return list(found)
        least = max((one.score for one in found), default=0.0) - 2 * self.weights.kind
        return [
            replace(one, score=one.score + self.weights.kind)
            if one.score >= least and fits(self.understood.kind, one.text, self.understood.text)
            else one
            for one in found
        ]


def unit_vectors(stored: Int8Array) -> FloatArray:
    """Return stored sentence vectors as float32[s, d] of unit length."""
    vectors = stored.astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6), dtype=np.float32)


_FEWEST_WORDS = 3
_WORD = re.compile(r"\w+")
_ITEM = re.compile(r"\s*(?:[•·▪◦*–-]\s|\(?(?:\d{1,2}|[a-z])[.)]\s)")
_SENTENCE_END = re.compile(r"[.!?:;…][\"“”’»)\]]*\s*$")


def is_item(passage: Passage, place: int) -> bool:
    """Tell whether a sentence is an item of a list: by its mark, or as a line of its own without a full stop."""
    start, end = passage.sentences[place]
    sentence = passage.text[start:end]
    if _ITEM.match(sentence):
        return True
    is_line = passage.text[max(0, start - 1) : start] in ("", "\n") and passage.text[end : end + 1] in ("", "\n")
    return is_line and passage.kind is not PassageKind.TABLE and not _SENTENCE_END.search(sentence)


def heading_places(index: PassageIndex, passage: Passage) -> frozenset[int]:
    """Return which sentences of a passage, counted from 0, are headings of its document."""
    remembered = _HEADINGS.setdefault(index, {})
    known = remembered.get(passage.id)
    if known is None:
        text = index.document_text(passage.document_id)
        spans = [(one.start - passage.start, one.end - passage.start) for one in text.headings] if text else []
        known = frozenset(
            place
            for place, (start, end) in enumerate(passage.sentences)
            if any(begin <= start and end <= stop for begin, stop in spans)
        )
        if len(remembered) >= MOST_REMEMBERED:
            remembered.clear()
        remembered[passage.id] = known
    return known


_SOURCES = re.compile(
    r"(?:pouzit\w+ )?(?:zdroj|literatur|pramen|odkaz)|bibliogra|reference|(?:list of )?sources?\b|notes\b|poznamky\b|further reading"
)


def _heads_sources(headings: Iterable[str]) -> bool:
    return any(_SOURCES.match(" ".join(folded_words(heading))) for heading in headings)


_TO_A_MACHINE = re.compile(
    r"<\|?/?\w+\|?>|\bignor\w+ (?:\w+ ){0,3}(?:instruc\w+|instruk\w+|pokyn\w*|prompts?)\b|^\s*(?:system|assistant)\s*[:,]"
    r"|\b(?:when|before) (?:you )?answer|\bevery answer\b|\bkaždé odpovědi\b|!\[[^\]]*\]\(|\bbase64\b",
    re.IGNORECASE,
)


def addresses_a_machine(sentence: str) -> bool:
    """Tell whether a sentence gives orders to a language model instead of telling readers something.

    A first fence only (OWASP LLM01: no list of phrases is complete); what such a sentence asks for is stopped by the
    verification of every sentence that a model writes.
    """
    return bool(_TO_A_MACHINE.search(sentence))


def _could_answer(sentence: str) -> bool:
    """Tell whether a sentence states something: questions, bare headings and orders to a machine do not."""
    text = sentence.rstrip(' \n"“”’»)')
    return not text.endswith("?") and len(_WORD.findall(text)) >= _FEWEST_WORDS and not addresses_a_machine(text)
