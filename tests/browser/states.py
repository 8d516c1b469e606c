"""In which states can a reader find the pages and the widget?

Each state is an address, what the scripted service says, and what the reader does. The tests look at every one of them
in both languages and themes; `python -m tests.browser.pictures FOLDER` takes its picture.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from corpus.document import Document
from indexes.passage import PageSegment
from qa_service.citations import SLIDES
from qa_service.web.verbs import Reading
from tests.scripted_service import (
    ANSWER_BODY,
    HANDBOOK,
    HANDBOOK_ID,
    HANDBOOK_PASSAGES,
    HANDBOOK_TEXT,
    NO_ANSWER_BODY,
    NO_HITS_BODY,
    SEARCH_BODY,
    Refused,
    ScriptedService,
    link_body,
)

ROOT = Path(__file__).parents[2]
PDF = ROOT / "corpus/publications/guests-from-abroad/guests-from-abroad.pdf"
QUESTION = "Kdo platí koordinátora integrace?"
ASKED = f"/?q={QUESTION}"
Act = Callable[[Any], None]


@dataclass(frozen=True)
class State:
    """One state: `service` are attributes of the scripted service, `act` leads a page of the browser into the state."""

    path: str
    service: Mapping[str, Any] = field(default_factory=dict)
    act: Act = lambda page: None

    def prepare(self, service: ScriptedService) -> None:
        """Let the service say what it says in this state."""
        for name, value in self.service.items():
            setattr(service, name, value)

    def enter(self, page: Any) -> None:
        """Do what the reader does, once every script is there."""
        page.wait_for_load_state("networkidle")
        self.act(page)

    def address(self, language: str) -> str:
        """Return the path in one language."""
        path, _, fragment = self.path.partition("#")
        return f"{path}{'&' if '?' in path else '?'}lang={language}{'#' + fragment if fragment else ''}"


def hold(page: Any) -> None:
    """Let every question wait for ever."""
    page.evaluate("() => { XMLHttpRequest.prototype.send = () => {}; window.fetch = () => new Promise(() => {}); }")


def lose(page: Any) -> None:
    """Let every question fail."""
    page.route(lambda address: "part=" in address or "/api/v1/" in address, lambda route: route.abort())


def ask(page: Any, question: str = QUESTION) -> None:
    """Type a question and press Enter."""
    page.fill("#question", question)
    page.keyboard.press("Enter")


def then(*steps: Act) -> Act:
    """Return all steps as one."""

    def act(page: Any) -> None:
        for step in steps:
            step(page)

    return act


def see(selector: str) -> Act:
    """Return the step of waiting until something is seen."""
    return lambda page: page.locator(selector).first.wait_for()


def click(selector: str) -> Act:
    """Return the step of clicking the first of something."""
    return lambda page: page.locator(selector).first.click()


def pause(page: Any) -> None:
    """Wait until the reader is told that it takes long."""
    page.get_by_text(re.compile("Trvá to déle|takes longer")).first.wait_for()


def go_offline(page: Any) -> None:
    """Lose the network."""
    page.context.set_offline(True)
    page.locator("#status:not(:empty)").wait_for()


def let_copy(page: Any) -> None:
    """Give the page its clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])


def forbid_copying(page: Any) -> None:
    """Take the clipboard away, as browsers do without HTTPS."""
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")


CITE = then(click(".hit .cite summary"), see(".hit .cite[open] a"))


def _no_answer(reason: str, **changes: Any) -> dict[str, Any]:
    return {"answer_body": {**NO_ANSWER_BODY, "reason": reason, "missing": [], **changes}}


def _with_query(**changes: Any) -> dict[str, Any]:
    return {"search_body": {**SEARCH_BODY, "query": {**SEARCH_BODY["query"], **changes}}}


def _warned() -> dict[str, Any]:
    first, *others = ANSWER_BODY["citations"]
    warned = {
        **first,
        "notes": [{"kind": "superseded", "document": "y"}, {"kind": "newer_version", "document": "y"}],
        "newer": link_body("y", "Integrace cizinců na místní úrovni: příručka pro obce, třetí vydání"),
        "document": {**first["document"], "valid_from": "2999-01-31", "valid_to": "2020-12-31", "superseded_by": "y"},
    }
    return {"answer_body": {**ANSWER_BODY, "citations": [warned, *others]}}


