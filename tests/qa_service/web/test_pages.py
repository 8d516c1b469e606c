"""What do the pages say to a browser without JavaScript?"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa_service.web.assets import WIDGET_EVENTS, WIDGET_MESSAGES, read_assets, read_widget
from qa_service.web.pages import pages_router
from tests.scripted_service import (
    ANSWER_BODY,
    HANDBOOK_ID,
    HANDBOOK_PASSAGES,
    NO_ANSWER_BODY,
    NO_HITS_BODY,
    RELEASE,
    Refused,
    ScriptedService,
    link_body,
    scripted_app,
)  # fmt: skip


@pytest.fixture
def service() -> ScriptedService:
    """What the service says in this test."""
    return ScriptedService()


@pytest.fixture
def client(service: ScriptedService, tmp_path: Path) -> TestClient:
    """A browser that runs no scripts."""
    return TestClient(scripted_app(service, tmp_path / "pictures"))


def test_a_question_in_the_address_is_answered_in_the_page(client: TestClient, service: ScriptedService) -> None:
    """Quote, title, printed page and place of the source stand in the page itself."""
    page = client.get("/", params={"q": "Kdo platí koordinátora integrace?", "kind": "guide"})
    assert page.status_code == 200
    for quote in ANSWER_BODY["citations"]:
        assert quote["quote"] in page.text
        assert quote["document"]["title"] in page.text
    assert "s.\u00a0iii (strana PDF 3)" in page.text
    assert "<mark>Koordinátora</mark>" in page.text
    assert dict(service.asked)["answer"]["filters"] == {"kind": ["guide"]}


def test_without_a_question_nothing_is_searched(client: TestClient, service: ScriptedService) -> None:
    """The first page is the form and examples."""
    page = client.get("/")
    assert 'action="/"' in page.text
    assert "Zkuste se zeptat" in page.text
    assert service.asked == []


def test_examples_are_offered_where_the_collection_answers_them(client: TestClient, service: ScriptedService) -> None:
    """Those of the bundled collection are not put to another one."""
    assert "Ze kterých krajů jeli lidé do Drážďan?" in client.get("/").text
    service.titles_by_id = {}
    assert "Zkuste se zeptat" not in client.get("/").text


def test_documents_that_say_the_same_are_named_and_linked(client: TestClient, service: ScriptedService) -> None:
    """By title, in the release that was searched."""
    assert "Totéž říká" not in client.get("/", params={"q": "kurz"}).text
    service.search_body["hits"][0]["copies"] = [link_body("starsi", "Starší <vydání>")]
    page = client.get("/", params={"q": "kurz"}).text
    link = f'<a href="/documents/starsi?release={RELEASE}&amp;lang=cs">Starší &lt;vydání&gt;</a>'
    assert f"Totéž říká také: {link}</p>" in page


def test_a_newer_version_is_linked(client: TestClient, service: ScriptedService) -> None:
    """Beside the quotation and the passage that it makes old, and only if it can be read here."""
    items = service.answer_body["citations"][0], service.search_body["hits"][0]
    for item in items:
        item["document"]["superseded_by"] = "novejsi"
    words = "Existuje novější verze dokumentu."
    assert client.get("/", params={"q": "kurz"}).text.count(f"{words}</p>") == 2
    for item in items:
        item["newer"] = link_body("novejsi", "Třetí vydání")
    link = f'<a href="/documents/novejsi?release={RELEASE}&amp;lang=cs">Třetí vydání</a>'
    assert client.get("/", params={"q": "kurz"}).text.count(f"{words} {link}</p>") == 2


@pytest.mark.parametrize(
    ("facet", "values"),
    [("source_lang", ("cs", "en", "sk", "de", "pl", "uk", "fr", "vi", "es")), ("publisher", tuple("ABCDEFGHI"))],
)
def test_values_of_a_filter_that_are_folded_away_stand_under_words_that_fit_every_filter(
    client: TestClient, service: ScriptedService, facet: str, values: tuple[str, ...]
) -> None:
    """More languages are no more publishers."""
    service.search_body["facets"] = {facet: dict.fromkeys(values, 1)}
    for language, words in (("cs", "Další možnosti"), ("en", "More choices")):
        page = client.get("/", params={"q": "kurz", "lang": language}).text.replace("\u00a0", " ")
        assert re.findall(r'<aside id="facets".*?</aside>', page, re.DOTALL)[0].count("<summary>") == 1
        assert f"<summary>{words}</summary>" in page


def test_a_filter_that_cannot_be_taken_is_left_out_without_the_others(
    client: TestClient, service: ScriptedService
) -> None:
    """A slip in one day costs nobody the rest of the choice."""
    slip = {"parameter": "valid_on", "code": "not_a_date", "message": "„31. 2. 2024“ není den v kalendáři."}
    service.refusal = Refused(422, "Dotaz nelze přijmout", "Opravte uvedené údaje.", [slip])
    page = client.get("/", params={"q": "azyl", "lang": "cs", "kind": "guide", "valid_on": "31. 2. 2024"}).text
    assert '<a href="/?q=azyl&amp;lang=cs&amp;kind=guide">Hledat bez tohoto údaje</a>' in page


def test_nobody_is_left_in_a_blank_place(client: TestClient, service: ScriptedService) -> None:
    """Behind the last passage, within filters that leave nothing, and with a filter that is refused, a link leads on."""
    service.search_body["hits"] = []
    assert (
        '<a href="/?q=kurz&amp;lang=cs">Přejít na první pasáže</a>'
        in client.get("/", params={"q": "kurz", "offset": "190"}).text
    )
    clear = '<a href="/?q=kurz&amp;lang=cs">Zrušit filtry</a>'
    service.search_body = NO_HITS_BODY
    assert clear in client.get("/", params={"q": "kurz", "kind": "law"}).text
    assert "Zúžit výběr" not in client.get("/", params={"q": "kurz"}).text
    service.refusal = Refused(422, "Dotaz nelze přijmout", "Hodnota „abcd“ není celé číslo.")
    assert clear in client.get("/", params={"q": "kurz", "year_from": "abcd"}).text


def test_the_language_of_the_address_is_kept_in_links_and_form(client: TestClient) -> None:
    """Remembered in the address, not in a cookie."""
    page = client.get("/", params={"q": "courses", "lang": "en"}, headers={"Accept-Language": "cs"})
    assert '<html lang="en">' in page.text
    assert 'name="lang" value="en"' in page.text
    assert "/?q=courses&amp;lang=cs" in page.text
    assert "set-cookie" not in page.headers


def test_sources_that_differ_are_told(client: TestClient, service: ScriptedService) -> None:
    """Two figures for one thing are not passed over."""
    words = "Dokumenty uvádějí různé údaje."
    assert words not in client.get("/", params={"q": "kurz"}).text
    service.answer_body["claims"][0]["differs"] = True
    assert words in client.get("/", params={"q": "kurz"}).text


def test_a_refusal_to_answer_helps(client: TestClient, service: ScriptedService) -> None:
    """It says why, what was not found, what to try and whom to write to; the nearest passages stay."""
    service.answer_body = dict(NO_ANSWER_BODY)
    page = client.get("/", params={"q": "Kdo platí koordinátora v Ústí?"}).text
    assert "Odpověď jsme nenašli" in page
    assert "<strong>Ústí nad Labem</strong>" in page
    assert "mailto:knihovna@example.org" in page
    assert "Municipal integration" in page


@pytest.mark.parametrize("reason", ["not_found", "near_miss", "unclear_question", "unsupported_language"])
@pytest.mark.parametrize("language", ["cs", "en"])
def test_every_reason_of_the_contract_has_words(
    client: TestClient, service: ScriptedService, reason: str, language: str
) -> None:
    """No reason shows as its code."""
    service.answer_body = {**NO_ANSWER_BODY, "reason": reason}
    page = client.get("/", params={"q": "otázka", "lang": language})
    assert page.status_code == 200
    assert reason not in page.text


def test_no_hits_and_an_error_are_told_apart(client: TestClient, service: ScriptedService) -> None:
    """An error never reads as "no results"."""
    service.search_body, service.answer_body = NO_HITS_BODY, dict(NO_ANSWER_BODY)
    assert "Nic jsme nenašli" in client.get("/", params={"q": "xyzzy"}).text
    service.refusal = Refused(503, "Vyhledávání není připraveno", "Zatím není zveřejněno žádné vydání.")
    page = client.get("/", params={"q": "xyzzy"})
    assert page.status_code == 503
    assert "Zatím není zveřejněno žádné vydání." in page.text
    assert "Nic jsme nenašli" not in page.text


def test_degraded_results_say_so(client: TestClient, service: ScriptedService) -> None:
    """A reader knows when a part of the search is missing."""
    assert "omezeném režimu" not in client.get("/", params={"q": "kurz"}).text
    service.search_body["degraded"] = True
    assert "omezeném režimu" in client.get("/", params={"q": "kurz"}).text


@pytest.mark.parametrize("part", ["", "results", "answer"])
def test_a_question_that_leans_on_another_leads_to_the_question_in_full(client: TestClient, part: str) -> None:
    """The filters stay, and so does the part that was asked for."""
    asked = {"q": "A v Brně?", "after": "Kdo platí koordinátora?", "kind": "guide", "part": part}
    led = client.get("/", params=asked, follow_redirects=False)
    assert led.status_code == 303
    place = dict(parse_qsl(urlsplit(led.headers["location"]).query))
    assert place.pop("part", "") == part
    assert place == {"q": "Kdo platí koordinátora – v Brně?", "said": "A v Brně?", "lang": "cs", "kind": "guide"}


@pytest.mark.parametrize("question", ["Kolik stojí kurz češtiny pro cizince?", "A kdy?"])
def test_a_question_that_stands_by_itself_leads_to_its_own_address(client: TestClient, question: str) -> None:
    """One that was just asked does so too."""
    led = client.get("/", params={"q": question, "after": "A kdy?"}, follow_redirects=False)
    assert dict(parse_qsl(urlsplit(led.headers["location"]).query)) == {"q": question, "lang": "cs"}


@pytest.mark.parametrize("part", ["results", "answer"])
def test_a_part_is_the_same_as_in_the_whole_page(client: TestClient, part: str) -> None:
    """The script shows what a browser without it shows."""
    whole = client.get("/", params={"q": "kurz"}).text
    alone = client.get("/", params={"q": "kurz", "part": part}).text
    section = alone[alone.index("<section") : alone.index("</section>")]
    assert section in whole


def test_the_next_page_has_no_answer_and_keeps_the_order(client: TestClient, service: ScriptedService) -> None:
    """Passages behind the first ten are passages only."""
    service.search_body["total"] = 45
    first = client.get("/", params={"q": "kurz"}).text
    assert "offset=3" in first
    service.asked.clear()
    client.get("/", params={"q": "kurz", "offset": "10"})
    assert [verb for verb, _ in service.asked] == ["search"]


@pytest.mark.parametrize("address", ["/", "/?q=kurz", f"/documents/{HANDBOOK_ID}", "/documents/nothing"])
def test_no_page_allows_anything_inline_or_foreign(client: TestClient, address: str) -> None:
    """The policy is strict and the page keeps to it: no script or style of its own, no address elsewhere."""
    page = client.get(address)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy and "*" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "<style" not in page.text and " style=" not in page.text and " onclick" not in page.text
    assert page.text.count("<script") == page.text.count('<script type="module" src="/static/')


def test_markup_in_documents_is_text(client: TestClient, service: ScriptedService) -> None:
    """A title that looks like markup is read as it was written."""
    hit = service.search_body["hits"][0]
    hit["document"]["title"] = "<img src=x onerror=alert(1)>"
    hit["text"], hit["highlights"] = "</script><b>x</b>", [[0, 9]]
    page = client.get("/", params={"q": '"><script>alert(1)</script>'}).text
    assert "<img src=x" not in page
    assert "<mark>&lt;/script&gt;</mark>&lt;b&gt;" in page
    assert "<script>alert" not in page


def test_the_viewer_names_each_passage_as_the_contract_says(client: TestClient) -> None:
    """The id is literally `passage=<id>`, so the fragment works without JavaScript."""
    page = client.get(f"/documents/{HANDBOOK_ID}", params={"release": RELEASE}).text
    for passage in HANDBOOK_PASSAGES:
        assert page.count(f'id="passage={passage.id}"') == 1
        assert f"/documents/{HANDBOOK_ID}?release={RELEASE}#passage={passage.id}" in page
    assert "strana iii, v\u00a0PDF 3" in page
    assert "odvozeno programem" in page


def test_the_viewer_marks_the_quote_of_the_address(client: TestClient) -> None:
    """Without JavaScript the quotation is marked by the server."""
    passage = HANDBOOK_PASSAGES[1]
    query = {"release": RELEASE, "passage": passage.id, "quote": "0-13"}
    page = client.get(f"/documents/{HANDBOOK_ID}", params=query).text
    assert "<mark>Kurzy češtiny</mark>" in page
    for wrong in ("13-0", "0-99999", "x", "-1-4"):
        assert "<mark>" not in client.get(f"/documents/{HANDBOOK_ID}", params={**query, "quote": wrong}).text


def test_an_unknown_document_is_a_page_with_its_status(client: TestClient) -> None:
    """A reader who follows an old link is told in words."""
    page = client.get("/documents/nothing")
    assert page.status_code == 404
    assert "v katalogu není" in page.text


def test_assets_are_kept_for_ever_under_their_version_only(client: TestClient) -> None:
    """A new version of a script has a new address."""
    assets = read_assets()
    address = assets.address("search.js")
    assert "immutable" in client.get(address).headers["cache-control"]
    assert client.get(address.replace(assets.version, "old")).headers["cache-control"] == "no-cache"
    assert client.get(f"/static/{assets.version}/pages.py").status_code == 404
    with pytest.raises(KeyError):
        assets.address("no-such-file.css")


def test_the_widget_is_one_file_with_its_messages_that_any_site_may_load(client: TestClient) -> None:
    """Only the API behind it follows the list of origins."""
    served = client.get("/widget.js")
    assert served.headers["access-control-allow-origin"] == "*"
    assert served.headers["cross-origin-resource-policy"] == "cross-origin"
    assert WIDGET_MESSAGES not in served.text
    assert WIDGET_EVENTS not in served.text
    assert not re.search(r"^(?:import|export)\b", served.text, re.MULTILINE)
    assert served.content == read_widget().content


@pytest.mark.parametrize(
    ("public_url", "address"),
    [("https://hledej.example.cz/", "https://hledej.example.cz"), (None, "http://testserver")],
)
def test_the_snippet_names_the_address_by_which_other_sites_reach_the_service(
    tmp_path: Path, public_url: str | None, address: str
) -> None:
    """Behind a proxy the service may be asked under another name, which no other site can reach."""
    app = FastAPI()
    app.include_router(pages_router(ScriptedService(), tmp_path, public_url=public_url))
    page = TestClient(app).get("/widget/demo").text
    assert f'src="{address}/widget.js"' in page
    assert f'endpoint="{address}"' in page
