"""A real browser, the pages of a scripted service, and a watch on everything that the browser asks for."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from tests.scripted_service import ScriptedService, scripted_app

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--no-first-run", "--no-default-browser-check",
]  # fmt: skip
AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"
CONTEXT_DEFAULTS = {"viewport": {"width": 1280, "height": 900}, "locale": "cs-CZ"}
PATIENCE_MS = 120_000
"""How long a page is waited for: a busy machine is not a broken page."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder: they need a browser."""
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Site:
    """A service that listens on the loopback."""

    address: str
    service: ScriptedService


@dataclass
class Watch:
    """Everything that a page did which no page may do."""

    own: tuple[str, ...]
    foreign_requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def request(self, request: Any) -> None:
        """Note a request to anyone but the site."""
        if not request.url.startswith((*self.own, "data:", "blob:", "about:")):
            self.foreign_requests.append(request.url)

    def console(self, message: Any) -> None:
        """Note an error that the browser reports, policy violations included; failed requests have tests of their own."""
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


class Served:
    """An application served from a thread of its own."""

    def __init__(self, app: FastAPI) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none", lifespan="off"))
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        asyncio.run(self._server.serve([self._socket]))

    def __enter__(self) -> Served:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()


@pytest.fixture
def serve() -> Iterator[Callable[[FastAPI], str]]:
    """A function that serves an application until the end of the test and returns its address."""
    running: list[Served] = []

    def start(app: FastAPI) -> str:
        running.append(Served(app).__enter__())
        return running[-1].address

    yield start
    for served in running:
        served.__exit__()


@pytest.fixture
def site(serve: Callable[[FastAPI], str], tmp_path: Path) -> Iterator[Site]:
    """The pages of a scripted service."""
    service = ScriptedService()
    yield Site(serve(scripted_app(service, tmp_path / "pictures")), service)
    service.gate.set()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, or a skip with the reason.

    For one module at a time: as long as it runs, its event loop is that of the thread, and tests that need one of their
    own could not run after it.
    """
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=SWITCHES, timeout=PATIENCE_MS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """A function that opens an address of the site in a fresh profile; the test fails on whatever the watch notes."""
    watch = Watch((site.address,))
    contexts = []

    def open_(path: str, **options: Any) -> Any:
        watch.own += tuple(options.pop("also_own", ()))
        context = browser.new_context(base_url=site.address, **{**CONTEXT_DEFAULTS, **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("request", watch.request)
        page.on("console", watch.console)
        page.on("pageerror", lambda error: watch.complaints.append(str(error)))
        page.goto(path)
        page.wait_for_load_state("networkidle")  # every script is there
        return page

    yield open_
    for context in contexts:
        context.close()
    assert watch.foreign_requests == []
    assert watch.complaints == []


@pytest.fixture
def axe(browser: Any) -> Callable[..., list[str]]:
    """A function that returns what axe-core finds wrong with a page as it stands, one line for each fault.

    It goes by all rules of axe-core, or by those named.
    """
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci --prefix tests/browser")
    source = AXE.read_text(encoding="utf-8")

    def faults(page: Any, *rules: str) -> list[str]:
        options = json.dumps({"runOnly": list(rules)} if rules else {})
        # The isolated world of the debugger is not under the page's content security policy.
        session = page.context.new_cdp_session(page)
        tree = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        world = session.send("Page.createIsolatedWorld", {"frameId": tree, "worldName": "axe"})["executionContextId"]
        session.send("Runtime.evaluate", {"expression": source, "contextId": world})
        found = session.send(
            "Runtime.evaluate",
            {
                "expression": f"axe.run({options}).then(r => JSON.stringify(r))",
                "contextId": world,
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        return _lines(found["result"]["value"])

    return faults


def _lines(report: str) -> list[str]:
    violations = json.loads(report)["violations"]
    return [f"{v['id']}: {node['html'][:160]} {node['failureSummary']}" for v in violations for node in v["nodes"]]
