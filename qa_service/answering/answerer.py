"""What is a question, what is an answer, and what does everything that answers promise?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

from corpus.document import Document
from indexes.contract import PassageIndex
from indexes.passage import Filters, PageSpan, Passage
from qa_service.retrieval import RankedPassage, SearchResult


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of a conversation with the answer that was shown."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks.

    `language` (cs or en) is the reader's, None if unknown; it never narrows the evidence. `conversation` is what the
    client remembers, newest last: nothing is remembered here.
    """

    text: str
    language: str | None = None
    filters: Filters = field(default_factory=Filters)
    conversation: tuple[Turn, ...] = ()


class Status(StrEnum):
    """Whether the collection answers the question."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"


class Reason(StrEnum):
    """Why a question is not answered."""

    NOT_FOUND = "not_found"
    NEAR_MISS = "near_miss"
    """The evidence speaks of another place, year, person or institution than the question."""
    UNCLEAR_QUESTION = "unclear_question"
    UNSUPPORTED_LANGUAGE = "unsupported_language"


class Mode(StrEnum):
    """Who worded the claims: the sources themselves, or a model whose every sentence was checked against them."""

    EXTRACTIVE = "extractive"
    GENERATED = "generated"


class NoteKind(StrEnum):
    """Why a reader should look twice at the date of a source."""

    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    NEWER_VERSION = "newer_version"
    NOT_YET_VALID = "not_yet_valid"


@dataclass(frozen=True, slots=True)
class ValidityNote:
    """A warning to show beside a quote; `document_id` names the newer publication where there is one."""

    kind: NoteKind
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class QuotedSource:
    """A verbatim quotation with its place: `passage.text[start:end] == quote`, always.

    `number` counts from 1 in an answer. `pages` are those of the quote itself, which may be fewer than its passage's.
    """

    number: int
    quote: str
    passage: Passage
    document: Document
    start: int
    end: int
    pages: PageSpan | None
    notes: tuple[ValidityNote, ...] = ()
    newer: Document | None = None
    """The document that one of the notes names, where the release holds it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer with the numbers of the sources that hold it; never without one.

    `differs` says that another claim of the same answer gives another figure or date for the same thing.
    """

    text: str
    citations: tuple[int, ...]
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A cited answer, or an honest refusal with the passages that came nearest.

    `question` is the question as it was understood (a follow-up is completed). `probability` is the calibrated
    estimate that the collection answers it. `degraded` says that something failed and a simpler way was taken.
    `missing` lists what the question names and no evidence mentions, as the reader wrote it.
    """

    question: str
    release_id: str
    status: Status
    mode: Mode
    probability: float
    reason: Reason | None = None
    degraded: bool = False
    claims: tuple[Claim, ...] = ()
    citations: tuple[QuotedSource, ...] = ()
    hits: tuple[RankedPassage, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """The first event of a streamed answer."""

    question: str
    release_id: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passages looked at; they come before anything is said about them."""

    hits: tuple[RankedPassage, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The question is not answered."""

    reason: Reason


AnswerEvent: TypeAlias = Opening | Evidence | QuotedSource | Claim | Refusal | Answer
"""In the order of a stream: Opening, Evidence, then each QuotedSource before the first Claim that cites it, or one
Refusal, and at last the whole Answer."""


class Answerer(Protocol):
    """Answers from the passages of one search result, each claim cited; never raises for want of evidence."""

    def answer(self, index: PassageIndex, question: Question, result: SearchResult) -> Answer:
        """Return the answer. `question.text` is already completed and is what `result` was searched for."""
        ...

    def stream(self, index: PassageIndex, question: Question, result: SearchResult) -> Iterator[AnswerEvent]:
        """Yield the events of the same answer as soon as each is known; the last one is the whole Answer."""
        ...


def events_of(answer: Answer) -> Iterator[AnswerEvent]:
    """Yield a finished answer as the events of a stream, each source just before the first claim that cites it."""
    yield Opening(answer.question, answer.release_id, answer.mode)
    yield Evidence(answer.hits)
    sources = {source.number: source for source in answer.citations}
    for claim in answer.claims:
        for number in claim.citations:
            if number in sources:
                yield sources.pop(number)
        yield claim
    if answer.reason is not None:
        yield Refusal(answer.reason)
    yield answer
