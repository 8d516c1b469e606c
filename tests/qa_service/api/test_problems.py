"""Is every refusal told in the reader's language and in one form?"""

from __future__ import annotations

import string

import pytest

from qa_service.api.problems import CATALOGUE, FIELD_SENTENCES, MEDIA_TYPE


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
    assert client.put("/api/v1/admin/session").headers["allow"] == "DELETE, GET, HEAD, POST"


@pytest.mark.parametrize(
    ("path", "czech", "english"),
    [
        (
            "/api/v1/documents?limit=0",
            "Hodnota 0 je příliš malá: nejmenší možná je 1.",
            "0 is too small: the least is 1.",
        ),
        (
            "/api/v1/documents?limit=999",
            "Hodnota 999 je příliš velká: největší možná je 200.",
            "999 is too large: the most is 200.",
        ),
        ("/api/v1/documents?limit=x", "Hodnota „x“ není celé číslo.", "“x” is not a whole number."),
        (
            "/api/v1/documents/zprava-brno/citation?format=mla",
            "Hodnota „mla“ není z nabídky: iso690, bibtex, ris, csl.",
            "“mla” is none of: iso690, bibtex, ris, csl.",
        ),
        (
            "/api/v1/documents?limti=5",
            "Takový údaj neznáme; známe, nejbližší první: limit, cursor.",
            "No such value is known; known are, nearest first: limit, cursor.",
        ),
        (
            "/api/v1/documents?cursor=zzz",
            "Za značkou „zzz“ žádná stránka není: začněte znovu bez ní.",
            "There is no page behind the cursor “zzz”: begin again without it.",
        ),
    ],
)
def test_a_wrong_value_is_told_with_what_was_given_and_what_would_do(client, path, czech, english) -> None:
    """Value, range and neighbours, in one language at a time."""
    for language, expected in (("cs", czech), ("en", english)):
        answer = client.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 422
        assert [line["message"] for line in answer.json()["errors"]] == [expected]


def test_the_length_of_a_text_that_is_too_long_is_told(client) -> None:
    """The reader learns by how much to shorten it."""
    body = {"release": "r1", "question": "a" * 6000, "useful": True}
    answer = client.post("/api/v1/feedback", json=body, headers={"Accept-Language": "cs"})
    told = answer.json()["errors"][0]["message"]
    assert told == "Hodnota je příliš dlouhá: znaků má 6000, nejvýše smí mít 5000."


@pytest.mark.parametrize(
    ("settings", "path", "status", "czech"),
    [
        ({"anonymous_search": False}, "/?q=brno", 401, "Je třeba se přihlásit"),
        ({"search_rate": "1 per day"}, "/?q=brno", 429, "Příliš mnoho požadavků"),
        ({}, "/neni", 404, "Adresa neexistuje"),
    ],
)
def test_a_person_is_refused_by_a_page_and_a_program_by_a_problem(start, settings, path, status, czech) -> None:
    """In the language of the address or the browser, with the headers that say when and how to try again."""
    client = start(**settings)
    visit = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    client.get(path)  # spends the rate where there is one
    page = client.get(path, headers=visit)
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert f"<h1>{czech}</h1>" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    english = client.get(path + ("&" if "?" in path else "?") + "lang=en", headers=visit)
    assert '<html lang="en">' in english.text
    program = client.get(path)
    assert program.headers["content-type"] == MEDIA_TYPE
    for name in ("retry-after", "www-authenticate"):
        assert (name in page.headers) == (name in program.headers)


def test_the_api_refuses_in_json_whoever_asks(client) -> None:
    """A browser that opens an address of the API sees what a program would."""
    answer = client.get("/api/v1/documents/nothing", headers={"Accept": "text/html"})
    assert answer.headers["content-type"] == MEDIA_TYPE
