"""Can staff edit the glossary over HTTP, and is every change written down?"""

from __future__ import annotations

import json

import pytest

from qa_service.glossary import GLOSSARY

ROUTE = "/api/v1/admin/glossary"
FILE = f"{ROUTE}.tsv"
TSV = {"Content-Type": "text/tab-separated-values; charset=utf-8"}
PAIR = {"english": "buddy programme", "czech": "mentorský program"}


def test_the_glossary_is_the_shipped_one_and_published_until_somebody_edits_it(admin) -> None:
    """A release without a glossary of its own is searched with the shipped one."""
    body = admin.get(ROUTE).json()
    assert body["is_published"] is True
    assert {"english": "asylum", "czech": "azyl"}.items() <= next(
        entry for entry in body["entries"] if entry["english"] == "asylum"
    ).items()


def test_an_entry_is_added_changed_and_removed(admin) -> None:
    """Each step is told in full; until the next release readers are answered by the old ones."""
    before = len(admin.get(ROUTE).json()["entries"])
    added = admin.post(ROUTE, json=PAIR)
    assert (added.status_code, added.json()["english"]) == (201, "buddy programme")
    assert admin.get(ROUTE).json()["is_published"] is False
    changed = admin.put(f"{ROUTE}/{added.json()['id']}", json=PAIR | {"czech": "parťák"})
    assert changed.status_code == 200
    assert admin.put(f"{ROUTE}/{added.json()['id']}", json=PAIR).json()["code"] == "unknown_entry"
    assert admin.delete(f"{ROUTE}/{changed.json()['id']}").status_code == 204
    assert len(admin.get(ROUTE).json()["entries"]) == before


def test_a_release_with_the_same_glossary_makes_it_published(admin, bench) -> None:
    """What counts is the text that the served release holds."""
    admin.post(ROUTE, json=PAIR)
    bench.shelf.releases["r1"].glossary_text = admin.get(FILE).text
    assert admin.get(ROUTE).json()["is_published"] is True


def test_a_release_published_a_moment_ago_counts(admin, bench) -> None:
    """Whoever builds and then looks at the glossary is not told that readers still search with another."""
    admin.post(ROUTE, json=PAIR)
    bench.shelf.releases["r2"] = type(bench.shelf.releases["r1"])("r2")
    bench.shelf.releases["r2"].glossary_text = admin.get(FILE).text
    assert admin.get(ROUTE).json()["is_published"] is False
    bench.shelf.current = "r2"
    assert admin.get(ROUTE).json()["is_published"] is True


@pytest.mark.parametrize(("language", "words"), [("cs", "Termín chybí"), ("en", "The term is missing")])
def test_problems_are_told_by_column_in_the_language_of_the_reader(admin, language, words) -> None:
    """As a problem+json with the names of the fields."""
    answer = admin.post(ROUTE, json=PAIR | {"czech": " "}, headers={"Accept-Language": language})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_glossary")
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["code"]) == ("czech", "empty_column")
    assert words in error["message"]


def test_the_file_comes_out_and_goes_in_again(admin) -> None:
    """As an attachment with its tag; the tag is what an import must show."""
    exported = admin.get(FILE)
    assert exported.text == GLOSSARY.read_text(encoding="utf-8")
    assert exported.headers["content-disposition"].startswith("attachment")
    wanted = exported.text + "buddy programme\tmentorský program\n"
    headers = TSV | {"If-Match": exported.headers["etag"]}
    tried = admin.put(f"{FILE}?trial=true", content=wanted.encode(), headers=headers)
    assert tried.json()["added"] == 1
    assert admin.get(FILE).text == exported.text
    assert admin.put(FILE, content=wanted.encode(), headers=headers).json() == tried.json()
    assert admin.get(FILE).text == wanted
    late = admin.put(FILE, content=wanted.encode(), headers=headers)
    assert (late.status_code, late.json()["code"]) == (412, "glossary_changed")


def test_an_import_without_a_version_or_of_another_type_is_refused(admin) -> None:
    """Nothing is taken on trust."""
    blind = admin.put(FILE, content=b"asylum\tazyl\n", headers=TSV)
    assert (blind.status_code, blind.json()["code"]) == (428, "version_required")
    assert admin.put(FILE, json={}, headers={"If-Match": '"x"'}).status_code == 415
    latin = admin.put(FILE, content="bydlení".encode("cp1250"), headers=TSV | {"If-Match": '"x"'})
    assert (latin.status_code, latin.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_of_spreadsheets_are_read(admin, encoding) -> None:
    """With and without a byte order mark."""
    headers = TSV | {"If-Match": admin.get(ROUTE).headers["etag"]}
    admin.put(FILE, content="housing\tbydlení\n".encode(encoding), headers=headers)
    assert [entry["czech"] for entry in admin.get(ROUTE).json()["entries"]] == ["bydlení"]


def test_every_change_stands_in_the_audit_log_with_its_words(admin, bench) -> None:
    """Who, what and what came of it; a refused change too."""
    entry = admin.post(ROUTE, json=PAIR).json()
    admin.delete(f"{ROUTE}/{entry['id']}")
    admin.delete(f"{ROUTE}/{entry['id']}")
    lines = bench.service.audit.newest(3)
    assert [(line["action"].split()[0], line["outcome"]) for line in lines] == [
        ("DELETE", "unknown_entry"), ("DELETE", 204), ("POST", 201),
    ]  # fmt: skip
    assert lines[1]["subject"] == {"entry_id": entry["id"], "entry": "buddy programme\tmentorský program"}
    assert "mentorsk\\u00fd" in (bench.service.state / "audit.jsonl").read_text(encoding="ascii")
    assert json.loads(json.dumps(lines)) == lines
