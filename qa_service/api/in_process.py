"""How do pages and the command line ask what others ask over HTTP?

By the same verbs in the same process, answered in the same JSON (`qa_service.web.verbs.PageVerbs`).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from corpus.errors import PramenError
from qa_service.answering.answerer import Answer, Question, Turn
from qa_service.answering.followups import completed
from qa_service.api.inputs import AnswerInput
from qa_service.api.presenter import Presenter
from qa_service.api.problems import problem_body, refusal_of
from qa_service.api.service import Service
from qa_service.citations import citation_text
from qa_service.errors import UnknownDocument
from qa_service.verbs import parse_parameters, question_of
from qa_service.web.verbs import JsonObject, Reading


class InProcess:
    """The verbs of a service, dressed as its API dresses them."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def search(self, parameters: Sequence[tuple[str, str]], language: str) -> JsonObject:
        """Return the body of `GET /api/v1/search`."""
        query = parse_parameters(parameters)
        began = time.perf_counter()
        result = self._service.capacity.searching.call(lambda: self._service.verbs.search(query))
        took_ms = (time.perf_counter() - began) * 1000
        body = self._presenter(result.release_id, query.language or language).search(result, took_ms)
        return body.model_dump(mode="json", by_alias=True)

    def answer(self, question: JsonObject, language: str) -> JsonObject:
        """Return the body of `POST /api/v1/answer`.

        A page that was just told its answer, or is loaded again, asks nothing new: it waits for no slot, and only what was
        not answered a moment ago is kept for staff, as the question of a request is.
        """
        try:
            body = AnswerInput.model_validate(question)
        except ValidationError as error:
            located = [{**line, "loc": ("body", *line["loc"])} for line in error.errors()]
            raise refusal_of(RequestValidationError(located)) from error
        filters = body.filters.as_parameters() if body.filters else {}
        asked = question_of(body.question, body.lang, filters, [turn.to_turn() for turn in body.conversation])
        found = self._service.verbs.recent(asked) or self._answered(asked, body.lang)
        presenter = self._presenter(found.release_id, body.lang or language)
        return presenter.answer(found).model_dump(mode="json", by_alias=True)

    def _answered(self, question: Question, asked_in: str | None) -> Answer:
        answer = self._service.capacity.answering.call(lambda: self._service.verbs.answer(question))
        if self._service.listener:
            self._service.listener.heard(answer, asked_in)
        return answer

    def complete(self, question: str, before: str) -> str:
        """Return a question that leans on the one before it in full, any other as it is."""
        return completed(Question(question, conversation=(Turn(before, ""),))).text

    def read(self, document_id: str, release_id: str | None, language: str) -> Reading:
        """Return a document with its text, as of a kept release or the published one."""
        with self._service.verbs.reading(release_id) as index:
            document, text = index.document(document_id), index.document_text(document_id)
            if document is None or text is None:
                raise UnknownDocument(document_id)
            passages = index.passages_of(document_id)
            citation = citation_text(document, None, language)
            return Reading(index.manifest.release_id, document, text, passages, citation)

    def titles(self, document_ids: Sequence[str], release_id: str | None) -> dict[str, str]:
        """Return the titles of those of the documents that a release holds, by id."""
        with self._service.verbs.reading(release_id) as index:
            found = [index.document(document_id) for document_id in document_ids]
            return {document.id: document.title for document in found if document is not None}

    def source(self, document_id: str, release_id: str | None) -> bytes:
        """Return the original file of a document."""
        return self._service.verbs.source(document_id, release_id)[1]

    def problem(self, error: PramenError, language: str) -> dict[str, Any]:
        """Return the problem that the API gives for an error."""
        return problem_body(refusal_of(error), language, "")

    def _presenter(self, release_id: str, language: str) -> Presenter:
        return Presenter(release_id, language, self._service.settings.public_url)