def _doubtful() -> dict[str, Any]:
    warned = _warned()["answer_body"]
    return {
        "answer_body": {
            **warned,
            "degraded": True,
            "claims": [{**claim, "differs": True} for claim in warned["claims"]],
        }
    }


def _in_tongues() -> dict[str, Any]:
    first, second = ANSWER_BODY["citations"]
    slides = {**second["document"], "media_type": SLIDES}
    several = {"first": 3, "last": 4, "labels": ["iii", "iv"]}
    citations = [
        {**first, "pages": several},
        {**second, "language": "sk", "document": slides},
        {
            **second,
            "number": 3,
            "language": "en",
            "document": slides,
            "pages": {"first": 5, "last": 5, "labels": ["5"]},
        },
    ]
    claims = [*ANSWER_BODY["claims"], {"text": second["quote"], "citations": [3], "differs": False}]
    return {"answer_body": {**ANSWER_BODY, "citations": citations, "claims": claims}}


def _also(source: str) -> dict[str, str]:
    return {"term": f"integration {source}", "from": "koordinátor", "source": source}


def _copied() -> dict[str, Any]:
    first, *others = SEARCH_BODY["hits"]
    titles = {"prirucka-2019": "Příručka pro obce, vydání 2019", "kopie": "Integrace cizinců na místní úrovni (kopie)"}
    hits = [{**first, "copies": [link_body(name, title) for name, title in titles.items()]}, *others]
    return {"search_body": {**SEARCH_BODY, "hits": hits}, "answer_body": {**NO_ANSWER_BODY, "hits": hits}}


def _publishers(count: int) -> dict[str, Any]:
    names = {f"Nakladatelství obce Lhota číslo {number}": number for number in range(1, count + 1)}
    return {"search_body": {**SEARCH_BODY, "facets": {**SEARCH_BODY["facets"], "publisher": names}}}


def _as_file(identity: str, media_type: str, segments: tuple[PageSegment, ...]) -> Reading:
    document: Document = replace(HANDBOOK.document, id=identity, media_type=media_type)
    metadata = replace(document.metadata, superseded_by="novejsi", valid_from=document.metadata.valid_to, language="sk")
    return replace(
        HANDBOOK, document=replace(document, metadata=metadata), text=replace(HANDBOOK.text, segments=segments)
    )


MIDDLE = HANDBOOK_TEXT.index("Kurzy češtiny\n")
READINGS = {
    HANDBOOK_ID: replace(
        HANDBOOK,
        text=replace(
            HANDBOOK.text,
            segments=(PageSegment(0, MIDDLE, 3, "iii"), PageSegment(MIDDLE, len(HANDBOOK_TEXT), 4, "4")),
        ),
    ),
    "snimky": _as_file("snimky", SLIDES, (PageSegment(0, len(HANDBOOK_TEXT), 1, "1"),)),
    "stranka": _as_file("stranka", "text/html", ()),
}
DRAWN = {"readings": READINGS, "originals": {HANDBOOK_ID: PDF.read_bytes()}}
QUOTED = f"/documents/{HANDBOOK_ID}?passage={HANDBOOK_PASSAGES[0].id}&quote=0-47#passage={HANDBOOK_PASSAGES[0].id}"
SEE_PICTURE = then(
    see("#picture img"),
    lambda page: page.wait_for_function("() => document.querySelector('#picture img').naturalWidth > 0"),
)
COMPLETED = f"{ASKED}&said=A v Brně?"
MANY = {
    "search_body": {
        **SEARCH_BODY,
        "total": 45,
        "hits": [{**hit, "rank": hit["rank"] + 10} for hit in SEARCH_BODY["hits"]],
    }
}

WRONG_YEAR = {"parameter": "year_from", "code": "not_a_number", "message": "Hodnota „abcd“ není celé číslo."}

