"""How is a DOCX file read: headings, lists, tables, footnotes, and what its author hid or deleted?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn
from lxml import etree

from ingest.cleaning import clean_text
from ingest.errors import UnreadableDocument
from ingest.note_marks import raised
from ingest.readers.archive import check_archive
from ingest.readers.diagrams import FALLBACK, diagram_lines
from ingest.readers.kinds import FileKind
from ingest.readers.office_properties import file_properties
from ingest.readers.reading import Block, BlockKind, Finding, Reading, require_few
from ingest.readers.tables import SpanningCell, grid, table_rows
from ingest.reasons import Reason
from ingest.settings import ReaderLimits

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "footnoteRef", "annotationRef")}
_HEADING_STYLE = re.compile(r"(?:heading|nadpis|überschrift|title|název|nzev)\s*(\d?)$", re.IGNORECASE)
_CONTENTS_STYLE = re.compile(
    r"(?:toc|table of (?:figures|contents)|contents|obsah)\s(?:\d|heading$)|table of figures$", re.IGNORECASE
)
_LIST_STYLE = re.compile(r"list|seznam|odrážk", re.IGNORECASE)
_SPAN = re.compile(r"[1-9][0-9]{0,3}")
_NOTE_PARTS = ("/word/footnotes.xml", "/word/endnotes.xml")
_BODY_LEVEL = 9
"""The outline level of what is no heading (ISO/IEC 29500-1, 17.3.1.20), those of headings counting from 0."""
_UNSTYLED_LEVEL = 6
"""Of a heading that is only set bold: below all that have a style."""
_TITLE_CHARS = 120
_WHITE = {"FFFFFF", "FEFEFE", "BG1", "LT1"}
"""As values of colours; the last two are those of a theme for paper."""
_SHADED = {f"{_W}{name}": f"{_W}{name}Pr/{_W}shd" for name in ("r", "p", "tc", "tbl")}
_SHAPE = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
_SHAPE_FILL = f"{_SHAPE}spPr/{{http://schemas.openxmlformats.org/drawingml/2006/main}}solidFill/*"
_AROUND = {f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
"""What may stand around paragraphs, rows and cells: fields of forms, tracked insertions, marks of programs."""


def read_docx(path: Path, limits: ReaderLimits) -> Reading:
    """Return the blocks of a DOCX file in reading order, footnotes last. Raises UnreadableDocument."""
    check_archive(path, limits)
    try:
        document = docx.Document(str(path))
    except ValueError as error:  # python-docx opens documents, not templates
        raise UnreadableDocument(Reason.UNSUPPORTED_TYPE, "a Word file of another sort than a document") from error
    except (KeyError, etree.XMLSyntaxError, AttributeError, TypeError) as error:
        raise UnreadableDocument(Reason.CORRUPT, f"python-docx: {error}") from error
    body = _Body(document)
    blocks = list(body.blocks())
    require_few(blocks, limits)
    if not blocks:
        raise UnreadableDocument(Reason.NO_TEXT, "all of its text is hidden" if body.hidden else "")
    left_out = (("hidden_text", body.hidden), ("table_of_contents", body.contents))
    findings = tuple(Finding(code, len(texts), sample=" ".join(texts)[:200]) for code, texts in left_out if texts)
    return Reading(FileKind.DOCX, tuple(blocks), metadata=file_properties(document), findings=findings)


class _Body:
    """Walks the XML of a document: python-docx opens the package, but leaves out text boxes and tracked insertions."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._styles = {style.style_id: style for style in document.styles}
        self.hidden: list[str] = []
        self.contents: list[str] = []
        """The lines of tables of contents and of figures, which the program has put together."""

    def blocks(self) -> Iterator[Block]:
        yield from self._children(self._document.element.body)
        for part in self._document.part.package.iter_parts():
            if str(part.partname) in _NOTE_PARTS:
                yield from self._notes(part)

    def _children(self, parent: Any) -> Iterator[Block]:
        for element in _inside(parent, f"{_W}p", f"{_W}tbl"):
            yield from self._paragraph(element) if element.tag == f"{_W}p" else self._table(element)

    def _paragraph(self, element: Any) -> Iterator[Block]:
        text = clean_text(self._text(element))
        style = self._style(element)
        if text and style is not None and _CONTENTS_STYLE.match(style.name or ""):
            self.contents.append(text)
        elif text:
            kind, level = self._role(element)
            if kind is BlockKind.PARAGRAPH and _is_bold(element) and _looks_like_title(text):
                kind, level = BlockKind.HEADING, _UNSTYLED_LEVEL
            yield Block(kind, text, level=level)
        for box in element.iter(f"{_W}txbxContent"):
            if not any(parent.tag == FALLBACK for parent in box.iterancestors()):
                yield from self._children(box)
        for level, line in diagram_lines(element, self._document.part):
            yield Block(BlockKind.LIST_ITEM, line, level=level)

    def _text(self, element: Any) -> str:
        """Visible text of a paragraph; text boxes in it are blocks of their own."""
        parts: list[str] = []
        for child in element.iterchildren(etree.Element):
            if child.tag in _SKIPPED or child.tag in (f"{_W}pPr", f"{_W}drawing", f"{_W}pict", FALLBACK):
                continue
            if child.tag == f"{_W}r":
                run = self._run(child)
                parts.append(raised("".join(parts), run) if _is_raised(child) else run)
            elif child.tag == f"{_W}p":
                continue
            else:
                parts.append(self._text(child))
        return "".join(parts)

    def _run(self, run: Any) -> str:
        text = "".join(_character(child) for child in run.iterchildren(etree.Element))
        if text.strip() and _is_hidden(run):
            self.hidden.append(clean_text(text))
            return ""
        return text

    def _style(self, paragraph: Any) -> Any:
        named = paragraph.find(f"{_W}pPr/{_W}pStyle")
        return self._styles.get(named.get(f"{_W}val")) if named is not None else None

    def _role(self, paragraph: Any) -> tuple[BlockKind, int]:
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return BlockKind.PARAGRAPH, 0
        outline = properties.find(f"{_W}outlineLvl")
        if (
            outline is not None
            and str(outline.get(f"{_W}val")).isdigit()
            and int(outline.get(f"{_W}val")) < _BODY_LEVEL
        ):
            return BlockKind.HEADING, int(outline.get(f"{_W}val")) + 1
        style = self._style(paragraph)
        level = _heading_level(style)
        if level:
            return BlockKind.HEADING, level
        numbering = properties.find(f"{_W}numPr")
        if numbering is not None or (style is not None and _LIST_STYLE.search(style.name or "")):
            depth = numbering.find(f"{_W}ilvl") if numbering is not None else None
            return BlockKind.LIST_ITEM, int(depth.get(f"{_W}val") or 0) if depth is not None else 0
        return BlockKind.PARAGRAPH, 0

    def _table(self, table: Any) -> Iterator[Block]:
        rows = list(_inside(table, f"{_W}tr"))
        cells = [list(_inside(row, f"{_W}tc")) for row in rows]
        if all(len(row) == 1 for row in cells):  # a frame around text, not a table
            for (cell,) in cells:
                yield from self._children(cell)
            return
        header = True if rows[0].find(f"{_W}trPr/{_W}tblHeader") is not None else None
        spans = ([*_indent(row), *map(self._cell, inside)] for row, inside in zip(rows, cells, strict=True))
        for text in table_rows(grid(spans), has_header=header):
            yield Block(BlockKind.TABLE_ROW, text)

    def _cell(self, cell: Any) -> SpanningCell:
        """Return a cell; the rows of a table in it are parted by semicolons."""
        merged, span = cell.find(f"{_W}tcPr/{_W}vMerge"), cell.find(f"{_W}tcPr/{_W}gridSpan")
        text = ""
        for block in self._children(cell):
            is_row = text and block.kind is BlockKind.TABLE_ROW
            text = f"{text.rstrip(';')}; {block.text}" if is_row else f"{text} {block.text}"
        goes_on = merged is not None and merged.get(f"{_W}val") != "restart"
        return SpanningCell(None if goes_on else clean_text(text), _count(span) if span is not None else 1)

    def _notes(self, part: Any) -> Iterator[Block]:
        root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
        for note in root.iterchildren(etree.Element):
            if note.get(f"{_W}type") in (None, "normal"):
                text = clean_text(" ".join(self._text(paragraph) for paragraph in note.iter(f"{_W}p")))
                if text:
                    yield Block(BlockKind.FOOTNOTE, text)


