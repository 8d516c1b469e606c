"""Which sentences of the passages found could be the answer, and how likely does each look by itself?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from indexes.analysis import fold, is_stop_word
from indexes.contract import Int8Array, PassageIndex
from indexes.embedding.embedder import FloatArray
from indexes.passage import Passage, PassageKind
from qa_service.answering.facts import folded_words
from qa_service.answering.naming import NamedThings, context_of
from qa_service.answering.sought import KIN_LETTERS
from qa_service.answering.understanding import Understanding
from qa_service.answering.wording import Wording, terms_of, terms_of_passage
from qa_service.retrieval import RankedPassage, SearchResult

LOOKED_AT = 10
"""How many passages are taken apart into sentences."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign counts, in log-odds; the signs are 0..1.

    Learnt by a listwise logistic regression (Cao et al., "Learning to rank: from pairwise approach to listwise approach",
    2007) on the sentences found for the judged questions that are not held out. What the surroundings say counts as much
    as what the sentence says: one that repeats the subject of its document is rarely the one that answers.
    """

    meaning: float = 3.1
    """Cosine of the sentence and the question; a heading above it may stand for half."""
    words: float = 2.4
    """Share of the question's words in the sentence."""
    said: float = 5.1
    """Share of them in all that is quoted with it, its title and headings and the sentence before."""
    passage_says: float = 2.8
    """Share of them in the whole passage with its title and headings."""
    passage: float = 1.9
    """Score of the passage in the search."""
    sentence_fits: float = 1.4
    """The sentence itself holds the sort of thing asked for, which the question does not say."""
    quote_fits: float = 1.0
    """What is quoted with it does."""
    missing: float = 1.9
    """Taken off where the passage mentions nothing of what the question names; a part of it for a part."""
    aside: float = 3.0
    """Taken off in lists of sources and footnotes, which name what others say."""
    bare: float = 4.0
    """Taken off a mere title, which says what a text is about and hardly anything of it: not learnt, they are few."""
    length: float = 1.5
    """Taken off a sentence of LONG_CHARS, and a part of it from a shorter one: long ones say many words by chance."""


LONG_CHARS = 300
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
    said: float
    """Share of the question's words in the sentence and around it."""
    score: float
    """How well it may answer, in log-odds, before what would be quoted with it is looked at."""
    vector: FloatArray
    """float32[d], unit length."""
    around: frozenset[str] = frozenset()
    """Terms of the title, the headings and the sentence before."""
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
    asked = frozenset(_beginnings(understood.text))
    scoring = _Scoring(index, understood, wording, things, result.query_vector, asked)
    found = [
        one for hit, stored in zip(hits, vectors, strict=True) for one in scoring.of_passage(hit, unit_vectors(stored))
    ]
    return sorted(found, key=lambda one: (-one.score, one.hit.rank, one.place))


@dataclass(frozen=True, slots=True)
class _Scoring:
    """Scores the sentences of a passage against one question."""

    index: PassageIndex
    understood: Understanding
    wording: Wording
    things: NamedThings
    query_vector: FloatArray | None
    asked: frozenset[str]
    """Beginnings of the words of the question, and its figures."""
    weights: Weights = WEIGHTS

    def of_passage(self, hit: RankedPassage, vectors: FloatArray) -> list[Candidate]:
        """Return the candidates of a passage in order; `vectors` is float32[s, d], one unit vector a sentence."""
        passage = hit.passage
        meanings = np.zeros(len(vectors)) if self.query_vector is None else np.clip(vectors @ self.query_vector, 0, 1)
        title = terms_of(context_of(hit), passage.language)
        about = (
            self.weights.passage * hit.score
            + self.weights.passage_says * self.wording.coverage(title | terms_of_passage(passage))
            - self.weights.missing * self._missing_share(hit)
            - self.weights.bare * _is_bare(hit)
        )
        headings = heading_places(self.index, passage)
        found: list[Candidate] = []
        above = before = frozenset[str]()
        meaning_above = 0.0
        is_aside = passage.kind is PassageKind.FOOTNOTE or _heads_sources(passage.heading[-1:])
        for place, (start, end) in enumerate(passage.sentences):
            sentence, meaning = passage.text[start:end], float(meanings[place])
            terms = terms_of(sentence, passage.language)
            if place in headings:
                above, meaning_above, is_aside = terms, meaning, _heads_sources((sentence,))
            elif _could_answer(sentence) and not _merely_repeats(sentence, self.asked):
                around = title | above | before
                own, said = self.wording.coverage(terms), self.wording.coverage(terms | around)
                meant = max(meaning, (meaning + meaning_above) / 2)
                is_beside = is_aside or bool(_NAMES_SOURCE.match(sentence))
                score = about + self._score(meant, own, said, sentence) - self.weights.aside * is_beside
                found.append(
                    Candidate(hit, place, start, end, meaning, own, said, score, vectors[place], around, headings)
                )
            before = terms
        return found

    def _missing_share(self, hit: RankedPassage) -> float:
        missing = self.things.missing_around(hit)
        return len(missing) / len(self.understood.named) if missing else 0.0

    def _score(self, meaning: float, words: float, said: float, sentence: str) -> float:
        own = self.weights.meaning * meaning + self.weights.words * words + self.weights.said * said
        return own - self.weights.length * min(len(sentence), LONG_CHARS) / LONG_CHARS


def unit_vectors(stored: Int8Array) -> FloatArray:
    """Return stored sentence vectors as float32[s, d] of unit length."""
    vectors = stored.astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6), dtype=np.float32)


_FEWEST_WORDS = 3
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")
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


def _is_bare(hit: RankedPassage) -> bool:
    """Tell whether a passage is a mere title: nothing but lines without a full stop, the title of the document among them."""
    passage = hit.passage
    lines = [passage.text[start:end] for start, end in passage.sentences]
    if any(_SENTENCE_END.search(line) or _ITEM.match(line) for line in lines):
        return False
    return len(lines) == 1 or fold(hit.document.title).startswith(fold(lines[0].strip())[:TITLE_CHARS])


TITLE_CHARS = 40
_SOURCES = re.compile(
    r"(?:pouzit\w+ )?(?:zdroj|literatur|pramen|odkaz)|bibliogra|reference|(?:list of )?sources?\b|notes\b|poznamky\b|further reading"
)


_NAMES_SOURCE = re.compile(r"(?:zdroj[ei]?|sources?|převzato|prevzato|foto|photo)\b[^.!?:]{0,20}:", re.IGNORECASE)
"""How a line begins that says where a text or a picture comes from."""


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


def _merely_repeats(sentence: str, asked: frozenset[str]) -> bool:
    """Tell whether a line without a full stop says nothing but words and figures of the question, as a heading does."""
    if _SENTENCE_END.search(sentence):
        return False
    said = (word for word in _beginnings(sentence) if not is_stop_word(word, "cs") and not is_stop_word(word, "en"))
    return asked.issuperset(said)


def _beginnings(text: str) -> list[str]:
    """Return the beginnings of the words of a text, and its figures."""
    return [word[:KIN_LETTERS] for word in folded_words(text)] + _DIGITS.findall(text)