SEARCH_STATES = {
    "home": State("/"),
    "home, within a document": State(f"/?document={HANDBOOK_ID}"),
    "passages while typing": State(
        "/", act=then(lambda page: page.locator("#question").press_sequentially("koord"), see("#results[data-total]"))
    ),
    "loading passages": State("/", act=then(hold, lambda page: page.fill("#question", "koord"), see("#status:not(:empty)"))),
    "loading": State("/", act=then(hold, ask, see("#status:not(:empty)"))),
    "slow": State("/", act=then(hold, ask, pause)),
    "failed": State(ASKED, act=then(lose, lambda page: ask(page, "kurz"), see("#status button"))),
    "offline": State(ASKED, act=go_offline),
    "first claim": State("/", {"holds_claims": True}, then(ask, see("#answer.coming figure"))),
    "arrived": State("/", act=then(ask, see("#answer[data-status=answered]"), see("main:not(.busy)"))),
    "arrived without an answer": State(
        "/", _no_answer("not_found"), then(ask, see("#answer[data-status=no_answer]"), see("main:not(.busy)"))
    ),
    "answered, languages beside each other": State(ASKED),
    "answered in one language": State(
        ASKED,
        {"answer_body": {**ANSWER_BODY, "claims": ANSWER_BODY["claims"][:1], "citations": ANSWER_BODY["citations"][:1]}},
    ),
    "answered in other languages, slides": State(ASKED, _in_tongues()),
    "generated": State(ASKED, {"answer_body": {**ANSWER_BODY, "mode": "generated"}}),
    "sources that differ": State(
        ASKED, {"answer_body": {**ANSWER_BODY, "claims": [{**claim, "differs": True} for claim in ANSWER_BODY["claims"]]}}
    ),
    "completed": State(COMPLETED),
    "warned of dates": State(ASKED, _warned()),
    "not found": State(ASKED, _no_answer("not_found")),
    "near miss": State(ASKED, _no_answer("near_miss", missing=["Ústí nad Labem", "2023"])),
    "unclear": State("/?q=a", _no_answer("unclear_question")),
    "unsupported language": State(ASKED, _no_answer("unsupported_language")),
    "nothing found": State(
        ASKED, {"search_body": NO_HITS_BODY, **_no_answer("not_found", hits=[])}
    ),
    "degraded": State(ASKED, {"search_body": {**SEARCH_BODY, "degraded": True}}),
    "did you mean": State("/?q=kordinator", _with_query(suggestions=["koordinátor", "koordinátoři"])),
    "also searched": State(
        f"{ASKED}&without=úředník", _with_query(also_searched=[_also(s) for s in ("glossary", "translation", "spelling")])
    ),
    "refused": State(ASKED, {"refusal": Refused(503, "Není co hledat", "Není zveřejněno žádné vydání.")}),
    "answer refused": State(
        ASKED, {"refusal": Refused(503, "Přetíženo", "Zkuste to za chvíli."), "refused_verbs": ("answer",)}
    ),
    "refused for a filter": State(
        f"{ASKED}&year_from=abcd", {"refusal": Refused(422, "Dotaz nelze přijmout", "Opravte uvedené údaje.", [WRONG_YEAR])}
    ),
    "nothing found within filters": State(
        f"{ASKED}&kind=law", {"search_body": NO_HITS_BODY, **_no_answer("not_found", hits=[])}
    ),
    "said in copies too": State(ASKED, _copied()),
    "second page": State(f"{ASKED}&offset=10", MANY),
    "behind the last page": State(f"{ASKED}&offset=190", {"search_body": {**MANY["search_body"], "hits": []}}),
    "first of many": State(ASKED, {"search_body": {**SEARCH_BODY, "total": 45}}),
    "narrowed": State(f"{ASKED}&kind=guide&year_from=2015&valid_on=2020-01-31&document={HANDBOOK_ID}"),
    "filters open": State(ASKED, _publishers(12), then(click("#facets summary"), see("#facets details[open] label"))),
    "citation open": State(ASKED, act=CITE),
    "citation copied": State(
        ASKED, act=then(let_copy, CITE, click(".hit .cite a"), see("#status:not(:empty)"))
    ),
    "citation by hand": State(
        ASKED, act=then(forbid_copying, CITE, click(".hit .cite a"), see(".cite textarea"))
    ),
    "rated": State(ASKED, act=then(click(".hit .useful button"), see(".hit .useful [role=status]:not(:empty)"))),
    "rating failed": State(
        ASKED, act=then(lose, click(".hit .useful button"), see(".hit .useful [role=status]:not(:empty)"))
    ),
}  # fmt: skip

