"""What does the evidence for a question look like, in the few numbers that a calibration weighs?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from qa_service.answering.facts import denies
from qa_service.answering.naming import NamedThings, context_of
from qa_service.answering.sought import sought
from qa_service.answering.stretches import Stretch
from qa_service.answering.understanding import Understanding
from qa_service.answering.wording import Wording, terms_of, terms_of_passage
from qa_service.retrieval import RankedPassage


@dataclass(frozen=True, slots=True)
class Signals:
    """What the evidence for one question looks like, each sign 0..1."""

    meaning: float
    """Largest cosine of the question and a sentence quoted."""
    said: float
    """Share of the question's words in the best quotation, its title and headings."""
    support: float
    """Share of them in the passage of the best quotation, its title and headings."""
    found: float
    """Share of them in all the passages found."""
    rarest: float
    """1 less the weight of the heaviest of them that the passage of the best quotation does not say: one word can be the
    whole point."""
    kind: float
    """How surely the best quotation holds the sort of thing asked for, 0.5 where it cannot be told."""
    form: float
    """0 where something of an exact form is asked for (a price, a telephone number) and not in the best quotation, else 1."""
    denial: float
    """0 where the question speaks of what is not so and the best quotation does not, else 1."""
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
) -> Signals:
    """Return the signs of the evidence for a question. `selected` is not empty; its first is the best quotation."""
    best, wanted = selected[0], sought(understood)
    hit = best.candidate.hit
    language = hit.passage.language
    told = {one.passage.id: _told(one) for one in hits}
    everything = frozenset().union(*told.values())
    return Signals(
        meaning=max(one.candidate.meaning for one in selected),
        said=wording.coverage(terms_of(best.quote, language) | best.candidate.around),
        support=wording.coverage(told[hit.passage.id]),
        found=wording.coverage(everything),
        rarest=1.0 - wording.heaviest_unsaid(told[hit.passage.id]),
        kind=best.fits if wanted else 0.5,
        form=float(wanted is None or not wanted.is_exact or best.fits > 0),
        denial=float(not denies(understood.text) or denies(best.quote)),
        names=things.nearness(hit, best.quote),
        rival=1.0 - things.rivalry(hit, best.quote),
        agreement=float(hit.rank == 1),
    )


def _told(hit: RankedPassage) -> frozenset[str]:
    """Return the terms of a passage, its title and headings."""
    return terms_of(context_of(hit), hit.passage.language) | terms_of_passage(hit.passage)
