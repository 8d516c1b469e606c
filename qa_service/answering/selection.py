"""Which of the candidate sentences make the answer, and how much around each is needed to understand it?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexes.analysis import fold
from indexes.passage import Passage, PassageKind
from qa_service.answering.candidates import Candidate
from qa_service.answering.facts import number_keys
from qa_service.answering.understanding import QuestionKind, Understanding

MOST_CLAIMS = 3
CLOSE = 0.85
"""A further claim is made where its sentence scores at least this share of the best one."""
SAME = 0.92
"""Sentences of a larger cosine say the same; one of them is enough."""
ALIKE = 0.60
"""Sentences of a larger cosine speak of the same thing, so other figures in them are worth showing side by side."""
LONGEST_JOINED_CHARS = 600
LONGEST_LIST_CHARS = 1500


@dataclass(frozen=True, slots=True)
class Selected:
    """A candidate with the stretch of its passage that is quoted, and whether it contradicts another one."""

    candidate: Candidate
    start: int
    end: int
    differs: bool = False

    @property
    def quote(self) -> str:
        """The quoted text, verbatim."""
        return self.candidate.hit.passage.text[self.start : self.end]


def select(understood: Understanding, ranked: Sequence[Candidate]) -> tuple[Selected, ...]:
    """Return one to three quotations that answer together, best first; none where there is no candidate."""
    chosen = _two_sides(understood, ranked) if understood.kind is QuestionKind.COMPARISON else []
    for candidate in ranked:
        if len(chosen) == MOST_CLAIMS or (chosen and candidate.score < CLOSE * ranked[0].score):
            break
        if all(_adds(candidate, other, understood) for other in chosen):
            chosen.append(candidate)
    quotes: list[Selected] = []
    for candidate in chosen:
        start, end = quoted_span(candidate, understood.kind)
        if not any(_overlap(candidate, start, end, other) for other in quotes):
            differs = any(contradict(candidate, other, understood) for other in chosen)
            quotes.append(Selected(candidate, start, end, differs))
    return tuple(quotes)


def contradict(one: Candidate, other: Candidate, understood: Understanding) -> bool:
    """Tell whether two documents give other figures or dates for what seems to be the same thing."""
    if understood.kind not in (QuestionKind.WHEN, QuestionKind.HOW_MANY):
        return False
    if one.hit.document.id == other.hit.document.id or not (one.fits and other.fits):
        return False
    asked = number_keys(understood.text)
    said = (number_keys(one.text) - asked, number_keys(other.text) - asked)
    return float(one.vector @ other.vector) >= ALIKE and not (said[0] & said[1])


def quoted_span(candidate: Candidate, kind: QuestionKind) -> tuple[int, int]:
    """Return where the quotation of a sentence begins and ends in its passage.

    A sentence that leans on the one before brings it along; the head of a list brings its items; an item of a list
    brings the whole list where a list was asked for.
    """
    passage, place = candidate.hit.passage, candidate.place
    if kind in (QuestionKind.LIST, QuestionKind.HOW_TO) or _ends_with_colon(passage, place):
        listed = _list_around(passage, place)
        if listed is not None:
            return listed
    first = place
    while first > 0 and _leans_back(passage, first) and _fits_in(passage, first - 1, place, LONGEST_JOINED_CHARS):
        first -= 1
    return passage.sentences[first][0], candidate.end


def _two_sides(understood: Understanding, ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the best sentence for each of the things that a comparison names, from different passages."""
    sides: list[Candidate] = []
    for name in understood.named:
        key = fold(name.text)[: max(3, len(name.text) - 2)]
        speaking = (one for one in ranked if key in fold(_surroundings(one)) and one not in sides)
        side = next(speaking, None)
        if side is not None:
            sides.append(side)
    return sides[:MOST_CLAIMS]


def _surroundings(candidate: Candidate) -> str:
    return " ".join((candidate.hit.document.title, *candidate.hit.passage.heading, candidate.text))


def _adds(candidate: Candidate, other: Candidate, understood: Understanding) -> bool:
    return float(candidate.vector @ other.vector) < SAME or contradict(candidate, other, understood)


def _overlap(candidate: Candidate, start: int, end: int, other: Selected) -> bool:
    passage, chosen = candidate.hit.passage, other.candidate.hit.passage
    if passage.document_id != chosen.document_id:
        return False
    return passage.start + start < chosen.start + other.end and chosen.start + other.start < passage.start + end


_LEANING = """
tato tento toto tyto tito ten ta to ti takto tim tam zde proto tedy tak take rovnez zaroven dale navic naopak vsak on
ona ono oni jeho jeji jejich jedna slo jde this these that those it they he she such therefore however his her their
its there thus moreover furthermore also
"""
_LEANING_WORDS = frozenset(_LEANING.split())
"""Folded words by which a sentence points to the one before it."""
_ITEM = re.compile(r"\s*(?:[•·▪◦*–-]\s|\(?(?:\d{1,2}|[a-z])[.)]\s)")
_FIRST_WORD = re.compile(r"\W*(\w+)")


def _sentence(passage: Passage, place: int) -> str:
    start, end = passage.sentences[place]
    return passage.text[start:end]


def _leans_back(passage: Passage, place: int) -> bool:
    """Tell whether a sentence begins with a word that points to the one before, in the same paragraph."""
    word = _FIRST_WORD.match(_sentence(passage, place))
    between = passage.text[passage.sentences[place - 1][1] : passage.sentences[place][0]]
    return word is not None and fold(word.group(1)) in _LEANING_WORDS and "\n" not in between


def _fits_in(passage: Passage, first: int, last: int, limit: int) -> bool:
    return passage.sentences[last][1] - passage.sentences[first][0] <= limit


def _ends_with_colon(passage: Passage, place: int) -> bool:
    return _sentence(passage, place).rstrip().endswith(":")


def _list_around(passage: Passage, place: int) -> tuple[int, int] | None:
    """Return the span of the list that a sentence heads or belongs to, its head included; None for no list."""
    is_list = passage.kind is PassageKind.LIST
    items = [
        bool(_ITEM.match(_sentence(passage, number))) or (is_list and not _ends_with_colon(passage, number))
        for number in range(len(passage.sentences))
    ]
    first = place + 1 if _ends_with_colon(passage, place) else place
    if first >= len(items) or not items[first]:
        return None
    while first > 0 and items[first - 1]:
        first -= 1
    last = max(first, place)
    head = first - 1 if first > 0 and _ends_with_colon(passage, first - 1) else first
    while last + 1 < len(items) and items[last + 1] and _fits_in(passage, head, last + 1, LONGEST_LIST_CHARS):
        last += 1
    return passage.sentences[head][0], passage.sentences[last][1]