VIEWER_STATES = {
    "document": State(f"/documents/{HANDBOOK_ID}", DRAWN),
    "quotation with its picture": State(QUOTED, DRAWN, SEE_PICTURE),
    "another page of the original": State(QUOTED, DRAWN, then(SEE_PICTURE, lambda page: page.locator(".to-picture").last.click())),
    "passage with its picture": State(f"/documents/{HANDBOOK_ID}#passage={HANDBOOK_PASSAGES[1].id}", DRAWN, SEE_PICTURE),
    "quotation without a picture": State(QUOTED, {"originals": {HANDBOOK_ID: b"no PDF"}}, see("#picture.failed")),
    "presentation": State("/documents/snimky", {"readings": READINGS}),
    "web page": State("/documents/stranka", {"readings": READINGS}),
    "no document": State("/documents/nic"),
}  # fmt: skip

DEMO = "/widget/demo"
SEARCHING, ANSWERING = "[role=combobox] >> nth=0", "[role=combobox] >> nth=1"


def widget_search(page: Any) -> None:
    """Type a word into the widget that searches."""
    page.locator(SEARCHING).fill("koordinátor")


def widget_ask(page: Any) -> None:
    """Ask the widget that answers."""
    page.locator(ANSWERING).fill(QUESTION)
    page.locator(ANSWERING).press("Enter")


SEE_OPTIONS = then(
    widget_search, see("pramen-search [role=option]"), lambda page: page.locator(SEARCHING).press("ArrowDown")
)
SEE_ANSWER = then(
    widget_ask, see("pramen-search .answer:not([hidden])"), see("pramen-search .status.unseen:not(:empty)")
)
SEE_WORDS = see("pramen-search .status:not(:empty)")
SEE_FAILURE = see("pramen-search .status.failed")

WIDGET_STATES = {
    "widget": State(DEMO),
    "widget open": State(DEMO, act=SEE_OPTIONS),
    "widget answered": State(DEMO, act=SEE_ANSWER),
    "widget answered by a model": State(DEMO, {"answer_body": {**ANSWER_BODY, "mode": "generated"}}, SEE_ANSWER),
    "widget with slides": State(DEMO, _in_tongues(), SEE_ANSWER),
    "widget, first claim": State(
        DEMO, {"holds_claims": True}, then(widget_ask, see("pramen-search .answer:not([hidden]) blockquote"))
    ),
    "widget warned of dates": State(DEMO, _doubtful(), SEE_ANSWER),
    "widget, said in copies too": State(DEMO, _copied(), SEE_OPTIONS),
    "widget without an answer, nearest in copies too": State(DEMO, _copied(), SEE_ANSWER),
    "widget loading": State(DEMO, act=then(hold, widget_search, SEE_WORDS)),
    "widget slow": State(DEMO, act=then(hold, widget_search, SEE_WORDS, pause)),
    "widget failed": State(DEMO, act=then(lose, widget_search, SEE_FAILURE)),
    "widget refused": State(
        DEMO, {"refusal": Refused(503, "Není co hledat", "Není zveřejněno žádné vydání.")}, then(widget_search, SEE_FAILURE)
    ),
    "widget found nothing": State(DEMO, {"search_body": NO_HITS_BODY}, then(widget_search, SEE_WORDS)),
    **{
        f"widget without an answer, {reason}": State(DEMO, _no_answer(reason), SEE_ANSWER)
        for reason in ("not_found", "near_miss", "unclear_question", "unsupported_language")
    },
}  # fmt: skip

STATES = {**SEARCH_STATES, **VIEWER_STATES, **WIDGET_STATES}
HOST_STATES = {"widget among hostile styles": State(f"{DEMO}?hostile=1")}
"""What the host does to itself here is not ours to be accessible."""
