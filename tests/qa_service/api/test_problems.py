"""Is every refusal told in the reader's language and in one form?"""

from __future__ import annotations

import string

import pytest

from qa_service.api.problems import CATALOGUE, FIELD_SENTENCES, MEDIA_TYPE, reader_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "cs"),
        ("", "cs"),
        ("en", "en"),
        ("en-US,en;q=0.9,cs;q=0.8", "en"),
        ("cs-CZ,cs;q=0.9,en;q=0.8", "cs"),
        ("de, en;q=0.5", "en"),
        ("de", "cs"),
        ("en;q=0.1, cs;q=0.2", "cs"),
        ("en;q=zero", "cs"),
        ("*", "cs"),
    ],
)
def test_the_language_is_the_one_that_the_reader_prefers(header, language) -> None:
    """Czech without a preference; weights count as in RFC 9110, section 12.5.4."""
    assert reader_language(header) == language


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_refusal_has_sentences_in_both_languages_with_the_same_facts(code) -> None:
    """A fact named in one language only would be lost in the other."""
    sentences = CATALOGUE[code].sentences
    facts = [{name for _, name, _, _ in string.Formatter().parse(each.detail) if name} for each in sentences.values()]
    assert facts[0] == facts[1]
    assert all(each.title and each.detail for each in sentences.values())
    assert 400 <= CATALOGUE[code].status < 600


def test_every_sentence_on_a_value_has_both_languages() -> None:
    """The catalogue of values is complete."""
    assert all(set(sentences) == {"cs", "en"} for sentences in FIELD_SENTENCES.values())


def test_a_refusal_has_every_field_of_the_contract(client) -> None:
    """type, title, status, detail, code, request_id; Czech by default, English when asked for."""
    czech = client.get("/api/v1/documents/nothing")
    english = client.get("/api/v1/documents/nothing", headers={"Accept-Language": "en"})
    body = czech.json()
    assert czech.headers["content-type"] == MEDIA_TYPE
    assert set(body) == {"type", "title", "status", "detail", "code", "request_id"}
    assert body["detail"] == "Publikace „nothing“ není v tomto vydání sbírky."
    assert english.json()["detail"] == "The publication “nothing” is not in this release of the collection."
    assert english.headers["content-language"] == "en"
    assert body["request_id"] == czech.headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "unknown_address"),
        ("GET", "/api/v1/search/", 404, "unknown_address"),
        ("POST", "/api/v1/search", 405, "method_not_allowed"),
        ("TRACE", "/api/v1/search", 405, "method_not_allowed"),
    ],
)
def test_addresses_and_methods_that_are_not_there_are_told_the_same_way(client, method, path, status, code) -> None:
    """The framework's own refusals take our form too."""
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_wrong_method_is_told_which_ones_are_right(client) -> None:
    """All of them, also where each has a route of its own (RFC 9110, section 15.5.6)."""
    assert client.put("/api/v1/admin/session").headers["allow"] == "DELETE, GET, POST"
