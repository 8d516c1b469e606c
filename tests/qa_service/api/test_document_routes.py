"""Can every document and passage be read, cited and downloaded by its id?"""

from __future__ import annotations

import pytest

DOCUMENTS = "/api/v1/documents"


def test_documents_are_listed_page_by_page_in_the_order_of_their_ids(client) -> None:
    """`next` leads to the following page and is null on the last one."""
    first = client.get(DOCUMENTS, params={"limit": 1}).json()
    second = client.get(DOCUMENTS, params={"limit": 1, "cursor": first["next"]}).json()
    assert [page["documents"][0]["id"] for page in (first, second)] == ["zprava-brno", "zprava-praha"]
    assert second["next"] is None


def test_a_document_is_told_with_what_nobody_wrote_down_marked(client) -> None:
    """Staff and readers see where a value comes from."""
    body = client.get(f"{DOCUMENTS}/zprava-brno").json()
    assert (body["id"], body["media_type"], body["inferred"]) == ("zprava-brno", "application/pdf", [])
    assert (body["passages"], body["release"]) == (1, "r1")


def test_a_passage_gives_the_text_into_which_offsets_point(client) -> None:
    """The same text as in the hit, with its place."""
    body = client.get(f"/api/v1/passages/{'a' * 16}").json()
    assert body["text"] == "V Brně žije čtyřicet tisíc cizinců."
    assert body["document"]["id"] == "zprava-brno"


def test_the_original_is_an_attachment_that_can_run_nothing(client) -> None:
    """Name in both forms of RFC 6266, without the quotation marks that could end it; sandboxed."""
    answer = client.get(f"{DOCUMENTS}/zprava-brno/source")
    assert answer.content == b"%PDF-1.7 the original"
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="zpr_va _Brno_.pdf"; filename*=UTF-8')
    assert "zpr%C3%A1va%20%22Brno%22.pdf" in disposition
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_reference_without_an_address_leads_back_to_the_collection(start) -> None:
    """Pinned to the release, under the public address."""
    client = start(public_url="https://hledej.example.cz")
    entry = client.get(f"{DOCUMENTS}/zprava-praha/citation", params={"format": "ris"}).text
    assert "UR  - https://hledej.example.cz/documents/zprava-praha?release=r1" in entry


def test_without_a_public_address_a_reference_names_none(client) -> None:
    """A reference manager elsewhere could not follow a bare path."""
    assert "UR  - " not in client.get(f"{DOCUMENTS}/zprava-praha/citation", params={"format": "ris"}).text


@pytest.mark.parametrize(
    ("form", "beginning"),
    [("iso690", "NOVÁKOVÁ, Jana"), ("bibtex", "@techreport{zprava-brno"), ("ris", "TY  - RPRT"), ("csl", "[")],
)
def test_a_document_is_cited_in_each_form(client, form, beginning) -> None:
    """With a passage, the citation leads to its page."""
    answer = client.get(f"{DOCUMENTS}/zprava-brno/citation", params={"format": form, "passage": "a" * 16})
    assert answer.status_code == 200
    assert answer.text.startswith(beginning)
    assert "iv" in answer.text


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/documents/nothing", 404, "unknown_document"),
        ("/documents/nothing/source", 404, "unknown_document"),
        ("/documents/nothing/citation", 404, "unknown_document"),
        (f"/documents/zprava-praha/citation?passage={'a' * 16}", 404, "unknown_passage"),
        ("/documents/zprava-brno?release=r0", 410, "release_gone"),
        (f"/passages/{'a' * 16}?release=../../etc/passwd", 410, "release_gone"),
        ("/passages/cccccccccccccccc", 404, "unknown_passage"),
        ("/passages/short", 404, "unknown_passage"),
        ("/documents/zprava-brno/citation?format=word", 422, "invalid_query"),
        ("/documents?limit=0", 422, "invalid_query"),
        ("/documents?colour=red", 422, "invalid_query"),
    ],
)
def test_what_is_not_there_is_told_with_a_code(client, path, status, code) -> None:
    """404 for what never was, 410 for a release that is no longer kept, 422 for what cannot be."""
    answer = client.get(f"/api/v1{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
