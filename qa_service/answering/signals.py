"""What does the evidence for a question look like, in the few numbers that a calibration weighs?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from qa_service.answering.facts import denies
from qa_service.answering.naming import NamedThings, context_of
from qa_service.answering.selection import Selected
from qa_service.answering.understanding import Understanding, wants_a_fact
from qa_service.answering.wording import Wording, terms_of, terms_of_passage
from qa_service.retrieval import RankedPassage


@dataclass(frozen=True, slots=True)
class Signals:
    """What the evidence for one question looks like, each sign 0..1."""

    meaning: float
    """Largest cosine of the question and a sentence quoted."""
    words: float
    """Largest share of the question's words in a sentence quoted."""
    support: float
    """Share of the question's words in the passage of the best quotation, its headings and title."""
    nearest: float
    """Largest cosine of the question and a passage."""
    kind: float
    """1 where the best quotation holds the sort of thing asked for, 0 where not, 0.5 where it cannot be told."""
    names: float
    """Share of the things that the question names in the best quotation itself."""
    denial: float
    """0 where the question speaks of what is not so and the best quotation does not, else 1."""

    def as_row(self) -> tuple[float, ...]:
        """Return the signs in the order of the coefficients."""
        return astuple(self)


def signals_of(
    understood: Understanding,
    wording: Wording,
    things: NamedThings,
    selected: Sequence[Selected],
    hits: Sequence[RankedPassage],
) -> Signals:
    """Return the signs of the evidence for a question. `selected` is not empty; its first is the best quotation."""
    best = selected[0].candidate
    language = best.hit.passage.language
    cosines = [hit.explanation.cosine for hit in hits if hit.explanation.cosine is not None]
    return Signals(
        meaning=max(one.candidate.meaning for one in selected),
        words=max(one.candidate.words for one in selected),
        support=wording.coverage(terms_of(context_of(best.hit), language) | terms_of_passage(best.hit.passage)),
        nearest=max([0.0, *cosines]),
        kind=float(selected[0].fits) if wants_a_fact(understood.kind) else 0.5,
        names=things.share_in(selected[0].quote, language),
        denial=float(not denies(understood.text) or denies(selected[0].quote)),
    )
