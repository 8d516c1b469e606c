"""How is a question answered with the sources' own sentences, or honestly not at all?

An answer is made of verbatim quotations, so no claim can say what its source does not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from indexes.contract import PassageIndex
from indexes.embedding.embedder import FloatArray
from qa_service.answering.answerer import (
    Answer,
    AnswerEvent,
    Claim,
    Mode,
    Question,
    QuotedSource,
    Reason,
    Status,
    events_of,
)
from qa_service.answering.calibration import ANY_PAIR, Calibration
from qa_service.answering.calibrations import bundled_for
from qa_service.answering.candidates import Candidate, candidates
from qa_service.answering.naming import NamedThings, context_of, told_by
from qa_service.answering.quotation import quoted_source
from qa_service.answering.relations import is_over, untold
from qa_service.answering.selection import select
from qa_service.answering.signals import Signals, answering, signals_of
from qa_service.answering.sought import sought
from qa_service.answering.stretches import Stretch
from qa_service.answering.understanding import Understanding, is_in_our_languages, understand
from qa_service.answering.wording import Widen, plain_words, wording_of
from qa_service.retrieval import SearchResult

CalibrationOf = Callable[[PassageIndex], Calibration]
Embed = Callable[[str], FloatArray | None]
"""Returns float32[d] of unit length, as `Retriever.embed` does; None where there is no vector to be had."""
SHORTEST = 1e-3
"""Length under which what is left of a question is nothing."""


def no_vector(_: str) -> None:
    """Return that there is no vector."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the evidence for a question looks like: the quotations, what is missing, and how probable an answer is."""

    understood: Understanding
    selected: tuple[Stretch, ...] = ()
    missing: tuple[str, ...] = ()
    pair: str = ANY_PAIR
    """Languages of the question and of the best quotation, "cs-en"."""
    signals: Signals | None = None
    probability: float = 0.0
    threshold: float = 1.0
    is_untold: bool = False
    """Whether the best quotation cannot tell it: something of an exact form is asked for that it does not hold (a price,
    a day, the holder of a post), or a relation of which its passage says no word."""
    is_near: bool = False
    """Whether it would be answered if what is missing had not been named."""

    @property
    def reason(self) -> Reason | None:
        """Why the question is not answered, None where it is."""
        if not is_in_our_languages(self.understood.text):
            return Reason.UNSUPPORTED_LANGUAGE
        if not self.understood.is_clear:
            return Reason.UNCLEAR_QUESTION
        if self.missing and self.is_near:
            return Reason.NEAR_MISS
        if not self.selected or self.missing or self.is_untold or self.probability < self.threshold:
            return Reason.NOT_FOUND
        return None


class ExtractiveAnswerer:
    """Answers with one to three quotations; the default, which needs nothing but the release."""

    def __init__(
        self,
        widen: Widen = plain_words,
        calibration_of: CalibrationOf = bundled_for,
        embed: Embed = no_vector,
        today: Callable[[], date] = date.today,
    ) -> None:
        """`widen` gives words their translations, `calibration_of` a release its curve, `embed` a text its vector."""
        self._widen = widen
        self._embed = embed
        self._calibration_of = calibration_of
        self._today = today

    def answer(self, index: PassageIndex, question: Question, result: SearchResult) -> Answer:
        """Return the answer to a completed question from what it was searched for."""
        assessed = self.assess(index, question, result)
        reason = assessed.reason
        quoted = () if reason else assessed.selected
        today = self._today()
        sources = tuple(
            quoted_source(index, number, one.candidate.hit, (one.start, one.end), today)
            for number, one in enumerate(quoted, 1)
        )
        return Answer(
            question=question.text,
            release_id=result.release_id,
            status=Status.NO_ANSWER if reason else Status.ANSWERED,
            mode=Mode.EXTRACTIVE,
            probability=assessed.probability,
            reason=reason,
            degraded=result.degraded,
            claims=_claims(quoted, sources),
            citations=sources,
            hits=result.hits,
            missing=assessed.missing if reason is Reason.NEAR_MISS else (),
        )

    def stream(self, index: PassageIndex, question: Question, result: SearchResult) -> Iterator[AnswerEvent]:
        """Yield the events of the answer, which is known as a whole within milliseconds."""
        return events_of(self.answer(index, question, result))

    def _beyond(self, understood: Understanding, best: Candidate, question: FloatArray | None) -> float:
        """Return how near the best quotation comes to what the question asks beyond the things it names, 0..1."""
        if question is None or not understood.named:
            return best.meaning
        named = self._embed(" ".join(name.text for name in understood.named))
        return best.meaning if named is None else _likeness_beyond(question, named, best.vector)

    def assess(self, index: PassageIndex, question: Question, result: SearchResult) -> Assessment:
        """Return what the evidence looks like, without judging it."""
        understood = understand(question.text, result.language)
        wording = wording_of(index, understood, self._widen)
        things = NamedThings(index, understood, self._widen)
        ranked = candidates(index, understood, wording, things, result)
        selected = select(understood, wording, things, ranked)
        if not selected:
            return Assessment(understood)
        calibration = self._calibration_of(index)
        language, source = result.language, selected[0].candidate.hit.passage.language
        pair = f"{language}-{source}" if language and source else ANY_PAIR
        beyond = self._beyond(understood, selected[0].candidate, result.query_vector)
        seen = signals_of(understood, wording, things, selected, result.hits, beyond=beyond)
        missing = things.missing_from([one.candidate.hit for one in answering(understood, selected)])
        threshold = calibration.threshold(pair)
        is_untold = _is_untold(understood, selected, self._today().year)
        probability = 0.0 if is_untold else calibration.probability(pair, seen)
        is_near = False
        if missing and not is_untold:
            others = wording.without(_words(understood, missing))
            unnamed = replace(
                signals_of(understood, others, things, selected, result.hits, beyond=beyond), names=1.0, rival=1.0
            )
            is_near = calibration.probability(pair, unnamed) >= threshold
        return Assessment(understood, selected, missing, pair, seen, probability, threshold, is_untold, is_near)


def _is_untold(understood: Understanding, quoted: Sequence[Stretch], year: int) -> bool:
    """Tell whether quotations, the best one first, cannot tell what is asked for."""
    wanted = sought(understood)
    if wanted is not None and wanted.is_exact and not quoted[0].fits:
        return True
    passages = "\n".join(told_by(one.candidate.hit) for one in answering(understood, quoted))
    quotes = "\n".join(one.quote for one in quoted)
    contexts = "\n".join(context_of(one.candidate.hit) for one in quoted)
    return (
        untold(understood, passages) or untold(understood, f"{contexts}\n{quotes}") or is_over(understood, quotes, year)
    )


def _likeness_beyond(question: FloatArray, named: FloatArray, sentence: FloatArray) -> float:
    """Return the cosine of a sentence and of a question without the part that lies along what it names, 0..1."""
    rest = question - float(question @ named) * named
    return max(0.0, float(rest @ sentence) / max(float(np.linalg.norm(rest)), SHORTEST))


def _words(understood: Understanding, names: Collection[str]) -> frozenset[int]:
    """Return where the words of some of the things begin that a question names."""
    spans = [(name.start, name.end) for name in understood.named if name.text in names]
    return frozenset(word.start for word in understood.words if any(a <= word.start < b for a, b in spans))


def _claims(selected: tuple[Stretch, ...], sources: tuple[QuotedSource, ...]) -> tuple[Claim, ...]:
    return tuple(
        Claim(source.quote, (source.number,), one.differs) for one, source in zip(selected, sources, strict=True)
    )
