"""How does a page of a PDF look, with a quotation marked on it?

Run as `python -m ingest.page_picture` it reads one line of JSON, `{"page": 3, "width": 1000, "quote": "..."}`, and then
the PDF from standard input, and writes a PNG to standard output. A PDF may kill the process that draws it, so nobody
draws in a process that matters: the service starts this one and takes what comes, within limits.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageChops, ImageDraw
from pypdfium2 import raw as pdfium
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

MEMORY_BYTES = 640 * 2**20
"""Address space above that of the idle process, as for reading (`ReaderLimits`)."""
CPU_SECONDS = 20
TALLEST = 3000
"""In pixels: a page may claim to be a mile long."""
MARK = (255, 233, 163)
UNDERLINE = (185, 137, 0)
LEAST_ALIKE = 85.0
"""Cleaning joins words and drops furniture, so a quotation need not stand on the page letter by letter; below this share
of equal letters (in per cent, of rapidfuzz) it is not marked at all."""
SURE_RUN = 3
"""Fewer equal letters in a row are chance."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the picture."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter or digit of a page, folded (no accents, lower case), with the number of its character on the page."""

    sign: str
    character: int


def picture(pdf: bytes, page_number: int, width: int, quote: str) -> Image.Image:
    """Return the page (counted from 1), `width` pixels wide, with the quote marked where it can be located.

    Raises IndexError for a page that is not there and pypdfium2.PdfiumError for a file that cannot be drawn.
    """
    document = pypdfium2.PdfDocument(pdf)
    page = document[page_number - 1]
    scale = min(width / page.get_width(), TALLEST / page.get_height())
    bitmap = page.render(scale=scale)
    image: Image.Image = bitmap.to_pil().convert("RGB")
    if not quote:
        return image
    text = page.get_textpage()
    converter = bitmap.get_posconv(page)
    boxes = [_in_pixels(converter, text.get_charbox(index)) for index in locate(letters_of(text), quote)]
    return marked(image, lines_of(boxes))


def letters_of(text: Any) -> list[Letter]:
    """Return the letters and digits of a page of pdfium in the order of its text."""
    codes = (pdfium.FPDFText_GetUnicode(text, index) for index in range(text.count_chars()))
    return [letter for index, code in enumerate(codes) for letter in folded(chr(code), index)]


def folded(text: str, character: int | None = None) -> Iterator[Letter]:
    """Yield the letters and digits of a text, each at its own place or all at the given one."""
    for index, sign in enumerate(text):
        for part in unicodedata.normalize("NFKD", sign).lower():
            if part.isalnum():
                yield Letter(part, index if character is None else character)


def locate(page: Sequence[Letter], quote: str) -> list[int]:
    """Return the numbers of the characters of the page that hold the quote, none where it is not there."""
    there = "".join(letter.sign for letter in page)
    wanted = "".join(letter.sign for letter in folded(quote))
    if not wanted or not there:
        return []
    start, end = there.find(wanted), there.find(wanted) + len(wanted)
    if start < 0:
        start, end = _nearly(wanted, there)
    return list(dict.fromkeys(letter.character for letter in page[start:end]))


def _nearly(wanted: str, there: str) -> tuple[int, int]:
    """Return where the page holds nearly the wanted letters: rapidfuzz finds the window, runs of equal letters its edges."""
    alignment = fuzz.partial_ratio_alignment(wanted, there, score_cutoff=LEAST_ALIKE)
    if alignment is None or len(there) < len(wanted):
        return 0, 0
    slack = len(wanted) // 5
    first = max(0, alignment.dest_start - slack)
    window = there[first : alignment.dest_end + slack]
    steps = LCSseq.opcodes(wanted, window)
    equal = [step for step in steps if step.tag == "equal" and step.dest_end - step.dest_start >= SURE_RUN]
    return (first + equal[0].dest_start, first + equal[-1].dest_end) if equal else (0, 0)


def _in_pixels(converter: Any, box: Box) -> Box:
    left, bottom, right, top = box
    x1, y1 = converter.to_bitmap(left, top)
    x2, y2 = converter.to_bitmap(right, bottom)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def lines_of(boxes: Sequence[Box]) -> list[Box]:
    """Return the boxes of characters joined to one box for each line, in the order given."""
    lines: list[Box] = []
    for box in boxes:
        if lines and _on_one_line(lines[-1], box):
            last = lines[-1]
            lines[-1] = min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3])
        else:
            lines.append(box)
    return lines


def _on_one_line(line: Box, box: Box) -> bool:
    shared = min(line[3], box[3]) - max(line[1], box[1])
    height = min(line[3] - line[1], box[3] - box[1])
    return shared > height / 2 and box[0] >= line[0] and box[0] - line[2] < 4 * max(line[3] - line[1], 1)


def marked(image: Image.Image, lines: Sequence[Box]) -> Image.Image:
    """Return the picture with each line tinted as by a marker pen and underlined, so that colour is not all there is."""
    tint = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(tint)
    for left, top, right, bottom in lines:
        pen.rectangle((left - 2, top - 2, right + 2, bottom + 3), fill=MARK)
        pen.line((left - 2, bottom + 3, right + 2, bottom + 3), fill=UNDERLINE, width=2)
    return ImageChops.multiply(image, tint)


def limit_this_process() -> None:
    """Cap the memory and CPU time of this process; beyond them it dies, and with it nothing else."""
    in_use = _address_space()
    resource.setrlimit(resource.RLIMIT_AS, (in_use + MEMORY_BYTES, in_use + MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def main() -> int:
    """Draw what standard input asks for; return 1 with one line on standard error where that cannot be done."""
    limit_this_process()
    asked = json.loads(sys.stdin.buffer.readline())
    try:
        image = picture(sys.stdin.buffer.read(), int(asked["page"]), int(asked["width"]), str(asked["quote"]))
    except (pypdfium2.PdfiumError, IndexError, MemoryError) as error:
        sys.stderr.write(f"page {asked['page']} cannot be drawn: {error}\n")
        return 1
    content = io.BytesIO()
    image.quantize(64).save(content, "PNG", optimize=True)
    sys.stdout.buffer.write(content.getvalue())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
