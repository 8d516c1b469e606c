"""What can be asked of the service, whoever asks?

The verbs that the API, the pages and the command line share. They are synchronous, see one release from start to end,
and give values of ours; each coat dresses them in its own form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from corpus.document import Document
from indexes.contract import PassageIndex
from indexes.passage import Passage
from qa_service.answering.answerer import Answer, Answerer, AnswerEvent, Question, Turn
from qa_service.answering.evidence import evidence
from qa_service.answering.followups import completed
from qa_service.errors import SHOWN_CHARS, InvalidQuery, ParameterProblem, UnknownDocument, UnknownPassage
from qa_service.live import LiveIndex
from qa_service.query import FILTER_NAMES, Query, parse_query
from qa_service.quotes import QuotePlace, locate
from qa_service.recent import RecentAnswers
from qa_service.retrieval import SearchResult

SINGLE_PARAMETERS = ("q", "lang", "k", "offset")
REPEATED_PARAMETERS = ("without",)
DEFAULT_K = "10"


class Searcher(Protocol):
    """Ranks the passages of a release for a query; `Retriever` is the real one."""

    def search(self, index: PassageIndex, query: Query) -> SearchResult:
        """Return the ranked passages. Raises an error where nothing could be searched, never an empty list instead."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A document or one of its passages, and the release in which it was found."""

    release_id: str
    document: Document
    passage: Passage | None = None
    passage_count: int = 0


def parse_parameters(parameters: Sequence[tuple[str, str]]) -> Query:
    """Return the query that the parameters of an address ask for; an empty value counts as absent.

    Raises InvalidQuery with everything that is wrong.
    """
    given: dict[str, list[str]] = {}
    for name, value in parameters:
        given.setdefault(name, []).append(value)
    single = {name: [value for value in given.pop(name, []) if value] for name in SINGLE_PARAMETERS}
    problems = [ParameterProblem(name, "repeated") for name, values in single.items() if len(values) > 1]
    without = [value for name in REPEATED_PARAMETERS for value in given.pop(name, [])]
    first = {name: values[0] for name, values in single.items() if values}
    try:
        query = parse_query(
            first.get("q"),
            language=first.get("lang"),
            k=first.get("k", DEFAULT_K),
            offset=first.get("offset", "0"),
            filters=given,
            without=without,
        )
    except InvalidQuery as error:
        raise InvalidQuery([*problems, *error.errors]) from error
    if problems:
        raise InvalidQuery(problems)
    return query


