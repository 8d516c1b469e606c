"""How long does a reader wait? Run as `python -m tests.browser.timings http://127.0.0.1:8000` beside a running service.

Medians (and the slowest) over fresh profiles and real questions, in milliseconds, from the clocks of Chromium itself:
first paint of the first page, passages while typing (from request to the last byte), first claim and whole answer from
the press of Enter.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from statistics import median
from typing import Any

from tests.browser.conftest import CHROMIUM, SWITCHES, playwright

VISITS = 21
QUESTIONS = (
    "Kdo platí koordinátora integrace?", "Jak se liší azyl a doplňková ochrana?", "kurzy cestiny pro cizince",
    "Které město má vlastního koordinátora?", "Co dělat, když škola nemá místo pro dítě cizince?", "intercultural workers",
    "How are intercultural workers trained?", "Who organised the Turin workshop?", "kulaté stoly k integraci", "AMIF",
    "Where do migrants find housing?", "tlumočník do vietnamštiny", "role zaměstnavatelů", "city integration strategy",
    "mezinárodní ochrana", "What did conferences recommend on housing?", "děti ve školce", "komunitní centrum",
    "Kolik hostů ze zahraničí měla konference?", "state integration programme", "zdravotní pojištění cizinců",
)  # fmt: skip
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
FETCHED = """() => performance.getEntriesByType('resource').filter((each) => each.name.includes('part=results'))
    .map((each) => each.responseEnd - each.startTime).at(-1)"""
WAITED = """() => new Promise((done) => {
  const began = performance.now(), answer = () => document.getElementById('answer');
  let claim;
  new MutationObserver(() => {
    const section = answer();
    if (claim === undefined && (section.className === 'coming' || section.dataset.status)) claim = performance.now() - began;
    if (section.dataset.status && !document.querySelector('main.busy')) done([claim, performance.now() - began]);
  }).observe(document.getElementById('main'), { subtree: true, childList: true, attributes: true });
  document.getElementById('search-form').requestSubmit();
})"""


def first_paint(page: Any, question: str) -> list[float]:
    """Return when the first page is painted, counted from the start of its navigation."""
    page.wait_for_function(PAINTED)
    return [float(page.evaluate(PAINTED))]


def typing(page: Any, question: str) -> list[float]:
    """Return how long the passages take while a question is typed."""
    page.locator("#question").fill(question)
    page.locator("#results[data-total]").wait_for()
    return [float(page.evaluate(FETCHED))]


def answering(page: Any, question: str) -> list[float]:
    """Return when the first claim (or the refusal) and when the whole answer stands on the page."""
    page.evaluate("(question) => { document.getElementById('question').value = question; }", question)
    return [float(each) for each in page.evaluate(WAITED)]


def measured(browser: Any, address: str, measure: Callable[[Any, str], list[float]]) -> list[tuple[float, ...]]:
    """Return the measures of one visit for each question, transposed: one tuple for each measure."""
    visits = []
    for question in QUESTIONS[:VISITS]:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.goto(f"{address}/?lang=cs")
        page.wait_for_load_state("networkidle")
        visits.append(measure(page, question))
        page.context.close()
    return list(zip(*visits, strict=True))


def main(address: str) -> None:
    """Print one line for each measure."""
    names = {
        first_paint: ["first paint"],
        typing: ["passages while typing"],
        answering: ["first claim", "whole answer"],
    }
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        for measure, lines in names.items():
            for name, values in zip(lines, measured(browser, address, measure), strict=True):
                told = f"median {median(values):5.0f} ms, slowest {max(values):5.0f} ms of {len(values)}"
                sys.stdout.write(f"{name:22} {told}\n")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
