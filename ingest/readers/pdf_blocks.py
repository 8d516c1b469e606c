"""Which lines of a PDF belong to one block, and of which kind is it?"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ingest.cleaning import clean_text
from ingest.readers.line_ends import Compound, joined_lines
from ingest.readers.pdf_columns import Column, Edges, column_edges, edge_of, narrow_columns
from ingest.readers.pdf_lists import BULLET, ROUND_BULLETS
from ingest.readers.pdf_page import HYPHEN_MARK, Line, PageLines
from ingest.readers.pdf_style import HEADING_CHARS, Style, numbering_of
from ingest.readers.pdf_tables import table_at
from ingest.readers.reading import Block, BlockKind
from ingest.readers.tables import looks_like_header, table_rows

_SENTENCE_END = re.compile(r"[.!?:;…][\"'”“»)\]]*$")
_LOWERED_QUOTE = re.compile(r"(?<!\S)”\s*(?=\w)")
"""Old fonts have no lower quotation mark and lower the upper one; no closing mark stands before a word."""
_NEVER_FIRST = ".,;:!?)"
"""Signs that begin no paragraph: PDFium may end a line behind a raised sign."""
_SAME_SIZE = 0.5
"""Points."""
_SHORT_OF_EDGE = 0.15
"""A line that ends this share of the width of its column before the edge ends a paragraph, if it ends a sentence."""


@dataclass(slots=True)
class _Open:
    """A block under construction."""

    kind: BlockKind
    page: int
    first: Line
    last: Line
    parts: list[tuple[int, str]]
    """(Page, text of one line)."""


class BlockBuilder:
    """Puts lines together to blocks, page after page."""

    def __init__(self, style: Style, words: Collection[Compound]) -> None:
        """Begin a document of this style; `words` are those that it writes with a hyphen."""
        self._style = style
        self._words = words
        self._blocks: list[Block] = []
        self._open: _Open | None = None
        self._edges: Edges = {}
        self._narrow: list[Column] = []
        self._header: list[str] = []
        """That of the last table."""

    def add_page(self, page: PageLines, lines: Sequence[Line]) -> None:
        """Add the lines of the body of a page in reading order."""
        self._edges = column_edges(lines)
        self._narrow = narrow_columns(lines)
        index = 0
        while index < len(lines):
            cells, used = table_at(lines, index, self._words)
            if used:
                self._add_table(page.number, cells, is_first=index == 0)
            else:
                self._add_line(page.number, lines[index])
            index += used or 1

    def add_blocks(self, blocks: Sequence[Block]) -> None:
        """Add finished blocks."""
        if blocks:
            self._close()
            self._blocks.extend(blocks)

    def finished(self) -> list[Block]:
        """Return the blocks of all pages added so far."""
        self._close()
        return self._blocks

    def _add_table(self, page: int, cells: list[list[str]], *, is_first: bool) -> None:
        """Add the rows of a table; one that goes on at the top of the next page has the header of its beginning."""
        is_continued = (
            is_first and self._open is None and len(self._header) == len(cells[0]) and self._header != cells[0]
        )
        self._close()
        rows = table_rows([self._header, *cells], has_header=True) if is_continued else table_rows(cells)
        if not is_continued:
            self._header = cells[0] if looks_like_header(cells) else []
        self._blocks.extend(Block(BlockKind.TABLE_ROW, clean_text(row), page=page) for row in rows)

    def _add_line(self, page: int, line: Line) -> None:
        bullet = BULLET.match(line.text)
        if self._continues_heading(line):
            self._extend(page, line)
        elif self._is_heading(line, bullet):
            self._start(BlockKind.HEADING, page, line, line.text)
        elif bullet and not self._is_mid_sentence(line):
            is_number = bullet[1].strip("().").isalnum()
            self._start(BlockKind.LIST_ITEM, page, line, line.text if is_number else line.text[bullet.end() :])
        elif self._open is None or self._open.kind is BlockKind.HEADING or self._ends_paragraph(page, line):
            self._start(BlockKind.PARAGRAPH, page, line, line.text)
        else:
            self._extend(page, line)

    def _extend(self, page: int, line: Line) -> None:
        if self._open is not None:
            self._open.parts.append((page, line.text))
            self._open.last = line

    def _is_heading(self, line: Line, bullet: re.Match[str] | None) -> bool:
        if line.cells or len(line.text) > HEADING_CHARS or (bullet and not numbering_of(line.text)):
            return False
        return self._style.is_titled(line.text) or self._style.may_be_heading(line)

    def _continues_heading(self, line: Line) -> bool:
        """Return whether a line goes on with the heading above: set like it, right below it."""
        last = self._open
        if last is None or last.kind is not BlockKind.HEADING or numbering_of(line.text) or line.cells:
            return False
        is_alike = abs(last.last.size - line.size) < _SAME_SIZE and (
            self._style.is_bold(last.last) == self._style.is_bold(line)
        )
        is_set_apart = self._style.may_be_heading(last.last)
        return is_alike and is_set_apart and 0 < last.last.top - line.top < 2.2 * line.size

    def _is_mid_sentence(self, line: Line) -> bool:
        """A dash or a number at the beginning of a line may simply belong to the sentence that runs on."""
        last = self._open
        if last is None or last.kind is BlockKind.HEADING or line.text[0] in ROUND_BULLETS:
            return False
        ends = bool(_SENTENCE_END.search(last.last.text)) or last.last.text.endswith(",")
        return not ends and self._is_full(last.last) and last.last.left <= line.left + 1

    def _ends_paragraph(self, page: int, line: Line) -> bool:
        last = self._open
        if last is None:
            return True
        above = last.last
        is_same_row = line.left > above.left and line.bottom < (above.top + above.bottom) / 2 < line.top
        if (
            line.text[0] in _NEVER_FIRST
            or above.text.endswith(("-", "\u2010", HYPHEN_MARK))
            or (is_same_row and line.left < above.right + line.size)
        ):
            return False
        ended = bool(_SENTENCE_END.search(above.text))
        if last.parts[-1][0] != page or line.top > above.top + line.size:  # another page or column
            return ended or not (line.text[0].islower() or self._is_full(above))
        return self._is_apart(above, line, ended) or self._is_stepped(last, line, ended)

    @staticmethod
    def _is_apart(above: Line, line: Line, ended: bool) -> bool:
        """Another size, or a gap between the lines that is more than leading."""
        if abs(above.size - line.size) > 0.08 * max(line.size, 1):
            return True
        gap = above.bottom - line.top
        return gap > 0.75 * line.size and (ended or not line.text[0].islower() or gap > 2 * line.size)

    def _is_stepped(self, last: _Open, line: Line, ended: bool) -> bool:
        """A first line that is indented, or a last line that stops short of the edge."""
        above = last.last
        if last.kind is BlockKind.LIST_ITEM:
            return ended and line.left < above.left - 2 and len(last.parts) > 1
        is_indented = line.left - above.left > 0.8 * line.size
        is_short = not self._is_full(above)
        is_broken_off = is_short and self._had_room(above, line)
        return (ended and (is_indented or is_broken_off)) or (
            is_short and line.text[0] not in "([" and not line.text[0].islower() and self._far_short(above)
        )

    def _had_room(self, above: Line, line: Line) -> bool:
        """Return whether the first word of a line would have fitted behind the line above, had the text gone on."""
        word = len(line.text.split(" ", 1)[0]) + 1
        return above.right + word * (line.right - line.left) / len(line.text) < self._edge(above)

    def _edge(self, line: Line) -> float:
        for column in self._narrow:
            if column.holds(line):
                return edge_of(line, column.edges)
        return edge_of(line, self._edges)

    def _is_full(self, line: Line) -> bool:
        edge = self._edge(line)
        return line.right >= edge - _SHORT_OF_EDGE * max(edge - line.left, 1)

    def _far_short(self, line: Line) -> bool:
        edge = self._edge(line)
        return line.right < edge - 2 * _SHORT_OF_EDGE * max(edge - line.left, 1)

    def _start(self, kind: BlockKind, page: int, line: Line, text: str) -> None:
        self._close()
        self._open = _Open(kind, page, line, line, [(page, text)])

    def _close(self) -> None:
        last, self._open = self._open, None
        if last is None:
            return
        text, breaks = "", []
        page = last.page
        for number, part in last.parts:
            bare = part.removesuffix(HYPHEN_MARK)
            piece = clean_text(bare) + part[len(bare) :]
            text = joined_lines(text, piece, self._words) if text else piece
            if number != page:
                breaks.append((max(len(text) - len(piece), 1), number))
                page = number
        text = text.removesuffix(HYPHEN_MARK)
        text = (_LOWERED_QUOTE.sub("„", text) if "”" in text else text).strip()
        if text:
            level = self._style.level(text, last.first) if last.kind is BlockKind.HEADING else 0
            self._blocks.append(Block(last.kind, text, level, last.page, tuple(breaks)))