def _is_hidden(run: Any) -> bool:
    vanish, color, size = (run.find(f"{_W}rPr/{_W}{name}") for name in ("vanish", "color", "sz"))
    if vanish is not None and vanish.get(f"{_W}val") not in ("0", "false"):
        return True
    is_white = color is not None and str(color.get(f"{_W}val")).upper() in _WHITE
    is_tiny = size is not None and str(size.get(f"{_W}val")).isdigit() and int(size.get(f"{_W}val")) <= 4  # noqa: PLR2004 - half points
    return is_tiny or (is_white and not _is_on_colour(run))


def _is_on_colour(run: Any) -> bool:
    """Return whether a run, its paragraph, the cell of its table or its box is filled: white letters show there."""
    fills = []
    for element in (run, *run.iterancestors()):
        shade = element.find(_SHADED[element.tag]) if element.tag in _SHADED else None
        fills.append(shade.get(f"{_W}fill") if shade is not None else None)
        fills += [colour.get("val") for colour in element.iterfind(_SHAPE_FILL)]
    return any(fill is not None and fill.upper() not in {*_WHITE, "AUTO"} for fill in fills)


def _inside(parent: Any, *tags: str) -> Iterator[Any]:
    """Yield the elements of these tags below `parent`, also those in what may stand around them."""
    for element in parent.iterchildren(etree.Element):
        if element.tag in tags:
            yield element
        elif element.tag in _AROUND:
            yield from _inside(element, *tags)


