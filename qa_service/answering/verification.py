"""Does a sentence that a model wrote say no more than the passages that it cites?

A sentence is kept only if everything particular in it (numbers, dates, names, key words, denials) stands in the
quotation shown beside it, the two mean nearly the same, and the quotation has to do with the question. What this
cannot see is a sentence that turns round who did what to whom with the very words of its source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexes.contract import PassageIndex
from indexes.embedding.embedder import Embedder, FloatArray
from indexes.passage import Passage
from qa_service.answering.candidates import addresses_a_machine, unit_vectors
from qa_service.answering.facts import denies, folded_words, names, number_keys
from qa_service.answering.understanding import LAST_LATIN_LETTER
from qa_service.answering.wording import Widen, terms_of, wording_of_name
from qa_service.retrieval import RankedPassage

SIMILAR = 0.55
"""Least cosine of a sentence and its quotation in the same language."""
SIMILAR_ACROSS = 0.45
"""The same across languages, where equal meaning gives lower cosines."""
RELEVANT = 0.25
"""Least cosine of the question and a sentence that may support a claim about it."""
KEY_WORDS = 0.6
"""Least share of the sentence's words, rare ones counting more, that the quotation says."""
KEY_WORDS_ACROSS = 0.4
"""The same across languages, where a translation may be missing from the tables."""
NAME_COVERAGE = 0.5
FEWEST_WORDS = 3
LONGEST_SENTENCE_CHARS = 600


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as a model wrote it, without its citation marks, and the passage numbers that it cites."""

    text: str
    cited: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Support:
    """The stretch of a passage that is shown for a sentence; offsets are into the passage."""

    hit: RankedPassage
    start: int
    end: int

    @property
    def quote(self) -> str:
        """The stretch, verbatim."""
        return self.hit.passage.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be shown for a draft: its own words, or (`is_replaced`) the words of the quotations instead."""

    text: str
    supports: tuple[Support, ...]
    is_replaced: bool = False


def drafts(reply: str) -> list[Draft]:
    """Return the sentences of a reply in order; marks behind a full stop belong to the sentence before it."""
    return [_draft(piece) for line in reply.splitlines() for piece in _SENTENCE.findall(line) if piece.strip()]


def complete_part(reply: str) -> int:
    """Return the length of that part of an unfinished reply whose sentences will not change any more."""
    ends = [line.end() for line in re.finditer(r"\n", reply)]
    start = ends[-1] if ends else 0
    pieces = [match.end() for match in _SENTENCE.finditer(reply[start:])]
    return start + (pieces[-2] if len(pieces) > 1 else 0)


