"""Does the evidence speak of what the question asks about, or only of something near?"""

from __future__ import annotations

from collections.abc import Sequence

from indexes.contract import PassageIndex
from qa_service.answering.calibration import Signals
from qa_service.answering.facts import FactKind, Named, number_keys
from qa_service.answering.places import places
from qa_service.answering.selection import Selected
from qa_service.answering.understanding import QuestionKind, Understanding, wants_a_fact
from qa_service.answering.wording import Widen, Wording, terms_of, wording_of_name
from qa_service.retrieval import RankedPassage

NAME_COVERAGE = 0.5
"""A name is spoken of where at least this share of its words, rare ones counting more, stands in the evidence."""


def signals(
    understood: Understanding, wording: Wording, selected: Sequence[Selected], hits: Sequence[RankedPassage]
) -> Signals:
    """Return what the evidence looks like, for the curve of a calibration. `selected` is not empty."""
    best = selected[0].candidate
    cosines = [hit.explanation.cosine for hit in hits if hit.explanation.cosine is not None]
    return Signals(
        meaning=max(one.candidate.meaning for one in selected),
        words=max(one.candidate.words for one in selected),
        support=wording.coverage(_terms_around(best.hit)),
        nearest=max([0.0, *cosines]),
        kind=float(best.fits) if wants_a_fact(understood.kind) else 0.5,
    )


def missing_names(
    index: PassageIndex, understood: Understanding, selected: Sequence[Selected], widen: Widen
) -> tuple[str, ...]:
    """Return the places, years, numbers and names of the question that the evidence nowhere mentions, as written.

    The evidence is the passage of the best quotation with its title, headings and date; where several things are
    compared, the passages of all quotations.
    """
    used = selected if understood.kind is QuestionKind.COMPARISON else selected[:1]
    hits = [one.candidate.hit for one in used]
    return tuple(
        name.text
        for name in understood.named
        if not any(_mentions(index, hit, name, understood.language, widen) for hit in hits)
    )


def _mentions(index: PassageIndex, hit: RankedPassage, name: Named, language: str | None, widen: Widen) -> bool:
    around = _text_around(hit)
    if not number_keys(name.text) <= number_keys(around):
        return False
    if name.kind is FactKind.PLACE:
        asked = {place.number for place in places(name.text)}
        return asked <= {place.number for place in places(around)}
    if name.kind is not FactKind.NAME:
        return True
    return wording_of_name(index, name.text, language, widen).coverage(_terms_around(hit)) >= NAME_COVERAGE


def _text_around(hit: RankedPassage) -> str:
    meta = hit.document.metadata
    dated = meta.date.isoformat() if meta.date else str(meta.year or "")
    context = (hit.document.title, *hit.passage.heading, meta.place or "", dated, hit.passage.text)
    return "\n".join(part for part in context if part)


def _terms_around(hit: RankedPassage) -> frozenset[str]:
    return terms_of(_text_around(hit), hit.passage.language)
