"""Does `GET /search` keep to the contract?"""

from __future__ import annotations

import pytest

SEARCH = "/api/v1/search"


def test_a_search_answers_with_exactly_the_fields_of_the_contract(client) -> None:
    """Every field of contract section 3 is there, with the values of the release, and what kind of file it is."""
    body = client.get(SEARCH, params={"q": "brně cizinců"}).json()
    assert body["release"] == "r1"
    assert body["degraded"] is False
    assert body["query"] == {
        "text": "brně cizinců",
        "language": None,
        "also_searched": [{"term": "foreigner", "from": "cizinec", "source": "glossary"}],
        "suggestions": [],
    }
    assert set(body) == {"query", "release", "degraded", "took_ms", "hits", "facets", "total"}
    assert set(body["facets"]) == {"kind", "source_lang", "publisher", "year"}
    hit = body["hits"][0]
    assert hit["document"] == {
        "id": "zprava-brno",
        "title": "Zpráva o integraci v Brně",
        "authors": ["Jana Nováková"],
        "publisher": "Město Brno",
        "year": 2019,
        "kind": "report",
        "language": "cs",
        "url": None,
        "valid_from": None,
        "valid_to": None,
        "superseded_by": None,
        "media_type": "application/pdf",
    }
    assert hit["pages"] == {"first": 4, "last": 4, "labels": ["iv"]}
    assert hit["highlights"] == [[0, 1]]
    assert (hit["rank"], hit["score"], hit["passage_id"]) == (1, 1.0, "a" * 16)
    assert hit["citation"]["url"] == f"/documents/zprava-brno?release=r1#passage={'a' * 16}"
    assert "s. iv" in hit["citation"]["text"]
    assert (hit["copies"], hit["newer"]) == ([], None)


def test_documents_that_say_the_same_are_named_with_their_address(client, bench) -> None:
    """So that whoever shows a passage can lead to them."""
    bench.searcher.copies = ("zprava-brno",)
    assert client.get(SEARCH, params={"q": "brně"}).json()["hits"][0]["copies"] == [
        {"id": "zprava-brno", "title": "Zpráva o integraci v Brně", "url": "/documents/zprava-brno?release=r1"}
    ]


def test_a_newer_version_is_named_with_its_address(client, bench) -> None:
    """Beside a passage and beside a quotation."""
    bench.searcher.newer = "zprava-brno"
    named = {"id": "zprava-brno", "title": "Zpráva o integraci v Brně", "url": "/documents/zprava-brno?release=r1"}
    answer = client.post("/api/v1/answer", json={"question": "brně"}).json()
    assert client.get(SEARCH, params={"q": "brně"}).json()["hits"][0]["newer"] == named
    assert [source["newer"] for source in (*answer["citations"], *answer["hits"][:1])] == [named, named]


def test_links_are_absolute_under_a_public_address(start) -> None:
    """A citation pasted elsewhere must still lead back."""
    client = start(public_url="https://hledej.example.cz")
    url = client.get(SEARCH, params={"q": "brně"}).json()["hits"][0]["citation"]["url"]
    assert url.startswith("https://hledej.example.cz/documents/zprava-brno?release=r1#passage=")


def test_the_reference_is_written_in_the_language_of_the_reader(client) -> None:
    """`lang` chooses our words; without it the browser's language does."""
    english = client.get(SEARCH, params={"q": "brně", "lang": "en"}).json()["hits"][0]["citation"]["text"]
    by_header = client.get(SEARCH, params={"q": "brně"}, headers={"Accept-Language": "en-GB"}).json()
    assert "p. iv" in english
    assert by_header["hits"][0]["citation"]["text"] == english


@pytest.mark.parametrize(
    ("parameters", "parameter", "code"),
    [
        ({}, "q", "missing"),
        ({"q": "   "}, "q", "empty"),
        ({"q": "a" * 501}, "q", "too_long"),
        ({"q": "a", "k": "0"}, "k", "out_of_range"),
        ({"q": "a", "k": "51"}, "k", "out_of_range"),
        ({"q": "a", "k": "1e9"}, "k", "not_a_number"),
        ({"q": "a", "offset": "200"}, "offset", "out_of_range"),
        ({"q": "a", "offset": "-1"}, "offset", "out_of_range"),
        ({"q": "a", "lang": "de"}, "lang", "not_a_choice"),
        ({"q": "a", "kind": "novel"}, "kind", "not_a_choice"),
        ({"q": "a", "valid_on": "yesterday"}, "valid_on", "not_a_date"),
        ({"q": "a", "tenant": "x"}, "tenant", "unknown_parameter"),
        ({"q": ["a", "b"]}, "q", "repeated"),
    ],
)
def test_a_parameter_out_of_range_is_named_with_a_code(client, parameters, parameter, code) -> None:
    """422 with one line for the parameter, in Czech by default."""
    answer = client.get(SEARCH, params=parameters)
    body = answer.json()
    assert answer.status_code == 422
    assert body["code"] == "invalid_query"
    assert (body["errors"][0]["parameter"], body["errors"][0]["code"]) == (parameter, code)


def test_all_wrong_parameters_are_told_at_once(client) -> None:
    """A person who mends one parameter does not have to learn of the next one by another refusal."""
    errors = client.get(SEARCH, params={"q": "a", "k": "99", "offset": "999", "lang": "xx"}).json()["errors"]
    assert {error["parameter"] for error in errors} == {"k", "offset", "lang"}


def test_empty_parameters_count_as_absent(client) -> None:
    """A form sends every field, filled in or not."""
    answer = client.get(f"{SEARCH}?q=brn%C4%9B&lang=&k=&offset=&kind=&publisher=&year_from=&valid_on=")
    assert answer.status_code == 200


def test_five_hundred_characters_after_trimming_are_taken(client) -> None:
    """The limit counts what is left after trimming."""
    assert client.get(SEARCH, params={"q": f"  {'a' * 500}  "}).status_code == 200


def test_an_answer_that_still_holds_is_not_sent_again(client) -> None:
    """The tag depends on release, query and language; the time taken does not count."""
    first = client.get(SEARCH, params={"q": "brně"})
    again = client.get(SEARCH, params={"q": "brně"}, headers={"If-None-Match": first.headers["etag"]})
    other = client.get(SEARCH, params={"q": "praze"}, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert other.status_code == 200


def test_the_tag_changes_with_the_release(client, bench) -> None:
    """Negative control of the tag: the same query on another release is sent anew."""
    first = client.get(SEARCH, params={"q": "brně"})
    bench.shelf.releases["r2"] = type(bench.shelf.releases["r1"])("r2")
    bench.shelf.current = "r2"
    bench.service.live.refresh()
    second = client.get(SEARCH, params={"q": "brně"}, headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert second.json()["release"] == "r2"


def test_a_degraded_answer_says_so_and_is_not_kept(client, bench) -> None:
    """Search by words alone is flagged, and no tag lets a browser keep it."""

    def fail() -> None:
        raise RuntimeError("the model is broken")

    bench.embedder.fault = fail
    answer = client.get(SEARCH, params={"q": "brně"})
    assert answer.json()["degraded"] is True
    assert answer.json()["hits"]
    assert "etag" not in answer.headers


def test_an_error_is_never_an_empty_list(client, bench) -> None:
    """A fault inside the search is a 500 with a request id, not a page without hits."""

    def fail() -> None:
        raise ZeroDivisionError

    bench.searcher.fault = fail
    answer = client.get(SEARCH, params={"q": "brně"})
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "Traceback" not in answer.text
