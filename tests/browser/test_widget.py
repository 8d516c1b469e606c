"""Does the widget work on a page of another site, and does it keep what it shows from becoming markup?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.responses import HTMLResponse, Response

from tests.browser.conftest import Site
from tests.scripted_service import ANSWER_BODY, CZECH_QUOTE, NO_ANSWER_BODY, NO_HITS_BODY, Refused, link_body

Open = Callable[..., Any]
Serve = Callable[[FastAPI], str]
HOSTILE = Path(__file__).parents[2] / "qa_service/web/widget/hostile.css"


@pytest.fixture
def embed(open_page: Open, site: Site, serve: Serve) -> Open:
    """A function that opens a page of another site with the widget on it, under the policy of contract section 4."""

    def open_(attributes: str = "lang=cs", hostile: bool = False, **options: Any) -> Any:
        host = FastAPI()
        policy = (
            f"default-src 'none'; script-src 'self' {site.address}; connect-src {site.address};"
            " require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'"
        )
        style = '<link rel=stylesheet href="/hostile.css">' if hostile else ""

        @host.get("/favicon.ico")
        def favicon() -> Response:
            return Response(status_code=204)

        @host.get("/hostile.css")
        def hostile_style() -> Response:
            return Response(HOSTILE.read_bytes(), media_type="text/css")

        @host.get("/")
        def page() -> Response:
            body = (
                f"<!doctype html><html lang=cs><meta charset=utf-8><title>Hostitel</title>{style}<main>"
                f'<script type=module src="{site.address}/widget.js"></script><h1>Web obce</h1>'
                f'<pramen-search endpoint="{site.address}" {attributes}><form action="{site.address}/">'
                "<input name=q aria-label=Hledat><button>Hledat</button></form></pramen-search></main></html>"
            )
            return HTMLResponse(body, headers={"Content-Security-Policy": policy + "; style-src 'self'" * hostile})

        address = serve(host)
        return open_page(address, also_own=(address,), **options)

    return open_


def combobox(page: Any) -> Any:
    """Return the field of the widget."""
    return page.get_by_role("combobox")


def events(page: Any) -> list[Any]:
    """Return the events that the page has heard so far."""
    return list(page.evaluate("window.heard"))


def listen(page: Any) -> None:
    """Let the page keep the events of the widget and take selections over."""
    page.evaluate(
        """() => { window.heard = [];
        for (const name of ['pramen-search', 'pramen-select'])
          document.addEventListener(name, (event) => { window.heard.push([name, event.detail]); event.preventDefault(); });
        }"""
    )


def test_the_keyboard_follows_the_combobox_pattern(embed: Open, site: Site) -> None:
    """Down, Up, Enter, Escape, Alt with arrows, as the W3C pattern says; roles and states follow."""
    page = embed()
    field = combobox(page)
    listen(page)
    field.fill("koordinátor")
    page.get_by_role("option").nth(2).wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") is None
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == "option-0"
    assert page.get_by_role("option").first.get_attribute("aria-selected") == "true"
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") == "option-2"
    field.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    assert field.input_value() == "koordinátor"
    field.press("Alt+ArrowDown")
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    field.press("Enter")
    name, detail = events(page)[-1]
    hit = site.service.search_body["hits"][0]
    assert name == "pramen-select"
    assert detail == {
        "passage_id": hit["passage_id"],
        "document_id": hit["document"]["id"],
        "url": site.address + hit["citation"]["url"],
    }
    field.press("Escape")
    field.press("Escape")
    assert field.input_value() == ""


def test_the_lines_of_a_passage_stand_apart_in_its_snippet(embed: Open, site: Site) -> None:
    """As on the page: a heading does not run into the sentence below it."""
    text = "Kulatý stůl\nTřetí formu představují stoly.\nKolik jich bylo?"
    first = {**site.service.search_body["hits"][0], "text": text, "highlights": [(0, 6)]}
    site.service.search_body["hits"] = [first]
    page = embed()
    combobox(page).fill("stoly")
    snippet = page.get_by_role("option").locator(".snippet")
    snippet.wait_for()
    assert snippet.inner_text() == "Kulatý stůl / Třetí formu představují stoly. Kolik jich bylo?"


def test_a_selection_that_nobody_takes_over_opens_the_source(embed: Open) -> None:
    """Enter on an option goes to the passage in the viewer."""
    page = embed()
    combobox(page).fill("koordinátor")
    page.get_by_role("option").first.wait_for()
    combobox(page).press("ArrowDown")
    combobox(page).press("Enter")
    page.wait_for_url("**/documents/prirucka-pro-obce**#passage=*")


def test_the_results_are_announced_and_sources_always_shown(embed: Open) -> None:
    """A live region counts in the right form; every option names its publisher, year and page."""
    page = embed()
    listen(page)
    combobox(page).fill("koordinátor")
    page.get_by_role("status").get_by_text("3 pasáže.").wait_for()
    assert "Centrum pro integraci, o. p. s. · 2021 · s. iii (PDF 3)" in page.get_by_role(
        "option"
    ).first.inner_text().replace("\u00a0", " ")
    assert events(page)[-1][1] == {"query": "koordinátor", "total": 3, "release": ANSWER_BODY["release"]}


def test_enter_asks_for_an_answer_in_answer_mode(embed: Open, site: Site) -> None:
    """The quotes stand with their sources."""
    page = embed('lang=cs mode=answer kind="guide, report" publisher="Centrum pro integraci, o. p. s."')
    combobox(page).fill("Kdo platí koordinátora?")
    combobox(page).press("Enter")
    page.get_by_text(CZECH_QUOTE, exact=True).wait_for()
    assert page.get_by_role("link", name="Integrace cizinců na místní úrovni").is_visible()
    asked = [what for verb, what in site.service.asked if verb == "answer"]
    assert asked == [
        {
            "question": "Kdo platí koordinátora?",
            "filters": {"kind": ["guide", "report"], "publisher": ["Centrum pro integraci, o. p. s."]},
        }
    ]


def test_a_refusal_to_answer_shows_the_nearest_passages(embed: Open, site: Site) -> None:
    """Honest, and still of help."""
    site.service.answer_body = NO_ANSWER_BODY
    page = embed("lang=cs mode=answer")
    combobox(page).fill("Kdo platí koordinátora?")
    combobox(page).press("Enter")
    page.get_by_text("Nejbližší pasáže").wait_for()
    assert page.get_by_text("Našli jsme jen podobné téma").count() >= 1
    assert page.get_by_role("link", name="Municipal integration in Central Europe").is_visible()


def test_enter_without_an_option_goes_to_the_results_page_in_search_mode(embed: Open) -> None:
    """The way to all results."""
    page = embed("lang=en")
    combobox(page).fill("koordinátor")
    combobox(page).press("Enter")
    page.wait_for_url("**/?q=koordin**lang=en")


def test_a_late_answer_is_dropped(embed: Open, site: Site) -> None:
    """The list belongs to what stands in the field."""
    site.service.held.add("pozdní")
    page = embed()
    listen(page)
    with page.expect_request(lambda request: "q=pozdn" in request.url):
        combobox(page).fill("pozdní")
    combobox(page).fill("rychlé")
    page.get_by_role("option").first.wait_for()
    site.service.gate.set()
    page.wait_for_load_state("networkidle")
    assert [detail["query"] for _, detail in events(page)] == ["rychlé"]


def test_each_claim_is_shown_as_it_comes(embed: Open, site: Site) -> None:
    """The first claim stands with its source before the second is there; the whole answer takes its place."""
    site.service.holds_claims = True
    page = embed("lang=cs mode=answer")
    combobox(page).fill("Kdo platí koordinátora?")
    page.get_by_role(
        "option"
    ).first.wait_for()  # what is found while typing has its own event, or none for who is quick
    listen(page)
    combobox(page).press("Enter")
    page.get_by_text(CZECH_QUOTE, exact=True).wait_for()
    quotes = page.locator("pramen-search blockquote")
    assert quotes.count() == 1
    assert page.get_by_role("status").inner_text() != ""
    assert events(page) == []
    page.get_by_role("link", name="Integrace cizinců").focus()
    site.service.gate.set()
    page.get_by_role("status").get_by_text("Odpověď je připravena. Počet úryvků: 2.").wait_for()
    assert quotes.count() == 2
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.textContent").startswith("Integrace cizinců")
    assert [detail["query"] for _, detail in events(page)] == ["Kdo platí koordinátora?"]


def test_late_claims_of_an_earlier_question_are_dropped(embed: Open, site: Site) -> None:
    """Whoever types on is no longer shown the answer to what stood in the field."""
    site.service.holds_claims = True
    page = embed("lang=cs mode=answer")
    combobox(page).fill("Kdo platí koordinátora?")
    combobox(page).press("Enter")
    page.get_by_text(CZECH_QUOTE, exact=True).wait_for()
    combobox(page).fill("rychlé")
    page.get_by_role("option").first.wait_for()
    site.service.gate.set()
    page.wait_for_load_state("networkidle")
    assert page.locator("pramen-search blockquote").count() == 0


@pytest.mark.parametrize("event", ["meta", "claim"])
def test_a_stream_that_breaks_is_a_failure(embed: Open, site: Site, event: str) -> None:
    """Half an answer is not passed off as the whole of it; it can be asked for again."""
    site.service.breaks_after = event
    page = embed("lang=cs mode=answer")
    combobox(page).fill("Kdo platí koordinátora?")
    combobox(page).press("Enter")
    page.get_by_text("Vyhledávání teď neodpovídá.").wait_for()
    assert page.locator("pramen-search blockquote").count() == 0
    site.service.breaks_after = ""
    page.get_by_role("button", name="Zkusit znovu").click()
    page.get_by_role("status").get_by_text("Počet úryvků: 2.").wait_for()


def test_what_makes_a_source_doubtful_is_told(embed: Open, site: Site) -> None:
    """As on the page: expired, superseded with a link to what replaced it, contradicted, worded by a model."""
    citation = site.service.answer_body["citations"][0]
    citation["document"].update(superseded_by="x", valid_from="2999-01-31")
    citation["newer"] = link_body("x", "Třetí <vydání>")
    site.service.answer_body.update(mode="generated", degraded=True)
    site.service.answer_body["claims"][0]["differs"] = True
    page = embed("lang=cs mode=answer")
    combobox(page).fill("Kdo platí koordinátora?")
    combobox(page).press("Enter")
    page.get_by_role("status").get_by_text("Počet úryvků: 2.").wait_for()
    shown = page.locator("pramen-search .answer").inner_text()
    for words in (
        "Platilo do 31. prosince 2023.",
        "Platí až od 31. ledna 2999.",
        "Existuje novější verze",
        "uvádějí různé údaje",
        "Část vyhledávání",
        "jazykový model",
    ):
        assert shown.count(words) == 1, words
    link = page.get_by_role("link", name="Třetí <vydání>")
    assert link.get_attribute("href") == f"{site.address}/documents/x?release={ANSWER_BODY['release']}"


def test_a_newer_version_is_named_in_the_list(embed: Open, site: Site) -> None:
    """By its title, since an option holds no links; one that the release does not hold is told without a name."""
    first, second, *_ = site.service.search_body["hits"]
    for hit in (first, second):
        hit["document"] = {**hit["document"], "superseded_by": "x"}
    first["newer"] = link_body("x", "Třetí vydání")
    page = embed("lang=cs")
    combobox(page).fill("koordinátor")
    page.get_by_role("option").first.wait_for()
    warnings = [text for text in page.locator("pramen-search .warning").all_inner_texts() if "Existuje" in text]
    assert warnings == ["Existuje novější verze dokumentu. Třetí vydání", "Existuje novější verze dokumentu."]


def test_documents_that_say_the_same_are_named_and_linked(embed: Open, site: Site) -> None:
    """By title in an option, which holds no links; with a link beside a passage."""
    hits = [
        {**site.service.search_body["hits"][0], "copies": [link_body("a", "Starší <vydání>"), link_body("b", "Kopie")]}
    ]
    site.service.search_body["hits"], site.service.answer_body = hits, {**NO_ANSWER_BODY, "hits": hits}
    page = embed("lang=cs mode=answer")
    combobox(page).fill("koordinátor")
    page.get_by_role("option").first.get_by_text("Totéž říkají také: Starší <vydání>; Kopie").wait_for()
    combobox(page).press("Enter")
    link = page.get_by_role("link", name="Kopie")
    link.wait_for()
    assert link.get_attribute("href") == f"{site.address}/documents/b?release={ANSWER_BODY['release']}"


def test_failures_are_told(embed: Open, site: Site) -> None:
    """No answer, a refusal in the words of the service, and nothing found are three different things."""
    page = embed()
    page.route("**/api/**", lambda route: route.abort())
    combobox(page).fill("koordinátor")
    page.get_by_text("Vyhledávání teď neodpovídá.").wait_for()
    page.unroute("**/api/**")
    site.service.refusal = Refused(503, "Není co hledat", "Není zveřejněno žádné vydání.")
    page.get_by_role("button", name="Zkusit znovu").click()
    page.get_by_text("Není zveřejněno žádné vydání.").wait_for()
    site.service.refusal, site.service.search_body = None, NO_HITS_BODY
    page.get_by_role("button", name="Zkusit znovu").click()
    page.get_by_text("Nic jsme nenašli.").wait_for()


def test_nothing_is_stored_and_no_cookie_is_set(embed: Open) -> None:
    """A guest leaves nothing behind."""
    page = embed()
    combobox(page).fill("koordinátor")
    page.get_by_role("option").first.wait_for()
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_a_hostile_style_sheet_stays_outside(embed: Open) -> None:
    """Whatever the host does to everything, the inside of the widget keeps its look."""
    looks = []
    for hostile in (False, True):
        page = embed(hostile=hostile)
        combobox(page).fill("koordinátor")
        page.get_by_role("option").first.wait_for()
        looks.append(
            page.evaluate(
                """() => ['input', '.title', '.source', 'mark'].map((selector) => {
                const style = getComputedStyle(document.querySelector('pramen-search').shadowRoot.querySelector(selector));
                return ['color', 'fontFamily', 'fontStyle', 'textTransform', 'letterSpacing', 'textAlign', 'direction',
                        'visibility', 'opacity', 'backgroundColor', 'wordSpacing', 'textIndent', 'whiteSpace'].map((name) => style[name]);
                })"""
            )
        )
    assert looks[0] == looks[1]


def test_theme_language_and_shortcut_follow_the_attributes(embed: Open) -> None:
    """`theme` wins over the system, `lang` over the page; a shortcut is there only if asked for."""
    page = embed('lang=en theme=dark shortcut="/" placeholder="Try it"', color_scheme="light")
    assert combobox(page).get_attribute("placeholder") == "Try it"
    assert page.evaluate("document.querySelector('pramen-search').shadowRoot.querySelector('.base.dark') !== null")
    page.get_by_role("heading", name="Web obce").click()
    page.keyboard.press("/")
    page.keyboard.type("a/b")
    assert combobox(page).input_value() == "a/b"
    page.evaluate("document.querySelector('pramen-search').setAttribute('lang', 'cs')")
    assert page.get_by_role("button", name="Hledat").is_visible()


def test_without_javascript_the_plain_form_inside_stays(embed: Open) -> None:
    """What the host put inside the element works on its own."""
    page = embed(java_script_enabled=False)
    page.get_by_label("Hledat").fill("koordinátor")
    page.get_by_role("button", name="Hledat").click()
    page.wait_for_url("**/?q=koordin*")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("mode", ["search", "answer"])
def test_axe_finds_nothing_in_the_open_widget(
    embed: Open, axe: Callable[[Any], list[str]], mode: str, scheme: str
) -> None:
    """The open list and the answer are as accessible as the closed field."""
    page = embed(f"lang=cs mode={mode}", color_scheme=scheme)
    combobox(page).fill("koordinátor")
    page.get_by_role("option").first.wait_for()
    combobox(page).press("ArrowDown" if mode == "search" else "Enter")
    page.get_by_text(CZECH_QUOTE, exact=mode == "answer").first.wait_for()
    page.get_by_role("status").get_by_text("Procházejte" if mode == "search" else "Počet úryvků").wait_for()
    assert [fault for fault in axe(page) if not fault.startswith("page-has-heading-one")] == []


def payloads(shared: Path) -> list[str]:
    """Return every line that tries to become markup, with an innocent one first as a control."""
    lines = (shared / "data/bad-inputs/payloads/widget_xss.jsonl").read_text(encoding="utf-8").splitlines()
    return ["obyčejný text", *(json.loads(line)["text"] for line in lines if line)]


def poison(service: Any, text: str) -> None:
    """Put a text into every place of the scripted bodies that comes from documents."""
    for hit in service.search_body["hits"]:
        hit.update(text=text, highlights=[[0, min(3, len(text))]], heading=[text])
        hit["document"] = {
            **hit["document"],
            "title": text,
            "publisher": text,
            "authors": [text],
            "url": "javascript:window.__xss=1",
        }
    for citation in service.answer_body["citations"]:
        citation.update(
            quote=text, start=0, end=len(text), text=text, document=service.search_body["hits"][0]["document"]
        )
    service.answer_body["claims"] = [{"text": text, "citations": [1], "differs": False}]
    service.answer_body["mode"] = "generated"
    service.search_body["query"]["suggestions"] = [text]


SHOWN = """(text) => {
  const inside = document.querySelector('pramen-search')?.shadowRoot?.querySelector('.answer:not([hidden]), .popup:not([hidden])');
  const whole = (inside ?? document.body).textContent;
  return whole.split(/\\s+/).join(' ').includes(text);
}"""
"""Whether a text stands as it is in what the widget shows, or in a page without one."""


def shown_as_text(page: Any, text: str) -> bool:
    """Tell whether a text stands in the page, or in the widget on it, as it is."""
    return bool(page.evaluate(SHOWN, " ".join(text.split())))


@pytest.mark.shared
def test_hostile_text_is_shown_as_text_and_does_nothing(embed: Open, open_page: Open, site: Site, shared: Path) -> None:
    """Every payload in title, snippet, source, answer and question, in the widget and on the page: nothing runs, nothing leaves."""
    widget, answering = embed("lang=cs"), embed("lang=cs mode=answer")
    for text in payloads(shared):
        poison(site.service, text)
        for page in (widget, answering):
            combobox(page).fill(text)
            if page is answering:
                combobox(page).press("Enter")
            page.wait_for_function(SHOWN, arg=" ".join(text.split()))
            assert page.evaluate("window.__xss") is None, text
        whole = open_page("/?lang=cs")
        whole.fill("#question", text)
        whole.keyboard.press("Enter")
        whole.wait_for_selector("#answer[data-status]")
        assert shown_as_text(whole, text), text
        whole.reload()
        assert shown_as_text(whole, text), text
        assert whole.evaluate("window.__xss") is None, text
        assert whole.locator("a[href^='javascript:']").count() == 0
        whole.context.close()


def test_the_watch_would_see_a_payload_that_runs(open_page: Open, site: Site) -> None:
    """Negative control: without the policy, markup made of a title would run."""
    page = open_page("/?lang=cs", bypass_csp=True)
    page.evaluate("document.body.innerHTML = '<img src=x onerror=window.__xss=1>'")
    page.wait_for_function("() => window.__xss === 1")


def test_the_scripts_hold_no_sink_of_markup_or_code() -> None:
    """Text nodes only: nothing that parses a string stands in any source (the names of DOM sinks of Trusted Types)."""
    sinks = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc",
             "parseFromString", "createContextualFragment", "setHTMLUnsafe", "javascript:", "setTimeout(\"")  # fmt: skip
    scripts = list((Path(__file__).parents[2] / "qa_service/web").rglob("*.js"))
    assert len(scripts) > 5
    assert [(s.name, sink) for s in scripts for sink in sinks if sink in s.read_text(encoding="utf-8")] == []
