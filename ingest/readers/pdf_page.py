"""What is a page of a PDF before anything is known of its parts? Lines, some of them with cells.

Lines and cells are named tuples: there are fifty and more on a page, and a frozen dataclass takes ten times as long to make.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ingest.readers.reading import Block

HYPHEN_MARK = "\ufffe"
"""What PDFium puts in place of a hyphen at the end of a line, after which it writes the rest of the word."""


class Cell(NamedTuple):
    """A stretch of a line that a gap of more than a space parts from the next."""

    left: float
    right: float
    text: str


class Line(NamedTuple):
    """One line of text: in points, the origin at the lower left corner of the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    """Height of the font in points."""
    weight: int
    """Boldness, see `pdf_letters.font_weight`; only comparable within one document."""
    cells: tuple[Cell, ...] = ()
    """The parts of a row of a table: empty where nothing but word spaces part the words."""


@dataclass(frozen=True, slots=True)
class PageLines:
    """The visible lines of a page in the order of the file, and how much was hidden."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    hidden: tuple[Line, ...] = ()
    has_pictures: bool = False
    is_scan: bool = False
    """Whether a picture covers most of the page; only looked for where text is missing or hidden."""
    is_ocr: bool = False
    """Whether its text was laid invisibly over a scan."""
    scanned: tuple[Block, ...] = ()
    """Paragraphs that OCR saw on a page without text."""
