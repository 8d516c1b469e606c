"""Is every state of the pages and of the widget accessible, legible at every width, and in words?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from qa_service.web.messages import LANGUAGES, Message, messages
from tests.browser.conftest import Site
from tests.browser.states import HOST_STATES, STATES, State

Open = Callable[..., Any]
WIDTHS = (320, 640, 1280)
"""Pixels: the narrowest of WCAG 1.4.10, and a wide page with and without a zoom of 200 %."""
VALUES = ("kind.", "language.", "hit.language.")
"""Messages that put a value of the data into words; they are tested where that is done."""
OF_STAFF = ("admin.", "console.")
SEEN = """() => {
  const said = (root) => [...root.querySelectorAll("*")].flatMap((node) => [
    ...["aria-label", "title", "placeholder", "alt", "content"].map((name) => node.getAttribute(name)),
    node.shadowRoot ? said(node.shadowRoot) : null]).concat(root.textContent).flat();
  return said(document).concat(document.documentElement.textContent).filter(Boolean).join("\\n");
}"""


def enter(open_page: Open, site: Site, state: State, language: str, **options: Any) -> Any:
    """Return a page that was led into a state."""
    state.prepare(site.service)
    page = open_page(state.address(language), **options)
    state.enter(page)
    return page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_every_state_is_accessible_and_legible(
    open_page: Open, site: Site, axe: Callable[..., list[str]], state: State, language: str
) -> None:
    """axe-core finds nothing in the light and in the dark, and nothing scrolls sideways at any width."""
    page = enter(open_page, site, state, language)
    page.emulate_media(color_scheme="light")
    assert axe(page) == []
    page.emulate_media(color_scheme="dark")  # which changes the colours and nothing else
    assert axe(page, "color-contrast") == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_message_is_seen_in_some_state(browser: Any, open_page: Open, site: Site) -> None:
    """A state that has words has a line among the states, so that it is looked at."""
    plain = dict(vars(site.service))
    seen = ""
    for state in (*STATES.values(), *HOST_STATES.values()):
        vars(site.service).update(plain)
        page = enter(open_page, site, state, "cs")
        seen += page.evaluate(SEEN) + "\n"
        page.context.close()
    assert unseen(seen) == []


def unseen(text: str) -> list[str]:
    """Return the keys of the messages for readers of which no form stands in a text."""
    flat = " ".join(text.split())
    by_key = messages("cs").by_key
    return [
        key for key, message in by_key.items() if not key.startswith((*VALUES, *OF_STAFF)) and not _in(message, flat)
    ]


def _in(message: Message, text: str) -> bool:
    forms = [message] if isinstance(message, str) else list(message.values())
    return any(re.search(_pattern(form), text) for form in forms)


def _pattern(form: str) -> str:
    parts = re.split(r"\{\w+\}", " ".join(form.split()))
    return ".{1,80}?".join(re.escape(part) for part in parts)


def test_a_message_without_a_state_would_be_seen() -> None:
    """Negative control: without the states of the widget its words are missing."""
    said = "\n".join(
        form for key, form in messages("cs").by_key.items() if isinstance(form, str) and key != "widget.nearest"
    )
    assert {"widget.nearest"} <= set(unseen(said.replace(str(messages("cs").by_key["widget.nearest"]), "")))


def test_axe_would_find_a_fault(open_page: Open, axe: Callable[[Any], list[str]]) -> None:
    """Negative control: a field without a label is seen, and so is a text as dark as its ground."""
    page = open_page("/?lang=cs", color_scheme="dark")
    page.evaluate("document.documentElement.style.setProperty('--ink', '#222')")
    assert axe(page, "color-contrast") != []
    page.evaluate("document.querySelector('label').remove(); document.getElementById('question').placeholder = ''")
    assert any(line.startswith("label:") for line in axe(page))
