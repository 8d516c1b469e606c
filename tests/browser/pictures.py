"""How does every state look? Run as `python -m tests.browser.pictures FOLDER [PART_OF_A_NAME]`.

One picture for each state, language, theme and width, for people to look at; and each page of results and source as it prints.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qa_service.web.messages import LANGUAGES
from tests.browser.conftest import CHROMIUM, SWITCHES, Served, playwright
from tests.browser.states import HOST_STATES, STATES, State
from tests.scripted_service import ScriptedService, scripted_app

WIDTHS = (320, 1280)
THEMES = ("light", "dark")


def take(browser: Any, folder: Path, name: str, state: State) -> None:
    """Write the pictures of one state."""
    for language in LANGUAGES:
        service = ScriptedService()
        state.prepare(service)
        with TemporaryDirectory() as drawn, Served(scripted_app(service, Path(drawn))) as served:
            context = browser.new_context(base_url=served.address, viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.goto(state.address(language))
            state.enter(page)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                for theme in THEMES:
                    page.emulate_media(color_scheme=theme)
                    page.screenshot(path=folder / f"{name} {language} {theme} {width}.png", full_page=True)
            page.emulate_media(color_scheme="light")
            page.pdf(path=folder / f"{name} {language}.pdf")
            context.close()
            service.gate.set()


def main(folder: Path, part: str = "") -> None:
    """Write the pictures of all states whose name contains `part`."""
    folder.mkdir(parents=True, exist_ok=True)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        for name, state in {**STATES, **HOST_STATES}.items():
            if part in name:
                take(browser, folder, name.replace(",", ""), state)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
