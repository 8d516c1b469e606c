"""What does the evidence for a question look like, in the few numbers that a calibration weighs?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from qa_service.answering.facts import denies
from qa_service.answering.naming import NamedThings, context_of
from qa_service.answering.opposites import opposed
from qa_service.answering.sought import sought
from qa_service.answering.stretches import Stretch
from qa_service.answering.understanding import QuestionKind, Understanding
from qa_service.answering.wording import Wording, terms_of, terms_of_passage
from qa_service.retrieval import RankedPassage

MAY_GO_UNSAID = 0.25
"""Share of a question that one word may make up without being missed, for it may be said in other words."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What the evidence for one question looks like, each sign 0..1."""

    meaning: float
    """Largest cosine of the question and a sentence quoted."""
    beyond: float
    """Cosine of the best quotation and what the question asks beyond the things it names: that a text speaks of them is
    no answer. As `meaning` where nothing is named."""
    said: float
    """Share of the question's words in the best quotation, its title and headings."""
    support: float
    """Share of them in the passage of the best quotation, its title and headings."""
    found: float
    """Share of them in all the passages found."""
    rarest: float
    """How much of the question is left, 0..1, without the heaviest word that the passage of the best quotation does not
    say: one word can be the whole point. 1 where that word is no more than MAY_GO_UNSAID of it."""
    kind: float
    """How surely the best quotation holds the sort of thing asked for, 0.5 where it cannot be told."""
    denial: float
    """0 where the question speaks of what is not so and the best quotation does not, or the other way round, else 1."""
    names: float
    """How near the best quotation the farthest of the things stands that the question names (`NamedThings.nearness`)."""
    rival: float
    """0 where the best quotation speaks of another place or year instead of the one asked for (`NamedThings.rivalry`)."""
    agreement: float
    """1 where the best quotation comes from the passage that the search ranks first, else 0."""

    def as_row(self) -> tuple[float, ...]:
        """Return the signs in the order of the coefficients."""
        return astuple(self)


def signals_of(
    understood: Understanding,
    wording: Wording,
    things: NamedThings,
    selected: Sequence[Stretch],
    hits: Sequence[RankedPassage],
    *,
    beyond: float,
) -> Signals:
    """Return the signs of the evidence for a question. `selected` is not empty; its first is the best quotation.

    `beyond` is that sign, which needs the model.
    """
    best, wanted, used = selected[0], sought(understood), answering(understood, selected)
    quote = "\n".join(one.quote for one in used)
    told = {one.passage.id: _told(one) for one in hits}
    quoted = frozenset().union(*(told[one.candidate.hit.passage.id] for one in used))
    said = frozenset().union(
        *(terms_of(one.quote, one.candidate.hit.passage.language) | one.candidate.around for one in used)
    )
    return Signals(
        meaning=max(one.candidate.meaning for one in selected),
        beyond=beyond,
        said=wording.coverage(said),
        support=wording.coverage(quoted),
        found=wording.coverage(frozenset().union(*told.values())),
        rarest=min(1.0, (1.0 - wording.heaviest_unsaid(quoted)) / (1.0 - MAY_GO_UNSAID)),
        kind=best.fits if wanted else 0.5,
        denial=float(not _turns_round(understood, quote)),
        names=things.nearness([(one.candidate.hit, one.quote) for one in used]),
        rival=1.0 - things.rivalry(best.candidate.hit, quote),
        agreement=float(best.candidate.hit.rank == 1),
    )


def answering(understood: Understanding, selected: Sequence[Stretch]) -> Sequence[Stretch]:
    """Return the quotations that answer together: those of a comparison all, else the best one."""
    return selected if understood.kind is QuestionKind.COMPARISON else selected[:1]


def _turns_round(understood: Understanding, quote: str) -> bool:
    """Tell whether a question speaks of what is not so and a quotation does not, or a quotation says its opposite."""
    if denies(understood.text) and not denies(quote):
        return True
    return understood.kind is not QuestionKind.YES_NO and opposed(understood.text, quote)


def _told(hit: RankedPassage) -> frozenset[str]:
    """Return the terms of a passage, its title and headings."""
    return terms_of(context_of(hit), hit.passage.language) | terms_of_passage(hit.passage)
