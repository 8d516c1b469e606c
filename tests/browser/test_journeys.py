"""Do practitioners, site owners and staff reach their ends with the whole product, in a real browser?

One service runs for all tests, as its users start it: the bundled model, three publications of the starter collection,
a worker beside it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.responses import HTMLResponse

from tests.browser.conftest import CONTEXT_DEFAULTS, PATIENCE_MS, Served, Watch
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
BAD_INPUTS = ROOT.parent / "shared/data/bad-inputs"
PUBLICATIONS = ("guests-from-abroad", "setkani-o-integraci-2017-2021", "connection-turin-2021")
TOKEN = "an-invented-admin-token-of-the-journeys"
START_S = 600
PATIENT = ("EMBEDDING_TIMEOUT_S", "SEARCH_WAIT_S", "REQUEST_TIMEOUT_S")
"""Limits that a slow machine is not to reach: beyond them answers are simpler, or refused."""
LONG_MS = 300_000
"""For what takes a few seconds on a machine that does nothing else."""
REPORT = """Zpráva o kurzech v Lhotě

Knihovna v obci Lhota pořádá kurzy češtiny pro cizince každé úterý odpoledne. Kurzy vede lektorka místní neziskové
organizace a platí je obec ze svého rozpočtu. V roce 2024 je navštívilo třicet osm lidí.
"""

pytestmark = [pytest.mark.slow, pytest.mark.model]


@dataclass
class Installation:
    """A running service and a page of another site that may ask it."""

    address: str
    host: str
    stranger: str


def embedding_site(address: str) -> FastAPI:
    """Return a site with the widget on its only page."""
    app = FastAPI()

    @app.get("/")
    def page() -> HTMLResponse:
        return HTMLResponse(
            f'<!doctype html><html lang="cs"><title>Obec</title><script type="module" src="{address}/widget.js"></script>'
            f'<link rel="icon" href="data:,"><pramen-search endpoint="{address}" mode="answer"></pramen-search>'
        )

    return app


def hostile_rows() -> list[dict[str, Any]]:
    """Return the bad inputs whose title or text tries to become markup; none where the shared material is absent."""
    manifest = BAD_INPUTS / "manifest.jsonl"
    lines = manifest.read_text(encoding="utf-8").splitlines() if manifest.exists() else []
    return [row for row in map(json.loads, lines) if row.get("xss")]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The service with its worker, and two sites: one is on the list of origins, the other is not."""
    folder = tmp_path_factory.mktemp("installation")
    for name in PUBLICATIONS:
        shutil.copytree(ROOT / "corpus/publications" / name, folder / "corpus" / name)
    for row in hostile_rows():
        (folder / "corpus" / "hostile").mkdir(exist_ok=True)
        shutil.copy(BAD_INPUTS / row["file"], folder / "corpus" / "hostile")
    address = f"http://127.0.0.1:{free_port()}"
    with Served(embedding_site(address)) as host, Served(embedding_site(address)) as stranger:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PRAMEN_CORPUS": str(folder / "corpus"),
            "PRAMEN_RELEASES": str(folder / "releases"),
            "PRAMEN_STATE": str(folder / "state"),
            "PRAMEN_ADMIN_TOKEN": TOKEN,
            "PRAMEN_ALLOWED_ORIGINS": host.address,
            **{f"PRAMEN_{name}": "600" for name in PATIENT},
        }
        command = [sys.executable, "-m", "qa_service", "serve", "--port", address.rsplit(":", 1)[1]]
        with (folder / "log").open("wb") as log:
            service = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
        try:
            wait_until_ready(address, folder / "log")
            yield Installation(address, host.address, stranger.address)
        finally:
            service.send_signal(signal.SIGTERM)
            service.wait(600)


