"""Which lines at the edge of a page are no text of its author?"""

from __future__ import annotations

import pytest

from ingest.readers.pdf_furniture import without_furniture
from ingest.readers.pdf_page import Line, PageLines


def line(text: str, top: float) -> Line:
    """Return a line at a height of a page of 842 points."""
    return Line(text, 50, 400, top, top - 10, 10, 400)


ADDRESS = "https://www.lhota.example/tlumocnik?id=5 1/2"


@pytest.mark.parametrize(
    "above",
    [
        "11/22/26, 9:55 AM Jak získat tlumočníka | Město Lhota",
        "22. 11. 2026 9:55 Jak získat tlumočníka",
        "22.11.26, 9:55",
    ],
)
def test_what_a_browser_prints_around_a_page_is_left_out(above: str) -> None:
    """On a single page nothing repeats, but day, time and address stand where the browser puts them."""
    body = line("Město hradí tlumočení na úřadech.", 400)
    (page,), (finding,) = without_furniture([PageLines(1, 595, 842, (line(above, 830), body, line(ADDRESS, 20)))])
    assert page.lines == (body,)
    assert (finding.code, finding.count, finding.sample) == ("running_heads", 2, above)


@pytest.mark.parametrize(
    "lines",
    [
        (line("22. 11. 2026 9:55 Registrace účastníků", 830), line("10:00 Zahájení", 810)),
        (line("Viz přehled na stránkách města", 40), line("https://www.lhota.example/prehled", 20)),
        (line("22. 11. 2026 9:55 začíná kurz.", 400), line(ADDRESS, 390)),
    ],
)
def test_a_programme_a_footnote_and_the_body_stay(lines: tuple[Line, ...]) -> None:
    """Negative control: a day without an address, an address without a number, both within the page."""
    (page,), findings = without_furniture([PageLines(1, 595, 842, lines)])
    assert (page.lines, findings) == (lines, [])
