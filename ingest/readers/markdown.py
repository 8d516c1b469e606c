"""How are the signs of Markdown read? Only those that give a text its shape; the rest is dropped from the words."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from corpus.document import Metadata
from ingest.cleaning import clean_text
from ingest.readers.reading import Block, BlockKind
from ingest.readers.tables import table_rows

_FRONT_MATTER = re.compile(r"\s*---\n(.{0,5000}?)\n---\n", re.DOTALL)
_FIELD = re.compile(r"^(\w{1,30}):[ \t]*(\S.{0,500})$", re.MULTILINE)
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_ITEM = re.compile(r"(\s*)(?:[-*+]|\d{1,3}[.)])\s+(.*)$")
_FENCE = re.compile(r"\s*(```|~~~)")
_RULE = re.compile(r"\s*([-*_]\s*){3,}$")
_UNDERLINE = re.compile(r"\s*(=+|-+)\s*$")
_TABLE_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*$")
_NOTE = re.compile(r"\[\^[^\]\s]{1,60}\]:\s*")
_REFERENCE = re.compile(r"\s{0,3}\[[^\]^][^\]]{0,200}\]:\s*\S+")
_CELL_END = re.compile(r"(?<!\\)\|")
_INLINE = (
    (re.compile(r"\[\^[^\]\s]{1,60}\]"), ""),
    (re.compile(r"<((?:https?://|mailto:)[^>\s]{1,500})>"), r"\1"),
    (re.compile(r"^\[[ xX]\]\s+"), ""),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])"), r"\1"),
    (re.compile(r"!\[([^\]]{0,300})\]\([^)]{0,1000}\)"), ""),
    (re.compile(r"\[([^\]]{1,300})\]\([^)]{0,1000}\)"), r"\1"),
    (re.compile(r"(\*\*|__)(\S[^*_]{0,1000}?)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(\S[^*]{0,500}?)\*(?!\w)"), r"\1"),
    (re.compile(r"(?<!\w)_(\S[^_]{0,500}?)_(?!\w)"), r"\1"),
    (re.compile(r"`([^`]{1,500})`"), r"\1"),
    (re.compile(r"<!--.{0,5000}?-->", re.DOTALL), ""),
)


def markdown_blocks(text: str) -> Iterator[Block]:
    """Yield the headings, paragraphs, list items and table rows of a Markdown text."""
    lines = _without_front_matter(text).splitlines()
    paragraph: list[str] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        heading, item = _HEADING.match(line[:2000]), _ITEM.match(line)
        if line.lstrip().startswith("|") and index + 1 < len(lines) and _TABLE_RULE.match(lines[index + 1][:2000]):
            yield from _paragraph(paragraph)
            index, rows = _table(lines, index)
            yield from rows
            continue
        if paragraph and _UNDERLINE.match(line[:200]) and not _ITEM.match(paragraph[0]):
            yield Block(BlockKind.HEADING, _plain(" ".join(paragraph)), level=1 if "=" in line else 2)
            paragraph = []
        elif heading:
            yield from _paragraph(paragraph)
            yield from _titled(heading)
            paragraph = []
        elif _NOTE.match(line) or _REFERENCE.match(line[:1000]):
            yield from _paragraph(paragraph)
            paragraph = [line] if _NOTE.match(line) else []
        elif item and not _RULE.match(line[:200]):
            yield from _paragraph(paragraph)
            paragraph = [line]
        elif not line.strip() or _FENCE.match(line) or _RULE.match(line[:200]):
            yield from _paragraph(paragraph)
            paragraph = []
        else:
            paragraph.append(line.lstrip("> "))
        index += 1
    yield from _paragraph(paragraph)


def front_matter(text: str) -> Metadata:
    """Return title, authors, date and language as the front matter of a Markdown text names them."""
    match = _FRONT_MATTER.match(text)
    lines = _FIELD.findall(match[1]) if match else []
    values = {name.lower(): clean_text(value.strip("\"' ")) for name, value in lines}
    author, language = values.get("author", ""), values.get("lang", values.get("language", ""))[:2].lower()
    try:
        date = datetime.date.fromisoformat(values.get("date", "")[:10])
    except ValueError:
        date = None
    return Metadata(
        title=values.get("title", "")[:300] or None,
        authors=(author[:200],) if author else (),
        date=date,
        language=language if re.fullmatch("[a-z]{2}", language) else None,
    )


def _without_front_matter(text: str) -> str:
    match = _FRONT_MATTER.match(text)
    return text[match.end() :] if match else text


def _titled(heading: re.Match[str]) -> Iterator[Block]:
    title = _plain(heading[2])
    if title:
        yield Block(BlockKind.HEADING, title, level=len(heading[1]))


def _paragraph(lines: list[str]) -> Iterator[Block]:
    """Yield the block of a finished paragraph and empty `lines`."""
    if lines:
        item = _ITEM.match(lines[0])
        note = _NOTE.match(lines[0])
        text = _plain(" ".join([item[2], *lines[1:]] if item else lines)[note.end() if note else 0 :])
        if text and note:
            yield Block(BlockKind.FOOTNOTE, text)
        elif text and item:
            yield Block(BlockKind.LIST_ITEM, text, level=len(item[1]) // 2)
        elif text:
            yield Block(BlockKind.PARAGRAPH, text)
    lines.clear()


def _table(lines: list[str], index: int) -> tuple[int, list[Block]]:
    """Return the index behind a table that begins at `index`, and its rows."""
    rows = []
    while index < len(lines) and lines[index].lstrip().startswith("|"):
        if not _TABLE_RULE.match(lines[index][:2000]):
            rows.append(
                [_plain(cell) for cell in _CELL_END.split(lines[index].strip().removeprefix("|").removesuffix("|"))]
            )
        index += 1
    return index, [Block(BlockKind.TABLE_ROW, row) for row in table_rows(rows, has_header=True)]


def _plain(text: str) -> str:
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return clean_text(text)
