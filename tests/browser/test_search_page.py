"""Does the search page work for a person at a keyboard, with and without JavaScript, whatever the network does?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site
from tests.scripted_service import ANSWER_BODY, CZECH_QUOTE, HANDBOOK_ID, Refused

QUESTION = "Kdo platí koordinátora integrace?"
Open = Callable[..., Any]


def statuses(page: Any) -> str:
    """Return what the live region says."""
    return str(page.locator("#status").inner_text())


KEEP_STATUSES = """() => {
  window.told = [];
  const status = document.getElementById("status");
  new MutationObserver(() => window.told.push(status.textContent)).observe(status, {childList: true, characterData: true, subtree: true});
}"""
"""Keeps everything that the live region says, one after another."""


def settle(page: Any) -> None:
    """Wait until everything that was asked for stands on the page."""
    page.wait_for_selector("main:not(.busy)")


def test_typing_shows_passages_and_enter_shows_the_answer(open_page: Open, site: Site) -> None:
    """Words are searched as one types, the question is answered on Enter, and the state is in the address."""
    page = open_page("/?lang=cs")
    page.keyboard.type("koordinátor")
    page.wait_for_selector("#results[data-total='3']")
    assert page.locator("#answer").is_hidden()
    assert {verb for verb, _ in site.service.asked} == {"search"}
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer[data-status=answered]")
    settle(page)
    assert CZECH_QUOTE in page.locator("#answer").inner_text()
    assert "Odpověď je připravena. Nalezeny 3\u00a0pasáže." in statuses(page).replace("3 ", "3\u00a0")
    assert "q=koordin" in page.url
    again = open_page(page.url.removeprefix(site.address))
    assert CZECH_QUOTE in again.locator("#answer").inner_text()


def test_each_page_of_the_history_is_what_it_was(open_page: Open) -> None:
    """Back returns to the question before."""
    page = open_page("/?lang=cs&q=prvn%C3%AD")
    page.fill("#question", "druhá")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=druh*")
    settle(page)
    page.go_back()
    page.wait_for_function("() => document.getElementById('question').value === 'první'")
    page.wait_for_selector("#answer[data-status=answered]")
    assert "q=prvn" in page.url


def test_a_late_answer_to_an_earlier_question_is_dropped(open_page: Open, site: Site) -> None:
    """The page shows the answer to what stands in the field."""
    site.service.held.add("pozdní otázka")
    page = open_page("/?lang=cs")
    page.fill("#question", "pozdní otázka")
    page.keyboard.press("Enter")
    page.fill("#question", "rychlá otázka")
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer[data-status=answered]")
    settle(page)
    with page.expect_response(lambda response: "q=pozdn" in response.url and "part=results" in response.url) as late:
        site.service.gate.set()
    late.value.finished()
    assert "rychl" in page.title()
    assert "q=rychl" in page.url


def test_each_claim_is_shown_as_it_comes(open_page: Open, site: Site) -> None:
    """The first claim stands with its source before the second is there; the whole answer takes its place."""
    site.service.holds_claims = True
    page = open_page("/?lang=cs")
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer.coming figure")
    quotes = page.locator("#answer blockquote")
    assert quotes.all_inner_texts() == [CZECH_QUOTE]
    first = page.locator("#answer .title").get_attribute("href")
    assert statuses(page) != ""
    page.locator("#answer .title").focus()
    site.service.gate.set()
    page.wait_for_selector("#answer[data-status=answered]")
    assert quotes.count() == 2
    assert page.locator("#answer .title").first.get_attribute("href") == first
    assert page.evaluate("document.activeElement.getAttribute('href')") == first


@pytest.mark.parametrize("event", ["meta", "claim"])
def test_a_stream_that_breaks_gives_way_to_the_plain_answer(open_page: Open, site: Site, event: str) -> None:
    """Whatever becomes of the stream, the answer is asked for as without it."""
    site.service.breaks_after = event
    page = open_page("/?lang=cs")
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer[data-status=answered]")
    assert page.locator("#answer blockquote").count() == 2
    assert [verb for verb, _ in site.service.asked].count("answer") == 2


def test_late_claims_of_an_earlier_question_are_dropped(open_page: Open, site: Site) -> None:
    """What comes for a question that is no longer asked is not shown."""
    site.service.holds_claims = True
    page = open_page("/?lang=cs")
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer.coming")
    page.fill("#question", "kurz")
    page.wait_for_url("**q=kurz")
    site.service.gate.set()
    page.wait_for_timeout(500)
    assert page.locator("#answer").is_hidden()
    assert "q=kurz" in page.url


@pytest.mark.parametrize("scripts", [True, False])
def test_a_question_may_lean_on_the_one_before(open_page: Open, site: Site, scripts: bool) -> None:
    """It is completed, shown in full, and its address stands by itself; what was said can be had back."""
    page = open_page("/?lang=cs", java_script_enabled=scripts)
    for question in (QUESTION, "A v Brně?"):
        page.fill("#question", question)
        page.keyboard.press("Enter")
        page.get_by_text("Odpověď z dokumentů").wait_for()
        page.wait_for_url("**said=**" if question != QUESTION else "**q=Kdo**")
        settle(page)
    full = "Kdo platí koordinátora integrace – v Brně?"
    assert page.input_value("#question") == full
    assert "after=" not in page.url
    asked = [what["question"] for verb, what in site.service.asked if verb == "answer"]
    assert asked[-1] == full
    assert [dict(what)["q"] for verb, what in site.service.asked if verb == "search"][-1] == full
    page.get_by_text("Otázku „A v Brně?“ jsme doplnili").wait_for()
    page.reload()
    assert page.input_value("#question") == full
    page.get_by_role("link", name="Hledat jen „A v Brně?“").click()
    page.wait_for_url(lambda address: "said" not in address)
    assert page.input_value("#question") == "A v Brně?"


def test_asking_the_same_again_leans_on_nothing(open_page: Open, site: Site) -> None:
    """Enter on an unchanged question asks that question."""
    page = open_page("/?lang=cs&q=A+kdy%3F")
    page.keyboard.press("Tab")
    page.locator("#question").press("Enter")
    settle(page)
    assert [dict(what)["q"] for verb, what in site.service.asked if verb == "search"] == ["A kdy?", "A kdy?"]


def test_filters_language_and_chips_are_addresses(open_page: Open, site: Site) -> None:
    """Choosing a filter asks again at once; taking a term back is a link; the other language keeps the question."""
    page = open_page("/?lang=cs&q=kurz")
    page.get_by_label("zpráva").click()  # not `check`: the box is drawn anew
    page.wait_for_url("**kind=report**")
    settle(page)
    assert page.get_by_label("zpráva").is_checked()
    page.get_by_role("link", name="Nehledat „integration coordinator“").click()
    page.wait_for_url("**without=integration**")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**lang=en**")
    assert page.get_by_label("report").is_checked()
    assert "without=integration" in page.url
    assert page.input_value("#question") == "kurz"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_day_is_written_as_the_page_writes_it(open_page: Open, site: Site, scripts: bool) -> None:
    """Whatever the browser is set to: address and questions have the international form, the field keeps the focus."""
    page = open_page("/?lang=cs&q=kurz", locale="en-US", java_script_enabled=scripts)
    page.get_by_label("Platné ke dni").fill("31.5.2024")
    site.service.asked.clear()
    page.keyboard.press("Enter")
    page.wait_for_url("**valid_on=2024-05-31**")
    settle(page)
    assert page.get_by_label("Platné ke dni").input_value() == "31.\u00a05.\u00a02024"
    days = {
        dict(what)["valid_on"] if verb == "search" else what["filters"]["valid_on"] for verb, what in site.service.asked
    }
    assert days == {"2024-05-31"}
    assert not scripts or page.evaluate("document.activeElement.name") == "valid_on"


def test_a_search_within_a_document_says_so(open_page: Open, site: Site) -> None:
    """From the viewer one searches that document alone, and can see it and take it back."""
    page = open_page(f"/?lang=cs&document={HANDBOOK_ID}")
    box = page.get_by_label("Jen v dokumentu „Integrace cizinců")
    assert box.is_checked()
    page.keyboard.type("kurz")
    page.wait_for_url("**q=kurz**")
    settle(page)
    box.click()  # not `uncheck`: the box goes with its filter
    page.wait_for_url(lambda address: "document=" not in address)
    searched = [dict(what).get("document") for verb, what in site.service.asked if verb == "search"]
    assert (searched[0], searched[-1]) == (HANDBOOK_ID, None)


def test_did_you_mean_is_a_link_that_asks(open_page: Open, site: Site) -> None:
    """A respelled question is offered, never searched in place of the question."""
    site.service.search_body["query"]["suggestions"] = ["koordinátor"]
    page = open_page("/?lang=cs&q=kordinator")
    page.get_by_role("link", name="koordinátor", exact=True).click()
    page.wait_for_url("**q=koordin%C3%A1tor**")
    assert page.input_value("#question") == "koordinátor"


def test_waiting_is_told_and_a_long_wait_too(open_page: Open, site: Site) -> None:
    """Loading after Enter, slow after three seconds, in words."""
    site.service.held.add("dlouhá")
    page = open_page("/?lang=cs")
    page.evaluate(KEEP_STATUSES)
    page.fill("#question", "dlouhá")
    page.keyboard.press("Enter")
    page.locator("#status").get_by_text("Trvá to déle než obvykle").wait_for()
    site.service.gate.set()
    page.wait_for_selector("#answer[data-status=answered]")
    settle(page)
    assert "Odpověď je připravena." in statuses(page)
    told = page.evaluate("window.told")
    assert any(
        "Hledám odpověď" in words for words in told[: next(n for n, words in enumerate(told) if "déle" in words)]
    )


def test_a_failing_service_is_told_and_can_be_asked_again(open_page: Open, site: Site) -> None:
    """The page never shows a failure as no results; the button asks again."""
    page = open_page("/?lang=cs")
    page.route("**/?*part=*", lambda route: route.abort())
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#status.failed")
    assert "neodpovídá" in statuses(page)
    page.unroute("**/?*part=*")
    page.get_by_role("button", name="Zkusit znovu").click()
    page.wait_for_selector("#answer[data-status=answered]")


def test_a_refusal_of_the_service_is_shown_in_its_words(open_page: Open, site: Site) -> None:
    """What the API says, the page says."""
    page = open_page("/?lang=cs")
    site.service.refusal = Refused(503, "Zatím není co hledat", "Není zveřejněno žádné vydání.")
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.get_by_text("Není zveřejněno žádné vydání.").wait_for()
    assert page.get_by_text("Nic jsme nenašli").count() == 0


def test_without_a_network_the_page_says_so(open_page: Open) -> None:
    """Offline is a state of its own, and the results stay."""
    page = open_page("/?lang=cs&q=kurz")
    page.context.set_offline(True)
    page.wait_for_function("() => document.getElementById('status').textContent.includes('bez připojení')")
    assert page.locator(".hit").count() == 3
    page.context.set_offline(False)


FORMATS = {"ISO 690": "iso690", "BibTeX": "bibtex", "RIS": "ris", "CSL-JSON": "csl"}


@pytest.mark.parametrize("form", FORMATS)
def test_a_citation_is_copied_in_every_form(open_page: Open, form: str) -> None:
    """One press puts the reference on the clipboard, and the page says so."""
    page = open_page("/?lang=cs&q=kurz")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    hit = page.locator(".hit").first
    hit.get_by_text("Citovat").click()
    hit.get_by_role("link", name=form).click()
    page.wait_for_function("() => document.getElementById('status').textContent.includes('Zkopírováno')")
    assert page.evaluate("navigator.clipboard.readText()") == f"{FORMATS[form]}: prirucka-pro-obce"


def test_without_a_clipboard_the_citation_can_be_copied_by_hand(open_page: Open) -> None:
    """Over plain HTTP browsers give no clipboard; the text is shown and selected."""
    page = open_page("/?lang=cs&q=kurz")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    hit = page.locator(".hit").first
    hit.get_by_text("Citovat").click()
    hit.get_by_role("link", name="ISO 690").click()
    page.wait_for_selector(".cite textarea")
    assert page.evaluate("document.activeElement.value") == "iso690: prirucka-pro-obce"


def test_a_rating_is_sent_with_the_question_and_the_passage(open_page: Open, site: Site) -> None:
    """Useful and not useful reach those who keep the collection."""
    page = open_page("/?lang=cs&q=kurz")
    page.locator(".hit").first.get_by_role("button", name="Neužitečné").click()
    page.get_by_text("Děkujeme").wait_for()
    (sent,) = site.service.feedback
    hit = site.service.search_body["hits"][0]
    assert sent == {
        "question": "kurz",
        "release": ANSWER_BODY["release"],
        "useful": False,
        "passage_id": hit["passage_id"],
    }


def test_the_whole_journey_needs_only_a_keyboard(open_page: Open) -> None:
    """From the first page to the quote in the source with Tab, letters and Enter; the focus can always be seen."""
    page = open_page("/?lang=cs")
    assert page.evaluate("document.activeElement.id") == "question"
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer[data-status=answered]")
    settle(page)
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("document.activeElement.classList.contains('title')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/prirucka-pro-obce**")
    assert page.locator("section:target mark").inner_text() == CZECH_QUOTE


HEARD = (
    'heading "Na co se chcete zeptat?" [level=1]', 'searchbox "Na co se chcete zeptat?"', 'button "Hledat"',
    'region "Odpověď z dokumentů"', 'group "Z českých dokumentů"', 'figure "Doklad 1"', f"paragraph: {CZECH_QUOTE}",
    "paragraph: příručka · Centrum pro integraci, o. p. s. · 2021 · s. iii (strana PDF 3) · česky",
    'group "Z anglických dokumentů"', 'figure "Doklad 2"', 'button "Užitečné"', 'region "Pasáže"',
    'link "integration coordinator Nehledat „integration coordinator“"',
    'heading "Municipal integration in Central Europe: what lasted and what did not" [level=3]',
    'complementary "Zúžit výběr"', 'group "Druh dokumentu"', 'checkbox "příručka 2"', 'textbox "od roku"', "contentinfo",
)  # fmt: skip


def test_a_screen_reader_hears_everything_by_name_and_in_order(open_page: Open) -> None:
    """The accessibility tree of an answered question, from the field to the filters."""
    page = open_page(f"/?lang=cs&q={QUESTION}")
    tree = page.locator("body").aria_snapshot().replace("\u00a0", " ")
    places = [tree.find(name) for name in HEARD]
    assert -1 not in places, [name for name, place in zip(HEARD, places, strict=True) if place < 0]
    assert places == sorted(places)


def test_paper_shows_the_question_the_answer_and_its_sources(open_page: Open, site: Site) -> None:
    """What cannot be pressed is not printed, nor where the focus is; the address of each source is."""
    page = open_page(f"/?lang=cs&q={QUESTION}")
    page.focus("#question")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.field')).outlineStyle") == "none"
    for shown in ("#question", "#answer blockquote", "#answer .about", ".hit .text"):
        assert page.locator(shown).first.is_visible(), shown
    for hidden in ("#facets", ".actions", ".afterwards", ".languages", "#search-form button"):
        assert page.locator(hidden).first.is_hidden(), hidden
    link = page.locator(".hit h3 a").first
    address = link.evaluate("(link) => getComputedStyle(link, '::after').content")
    assert f"{site.address}/documents/{HANDBOOK_ID}?release=" in address


def test_without_javascript_the_form_answers(open_page: Open) -> None:
    """Type, press Enter, read the answer, choose a filter, apply it."""
    page = open_page("/?lang=cs", java_script_enabled=False)
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=Kdo**")
    assert CZECH_QUOTE in page.locator("#answer").inner_text()
    page.get_by_label("zpráva").check()
    page.get_by_role("button", name="Použít filtry").click()
    page.wait_for_url("**kind=report**")
    page.get_by_role("link", name="Otevřít zdroj na tomto místě").first.click()
    assert page.locator("section:target mark").inner_text() == CZECH_QUOTE