def _indent(row: Any) -> list[SpanningCell]:
    """Return an empty cell over the columns before which a row begins."""
    before = row.find(f"{_W}trPr/{_W}gridBefore")
    return [] if before is None else [SpanningCell("", _count(before))]


def _count(element: Any) -> int:
    """Return how many columns an element tells of; one where its value is none."""
    value = str(element.get(f"{_W}val"))
    return int(value) if _SPAN.fullmatch(value) else 1


def _looks_like_title(text: str) -> bool:
    return len(text) <= _TITLE_CHARS and not text.endswith((".", ",", ";", ":")) and any(map(str.isalpha, text))


def _is_raised(run: Any) -> bool:
    place = run.find(f"{_W}rPr/{_W}vertAlign")
    return place is not None and place.get(f"{_W}val") == "superscript"


def _is_bold(paragraph: Any) -> bool:
    """Return whether all words of a paragraph are set bold by hand."""
    runs = [run for run in paragraph.iterchildren(f"{_W}r") if "".join(run.itertext()).strip()]
    marks = [run.find(f"{_W}rPr/{_W}b") for run in runs]
    return bool(runs) and all(mark is not None and mark.get(f"{_W}val") not in ("0", "false") for mark in marks)


def _character(element: Any) -> str:
    tag = str(element.tag).removeprefix(_W)
    if tag == "t":
        return element.text or ""
    return {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}.get(tag, "")


def _heading_level(style: Any) -> int:
    """Return the level of the first style up the chain that is a heading, 0 where none is."""
    for _ in range(10):
        if style is None:
            return 0
        match = _HEADING_STYLE.match(style.name or "")
        if match:
            return int(match[1] or 1)
        outline = style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if outline is not None and str(outline.get(qn("w:val"))).isdigit():
            level = int(outline.get(qn("w:val")))
            return level + 1 if level < _BODY_LEVEL else 0
        style = style.base_style
    return 0
