"""What is each line of a PDF: running head, heading, paragraph, list item, table row, footnote or table of contents?

PDF keeps no such thing, so size, place and repetition have to tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.readers.line_ends import compounds
from ingest.readers.pdf_blocks import BlockBuilder
from ingest.readers.pdf_furniture import without_furniture
from ingest.readers.pdf_lists import with_bullets
from ingest.readers.pdf_marks import without_lone_marks
from ingest.readers.pdf_notes import is_unfinished, note_blocks, split_notes
from ingest.readers.pdf_page import PageLines
from ingest.readers.pdf_structure import OutlineEntry
from ingest.readers.pdf_style import style_of
from ingest.readers.reading import Block, Finding


def layout(pages: Sequence[PageLines], outline: Sequence[OutlineEntry]) -> tuple[list[Block], list[Finding]]:
    """Return the blocks of a document in reading order, footnotes last, and what was left out."""
    kept, findings = without_furniture(pages)
    style = style_of(kept, outline)
    words = compounds(line.text for page in kept for line in page.lines)
    builder = BlockBuilder(style, words)
    notes: list[Block] = []
    goes_on = False
    for page in kept:
        body, footnotes = split_notes(page, with_bullets(without_lone_marks(page.lines)), style, goes_on)
        builder.add_page(page, body)
        builder.add_blocks(page.scanned)
        before = notes.pop() if goes_on and footnotes else None
        notes.extend(note_blocks(page.number, footnotes, before, words))
        goes_on = bool(notes) and is_unfinished(footnotes)
    return [*builder.finished(), *notes], findings
