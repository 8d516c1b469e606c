"""How is a DOCX file read: headings, lists, tables, footnotes, and what its author hid or deleted?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn
from lxml import etree

from corpus.document import Metadata
from ingest.cleaning import clean_text
from ingest.errors import UnreadableDocument
from ingest.note_marks import is_note_mark, is_power, superior
from ingest.readers.archive import check_archive
from ingest.readers.diagrams import diagram_lines
from ingest.readers.kinds import FileKind
from ingest.readers.reading import Block, BlockKind, Finding, Reading
from ingest.readers.tables import SpanningCell, grid, table_rows
from ingest.reasons import Reason
from ingest.settings import ReaderLimits

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "footnoteRef", "annotationRef")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING_STYLE = re.compile(r"(?:heading|nadpis|überschrift|title|název|nzev)\s*(\d?)$", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list|seznam|odrážk", re.IGNORECASE)
_SPAN = re.compile(r"[1-9][0-9]{0,3}")
_NOTE_PARTS = ("/word/footnotes.xml", "/word/endnotes.xml")
_UNSTYLED_LEVEL = 6
"""Of a heading that is only set bold: below all that have a style."""
_TITLE_CHARS = 120
_WHITE = {"FFFFFF", "FEFEFE"}


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
    if len(blocks) > limits.elements:
        raise UnreadableDocument(Reason.TOO_MANY_OBJECTS, f"{len(blocks)} paragraphs")
    if not blocks:
        raise UnreadableDocument(Reason.NO_TEXT, "all of its text is hidden" if body.hidden else "")
    hidden = [Finding("hidden_text", len(body.hidden), sample=" ".join(body.hidden)[:200])] if body.hidden else []
    return Reading(FileKind.DOCX, tuple(blocks), metadata=_properties(document), findings=tuple(hidden))


class _Body:
    """Walks the XML of a document: python-docx opens the package, but leaves out text boxes and tracked insertions."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._styles = {style.style_id: style for style in document.styles}
        self.hidden: list[str] = []

    def blocks(self) -> Iterator[Block]:
        yield from self._children(self._document.element.body)
        for part in self._document.part.package.iter_parts():
            if str(part.partname) in _NOTE_PARTS:
                yield from self._notes(part)

    def _children(self, parent: Any) -> Iterator[Block]:
        for element in parent.iterchildren(etree.Element):
            if element.tag == f"{_W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{_W}tbl":
                yield from self._table(element)
            elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
                yield from self._children(element)

    def _paragraph(self, element: Any) -> Iterator[Block]:
        text = clean_text(self._text(element))
        if text:
            kind, level = self._role(element)
            if kind is BlockKind.PARAGRAPH and _is_bold(element) and _looks_like_title(text):
                kind, level = BlockKind.HEADING, _UNSTYLED_LEVEL
            yield Block(kind, text, level=level)
        for box in element.iter(f"{_W}txbxContent"):
            if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
                yield from self._children(box)
        for level, line in diagram_lines(element, self._document.part):
            yield Block(BlockKind.LIST_ITEM, line, level=level)

    def _text(self, element: Any) -> str:
        """Visible text of a paragraph; text boxes in it are blocks of their own."""
        parts: list[str] = []
        for child in element.iterchildren(etree.Element):
            if child.tag in _SKIPPED or child.tag in (f"{_W}pPr", f"{_W}drawing", f"{_W}pict", _FALLBACK):
                continue
            if child.tag == f"{_W}r":
                run = self._run(child)
                parts.append(_raised("".join(parts), run) if _is_raised(child) else run)
            elif child.tag == f"{_W}p":
                continue
            else:
                parts.append(self._text(child))
        return "".join(parts)

    def _run(self, run: Any) -> str:
        text = "".join(_character(child) for child in run.iterchildren(etree.Element))
        properties = run.find(f"{_W}rPr")
        if text.strip() and properties is not None and self._is_hidden(properties):
            self.hidden.append(clean_text(text))
            return ""
        return text

    @staticmethod
    def _is_hidden(properties: Any) -> bool:
        vanish, color, size = (properties.find(f"{_W}{name}") for name in ("vanish", "color", "sz"))
        shade = properties.find(f"{_W}shd")
        if vanish is not None and vanish.get(f"{_W}val") not in ("0", "false"):
            return True
        is_white = color is not None and str(color.get(f"{_W}val")).upper() in _WHITE
        on_paper = shade is None or str(shade.get(f"{_W}fill")).upper() in {*_WHITE, "AUTO"}
        is_tiny = size is not None and str(size.get(f"{_W}val")).isdigit() and int(size.get(f"{_W}val")) <= 4  # noqa: PLR2004 - half points
        return (is_white and on_paper) or is_tiny

    def _role(self, paragraph: Any) -> tuple[BlockKind, int]:
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return BlockKind.PARAGRAPH, 0
        outline = properties.find(f"{_W}outlineLvl")
        if outline is not None and str(outline.get(f"{_W}val")).isdigit() and int(outline.get(f"{_W}val")) < 9:  # noqa: PLR2004 - 9 is body text
            return BlockKind.HEADING, int(outline.get(f"{_W}val")) + 1
        style_element = properties.find(f"{_W}pStyle")
        style = self._styles.get(style_element.get(f"{_W}val")) if style_element is not None else None
        level = _heading_level(style)
        if level:
            return BlockKind.HEADING, level
        numbering = properties.find(f"{_W}numPr")
        if numbering is not None or (style is not None and _LIST_STYLE.search(style.name or "")):
            depth = numbering.find(f"{_W}ilvl") if numbering is not None else None
            return BlockKind.LIST_ITEM, int(depth.get(f"{_W}val") or 0) if depth is not None else 0
        return BlockKind.PARAGRAPH, 0

    def _table(self, table: Any) -> Iterator[Block]:
        rows = [[self._cell(cell) for cell in row.iterchildren(f"{_W}tc")] for row in table.iterchildren(f"{_W}tr")]
        if all(len(row) == 1 for row in rows):  # a frame around text, not a table
            for cell in table.iter(f"{_W}tc"):
                yield from self._children(cell)
            return
        first = table.find(f"{_W}tr")
        header = True if first is not None and first.find(f"{_W}trPr/{_W}tblHeader") is not None else None
        for row in table_rows(grid(rows), has_header=header):
            yield Block(BlockKind.TABLE_ROW, row)

    def _cell(self, cell: Any) -> SpanningCell:
        """Return a cell; the rows of a table in it are parted by semicolons."""
        merged, span = cell.find(f"{_W}tcPr/{_W}vMerge"), cell.find(f"{_W}tcPr/{_W}gridSpan")
        width = str(span.get(f"{_W}val")) if span is not None else "1"
        text = ""
        for block in self._children(cell):
            is_row = text and block.kind is BlockKind.TABLE_ROW
            text = f"{text.rstrip(';')}; {block.text}" if is_row else f"{text} {block.text}"
        goes_on = merged is not None and merged.get(f"{_W}val") != "restart"
        return SpanningCell(None if goes_on else clean_text(text), int(width) if _SPAN.fullmatch(width) else 1)

    def _notes(self, part: Any) -> Iterator[Block]:
        root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
        for note in root.iterchildren(etree.Element):
            if note.get(f"{_W}type") in (None, "normal"):
                text = clean_text(" ".join(self._text(paragraph) for paragraph in note.iter(f"{_W}p")))
                if text:
                    yield Block(BlockKind.FOOTNOTE, text)


def _looks_like_title(text: str) -> bool:
    return len(text) <= _TITLE_CHARS and not text.endswith((".", ",", ";", ":")) and any(map(str.isalpha, text))


def _raised(before: str, text: str) -> str:
    """Return what a raised text comes to: nothing for the mark of a footnote, superior figures for an exponent."""
    if is_note_mark(before, text):
        return ""
    return superior(text) if is_power(before, text) else text


def _is_raised(run: Any) -> bool:
    raised = run.find(f"{_W}rPr/{_W}vertAlign")
    return raised is not None and raised.get(f"{_W}val") == "superscript"


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
            return int(outline.get(qn("w:val"))) % 9 + 1
        style = style.base_style
    return 0


def _properties(document: Any) -> Metadata:
    try:
        core = document.core_properties
        year = core.created.year if core.created else None  # when the file was made, not when it was published
        authors = tuple(name for name in (clean_text(part)[:200] for part in (core.author or "").split(";")) if name)
        return Metadata(title=clean_text(core.title or "")[:300] or None, authors=authors, year=year)
    except (ValueError, KeyError, AttributeError, etree.XMLSyntaxError):
        return Metadata()  # a damaged property is no reason to lose the text