def wait_until_ready(address: str, log: Path) -> None:
    """Return when the service can answer; fail with its log where it cannot."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=60):  # noqa: S310 - our own service on the loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(log.read_text(errors="replace")[-2000:])


@pytest.fixture
def visit(browser: Any, installation: Installation) -> Iterator[Callable[..., Any]]:
    """A function that opens an address; nobody but the service and the two sites may be asked for anything."""
    watch = Watch((installation.address, installation.host, installation.stranger))
    contexts = []

    def open_(address: str, **options: Any) -> Any:
        context = browser.new_context(**{**CONTEXT_DEFAULTS, **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("request", watch.request)
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert watch.foreign_requests == []


def test_a_practitioner_finds_the_page_and_the_quote(visit: Any, installation: Installation) -> None:
    """Czech without diacritics; the quotation stands in the text and is marked on the page of the PDF beside it."""
    page = visit(f"{installation.address}/?lang=cs")
    page.fill("#question", "kolik hostu ze zahranici mela konference v kvetnu 2019")
    page.keyboard.press("Enter")
    page.locator("#results .hit").first.wait_for()
    page.wait_for_selector("main:not(.busy)")
    page.get_by_role("link", name="Guests from abroad").first.click()
    page.wait_for_url("**/documents/guests-from-abroad**")
    target = page.locator("section:target")
    assert target.count() == 1
    picture = page.locator("#picture img")
    picture.wait_for()
    page.wait_for_function("() => document.querySelector('#picture img').naturalWidth > 500")
    assert re.search(r"/pages/\d+\.png\?release=.*passage=", picture.get_attribute("src"))


def test_evidence_comes_in_the_other_language_too(visit: Any, installation: Installation) -> None:
    """An English question finds Czech passages, each marked as such."""
    page = visit(f"{installation.address}/?lang=en&q=When+and+where+was+the+Connection+workshop%3F")
    tongues = page.locator(".hit .tongue").all_inner_texts()
    assert {"in English", "in Czech"} <= {words.replace("·", "").strip() for words in tongues}


def test_the_quote_of_an_answer_is_in_the_source(visit: Any, installation: Installation) -> None:
    """Following the first citation of an answer leads to its words, marked."""
    page = visit(f"{installation.address}/?lang=en&q=Who+organised+the+Turin+workshop+of+the+Connection+project%3F")
    quote = page.locator("#answer blockquote").first.inner_text().strip('“”„" ')
    page.locator("#answer .title").first.click()
    page.wait_for_url("**/documents/**")
    marked = " ".join(page.locator("section:target mark").all_inner_texts())
    assert re.sub(r"\s+", "", quote) == re.sub(r"\s+", "", marked)


def test_a_site_on_the_list_may_ask_and_another_is_told(visit: Any, installation: Installation) -> None:
    """Only the API follows the list of origins; the widget says that it got no answer."""
    page = visit(installation.host)
    page.get_by_role("combobox").fill("Connection Turin workshop")
    page.get_by_role("option").first.wait_for()
    other = visit(installation.stranger)
    other.get_by_role("combobox").fill("Connection Turin workshop")
    other.get_by_text("Vyhledávání teď neodpovídá.").wait_for()


@pytest.mark.shared
def test_documents_that_try_to_become_markup_are_read_as_text(
    visit: Any, installation: Installation, shared: Path
) -> None:
    """Every hostile file of the set: found by its word, shown in the results and in the viewer, and nothing runs."""
    page = visit(f"{installation.address}/?lang=cs")
    rows = hostile_rows()
    assert len(rows) > 10
    for row in rows:
        (word,) = row["must_find"]
        page.goto(f"{installation.address}/?lang=cs&q={word}")
        hit = page.locator(".hit").first
        assert word in hit.inner_text(), row["file"]
        assert page.evaluate("window.__xss") is None, row["file"]
        hit.locator("h3 a").click()
        page.wait_for_url("**/documents/**")
        assert word in page.locator("article").inner_text(), row["file"]
        assert page.evaluate("window.__xss") is None, row["file"]


def sign_in(page: Any, token: str = TOKEN) -> None:
    """Sign in at the console."""
    page.get_by_label("Token nebo klíč").fill(token)
    page.keyboard.press("Enter")


def reload_until(page: Any, is_so: Callable[[], bool]) -> None:
    """Load a page again until something is so: the service looks for another release every second."""
    deadline = time.monotonic() + LONG_MS / 1000
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.2)
        page.reload()


def test_a_wrong_token_is_refused_in_words(visit: Any, installation: Installation) -> None:
    """Nothing of the console is shown."""
    page = visit(f"{installation.address}/admin?lang=cs")
    sign_in(page, "wrong")
    page.wait_for_selector("#status.failed")
    assert page.locator("#documents").count() == 0


def test_staff_publish_a_document_alone(visit: Any, installation: Installation, tmp_path: Path) -> None:
    """Upload, describe, build and publish; the new document is found, its receipt tells how it was read, rollback forgets it."""
    (tmp_path / "lhota.txt").write_text(REPORT, encoding="utf-8")
    (tmp_path / "broken.pdf").write_text("no PDF at all")
    page = visit(f"{installation.address}/admin?lang=cs", viewport={"width": 1280, "height": 1000})
    sign_in(page)
    page.set_input_files("#files", [tmp_path / "lhota.txt"])
    page.locator(".upload").get_by_label("Název", exact=True).fill("Zpráva o kurzech")
    page.locator(".upload").get_by_label("Vydavatel", exact=True).fill("Obec Lhota")
    page.get_by_role("button", name="Nahrát 1 soubor").click()
    page.get_by_text("Hotovo. Čtenáři změnu uvidí").wait_for()
    page.get_by_label("Stav").select_option("new")
    page.get_by_text("1 dokument", exact=True).wait_for()

    page.set_input_files("#files", [tmp_path / "broken.pdf"])
    page.get_by_role("button", name="Nahrát 1 soubor").click()
    page.get_by_text("neodpovídá jeho obsahu").wait_for()

    page.get_by_role("link", name="Slovník", exact=True).click()
    page.get_by_label("Česky").fill("poradna na kolech")
    page.get_by_label("Anglicky").fill("mobile counselling")
    page.get_by_role("button", name="Přidat dvojici").click()
    page.get_by_text("Slovník se liší od toho").wait_for()

    page.get_by_role("link", name="Vydání", exact=True).click()
    page.get_by_role("button", name="Sestavit a zveřejnit").click()
    page.get_by_text("Vydání je sestaveno a zveřejněno").wait_for(timeout=LONG_MS)
    page.get_by_role("link", name="Slovník", exact=True).click()
    page.locator("#glossary table").wait_for()
    page.get_by_text("Slovník se liší od toho").wait_for(state="detached")

    reader = visit(f"{installation.address}/?lang=cs&q=kurzy+cestiny+ve+Lhote")
    reload_until(reader, lambda: "Obec Lhota" in reader.locator(".hit").first.inner_text())

    page.get_by_role("link", name="Dokumenty", exact=True).click()
    page.get_by_role("button", name="Podrobnosti: Zpráva o kurzech").click()
    page.get_by_text("Dokument je připraven k vyhledávání.").wait_for()
    assert page.locator("dialog .inferred").count() >= 1
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Vydání", exact=True).click()
    page.get_by_role("button", name="Vrátit předchozí vydání").click()
    page.get_by_text("Předchozí vydání je opět zveřejněno.").wait_for(timeout=LONG_MS)
    reload_until(reader, lambda: "Obec Lhota" not in reader.locator("#results").inner_text())

    page.get_by_role("button", name="Odhlásit se").click()
    page.get_by_label("Token nebo klíč").wait_for()
    assert [cookie["name"] for cookie in page.context.cookies()] == []


def test_a_removed_document_comes_back(visit: Any, installation: Installation) -> None:
    """Out of the collection and into it again, by two presses and without losing its description."""
    page = visit(f"{installation.address}/admin?lang=en")
    page.get_by_label("Token or key").fill(TOKEN)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Details: The CONNECTION project").click()
    page.locator("dialog summary", has_text="Remove from the collection").click()
    page.get_by_role("button", name="Remove from the collection").click()
    page.get_by_text("Done. Readers will see the change").wait_for(timeout=LONG_MS)
    page.locator("details.removed summary").click()
    page.get_by_role("button", name=re.compile("Bring back: The CONNECTION project")).click()
    page.get_by_role("button", name="Details: The CONNECTION project").wait_for(timeout=LONG_MS)


def test_a_session_cannot_be_used_without_its_token(visit: Any, installation: Installation) -> None:
    """The cookie is out of reach of scripts, and a change without the CSRF token is refused."""
    page = visit(f"{installation.address}/admin?lang=cs")
    sign_in(page)
    page.locator("#documents table").first.wait_for()
    (cookie,) = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert page.evaluate("document.cookie") == ""
    forged = page.evaluate("fetch('/api/v1/admin/rollback', {method: 'POST'}).then((response) => response.status)")
    assert forged == 403