class Verifier:
    """Checks the sentences of one reply against the numbered passages that the model was given."""

    def __init__(
        self,
        index: PassageIndex,
        hits: Sequence[RankedPassage],
        question: FloatArray,
        language: str | None,
        embedder: Embedder,
        *,
        widen: Widen,
    ) -> None:
        """Passage 1 is the first of `hits`; `question` is its vector, float32[d]; `language` is the reply's."""
        self._index = index
        self._hits = hits
        self._question = question
        self._language = language
        self._embedder = embedder
        self._widen = widen
        self._vectors = [unit_vectors(rows) for rows in index.sentence_vectors([hit.passage.id for hit in hits])]

    def check(self, draft: Draft) -> Checked | None:
        """Return what may be shown for a sentence, or None where it must be dropped."""
        if not _is_plain(draft.text) or not draft.cited or not all(1 <= n <= len(self._hits) for n in draft.cited):
            return None
        vector = self._embedder.embed_passages([draft.text])[0]
        places = {number: place for number in draft.cited if (place := self._nearest(number, vector)) is not None}
        nearest = tuple(self._support(number, place, False) for number, place in places.items())
        if not nearest:
            return None
        said = " ".join(one.quote for one in nearest)
        # A denial is held to the nearest sentence alone: a neighbour may deny something else.
        if denies(draft.text) == denies(said):
            wider = tuple(self._support(number, place, True) for number, place in places.items())
            for supports in (nearest, wider):
                if self._says_no_more(draft.text, supports):
                    return Checked(draft.text, supports)
        return Checked(said, nearest, is_replaced=True)

    def _nearest(self, number: int, vector: FloatArray) -> int | None:
        """Return the sentence of one passage that is nearest to a draft; None where none is near enough."""
        passage, rows = self._hits[number - 1].passage, self._vectors[number - 1]
        near = [
            float(row @ vector) if self._may_support(passage, place, row) else -1.0 for place, row in enumerate(rows)
        ]
        floor = SIMILAR_ACROSS if self._is_across(passage) else SIMILAR
        return int(np.argmax(near)) if near and max(near) >= floor else None

    def _may_support(self, passage: Passage, place: int, row: FloatArray) -> bool:
        start, end = passage.sentences[place]
        return float(row @ self._question) >= RELEVANT and not addresses_a_machine(passage.text[start:end])

    def _support(self, number: int, place: int, widened: bool) -> Support:
        """Return the quotation around a sentence, `widened` by its neighbours in the same paragraph."""
        hit = self._hits[number - 1]
        passage = hit.passage
        first = last = place
        if widened:
            first = place - 1 if place and _joins(passage, place - 1) else place
            last = place + 1 if place + 1 < len(passage.sentences) and _joins(passage, place) else place
        return Support(hit, passage.sentences[first][0], passage.sentences[last][1])

    def _says_no_more(self, text: str, supports: Sequence[Support]) -> bool:
        quotes = " ".join(one.quote for one in supports)
        terms = frozenset().union(*(terms_of(one.quote, one.hit.passage.language) for one in supports))
        if not number_keys(text) <= number_keys(quotes):
            return False
        if any(address not in quotes for address in _ADDRESS.findall(text)):
            return False
        across = any(self._is_across(one.hit.passage) for one in supports)
        wanted = [
            (text, KEY_WORDS_ACROSS if across else KEY_WORDS),
            *((name.text, NAME_COVERAGE) for name in names(text)),
        ]
        return all(
            wording_of_name(self._index, part, self._language, self._widen).is_said(terms, share)
            for part, share in wanted
        )

    def _is_across(self, passage: Passage) -> bool:
        return self._language is not None and passage.language != self._language


_MARK = re.compile(r"\s*\[([^\[\]]*)\]")
_NUMBERS = re.compile(r"\s*\d{1,3}(?:\s*,\s*\d{1,3})*\s*")
_SENTENCE = re.compile(
    r".+?(?:(?<=[.!?])(?<!\d\.)(?<!\b\w\.)(?<!\b\w\w\.)(?:\s*\[[^\[\]]*\])*(?=\s+[^\s\[a-zá-ž])|(?<=\])(?=\s+[A-ZÁ-Ž])|$)"
)
_LIST_MARK = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_ADDRESS = re.compile(r"\S+@\S+")
_LINK = re.compile(r"://|\bwww\.|\bjavascript:|\bdata:|\]\(", re.IGNORECASE)
_MARKUP = frozenset("<>{}|`\\[]")


def _draft(piece: str) -> Draft:
    marks = [mark for mark in _MARK.findall(piece) if mark.strip()]
    text = _LIST_MARK.sub("", _MARK.sub("", piece)).replace("**", "").strip()
    if not all(_NUMBERS.fullmatch(mark) for mark in marks):
        return Draft(text, ())
    return Draft(text, tuple(dict.fromkeys(int(number) for mark in marks for number in mark.split(","))))


def _is_plain(text: str) -> bool:
    """Tell whether a sentence is mere words of our two languages: no markup, links, hidden or foreign characters."""
    if _LINK.search(text) or not _MARKUP.isdisjoint(text) or len(text) > LONGEST_SENTENCE_CHARS:
        return False
    if len(folded_words(text)) < FEWEST_WORDS:
        return False
    return all(
        unicodedata.category(char)[0] != "C" and (not char.isalpha() or char <= LAST_LATIN_LETTER) for char in text
    )


def _joins(passage: Passage, place: int) -> bool:
    """Tell whether a sentence and the next one stand in one paragraph, and neither addresses a machine."""
    (start, end), (following, last) = passage.sentences[place], passage.sentences[place + 1]
    ordered = addresses_a_machine(passage.text[start:end]) or addresses_a_machine(passage.text[following:last])
    return "\n" not in passage.text[end:following] and not ordered
