"""What does a reader get over HTTP where the operator has named a model endpoint: the model's words, checked, or ours?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.testclient import TestClient

from corpus.catalog import read_catalog
from indexes.settings import IndexSettings
from ingest.pipeline import build_release
from ingest.settings import IngestSettings
from qa_service.api.app import create_app, open_service
from qa_service.assembly import Assembly, assemble
from qa_service.settings import ServiceSettings
from tests.qa_service.answering.stub_endpoint import StubEndpoint, playing, sound

pytestmark = pytest.mark.model
QUESTION = {"question": "Kolik dvojic s dobrovolnými mentory bylo v Lounech v roce 2019?", "lang": "cs"}
TEXT = (
    "# Volunteer mentors in Louny\n\n"
    "The town of Louny pairs newcomers with volunteer mentors. In 2019 there were 37 pairs, and 29 of them met weekly.\n"
)
KEY = "tajny-klic-123"


@pytest.fixture(scope="module")
def stub() -> Iterator[StubEndpoint]:
    """A model endpoint on a real socket; each test says what the model answers."""
    with playing(sound("")) as endpoint:
        yield endpoint


@dataclass(frozen=True)
class Published:
    """A release of one English publication, and the settings that name the endpoint."""

    indexes: IndexSettings
    settings: ServiceSettings
    parts: Assembly


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, stub: StubEndpoint) -> Published:
    """One English publication, published, and the endpoint in the settings."""
    place = tmp_path_factory.mktemp("generated")
    indexes = IndexSettings(corpus=place / "corpus", releases=place / "releases", state=place / "state")
    for folder in (indexes.corpus, indexes.releases, indexes.state):
        folder.mkdir()
    (indexes.corpus / "mentors.md").write_text(TEXT, encoding="utf-8")
    patience = {"embedding_timeout_s": 600.0, "request_timeout_s": 600.0}  # a slow machine is not a faulty one
    settings = ServiceSettings(llm_url=stub.url, llm_model="small", llm_key=KEY, **patience)
    parts = assemble(indexes, settings)
    built = build_release(read_catalog(indexes.corpus), parts.embedder, indexes, IngestSettings())
    assert built.release_id is not None
    parts.shelf.publish(built.release_id)
    return Published(indexes, settings, parts)


@pytest.fixture
def client(published: Published) -> Iterator[TestClient]:
    """The whole service, fresh: it remembers no answer to the question of another test."""
    service = open_service(published.indexes, published.settings, published.parts)
    with TestClient(create_app(service)) as opened:
        yield opened


def say(stub: StubEndpoint, sentence: str) -> None:
    """Let the model write a sentence; `[N]` becomes the number under which it was given the passage on mentors."""
    stub.requests.clear()

    def written(messages: list[dict[str, str]]) -> str:
        chat = "\n".join(message["content"] for message in messages)
        numbered = re.search(r'<passage number="(\d+)"[^>]*>\n[^<]*37 pairs', chat)
        assert numbered is not None
        return sentence.replace("[N]", f"[{numbered[1]}]")

    stub.answering = written


def asked(client: TestClient, question: dict[str, str] = QUESTION) -> dict[str, Any]:
    """Return the answer; it is always one, with sound quotations and without the key."""
    response = client.post("/api/v1/answer", json=question)
    assert response.status_code == 200
    assert KEY not in response.text
    body: dict[str, Any] = response.json()
    for cited in body["citations"]:
        passage = client.get(f"/api/v1/passages/{cited['passage_id']}").json()
        assert passage["text"][cited["start"] : cited["end"]] == cited["quote"]
    return body


def test_a_true_sentence_of_the_model_is_shown_with_the_quotation_that_holds_it_up(client, stub) -> None:
    """In Czech about an English text, and the endpoint got the key and the passages as data."""
    say(stub, "V Lounech bylo v roce 2019 celkem 37 dvojic s dobrovolnými mentory. [N]")
    body = asked(client)
    assert (body["status"], body["mode"], body["degraded"]) == ("answered", "generated", False)
    assert [claim["text"] for claim in body["claims"]] == [
        "V Lounech bylo v roce 2019 celkem 37 dvojic s dobrovolnými mentory."
    ]
    assert "37 pairs" in body["citations"][0]["quote"]
    assert stub.heads[-1]["Authorization"] == f"Bearer {KEY}"
    assert stub.requests[-1]["model"] == "small"


def test_a_stream_says_who_words_the_answer_and_ends_with_the_whole_of_it(client, stub) -> None:
    """Each quotation comes before the claim that cites it."""
    say(stub, "V Lounech bylo v roce 2019 celkem 37 dvojic s dobrovolnými mentory. [N]")
    streamed = client.post("/api/v1/answer", json=QUESTION, headers={"Accept": "text/event-stream"}).text
    events = re.findall(r"event: (\w+)\r?\ndata: (.*)", streamed)
    assert [name for name, _ in events] == ["meta", "hits", "citation", "claim", "done"]
    assert json.loads(events[0][1])["mode"] == "generated"
    assert json.loads(events[-1][1]) == asked(client)


def test_an_invented_figure_reaches_nobody(client, stub) -> None:
    """A quotation takes its place."""
    say(stub, "V Lounech bylo v roce 2019 celkem 99 dvojic s dobrovolnými mentory. [N]")
    body = asked(client)
    assert [claim["text"] for claim in body["claims"]] == [cited["quote"] for cited in body["citations"]]
    assert "99" not in json.dumps(body["claims"])


@pytest.mark.parametrize("reply", [{"status": 500, "body": "{}"}, {"status": 200, "body": "<html>"}])
def test_a_faulty_endpoint_leaves_the_sources_own_words(client, stub, reply) -> None:
    """And the answer says that something failed."""
    stub.answering, stub.reply = None, reply
    body = asked(client)
    assert (body["status"], body["mode"], body["degraded"]) == ("answered", "extractive", True)
    assert any("37 pairs" in claim["text"] for claim in body["claims"])


def test_no_model_is_asked_what_the_collection_does_not_answer(client, stub) -> None:
    """However gladly it would answer."""
    say(stub, "Rajčata se pěstují ve skleníku. [N]")
    body = asked(client, {"question": "Jak se pěstují rajčata ve skleníku?", "lang": "cs"})
    assert (body["status"], body["claims"]) == ("no_answer", [])
    assert stub.requests == []
