"""Does the console show every state well, in both languages and themes, to mouse, keyboard and screen reader?

The admin routes are scripted (`scripted_desk`), so that states which no test could wait for stand still; the whole
product is walked in `test_journeys`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from qa_service.api.admin.wire import FAILURES
from qa_service.citations import SLIDES
from tests.browser.conftest import CONTEXT_DEFAULTS, PATIENCE_MS, Site, Watch
from tests.browser.scripted_desk import EMPTY, FULL, PAIRS, READY, RUNNING, ScriptedDesk, job, problem, publication

VIEWS = ("documents", "quarantine", "releases", "glossary", "gaps", "feedback", "health", "audit")
NOBODY = {**FULL, "GET session": problem(401, "key_required", "Je třeba se přihlásit.")}
WRONG = problem(
    422, "invalid_glossary", "Opravte.", [{"parameter": "english", "code": "entry_exists", "message": "Už tam je."}]
)
BAD_FILE = problem(
    422,
    "invalid_glossary",
    "Opravte.",
    [{"parameter": "line 3", "code": "not_two_columns", "message": "Má 1 sloupec."}],
)
CZECH_LETTERS = set("ěščřžýůťďňĚŠČŘŽÝŮŤĎŇ")
WIDTHS = """() => [document.documentElement, ...document.querySelectorAll("dialog")].map(
    (node) => node.tagName === "DIALOG" ? 320 + node.scrollWidth - node.clientWidth : node.scrollWidth)"""
"""The width of the page; of a dialog, what its content needs beyond it."""
OWN_WORDS = """() => [...document.querySelectorAll("label > span, button, summary, nav a, h2, p, th, .outcome, .job, option, dt")]
    .filter((node) => !node.closest("[lang]:not(html), .card, .findings, .conflict, dialog h2, .masthead, #status, [role=alert]"))
    .map((node) => node.innerText)"""
"""What the console says itself; titles, quoted texts and refusals of the scripted routes are Czech in both languages."""
Act = Callable[[Any], None]


@dataclass(frozen=True)
class State:
    """What the routes say, which view is looked at, what is done there, and what must then be seen."""

    bodies: dict[str, Any]
    view: str = "documents"
    act: Act = lambda page: None
    seen: str = "#view table, #view .card, #view .empty, #view .facts"


def press(selector: str) -> Act:
    """Return what presses the first thing that a selector finds."""
    return lambda page: page.locator(selector).first.click()


def choose(*names: str) -> Act:
    """Return what chooses files to upload."""
    files = [{"name": name, "mimeType": "text/plain", "buffer": b"text"} for name in names]
    return lambda page: page.set_input_files("#files", files)


def upload(page: Any) -> None:
    """Send two files."""
    choose("a.txt", "b.pdf")(page)
    page.locator(".upload button").first.click()


def wrong_sign_in(page: Any) -> None:
    """Try a token that is none."""
    page.fill("input[name=token]", "wrong")
    page.keyboard.press("Enter")


def enter_day(page: Any, text: str) -> None:
    """Write since when the document is valid, and go on to the next field."""
    page.fill("dialog [name=valid_from]", text)
    page.locator("dialog [name=valid_from]").press("Tab")


def add_pair(page: Any) -> None:
    """Add a pair that the glossary has."""
    page.fill("form.pair input[name=czech]", "cizinec")
    page.fill("form.pair input[name=english]", "foreigner")
    page.keyboard.press("Enter")


def import_file(page: Any) -> None:
    """Choose a file for the glossary."""
    page.locator("#view summary").first.click()
    page.set_input_files("#view input[type=file]", {"name": "g.tsv", "mimeType": "text/plain", "buffer": b"x\ty"})


STATES = {
    "sign-in": State(NOBODY, seen="form.sign-in"),
    "sign-in refused": State({**NOBODY, "POST session": NOBODY["GET session"]}, act=wrong_sign_in, seen="#status.failed"),
    "session ended": State({**FULL, "GET documents": NOBODY["GET session"]}, seen="form.sign-in"),
    "service silent": State({**FULL, "GET documents": problem(500, "internal", "Něco se pokazilo.")}, seen="#view button"),
    **{f"{view}, full": State(FULL, view) for view in VIEWS},
    **{f"{view}, empty": State(EMPTY, view) for view in VIEWS if view != "glossary"},
    "documents, none fits": State(FULL, act=lambda page: page.fill("input[type=search]", "xyz"), seen="#view .empty"),
    "documents, removed": State(FULL, act=press("details.removed summary"), seen="details.removed[open]"),
    "upload of one": State(FULL, act=choose("a.txt"), seen=".upload .fields"),
    "upload without a title": State(
        FULL,
        act=lambda page: (choose("a.txt")(page), page.fill(".upload [name=publisher]", "Obec"), press(".upload button")(page)),
        seen="#status.failed",
    ),
    "upload of several": State(FULL, act=choose("a.txt", "b.pdf"), seen=".upload .files"),
    "upload refused": State(
        {**FULL, "POST documents": problem(507, "insufficient_storage", "Dochází místo.")}, act=upload, seen="li.failed"
    ),
    "dialog of a document": State(FULL, act=press("#documents td button"), seen="dialog .findings"),
    "dialog with a wrong day": State(
        FULL, act=lambda page: (press("#documents td button")(page), enter_day(page, "31. 2. 2024")), seen="dialog .field-error"
    ),
    "dialog refuses": State(
        {**FULL, "PATCH documents/prirucka-pro-obce": problem(422, "invalid_sidecar", "Rok není rok.")},
        act=lambda page: (press("#documents td button")(page), press("dialog form button:not([type])")(page)),
        seen="dialog .status:not(:empty)",
    ),
    "build running": State({**FULL, "GET jobs": {"jobs": [RUNNING]}, "GET jobs/9": RUNNING}, "releases", seen=".live progress"),
    "glossary, wrong pair": State({**FULL, "POST glossary": WRONG}, "glossary", add_pair, ".field-error:not(:empty)"),
    "glossary, dialog": State(FULL, "glossary", press("#glossary td button"), "dialog form"),
    "glossary, import": State(
        {**FULL, "PUT glossary.tsv": {"added": 1, "removed": 2, "unchanged": 230}}, "glossary", import_file, "dialog ul"
    ),
    "glossary, import refused": State({**FULL, "PUT glossary.tsv": BAD_FILE}, "glossary", import_file, "#status li"),
    "worker silent": State({**FULL, "GET jobs": {"jobs": [job("1", "build", "enqueued")]}}, "health", seen="#view .warning"),
    "health degraded": State(
        {**FULL, "GET /readyz": {**READY, "status": "degraded", "faults": [{"code": "new", "message": "an English one"}]}},
        "health", seen="#view .warning",
    ),
}  # fmt: skip
"""Every state of the console; a view without a line of its own fails a test below."""


@pytest.fixture
def desk(browser: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """A function that opens the console over scripted routes; the test fails on whatever the watch notes."""
    watch = Watch((site.address,))
    contexts = []

    def open_(bodies: dict[str, Any], view: str = "documents", language: str = "cs", **options: Any) -> Any:
        context = browser.new_context(base_url=site.address, **{**CONTEXT_DEFAULTS, **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.desk = ScriptedDesk(bodies)
        page.route("**/api/v1/admin/**", page.desk.answer)
        page.route("**/readyz", page.desk.answer)
        page.on("request", watch.request)
        page.on("console", watch.console)
        page.on("pageerror", lambda error: watch.complaints.append(str(error)))
        page.goto(f"/admin?lang={language}#{view}")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert watch.foreign_requests == []
    assert watch.complaints == []


def shown(desk: Callable[..., Any], state: State, language: str = "cs", **options: Any) -> Any:
    """Return the page when the state stands on it."""
    page = desk(state.bodies, state.view, language, **options)
    reach(page, state)
    return page


def reach(page: Any, state: State) -> None:
    """Do what leads to a state, and wait until it can be seen."""
    page.locator("#view, form.sign-in").first.wait_for()
    state.act(page)
    page.locator(state.seen).first.wait_for()


def test_every_view_has_its_states() -> None:
    """A view that somebody adds to the console is looked at too."""
    script = (Path(__file__).parents[2] / "qa_service/web/admin/console.js").read_text(encoding="utf-8")
    table = script.split("const VIEWS = {")[1].split("}")[0]
    assert tuple(line.split(":")[0].strip() for line in table.strip().splitlines()) == VIEWS
    assert {view for view in VIEWS if f"{view}, full" in STATES} == set(VIEWS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["cs", "en"])
def test_every_state_is_sound(desk: Any, axe: Any, language: str, scheme: str) -> None:
    """Names, roles, contrast and structure by axe-core; nothing hangs over at 320 pixels; English speaks no Czech."""
    faults: dict[str, list[str]] = {}
    page = desk(FULL, language=language, color_scheme=scheme)
    for name, state in STATES.items():
        page.desk.bodies = state.bodies
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(
            f"/admin?lang={language}&state={len(faults)}#{state.view}"
        )  # another address, so that it is loaded anew
        reach(page, state)
        faults[name] = axe(page)
        page.set_viewport_size({"width": 320, "height": 640})
        faults[name] += [f"{width} pixels wide" for width in page.evaluate(WIDTHS) if width > 320]
        if language == "en":
            faults[name] += [f"Czech: {words}" for words in page.evaluate(OWN_WORDS) if set(words) & CZECH_LETTERS]
    assert {name: found for name, found in faults.items() if found} == {}


def test_failures_are_told_in_the_language_of_the_reader_with_what_to_do(desk: Any) -> None:
    """Every code that has words of its own, and one that has none; the English of the log is for the administrator."""
    for language in ("cs", "en"):
        page = shown(desk, STATES["releases, full"], language)
        told = page.locator("#view table").nth(1).inner_text()
        for code in ("publish_refused", "nothing_indexed", "insufficient_storage", "publication_exists", "other"):
            assert FAILURES[code][language] in told, code
        assert "English sentence" not in told


def test_numbers_and_scores_are_written_as_the_language_writes_them(desk: Any) -> None:
    """A decimal comma in Czech, and the difference from the published release beside each score."""
    for language, score, count in (("cs", "0,711 (−0,031)", "56 789"), ("en", "0.711 (−0.031)", "56,789")):
        row = shown(desk, STATES["releases, full"], language).locator("#view tbody tr").first.inner_text()
        assert score in row
        assert count in row.replace("\u00a0", " ")


def test_the_language_switch_keeps_the_view(desk: Any) -> None:
    """Whoever reads the glossary goes on reading the glossary."""
    page = desk(FULL, "documents")
    page.get_by_role("link", name="Slovník", exact=True).click()
    page.locator("#glossary table").wait_for()
    page.locator(".languages a").click()
    page.get_by_role("heading", name="Glossary", level=2).wait_for()
    assert page.title().startswith("Glossary – ")


def test_an_ended_session_leads_to_the_sign_in_and_back(desk: Any) -> None:
    """The notice says what happened; after signing in the same view stands there."""
    bodies = dict(FULL)
    page = desk(bodies, "glossary")
    page.locator("#glossary table").wait_for()
    bodies["GET gaps"] = NOBODY["GET session"]
    page.get_by_role("link", name="Co chybí").click()
    page.get_by_text("Přihlášení vypršelo").wait_for()
    bodies.update({"GET gaps": FULL["GET gaps"], "POST session": FULL["GET session"]})
    page.get_by_label("Token nebo klíč").fill("token")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Co chybí").wait_for()
    page.wait_for_function("() => document.activeElement.id === 'view'")


def test_a_token_of_another_window_is_fetched_again(desk: Any) -> None:
    """A refused CSRF token costs nothing where the session is sound: the change is sent once more."""
    bodies = {**FULL, "POST rollback": problem(403, "csrf", "Chybí X-CSRF-Token.")}
    page = desk(bodies, "releases")
    page.get_by_role("button", name="Vrátit předchozí vydání").click()
    page.locator("#status.failed").wait_for()
    assert [name for name, _, _ in page.desk.asked] == ["POST rollback", "POST rollback"]


def test_only_administrators_see_the_record_of_changes(desk: Any) -> None:
    """Staff without that right are not offered what they would be refused."""
    page = desk({**FULL, "GET session": {**FULL["GET session"], "role": "staff"}})
    page.locator("#documents table").first.wait_for()
    assert page.get_by_role("link", name="Záznam změn").count() == 0


def test_one_bad_file_costs_itself_alone(desk: Any) -> None:
    """Each line says how its file went; the good one is in the list and only the bad one is offered again."""
    done = job("7", "add", "succeeded")
    page = desk({**FULL, "GET jobs/7": done})
    bad = problem(415, "type_mismatch", "Přípona neodpovídá obsahu.")

    def answer(route: Any) -> None:
        status, body = bad if b"b.pdf" in route.request.post_data_buffer else (202, {"documents": [{"job": "7"}]})
        route.fulfill(status=status, content_type="application/json", body=json.dumps(body))

    page.route(
        "**/api/v1/admin/documents", lambda route: answer(route) if route.request.method == "POST" else route.fallback()
    )
    upload(page)
    page.get_by_text("Přípona neodpovídá obsahu.").wait_for()
    page.get_by_text("Zařazeno do sbírky").wait_for()
    page.get_by_role("button", name="Zkusit znovu 1 soubor").wait_for()


def test_details_are_sent_only_with_a_title(desk: Any) -> None:
    """Without it the name of the file would stand for one that somebody gave; the field has the focus at once."""
    page = desk(
        {**FULL, "POST documents": (202, {"documents": [{"job": "7"}]}), "GET jobs/7": job("7", "add", "succeeded")}
    )
    choose("a.txt")(page)
    page.fill(".upload [name=publisher]", "Obec Lhota")
    press(".upload button")(page)
    page.get_by_text("Doplňte prosím i název.").wait_for()
    assert page.evaluate("document.activeElement.name") == "title"
    assert page.desk.asked == []
    page.keyboard.type("Kurzy")
    press(".upload button")(page)
    page.get_by_text("Hotovo. Čtenáři změnu uvidí").wait_for()
    assert [name for name, _, _ in page.desk.asked] == ["POST documents"]


def test_a_file_dropped_beside_the_box_does_not_replace_the_console(desk: Any) -> None:
    """The browser would open it in place of the page."""
    page = desk(FULL)
    page.locator("#documents table").first.wait_for()
    is_prevented = page.evaluate("""() => {
        const event = new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: new DataTransfer()});
        document.querySelector("h1").dispatchEvent(event);
        return event.defaultPrevented;
    }""")
    assert is_prevented


def test_dropped_files_are_offered_for_upload(desk: Any) -> None:
    """By drag and drop as by the button."""
    page = desk(FULL)
    page.locator(".drop").wait_for()
    page.evaluate("""() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(["text"], "a.txt"));
        dataTransfer.items.add(new File(["text"], "b.txt"));
        document.querySelector(".drop").dispatchEvent(new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer}));
    }""")
    page.get_by_role("button", name="Nahrát 2 soubory").wait_for()


def test_a_contradiction_is_taken_over_and_only_changes_are_sent(desk: Any) -> None:
    """What the file says stands beside the field; inferred values that nobody touched are not written down."""
    page = desk(
        {
            **FULL,
            "PATCH documents/prirucka-pro-obce": job("7", "describe", "succeeded"),
            "GET jobs/7": job("7", "describe", "succeeded"),
        }
    )
    press("#documents td button")(page)
    page.get_by_role("button", name="Převzít: Název").click()
    page.get_by_role("button", name="Uložit údaje").click()
    page.get_by_text("Hotovo. Čtenáři změnu uvidí").wait_for()
    ((name, body, headers),) = page.desk.asked
    assert name == "PATCH documents/prirucka-pro-obce"
    assert json.loads(body) == {"title": "Integrace cizinců na místní úrovni: příručka pro obce (koncept)"}
    assert headers["x-csrf-token"] == "an-invented-token"


def test_similar_documents_are_named_by_their_titles(desk: Any) -> None:
    """With a link where readers find them and with how alike they are; by the id only what is no longer there."""
    page = shown(desk, STATES["dialog of a document"])
    similar = page.get_by_role("list", name="Podobné dokumenty:").get_by_role("listitem")
    assert similar.all_inner_texts() == [
        "Integrace cizinců na místní úrovni: příručka pro obce (jiné vydání)",
        "Nový (téměř totožný text)",
        "gone",
    ]
    link = page.get_by_role("link", name="Integrace cizinců na místní úrovni: příručka pro obce", exact=True)
    assert link.get_attribute("href") == "/documents/prirucka-pro-obce?lang=cs"


DATED = {
    **FULL,
    "GET documents": {
        "documents": [publication("zakon", "Zákon", given={"title": "Zákon", "valid_from": "2024-05-01"})],
        "findings": [],
    },
    "PATCH documents/zakon": job("7", "describe", "succeeded"),
    "GET jobs/7": job("7", "describe", "succeeded"),
}


@pytest.mark.parametrize(
    ("language", "before", "words", "typed"),
    [
        ("cs", "1. 5. 2024", "1. května 2024", "31.12.2025"),
        ("cs", "1. 5. 2024", "1. května 2024", "2025-12-31"),
        ("en", "2024-05-01", "1 May 2024", "31. 12. 2025"),
    ],
)
def test_days_are_written_as_the_page_writes_them(
    desk: Any, language: str, before: str, words: str, typed: str
) -> None:
    """Whatever the browser is set to, which here is the American way; the day read stands below in words."""
    page = desk(DATED, language=language, locale="en-US")
    press("#documents td button")(page)
    field = page.locator("dialog [name=valid_from]")
    note = page.locator(f"dialog [id='{field.get_attribute('aria-describedby')}']")
    assert (field.input_value(), note.inner_text()) == (before, words)
    enter_day(page, typed)
    assert note.inner_text() == {"cs": "31. prosince 2025", "en": "31 December 2025"}[language]
    press("dialog form button:not([type])")(page)
    page.locator("#status:not(:empty)").wait_for()
    assert [json.loads(body) for _, body, _ in page.desk.asked] == [{"valid_from": "2025-12-31"}]


def test_a_day_that_is_none_is_not_sent(desk: Any) -> None:
    """It is told below its field, and to a screen reader, before anything leaves."""
    page = desk(DATED)
    press("#documents td button")(page)
    enter_day(page, "31. 2. 2024")
    field = page.locator("dialog [name=valid_from]")
    page.get_by_text("To není datum. Napište ho jako 31.\u00a05.\u00a02024.").wait_for()
    assert field.get_attribute("aria-invalid") == "true"
    press("dialog form button:not([type])")(page)
    assert page.desk.asked == []
    enter_day(page, "29. 2. 2024")
    assert field.get_attribute("aria-invalid") == "false"
    press("dialog form button:not([type])")(page)
    page.locator("#status:not(:empty)").wait_for()
    assert [json.loads(body) for _, body, _ in page.desk.asked] == [{"valid_from": "2024-02-29"}]


def test_a_newer_version_is_chosen_among_the_other_documents(desk: Any) -> None:
    """By title, though its id is what is kept; nothing supersedes itself."""
    page = shown(desk, STATES["dialog of a document"])
    offered = page.locator("dialog [name=superseded_by]").evaluate(
        "(field) => [...field.list.options].map(({ value, label }) => [value, label])"
    )
    assert offered == [["sken", "Sken"], ["novy", "Nový"]]


def test_a_presentation_is_counted_in_slides(desk: Any) -> None:
    """The receipt counts what the file has, in the right form."""
    slides = {**FULL["GET receipts/prirucka-pro-obce"], "media_type": SLIDES, "pages": 3}
    page = desk({**FULL, "GET receipts/prirucka-pro-obce": slides})
    press("#documents td button")(page)
    page.get_by_text("3 snímky · 120 pasáží").wait_for()
    page.get_by_text("snímky: 1 2 3").wait_for()


def test_the_glossary_is_edited_by_keyboard_alone(desk: Any) -> None:
    """Find, open, change, save: no mouse, and the focus is never lost out of the dialog."""
    pair = PAIRS[0]
    page = desk({**FULL, f"PUT glossary/{pair['id']}": {**pair, "english": "asylum; refuge"}}, "glossary")
    page.locator("#glossary table").wait_for()
    page.get_by_label("Najít ve slovníku", exact=True).last.focus()
    page.keyboard.type("azyl")
    page.get_by_text("1 dvojice", exact=True).wait_for()
    page.keyboard.press("Tab")
    while "Upravit" not in (page.evaluate("document.activeElement.ariaLabel") or ""):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("dialog form").wait_for()
    while page.evaluate("document.activeElement.name") != "english":
        page.keyboard.press("Tab")
    page.keyboard.press("End")
    page.keyboard.type("; refuge")
    page.keyboard.press("Enter")
    page.get_by_text("Dvojice je změněna.").wait_for()
    ((name, body, _),) = page.desk.asked
    assert (name, json.loads(body)) == (f"PUT glossary/{pair['id']}", {"czech": "azyl", "english": "asylum; refuge"})


def test_a_removed_pair_can_be_had_back_at_once(desk: Any) -> None:
    """The message offers to undo it."""
    page = desk({**FULL, f"DELETE glossary/{PAIRS[0]['id']}": (200, None), "POST glossary": PAIRS[0]}, "glossary")
    page.get_by_role("button", name="Odebrat: azyl – asylum").click()
    page.get_by_role("button", name="Vrátit zpět").click()
    page.get_by_text("Dvojice je ve slovníku.").wait_for()
    assert [name for name, _, _ in page.desk.asked] == [f"DELETE glossary/{PAIRS[0]['id']}", "POST glossary"]


def test_an_import_tells_first_what_it_changes(desk: Any) -> None:
    """A trial with the version that was read, then the same bytes once more."""
    page = shown(desk, STATES["glossary, import"])
    told = page.locator("dialog li").all_inner_texts()
    assert told == ["1 dvojice přibude", "2 dvojice zmizí", "230 dvojic zůstane"]
    page.get_by_role("button", name="Nahradit slovník").click()
    page.get_by_text("Slovník je nahrazen obsahem souboru.").wait_for()
    assert [(body, headers["if-match"]) for _, body, headers in page.desk.asked] == [("x\ty", f'"{"d" * 16}"')] * 2
