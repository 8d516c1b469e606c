"""How are slides read? A slide is a page: its title a heading, its points list items, its notes paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pptx
from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError

from ingest.cleaning import clean_text
from ingest.errors import UnreadableDocument
from ingest.note_marks import raised
from ingest.readers.archive import check_archive
from ingest.readers.diagrams import diagram_lines
from ingest.readers.kinds import FileKind
from ingest.readers.office_properties import file_properties
from ingest.readers.reading import Block, BlockKind, Finding, Reading
from ingest.readers.tables import SpanningCell, grid, table_rows
from ingest.reasons import Reason
from ingest.settings import ReaderLimits

_FURNITURE = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER}
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MOST_PLOTS = 20
_SENTENCE_CHARS = 160
"""A longer text in a box is a paragraph, a shorter one a point of the slide."""


def read_pptx(path: Path, limits: ReaderLimits) -> Reading:
    """Return the blocks of a presentation, slide by slide. Raises UnreadableDocument."""
    check_archive(path, limits)
    try:
        presentation = pptx.Presentation(str(path))
        slides = list(presentation.slides)
        if not slides:
            raise UnreadableDocument(Reason.UNSUPPORTED_TYPE, "a presentation that lists no slides")
        if len(slides) > limits.pages:
            raise UnreadableDocument(Reason.TOO_MANY_PAGES, f"{len(slides)} slides, {limits.pages} are allowed")
        hidden = [number for number, slide in enumerate(slides, start=1) if slide._element.get("show") == "0"]
        blocks = [
            block
            for number, slide in enumerate(slides, start=1)
            if number not in hidden
            for block in _slide(slide, number)
        ]
    except (KeyError, ValueError, AttributeError, TypeError, PythonPptxError, etree.XMLSyntaxError) as error:
        raise UnreadableDocument(Reason.CORRUPT, f"python-pptx: {error}") from error
    blocks = blocks or list(_layout_blocks(slides))
    if not blocks:
        raise UnreadableDocument(Reason.NO_TEXT)
    findings = (Finding("hidden_slides", len(hidden), pages=tuple(hidden)),) if hidden else ()
    labels = tuple(str(number) for number in range(1, len(slides) + 1))
    return Reading(FileKind.PPTX, tuple(blocks), labels, file_properties(presentation), findings)


def _slide(slide: Any, number: int) -> Iterator[Block]:
    title = slide.shapes.title
    if title is not None and title.has_text_frame and _text(*title.text_frame.paragraphs):
        yield Block(BlockKind.HEADING, _text(*title.text_frame.paragraphs), level=1, page=number)
    for shape in _in_reading_order(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape, number)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
            text = _text(paragraph)
            if text:
                yield Block(BlockKind.PARAGRAPH, text, page=number)


def _layout_blocks(slides: list[Any]) -> Iterator[Block]:
    """Yield the text that stands on the layouts alone: shown on every slide, so only of use where there is no other."""
    seen = set()
    for number, slide in enumerate(slides, start=1):
        for shape in (*slide.slide_layout.shapes, *slide.slide_layout.slide_master.shapes):
            for block in () if shape.is_placeholder else _shape(shape, number):
                if block.text not in seen:
                    seen.add(block.text)
                    yield block


def _in_reading_order(shapes: Any) -> list[Any]:
    """Return shapes by their place from the top in bands, then from the left; those without a place keep theirs."""
    band = 600_000  # EMU, about 1.7 cm: boxes side by side seldom begin at exactly one height
    return sorted(shapes, key=lambda shape: ((shape.top or 0) // band, (shape.left or 0) // band))


def _shape(shape: Any, number: int) -> Iterator[Block]:
    if shape.is_placeholder and shape.placeholder_format.type in _FURNITURE:
        return
    if hasattr(shape, "shapes"):
        for inner in _in_reading_order(shape.shapes):
            yield from _shape(inner, number)
    elif getattr(shape, "has_table", False):
        rows = grid([_cell(cell) for cell in row.cells if not cell.is_spanned] for row in shape.table.rows)
        for row in table_rows(rows, has_header=shape.table.first_row or None):
            yield Block(BlockKind.TABLE_ROW, row, page=number)
    elif getattr(shape, "has_chart", False):
        yield from _chart(shape.chart, number)
    elif shape.has_text_frame:
        for paragraph in shape.text_frame.paragraphs:
            text = _text(paragraph)
            if text:
                kind = BlockKind.LIST_ITEM if len(text) < _SENTENCE_CHARS else BlockKind.PARAGRAPH
                yield Block(kind, text, level=paragraph.level, page=number)
    else:
        for level, text in diagram_lines(shape._element, shape.part):
            yield Block(BlockKind.LIST_ITEM, text, level=level, page=number)


def _text(*paragraphs: Any) -> str:
    """Return the text of paragraphs without numbers of slides and marks of footnotes, exponents in superior figures."""
    text = ""
    for paragraph in paragraphs:
        text += " "
        for part in paragraph._p.content_children:
            if part.get("type") == "slidenum":
                continue
            properties = part.find(f"{_DRAWING}rPr")
            is_raised = properties is not None and not properties.get("baseline", "0").startswith(("0", "-"))
            text += raised(text, part.text) if is_raised else part.text
    return clean_text(text)


def _cell(cell: Any) -> SpanningCell:
    text = _text(*cell.text_frame.paragraphs)
    return SpanningCell(text, cell.span_width, cell.span_height) if cell.is_merge_origin else SpanningCell(text)


def _chart(chart: Any, number: int) -> Iterator[Block]:
    """Yield the title of a chart and a row for each of its categories, with the value of every series."""
    title = clean_text(chart.chart_title.text_frame.text) if chart.has_title else ""
    if title:
        yield Block(BlockKind.LIST_ITEM, title, page=number)
    for plot in islice(chart.plots, _MOST_PLOTS):
        series = [(clean_text(one.name or ""), list(one.values)) for one in plot.series]
        header = ["", *(name for name, _ in series)]
        rows = [
            [clean_text(str(category)), *(_figure(values, index) for _, values in series)]
            for index, category in enumerate(plot.categories)
        ]
        for row in table_rows([header, *rows], has_header=True) if rows else ():
            yield Block(BlockKind.TABLE_ROW, row, page=number)


def _figure(values: list[float | None], index: int) -> str:
    value = values[index] if index < len(values) else None
    return "" if value is None else f"{value:g}"