class Verbs:
    """Searching, asking and reading over the published release."""

    def __init__(self, live: LiveIndex, retriever: Searcher, answerer: Answerer) -> None:
        self._live = live
        self._retriever = retriever
        self._answerer = answerer
        self._recent = RecentAnswers()

    def search(self, query: Query) -> SearchResult:
        """Return what the published release has to say. Raises ReleaseError where nothing can be searched."""
        with self._live.current() as index:
            return self._retriever.search(index, query)

    def answer(self, question: Question) -> Answer:
        """Return a cited answer or an honest refusal, the one given lately if there is one. Raises ReleaseError."""
        asked = completed(question)
        with self._live.current() as index:
            recent = self._recent.find(index.manifest.release_id, asked)
            if recent is not None:
                return recent
            answer = self._answerer.answer(index, asked, self._evidence(index, asked))
        self._recent.keep(asked, answer)
        return answer

    def recent(self, question: Question) -> Answer | None:
        """Return the answer that the published release gave lately, None if it gave none. Raises ReleaseError."""
        with self._live.current() as index:
            return self._recent.find(index.manifest.release_id, completed(question))

    def stream(self, question: Question) -> Iterator[AnswerEvent]:
        """Yield the events of an answer, all from one release. Raises as `answer` does, before the first event."""
        asked = completed(question)
        with self._live.current() as index:
            for event in self._answerer.stream(index, asked, self._evidence(index, asked)):
                if isinstance(event, Answer):
                    self._recent.keep(asked, event)
                yield event

    def _evidence(self, index: PassageIndex, question: Question) -> SearchResult:
        return evidence(lambda query: self._retriever.search(index, query), question)

    def locate(self, text: str) -> tuple[str, tuple[QuotePlace, ...]]:
        """Return the release id and the places from which a pasted text comes, best first. Raises ReleaseError."""
        with self._live.current() as index:
            places = locate(index, lambda query: self._retriever.search(index, query), text, date.today())
            return index.manifest.release_id, places

    def documents(self, limit: int, after: str) -> tuple[str, list[Document]]:
        """Return the release id and at most `limit` documents in the order of their ids, behind the id `after`.

        Raises InvalidQuery where the release has no document `after`: a reader who goes on would miss some unawares.
        """
        with self._live.current() as index:
            if after and index.document(after) is None:
                raise InvalidQuery([ParameterProblem("cursor", "unknown_cursor", {"value": after[:SHOWN_CHARS]})])
            return index.manifest.release_id, index.documents(limit, after)

    def document(self, document_id: str, release_id: str | None) -> Found:
        """Return a document. Raises UnknownDocument, UnknownRelease."""
        with self._live.at(release_id) as index:
            document = _document(index, document_id)
            count = len(index.passages_of(document_id))
            return Found(index.manifest.release_id, document, passage_count=count)

    def passage(self, passage_id: str, release_id: str | None) -> Found:
        """Return a passage with its document. Raises UnknownPassage, UnknownRelease."""
        with self._live.at(release_id) as index:
            passage = _passage(index, passage_id)
            return Found(index.manifest.release_id, _document(index, passage.document_id), passage)

    def place(self, document_id: str, passage_id: str | None, release_id: str | None) -> Found:
        """Return a document with one of its passages. Raises UnknownPassage for a passage of another document."""
        if passage_id is None:
            return self.document(document_id, release_id)
        with self._live.at(release_id) as index:
            document, passage = _document(index, document_id), _passage(index, passage_id)
            if passage.document_id != document_id:
                raise UnknownPassage(passage_id)
            return Found(index.manifest.release_id, document, passage)

    def source(self, document_id: str, release_id: str | None) -> tuple[Document, bytes]:
        """Return a document with the bytes of its original file. Raises UnknownDocument, UnknownRelease."""
        with self._live.at(release_id) as index:
            document, source = _document(index, document_id), index.source(document_id)
            if source is None:
                raise UnknownDocument(document_id)
            return document, source

    @contextmanager
    def reading(self, release_id: str | None) -> Iterator[PassageIndex]:
        """Lend a release to somebody who reads more of it than one thing."""
        with self._live.at(release_id) as index:
            yield index


def question_of(
    text: str, language: str | None, filters: Mapping[str, Sequence[str]], conversation: Sequence[Turn]
) -> Question:
    """Return the valid question that somebody asks. Raises InvalidQuery, with parameters named as in the body."""
    try:
        query = parse_query(text, language=language, filters=filters)
    except InvalidQuery as error:
        raise InvalidQuery([_as_in_body(problem) for problem in error.errors]) from error
    return Question(query.text, query.language, query.filters, tuple(conversation))


def _as_in_body(problem: ParameterProblem) -> ParameterProblem:
    name = "question" if problem.parameter == "q" else f"filters.{problem.parameter}"
    return replace(problem, parameter=name if problem.parameter in {"q", *FILTER_NAMES} else problem.parameter)


def _document(index: PassageIndex, document_id: str) -> Document:
    document = index.document(document_id)
    if document is None:
        raise UnknownDocument(document_id)
    return document


def _passage(index: PassageIndex, passage_id: str) -> Passage:
    passages = index.passages([passage_id])
    if not passages:
        raise UnknownPassage(passage_id)
    return passages[0]
