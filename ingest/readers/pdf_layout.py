"""What is each line of a PDF: running head, heading, paragraph, list item, table row, footnote or table of contents?

PDF keeps no such thing, so size, place and repetition have to tell. Everything is measured against the document's own
body text: its most frequent font size, its columns, its distance between lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.cleaning import clean_text
from ingest.readers.pdf_furniture import without_furniture
from ingest.readers.pdf_lines import HYPHEN_MARK, Line, PageLines
from ingest.readers.pdf_structure import OutlineEntry
from ingest.readers.pdf_tables import table_at
from ingest.readers.reading import Block, BlockKind, Finding
from ingest.readers.tables import looks_like_header, table_rows

_BULLET = re.compile(r"([•●▪■◦‣∙·▶➢➤✓–—*\x88\uf0b7\uf0a7\uf076-]|\(?[a-z]\)|\(?\d{1,2}[.)])\s+(?=\S)")
_LONE_BULLET = re.compile(r"[”„“]|[•●▪■◦‣∙·▶➢➤✓–—*\x88\uf0b7\uf0a7\uf076-]|\(?[a-z]\)|\(?\d{1,2}[.)]")
_NUMBERING = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[^\W\d_])")
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”“»)\]]*$")
_NOTE_NUMBER = re.compile(r"(?:\d{1,3}(?!\d)[.)]?|[*†‡])\s*(?=\S)")
_LOWERED_QUOTE = re.compile(r"(?<!\S)”\s*(?=\w)")
"""Old fonts have no lower quotation mark and lower the upper one; no closing mark stands before a word."""
_SMALLER = 0.93
"""Text of a smaller size than this share of the body's is set apart: footnotes, captions."""
_LARGER = 1.1
_BOLDER = 1.25
_NOTE_INDENT = 60.0
_SAME_SIZE = 0.5
"""Points."""
_HEADING_CHARS = 200
_SHORT_OF_EDGE = 0.15
"""A line that ends this share of the width of its column before the edge ends a paragraph, if it ends a sentence."""


@dataclass(frozen=True, slots=True)
class _Style:
    """What the body text of a document looks like."""

    size: float
    weight: int
    levels: dict[tuple[float, bool], int]
    """Level of a heading by (size, whether bold)."""


@dataclass(slots=True)
class _Open:
    """A block under construction."""

    kind: BlockKind
    level: int
    page: int
    last: Line
    parts: list[tuple[int, str]]
    """(Page, text of one line)."""


def layout(pages: Sequence[PageLines], outline: Sequence[OutlineEntry]) -> tuple[list[Block], list[Finding]]:
    """Return the blocks of a document in reading order, footnotes last, and what was left out."""
    kept, findings = without_furniture(pages)
    style = _style_of(kept)
    titles = {_squeezed(entry.title): entry.level for entry in outline}
    body: list[Block] = []
    notes: list[Block] = []
    builder = _Builder(style, titles)
    for page in kept:
        lines, footnotes = _split_notes(with_bullets(page.lines), style, page.height)
        builder.add_page(page, lines)
        builder.add_blocks(page.scanned)
        notes.extend(_notes(page.number, footnotes))
    body.extend(builder.finished())
    return [*body, *notes], findings


def _style_of(pages: Sequence[PageLines]) -> _Style:
    sizes: Counter[float] = Counter()
    weights: Counter[int] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.text)
            weights[line.weight] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    weight = weights.most_common(1)[0][0] if weights else 0
    looks = Counter(_look(line, weight) for page in pages for line in page.lines if _may_be_heading(line, size, weight))
    ordered = sorted(looks, key=lambda look: (-look[0], not look[1]))
    return _Style(size, weight, {look: min(level, 6) for level, look in enumerate(ordered, start=1)})


def _look(line: Line, weight: int) -> tuple[float, bool]:
    return round(line.size * 2) / 2, _is_bold(line, weight)


def _is_bold(line: Line, weight: int) -> bool:
    return weight > 0 and line.weight >= _BOLDER * weight


def _may_be_heading(line: Line, size: float, weight: int) -> bool:
    text = line.text
    if len(text) > _HEADING_CHARS or not any(char.isalpha() for char in text):
        return False
    if line.size >= _LARGER * size:
        return True
    return (
        _is_bold(line, weight)
        and line.size > _SMALLER * size
        and not text.endswith((".", ",", ";", ":"))
        and not line.cells
    )


