"""`POST /answer`: a cited answer or an honest refusal, whole or as a stream."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Body
from sse_starlette import ServerSentEvent
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from qa_service.answering import answerer
from qa_service.answering.answerer import Answer, AnswerEvent, Claim, Evidence, Opening, QuotedSource
from qa_service.api.access import API, GuardedRoute
from qa_service.api.event_stream import OR_STREAMED, streamed, wants_stream
from qa_service.api.inputs import AnswerInput
from qa_service.api.presenter import Presenter
from qa_service.api.problems import documented, problem_response, refusal_of
from qa_service.api.service import Service, Serving, language_of
from qa_service.api.wire import AnswerBody, ClaimBody
from qa_service.verbs import question_of

log = structlog.get_logger(__name__)

_HEADERS = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}

router = APIRouter(route_class=GuardedRoute, tags=["answer"])


@router.post(
    f"{API}/answer",
    response_model=AnswerBody,
    responses={**OR_STREAMED, **documented(400, 413, 415, 422, 503)},
)
async def answer(request: Request, body: Annotated[AnswerInput, Body()], service: Serving) -> Response:
    """Answer a question with verbatim, cited quotations, or say that the collection does not answer it."""
    filters = body.filters.as_parameters() if body.filters else {}
    turns = [turn.to_turn() for turn in body.conversation]
    question = question_of(body.question, body.lang, filters, turns)
    language = language_of(request, body.lang)
    if service.settings.log_questions:
        log.info("question", text=question.text)
    if wants_stream(request):
        events = service.capacity.answering.stream(lambda: service.verbs.stream(question))
        return streamed(_told(request, service, events, language, body.lang))
    with service.metrics.step("answer"):
        found = await service.capacity.answering.run(lambda: service.verbs.answer(question))
    _count(service, found)
    body_out = Presenter(found.release_id, language, service.settings.public_url).answer(found)
    return Response(
        body_out.model_dump_json(by_alias=True),
        media_type="application/json",
        headers=_HEADERS,
        background=_hearing(service, found, body.lang),
    )


def _count(service: Service, answer: Answer) -> None:
    if answer.degraded:
        service.metrics.degraded.labels("answer").inc()
    if answer.reason:
        service.metrics.no_answers.labels(answer.reason.value).inc()


def _hearing(service: Service, answer: Answer, asked_in: str | None) -> BackgroundTask | None:
    """Return what is done after the answer has left: the question is kept for staff, where that is wanted."""
    return BackgroundTask(service.listener.heard, answer, asked_in) if service.listener else None


async def _told(
    request: Request, service: Service, events: AsyncIterator[AnswerEvent], language: str, asked_in: str | None
) -> AsyncIterator[ServerSentEvent]:
    """Yield the events as they go over the wire; an error that comes late is an event too, and the last one."""
    presenter: Presenter | None = None
    try:
        async for event in events:
            if isinstance(event, Opening):
                presenter = Presenter(event.release_id, language, service.settings.public_url)
            if isinstance(event, Answer):
                _count(service, event)
                if service.listener:
                    await run_in_threadpool(service.listener.heard, event, asked_in)
            name, data = _named(event, presenter or Presenter("", language, service.settings.public_url))
            yield ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name)
    except Exception as error:  # the head has left: a fault, too, can be told by an event alone
        refusal = refusal_of(error)
        if refusal.code == "internal":
            log.exception("fault")
        problem = problem_response(request.scope, refusal)
        yield ServerSentEvent(bytes(problem.body).decode(), event="error")


def _named(event: AnswerEvent, presenter: Presenter) -> tuple[str, Any]:
    match event:
        case Opening():
            return "meta", {"question": event.question, "release": event.release_id, "mode": event.mode}
        case Evidence():
            return "hits", [hit.model_dump(mode="json") for hit in presenter.hits(event.hits)]
        case QuotedSource():
            return "citation", presenter.quote(event).model_dump(mode="json")
        case Claim():
            return "claim", ClaimBody.of(event).model_dump(mode="json")
        case answerer.Refusal():
            return "no_answer", {"reason": event.reason}
        case Answer():
            return "done", presenter.answer(event).model_dump(mode="json", by_alias=True)
