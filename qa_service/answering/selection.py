"""Which of the stretches that could be quoted make the answer together?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indexes.analysis import fold
from qa_service.answering.candidates import Candidate
from qa_service.answering.facts import number_keys
from qa_service.answering.stretches import Stretch, stretch_of, stretches
from qa_service.answering.understanding import QuestionKind, Understanding
from qa_service.answering.wording import Wording

MOST_CLAIMS = 3
CLOSE = 1.5
"""A further claim is made where it answers nearly as well as the best one: its score is less by no more than this."""
SAME = 0.92
"""Sentences of a larger cosine say the same; one of them is enough."""
ALIKE = 0.60
"""Sentences of a larger cosine speak of the same thing, so other figures in them are worth showing side by side."""


def select(understood: Understanding, wording: Wording, ranked: Sequence[Candidate]) -> tuple[Stretch, ...]:
    """Return one to three quotations that answer together, best first; none where there is no candidate."""
    chosen = _two_sides(understood, ranked) if understood.kind is QuestionKind.COMPARISON else []
    quotes = [stretch_of(understood, wording, candidate) for candidate in chosen]
    found = stretches(understood, wording, ranked)
    for stretch in found:
        if len(quotes) == MOST_CLAIMS or (quotes and stretch.score < found[0].score - CLOSE):
            break
        if all(_adds(stretch, other, understood) for other in quotes):
            quotes.append(stretch)
    return tuple(replace(one, differs=any(contradict(one, other, understood) for other in quotes)) for one in quotes)


def contradict(one: Stretch, other: Stretch, understood: Understanding) -> bool:
    """Tell whether two documents give other figures or dates for what seems to be the same thing."""
    if understood.kind not in (QuestionKind.WHEN, QuestionKind.HOW_MANY) or not (one.fits and other.fits):
        return False
    if one.candidate.hit.document.id == other.candidate.hit.document.id:
        return False
    asked = number_keys(understood.text)
    said, said_there = number_keys(one.quote) - asked, number_keys(other.quote) - asked
    return float(one.candidate.vector @ other.candidate.vector) >= ALIKE and not (said & said_there)


_SHORTEST_KEY = 3


def _two_sides(understood: Understanding, ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the best sentence for each of the things that a comparison names."""
    sides: list[Candidate] = []
    for name in understood.named:
        key = fold(name.text)[: max(_SHORTEST_KEY, len(name.text) - 2)]
        side = next((one for one in ranked if key in fold(_surroundings(one)) and one not in sides), None)
        if side is not None:
            sides.append(side)
    return sides[:MOST_CLAIMS]


def _surroundings(candidate: Candidate) -> str:
    return " ".join((candidate.hit.document.title, *candidate.hit.passage.heading, candidate.text))


def _adds(one: Stretch, other: Stretch, understood: Understanding) -> bool:
    """Tell whether a quotation says something that another one does not."""
    if _overlap(one, other):
        return False
    return float(one.candidate.vector @ other.candidate.vector) < SAME or contradict(one, other, understood)


def _overlap(one: Stretch, other: Stretch) -> bool:
    here, there = one.candidate.hit.passage, other.candidate.hit.passage
    if here.document_id != there.document_id:
        return False
    return here.start + one.start < there.start + other.end and there.start + other.start < here.start + one.end
