"""Is a quotation marked where it stands on the page, and nowhere else?"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from ingest.page_picture import MARK, folded, lines_of, locate, picture

PUBLICATION = Path(__file__).parents[2] / "corpus/publications/guests-from-abroad/guests-from-abroad.pdf"


def text_of(pdf: bytes, number: int) -> str:
    """Return the text of a page as pdfium gives it, read in a child so that no file stays open here."""
    code = (
        "import sys, pypdfium2; d = pypdfium2.PdfDocument(sys.stdin.buffer.read());"
        f"sys.stdout.buffer.write(d[{number - 1}].get_textpage().get_text_range().encode())"
    )
    return subprocess.run([sys.executable, "-c", code], input=pdf, capture_output=True, check=True).stdout.decode()


def drawn(pdf: bytes, page: int, quote: str) -> subprocess.CompletedProcess[bytes]:
    """Run the module as the service does."""
    asked = json.dumps({"page": page, "width": 600, "quote": quote}).encode() + b"\n"
    command = [sys.executable, "-m", "ingest.page_picture"]
    return subprocess.run(command, input=asked + pdf, capture_output=True, check=False)


def marked_pixels(image: Image.Image) -> int:
    """Return how many pixels have nearly the colour of the marker pen."""
    colours = image.convert("RGB").getcolors(2**24) or []
    return sum(count for count, colour in colours if all(abs(a - b) < 8 for a, b in zip(colour, MARK, strict=True)))


def test_a_quote_is_located_across_hyphens_and_line_ends() -> None:
    """Cleaning joins what the page divides."""
    page = list(folded("Toto je jazy-\nkové vzdělávání."))
    found = locate(page, "jazykové vzdělávání")
    assert [letter.sign for letter in page if letter.character in found] == list("jazykovevzdelavani")


def test_a_quote_with_a_lost_footnote_number_is_located_nearly() -> None:
    """The page has a number that the cleaned text has not."""
    page = list(folded("Program12 podporuje obce při přípravě strategie integrace."))
    found = locate(page, "Program podporuje obce při přípravě strategie integrace.")
    assert found[0] <= 6
    assert found[-1] == max(letter.character for letter in page)


def test_what_is_not_on_the_page_is_not_located() -> None:
    """No mark is better than a wrong mark."""
    other = list(folded("Zcela jiný obsah této strany o něčem jiném, než se hledá."))
    assert locate(other, "Koordinátora platí město z rozpočtu.") == []
    assert locate([], "slovo") == []
    assert locate(list(folded("slovo")), "") == []


def test_characters_of_one_line_are_joined_to_one_box() -> None:
    """Two lines, two boxes; a new column at the same height is a box of its own."""
    boxes = [(0, 0, 5, 10), (6, 1, 11, 10), (0, 20, 5, 30), (300, 20, 305, 30)]
    assert lines_of(boxes) == [(0, 0, 11, 10), (0, 20, 5, 30), (300, 20, 305, 30)]


def test_the_child_draws_a_page_with_the_quote_marked() -> None:
    """With a quote of the page there are marked pixels, without one there are none."""
    pdf = PUBLICATION.read_bytes()
    words = text_of(pdf, 2).split()
    with_quote = Image.open(io.BytesIO(drawn(pdf, 2, " ".join(words[10:30])).stdout))
    without = Image.open(io.BytesIO(drawn(pdf, 2, "").stdout))
    assert with_quote.size[0] == without.size[0] == 600
    assert marked_pixels(without) == 0
    assert marked_pixels(with_quote) > 500


@pytest.mark.parametrize(("pdf", "page"), [(b"no pdf", 1), (b"", 1), (None, 10_000)])
def test_what_cannot_be_drawn_is_refused_in_one_line(pdf: bytes | None, page: int) -> None:
    """A broken file or a page that is not there ends the child with status 1."""
    done = drawn(PUBLICATION.read_bytes() if pdf is None else pdf, page, "")
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.decode().count("\n") == 1


def test_the_picture_is_as_wide_as_asked() -> None:
    """Width is in pixels."""
    assert picture(PUBLICATION.read_bytes(), 1, 400, "").size[0] == 400
