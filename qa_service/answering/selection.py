"""Which of the stretches that could be quoted make the answer together?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa_service.answering.candidates import Candidate
from qa_service.answering.facts import number_keys
from qa_service.answering.naming import NamedThings
from qa_service.answering.sought import SURE, sought
from qa_service.answering.stretches import Stretch, stretch_of, stretches
from qa_service.answering.understanding import QuestionKind, Understanding
from qa_service.answering.wording import Wording

MOST_CLAIMS = 3
CLOSE = 1.25
"""A further claim is made where it answers nearly as well as the best one: its score is less by no more than this. Of
those farther behind, few held what the first one missed in the judged questions that are not held out."""
NOT_FAR = 3.0
"""The same for one that is the first to hold the sort of thing asked for, or from the text that replaces one quoted."""
SAME = 0.92
"""Sentences of a larger cosine say the same; one of them is enough."""
ALIKE = 0.60
"""Sentences of a larger cosine speak of the same thing, so other figures in them are worth showing side by side."""


def select(
    understood: Understanding, wording: Wording, things: NamedThings, ranked: Sequence[Candidate]
) -> tuple[Stretch, ...]:
    """Return one to three quotations that answer together, best first; none where there is no candidate."""
    chosen = _two_sides(understood, things, ranked) if understood.kind is QuestionKind.COMPARISON else []
    quotes = [stretch_of(understood, wording, candidate) for candidate in chosen]
    found = stretches(understood, wording, ranked)
    wanted = sought(understood)
    is_exact = wanted is not None and wanted.is_exact
    for stretch in found:
        is_wanted = len(quotes) < MOST_CLAIMS and _is_good_enough(stretch, quotes, found[0], is_exact=is_exact)
        if is_wanted and all(_adds(stretch, other, understood) for other in quotes):
            quotes.append(stretch)
    return tuple(replace(one, differs=any(contradict(one, other, understood) for other in quotes)) for one in quotes)


def _is_good_enough(stretch: Stretch, quotes: Sequence[Stretch], best: Stretch, *, is_exact: bool) -> bool:
    """Tell whether a stretch is worth a claim.

    Where something of an exact form is asked for and quoted already, it must hold that too. It is nearly as good as the best, or from the text that replaces the one quoted, or the first to hold what is asked for.
    """
    if not quotes:
        return True
    if is_exact and quotes[0].fits and not stretch.fits:
        return False
    if stretch.score >= best.score - CLOSE:
        return True
    is_first_of_its_sort = stretch.fits == SURE and max(one.fits for one in quotes) < SURE
    is_newer = any(_replaces(stretch, one) for one in quotes)
    return stretch.score >= best.score - NOT_FAR and (is_first_of_its_sort or is_newer)


def contradict(one: Stretch, other: Stretch, understood: Understanding) -> bool:
    """Tell whether two documents give other figures or dates for what seems to be the same thing."""
    if understood.kind not in (QuestionKind.WHEN, QuestionKind.HOW_MANY) or not (one.fits and other.fits):
        return False
    if one.candidate.hit.document.id == other.candidate.hit.document.id:
        return False
    asked = number_keys(understood.text)
    said, said_there = number_keys(one.quote) - asked, number_keys(other.quote) - asked
    return float(one.candidate.vector @ other.candidate.vector) >= ALIKE and not (said & said_there)


def _two_sides(understood: Understanding, things: NamedThings, ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the best sentence for each of the things that a comparison names, if possible one that names no other."""
    sides: list[Candidate] = []
    naming = [(one, things.spoken_of(one.hit, one.text)) for one in ranked]
    for name in understood.named:
        about = [one for one, named in naming if name.text in named and all(one is not side for side in sides)]
        alone = [one for one, named in naming if named == {name.text} and all(one is not side for side in sides)]
        sides += (alone or about)[:1]
    return sides[:MOST_CLAIMS]


def _adds(one: Stretch, other: Stretch, understood: Understanding) -> bool:
    """Tell whether a quotation says something that another one does not."""
    if _overlap(one, other):
        return False
    alike = float(one.candidate.vector @ other.candidate.vector)
    return alike < SAME or contradict(one, other, understood) or _replaces(one, other) or _replaces(other, one)


def _replaces(one: Stretch, other: Stretch) -> bool:
    """Tell whether the document of one is the newer wording of the other's: a reader should see both."""
    return other.candidate.hit.document.metadata.superseded_by == one.candidate.hit.document.id


def _overlap(one: Stretch, other: Stretch) -> bool:
    here, there = one.candidate.hit.passage, other.candidate.hit.passage
    if here.document_id != there.document_id:
        return False
    return here.start + one.start < there.start + other.end and there.start + other.start < here.start + one.end
