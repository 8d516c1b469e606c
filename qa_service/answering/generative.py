"""How does a model word an answer without being able to cite wrongly?

The extractive answer comes first: where it declines, no model is asked. Each sentence of the model is checked against
the passages that it cites before anyone sees it; whatever goes wrong, the extractive answer is given and marked.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from indexes.contract import PassageIndex
from indexes.embedding.embedder import Embedder
from qa_service.answering.answerer import (
    Answer,
    AnswerEvent,
    Claim,
    Evidence,
    Mode,
    Opening,
    Question,
    QuotedSource,
    Reason,
    Refusal,
    Status,
    events_of,
)
from qa_service.answering.breaker import Breaker
from qa_service.answering.endpoint import Endpoint
from qa_service.answering.extractive import ExtractiveAnswerer
from qa_service.answering.prompt import DECLINED, PASSAGES, messages
from qa_service.answering.quotation import quoted_source
from qa_service.answering.verification import Checked, Draft, Support, Verifier, complete_part, drafts
from qa_service.answering.wording import Widen, plain_words
from qa_service.errors import EndpointFailed
from qa_service.retrieval import SearchResult

MOST_SENTENCES = 6

log = logging.getLogger(__name__)


class GenerativeAnswerer:
    """Answers in a model's words, each sentence verified, and falls back to the sources' own."""

    def __init__(
        self,
        endpoint: Endpoint,
        extractive: ExtractiveAnswerer,
        embedder: Embedder,
        *,
        widen: Widen = plain_words,
        breaker: Breaker | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        """`breaker` keeps count of the faults of `endpoint` over all requests."""
        self._endpoint = endpoint
        self._extractive = extractive
        self._embedder = embedder
        self._widen = widen
        self._breaker = breaker or Breaker()
        self._today = today

    def answer(self, index: PassageIndex, question: Question, result: SearchResult) -> Answer:
        """Return the verified answer of the model, or the extractive one marked as degraded."""
        *_, last = self.stream(index, question, result)
        assert isinstance(last, Answer)  # noqa: S101 - the promise of `stream`
        return last

    def stream(self, index: PassageIndex, question: Question, result: SearchResult) -> Iterator[AnswerEvent]:
        """Yield each sentence with its sources as soon as it is checked.

        An answer that falls back to the sources' own words says so by a second Opening.
        """
        plain = self._extractive.answer(index, question, result)
        if plain.reason is not None or result.query_vector is None:
            yield from events_of(plain)
            return
        if not self._breaker.allows():
            yield from events_of(replace(plain, degraded=True))
            return
        yield Opening(plain.question, plain.release_id, Mode.GENERATED)
        yield Evidence(plain.hits)
        written = _Written()
        verifier = Verifier(
            index, result.hits[:PASSAGES], result.query_vector, question.language, self._embedder, widen=self._widen
        )
        try:
            for draft in self._drafts(question, result):
                yield from written.add(index, draft, verifier.check(draft), self._today())
            self._breaker.succeeded()
        except EndpointFailed as error:
            log.warning("the model endpoint failed: %s", error)
            self._breaker.failed()
            written.is_faulty = True
        yield from _ending(plain, written)

    def _drafts(self, question: Question, result: SearchResult) -> Iterator[Draft]:
        """Yield the sentences of the reply as soon as each is complete. Raises EndpointFailed."""
        rest = ""
        for piece in self._endpoint.stream(messages(question.text, question.language, result.hits[:PASSAGES])):
            rest += piece
            ready = complete_part(rest)
            yield from drafts(rest[:ready])
            rest = rest[ready:]
        yield from drafts(rest)


@dataclass(slots=True)
class _Written:
    """What may be shown of a reply so far."""

    claims: list[Claim] = field(default_factory=list)
    sources: list[QuotedSource] = field(default_factory=list)
    has_declined: bool = False
    has_own_words: bool = False
    """Whether a sentence stood as the model wrote it, and not only quotations in the place of its sentences."""
    is_faulty: bool = False

    def add(self, index: PassageIndex, draft: Draft, checked: Checked | None, today: date) -> Iterator[AnswerEvent]:
        """Take in one sentence and yield what a reader sees of it: new sources, then the claim."""
        self.has_declined = self.has_declined or draft.text.rstrip(".") == DECLINED
        known = {claim.text for claim in self.claims}
        if checked is None or checked.text in known or len(self.claims) == MOST_SENTENCES:
            return
        self.has_own_words = self.has_own_words or not checked.is_replaced
        numbers = []
        for support in checked.supports:
            number = self._number_of(support)
            if number is None:
                number = len(self.sources) + 1
                self.sources.append(quoted_source(index, number, support.hit, (support.start, support.end), today))
                yield self.sources[-1]
            numbers.append(number)
        self.claims.append(Claim(checked.text, tuple(numbers)))
        yield self.claims[-1]

    def _number_of(self, support: Support) -> int | None:
        place = (support.hit.passage.id, support.start, support.end)
        same = (one.number for one in self.sources if (one.passage.id, one.start, one.end) == place)
        return next(same, None)


def _ending(plain: Answer, written: _Written) -> Iterator[AnswerEvent]:
    """Yield the end of a stream: the model's answer, its refusal, or the extractive answer in its place.

    Of a model none of whose sentences stood nothing is left: quotations near to what it made up are no answer.
    """
    if written.has_own_words:
        yield replace(
            plain,
            mode=Mode.GENERATED,
            degraded=plain.degraded or written.is_faulty,
            claims=tuple(written.claims),
            citations=tuple(written.sources),
        )
    elif written.has_declined and not written.is_faulty:
        yield Refusal(Reason.NOT_FOUND)
        yield replace(
            plain, mode=Mode.GENERATED, status=Status.NO_ANSWER, reason=Reason.NOT_FOUND, claims=(), citations=()
        )
    else:
        yield from events_of(replace(plain, degraded=True))