def _squeezed(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text).casefold()


def with_bullets(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with each bullet that stands as a line of its own put before the text of its row.

    A bullet without a row is dropped, but a number without one is the end of a sentence and stays.
    """
    bullets = [line for line in lines if _LONE_BULLET.fullmatch(line.text)]
    owners = {id(bullet): _owner(bullet, lines) for bullet in bullets}
    owned = {id(owners[id(bullet)]): bullet for bullet in bullets}
    joined = []
    for line in lines:
        bullet = owned.get(id(line))
        if bullet is not None:
            mark = "„" if bullet.text == "”" else bullet.text  # old fonts lower the upper quotation mark
            text = f"{mark}{'' if mark in '„“' else ' '}{line.text}"
            joined.append(replace(line, text=text, left=bullet.left, cells=()))
        elif id(line) not in owners or (owners[id(line)] is None and line.text[0].isdigit()):
            joined.append(line)
    return joined


def _owner(bullet: Line, lines: Sequence[Line]) -> Line | None:
    """Return the line that begins on the row of a bullet, right of it."""
    row = [
        line
        for line in lines
        if line is not bullet
        and bullet.right <= line.left + 1
        and line.bottom - 0.3 * line.size <= (bullet.top + bullet.bottom) / 2 <= line.top + 1
    ]
    return min(row, key=lambda line: line.left, default=None)


def _split_notes(lines: Sequence[Line], style: _Style, height: float) -> tuple[list[Line], list[Line]]:
    """Return the body and the footnotes: small lines in the lower half, from a line on that begins with a number."""
    body: list[Line] = []
    notes: list[Line] = []
    for line in lines:
        is_small = line.size < _SMALLER * style.size or (
            notes and notes[-1].size < _SMALLER * style.size and _follows(notes[-1], line)
        )
        is_low = line.top < 0.6 * height
        begins = bool(_NOTE_NUMBER.match(line.text)) and (line.size < _SMALLER * style.size)
        if is_small and is_low and (begins or (notes and _follows(notes[-1], line))):
            notes.append(line)
        else:
            body.append(line)
    return body, notes


def _follows(above: Line, line: Line) -> bool:
    return (
        above.bottom - line.bottom + line.size >= 0
        and above.bottom - line.top < 1.2 * line.size
        and abs(above.left - line.left) < _NOTE_INDENT
    )


def _notes(page: int, lines: Sequence[Line]) -> Iterator[Block]:
    texts: list[str] = []
    for line in lines:
        if _NOTE_NUMBER.match(line.text) and (not texts or line.text[:1].isdigit()):
            texts.append(line.text)
        elif texts:
            texts[-1] = _joined(texts[-1], line.text)
    for text in texts:
        cleaned = clean_text(_NOTE_NUMBER.sub("", text, count=1))
        if any(char.isalpha() for char in cleaned):
            yield Block(BlockKind.FOOTNOTE, cleaned, page=page)


def _joined(text: str, following: str) -> str:
    """Two lines as one: a hyphen at the end of the first is dropped where the word goes on in small letters."""
    if text.endswith(("\u2010", HYPHEN_MARK)) or (
        text.endswith("-") and text[-2:-1].isalpha() and following[:1].islower()
    ):
        return text[:-1] + following
    return f"{text} {following}"


class _Builder:
    """Puts lines together to blocks, page after page."""

    def __init__(self, style: _Style, titles: dict[str, int]) -> None:
        self._style = style
        self._titles = titles
        self._blocks: list[Block] = []
        self._open: _Open | None = None
        self._edges: dict[int, float] = {}
        self._header: list[str] = []
        """That of the last table."""

    def add_page(self, page: PageLines, lines: Sequence[Line]) -> None:
        self._edges = _column_edges(lines)
        index = 0
        while index < len(lines):
            cells, used = table_at(lines, index)
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

    def finished(self) -> list[Block]:
        self._close()
        return self._blocks

    def _add_line(self, page: int, line: Line) -> None:
        level = self._heading_level(line)
        bullet = _BULLET.match(line.text)
        if level:
            if not self._continues_heading(line):
                self._start(BlockKind.HEADING, level, page, line, line.text)
                return
        elif bullet and not self._is_mid_sentence(line):
            is_number = bullet[1].strip("().").isalnum()
            self._start(BlockKind.LIST_ITEM, 0, page, line, line.text if is_number else line.text[bullet.end() :])
            return
        elif self._open is None or self._open.kind is BlockKind.HEADING or self._ends_paragraph(page, line):
            self._start(BlockKind.PARAGRAPH, 0, page, line, line.text)
            return
        assert self._open is not None  # noqa: S101 - each branch above that leaves none open returns
        self._open.parts.append((page, line.text))
        self._open.last = line

    def _heading_level(self, line: Line) -> int:
        if (
            line.cells
            or len(line.text) > _HEADING_CHARS
            or (_BULLET.match(line.text) and not _NUMBERING.match(line.text))
        ):
            return 0
        can_be_known = bool(self._titles) and len(line.text) > 3  # noqa: PLR2004 - too short to be sure
        outlined = self._titles.get(_squeezed(line.text), 0) if can_be_known else 0
        if outlined and not line.text.endswith((".", ",")):
            return outlined
        if not _may_be_heading(line, self._style.size, self._style.weight):
            return 0
        level = self._style.levels.get(_look(line, self._style.weight), 0)
        numbering = _NUMBERING.match(line.text)
        return level + numbering[1].count(".") if level and numbering else level

    def _continues_heading(self, line: Line) -> bool:
        last = self._open
        if last is None or last.kind is not BlockKind.HEADING or _NUMBERING.match(line.text):
            return False
        same_look = abs(last.last.size - line.size) < _SAME_SIZE and _is_bold(
            last.last, self._style.weight
        ) == _is_bold(line, self._style.weight)
        return same_look and 0 < last.last.top - line.top < 2.2 * line.size

    def _is_mid_sentence(self, line: Line) -> bool:
        """A dash or a number at the beginning of a line may simply belong to the sentence that runs on."""
        last = self._open
        if last is None or last.kind is BlockKind.HEADING or line.text[0] in "•●▪■◦‣":
            return False
        ends = bool(_SENTENCE_END.search(last.last.text)) or last.last.text.endswith(",")
        return not ends and self._is_full(last.last) and last.last.left <= line.left + 1

    def _ends_paragraph(self, page: int, line: Line) -> bool:
        last = self._open
        if last is None:
            return True
        above = last.last
        is_same_row = line.left > above.left and line.bottom < (above.top + above.bottom) / 2 < line.top
        if above.text.endswith(("-", "\u2010", HYPHEN_MARK)) or (is_same_row and line.left < above.right + line.size):
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
        return (ended and (is_indented or is_short)) or (
            is_short and not line.text[0].islower() and self._far_short(above)
        )

    def _edge(self, line: Line) -> float:
        bucket = int(line.left // 30)
        return max(self._edges.get(bucket + step, 0.0) for step in (-1, 0, 1))

    def _is_full(self, line: Line) -> bool:
        edge = self._edge(line)
        return line.right >= edge - _SHORT_OF_EDGE * max(edge - line.left, 1)

    def _far_short(self, line: Line) -> bool:
        edge = self._edge(line)
        return line.right < edge - 2 * _SHORT_OF_EDGE * max(edge - line.left, 1)

    def _start(self, kind: BlockKind, level: int, page: int, line: Line, text: str) -> None:
        self._close()
        self._open = _Open(kind, level, page, line, [(page, text)])

    def _close(self) -> None:
        last, self._open = self._open, None
        if last is None:
            return
        text, breaks = "", []
        page = last.page
        for number, part in last.parts:
            piece = clean_text(part) + (HYPHEN_MARK if part.endswith(HYPHEN_MARK) else "")
            text = _joined(text, piece) if text else piece
            if number != page:
                breaks.append((max(len(text) - len(piece), 1), number))
                page = number
        text = _LOWERED_QUOTE.sub("„", text.removesuffix(HYPHEN_MARK)).strip()
        if text:
            self._blocks.append(Block(last.kind, text, last.level, last.page, tuple(breaks)))


def _column_edges(lines: Sequence[Line]) -> dict[int, float]:
    """Return the right edge of the text that begins in each stripe of 30 points."""
    edges: dict[int, float] = {}
    for line in lines:
        bucket = int(line.left // 30)
        edges[bucket] = max(edges.get(bucket, 0.0), line.right)
    return edges
