"""Does `POST /answer` keep to the contract, whole and as a stream?"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from qa_service.answering.answerer import Mode, Opening

ANSWER = "/api/v1/answer"


def events(text: str) -> list[tuple[str, object]]:
    """Return the events of a stream as names and values."""
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    pairs = [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]
    return [(pair["event"], json.loads(pair["data"])) for pair in pairs]


def test_an_answer_has_claims_that_cite_verbatim_quotations(client) -> None:
    """Every field of the contract, and the quote is the text of its passage at its offsets."""
    body = client.post(ANSWER, json={"question": "Kolik cizinců žije v Brně?", "lang": "cs"}).json()
    assert (body["status"], body["reason"], body["mode"], body["degraded"]) == ("answered", None, "extractive", False)
    assert body["claims"][0]["citations"] == [1]
    citation = body["citations"][0]
    passage = client.get(f"/api/v1/passages/{citation['passage_id']}").json()
    assert passage["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert set(citation) >= {
        "number",
        "quote",
        "passage_id",
        "start",
        "end",
        "pages",
        "language",
        "document",
        "text",
        "url",
    }
    assert body["hits"]


def test_a_refusal_is_an_answer_without_claims(client) -> None:
    """HTTP 200, a reason, and nothing that could be taken for an answer."""
    answer = client.post(ANSWER, json={"question": "Xyzzy?"})
    body = answer.json()
    assert (answer.status_code, body["status"], body["reason"]) == (200, "no_answer", "not_found")
    assert (body["claims"], body["citations"]) == ([], [])


def test_a_stream_tells_the_same_as_the_whole_answer(client) -> None:
    """Meta, hits, each citation before the claim that cites it, and the whole body at the end."""
    question = {"question": "Kolik cizinců žije v Brně?"}
    answer = client.post(ANSWER, json=question, headers={"Accept": "text/event-stream"})
    told = events(answer.text)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [name for name, _ in told] == ["meta", "hits", "citation", "claim", "done"]
    assert told[0][1] == {"question": question["question"], "release": "r1", "mode": "extractive"}
    assert told[-1][1] == client.post(ANSWER, json=question).json()


def test_a_streamed_refusal_says_why(client) -> None:
    """`no_answer` stands where claims would."""
    answer = client.post(ANSWER, json={"question": "Xyzzy?"}, headers={"Accept": "text/event-stream"})
    assert [name for name, _ in events(answer.text)] == ["meta", "hits", "no_answer", "done"]


def test_a_fault_within_a_stream_is_told_as_an_error_event(client, bench) -> None:
    """A stream that only broke off would not say that anything went wrong."""

    def broken(*_: object) -> Iterator[object]:
        yield Opening("Brno?", "first", Mode.EXTRACTIVE)
        raise RuntimeError("a fault of ours")

    bench.answerer.stream = broken
    told = events(client.post(ANSWER, json={"question": "Brno?"}, headers={"Accept": "text/event-stream"}).text)
    assert [name for name, _ in told] == ["meta", "error"]
    assert (told[-1][1]["code"], told[-1][1]["status"]) == ("internal", 500)


def test_a_stream_without_a_release_is_told_as_an_error_event(client, bench) -> None:
    """The stream has begun, so the refusal is its last event, in the form of a problem."""
    bench.service.live.close()
    answer = client.post(ANSWER, json={"question": "Brno?"}, headers={"Accept": "text/event-stream"})
    name, problem = events(answer.text)[-1]
    assert (name, problem["code"]) == ("error", "no_release")


def test_a_single_filter_value_may_stand_without_its_list(client) -> None:
    """As in the address of a search; both ways ask for the same."""
    question = {"question": "Kolik cizinců žije v Brně?", "lang": "cs"}
    alone = client.post(ANSWER, json={**question, "filters": {"kind": "report"}})
    listed = client.post(ANSWER, json={**question, "filters": {"kind": ["report"]}})
    assert (alone.status_code, alone.json()) == (200, listed.json())


@pytest.mark.parametrize(
    ("body", "status", "parameter"),
    [
        ({}, 422, "question"),
        ({"question": " "}, 422, "question"),
        ({"question": "a" * 501}, 422, "question"),
        ({"question": "a", "lang": "de"}, 422, "lang"),
        ({"question": "a", "is_admin": True}, 422, "is_admin"),
        ({"question": "a", "filters": {"kind": ["novel"]}}, 422, "filters.kind"),
        ({"question": "a", "filters": {"colour": ["red"]}}, 422, "filters.colour"),
        ({"question": "a", "conversation": [{"question": "a", "answer": "b"}] * 11}, 422, "conversation"),
        ({"question": 5}, 422, "question"),
    ],
)
def test_a_value_that_cannot_be_taken_is_named(client, body, status, parameter) -> None:
    """One line for each, by its path in the body."""
    answer = client.post(ANSWER, json=body)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["parameter"] == parameter


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"q=a", b"{", b'{"question": "\xff"}', b"[" * 100_000, b'{"question": NaN}']
)
def test_a_body_that_is_no_question_is_refused_as_such(client, body) -> None:
    """400 or 422, never a fault of ours."""
    answer = client.post(ANSWER, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_lone_surrogate_is_refused_and_does_not_break_the_answer(client) -> None:
    """JSON can spell half a character that no UTF-8 answer could hold."""
    answer = client.post(ANSWER, content=b'{"question": "a\\ud800"}', headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


def test_a_body_of_another_kind_is_refused(client) -> None:
    """415 says what is expected."""
    answer = client.post(ANSWER, content=b'{"question": "a"}', headers={"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_the_page_is_drawn_from_the_answer_that_was_streamed(client, bench) -> None:
    """A model that words an answer is asked once; the page completes a question as the stream does."""
    asked = []
    answer = bench.answerer.answer
    bench.answerer.answer = lambda *of: asked.append(of[1].text) or answer(*of)
    turns = [{"question": "Kolik cizinců žije v Brně?", "answer": ""}]
    body = {"question": "A v Praze?", "filters": {"year_from": 2000}, "conversation": turns}
    told = events(client.post(ANSWER, json=body, headers={"Accept": "text/event-stream"}).text)
    address = {"q": "A v Praze?", "after": turns[0]["question"], "year_from": "2000", "part": "answer"}
    page = client.get("/", params=address).text
    assert asked == [told[0][1]["question"]] == ["Kolik cizinců žije v Praze?"]
    assert told[-1][1]["citations"][0]["quote"] in page
    assert "Otázku „A v Praze?“" in page
