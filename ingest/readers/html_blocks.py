"""Which blocks does the tree of a web page hold?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from ingest.cleaning import clean_text
from ingest.readers.reading import Block, BlockKind
from ingest.readers.tables import SpanningCell, grid, table_rows

NEVER_READ = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "canvas", "head", "button",
    "select", "textarea", "input", "form", "audio", "video", "map", "dialog",
)  # fmt: skip
BLOCK_TAGS = {
    "p", "div", "section", "article", "main", "blockquote", "pre", "li", "ul", "ol", "dl", "dt", "dd", "table", "tr", "td", "th",
    "h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption", "address", "hr", "header", "body", "center", "details", "summary", "br",
}  # fmt: skip
_MOST_DEPTH = 200
_DETAILS_LEVEL = 6
"""Of what opens a folded text: below all headings."""
_MENU_ENTRY_CHARS = 60
_NUMBER = re.compile(r"[0-9]{1,4}")
_LINK_SHARE = 0.7
"""A block whose text stands in links to a greater part than this is a menu."""


def blocks_below(root: Any) -> Iterator[Block]:
    """Yield the blocks of all text below `root`, menus left out."""
    yield from _walk(root, 0)


def _walk(element: Any, depth: int) -> Iterator[Block]:
    inline: list[str] = [element.text or ""]
    linked = 0
    for child in element.iterchildren(etree.Element):
        if child.tag in BLOCK_TAGS and depth < _MOST_DEPTH:
            yield from _paragraph(inline, linked, element)
            inline, linked = [child.tail or ""], 0
            yield from _block(child, depth)
        elif depth < _MOST_DEPTH and any(inner.tag in BLOCK_TAGS for inner in child.iterdescendants(etree.Element)):
            yield from _paragraph(inline, linked, element)
            inline, linked = [child.tail or ""], 0
            yield from _walk(child, depth + 1)
        else:
            text = child.text_content() if child.tag not in NEVER_READ else ""
            linked += len(text) if child.tag == "a" or child.find(".//a") is not None else 0
            inline += [text, child.tail or ""]
    yield from _paragraph(inline, linked, element)


def _block(element: Any, depth: int) -> Iterator[Block]:
    if element.tag == "table" and not _is_layout(element):
        yield from _table(element)
    elif re.fullmatch("h[1-6]", element.tag):
        text = clean_text(element.text_content())
        if text:
            yield Block(BlockKind.HEADING, text[:500], level=int(element.tag[1]))
    elif element.tag == "summary":
        text = clean_text(element.text_content())
        if text:
            yield Block(BlockKind.HEADING, text[:500], level=_DETAILS_LEVEL)
    elif element.tag == "dl" and _is_plain_list(element):
        yield from _definitions(element)
    elif _is_note_section(element):
        for block in _walk(element, depth + 1):
            yield replace(block, kind=BlockKind.FOOTNOTE, level=0)
    elif element.tag not in ("br", "hr"):
        yield from _walk(element, depth + 1)


def _is_plain_list(element: Any) -> bool:
    """Return whether a list of definitions holds terms and short explanations, no blocks."""
    entries = list(element.iterchildren(etree.Element))
    return all(entry.tag in ("dt", "dd") for entry in entries) and not any(
        child.tag in BLOCK_TAGS for entry in entries for child in entry.iterdescendants(etree.Element)
    )


def _definitions(element: Any) -> Iterator[Block]:
    """Yield each explanation with the term that it explains ("Úřední hodiny: pondělí a středa")."""
    term = ""
    for entry in element.iterchildren("dt", "dd"):
        text = clean_text(entry.text_content())
        if entry.tag == "dt":
            term = text.rstrip(":")
        elif text:
            yield Block(BlockKind.LIST_ITEM, f"{term}: {text}" if term else text)


def _is_note_section(element: Any) -> bool:
    return element.get("role") == "doc-endnotes" or "footnotes" in (element.get("class") or "").split()


def _paragraph(inline: list[str], linked: int, element: Any) -> Iterator[Block]:
    text = clean_text("".join(inline))
    if not text:
        return
    is_item = element.tag in ("li", "dd", "dt") or any(parent.tag == "li" for parent in _near_ancestors(element))
    if element.tag == "li" and linked > _LINK_SHARE * len(text) and _is_menu(element.getparent()):
        return
    yield Block(BlockKind.LIST_ITEM if is_item else BlockKind.PARAGRAPH, text)


def _is_menu(parent: Any) -> bool:
    """Return whether a list holds nothing but short links."""
    items = parent.findall("li") if parent is not None else []
    return len(items) > 1 and all(
        len(item.text_content().strip()) < _MENU_ENTRY_CHARS and item.find(".//a") is not None for item in items
    )


def _near_ancestors(element: Any) -> list[Any]:
    return [parent for _, parent in zip(range(3), element.iterancestors(), strict=False)]


def _is_layout(table: Any) -> bool:
    """A table with one column, or with blocks of text in its cells, only places things on the page."""
    rows = list(table.iter("tr"))
    widths = {sum(1 for cell in row if cell.tag in ("td", "th")) for row in rows}
    return widths <= {0, 1} or table.find(".//table") is not None


def _table(table: Any) -> Iterator[Block]:
    caption = clean_text(table.findtext("caption") or "")
    if caption:
        yield Block(BlockKind.PARAGRAPH, caption)
    rows = grid([_cell(cell) for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr"))
    first = next(iter(table.iter("tr")), None)
    for row in table_rows(rows, has_header=_has_header(first)):
        yield Block(BlockKind.TABLE_ROW, row)


def _has_header(first: Any) -> bool | None:
    """Return whether the first row of a table names columns; None where its marks do not tell."""
    cells = [cell.tag for cell in first if cell.tag in ("td", "th")] if first is not None else []
    if cells == ["th", "td"]:  # a name beside its value
        return False
    return True if cells and "td" not in cells else None


def _cell(cell: Any) -> SpanningCell:
    return SpanningCell(clean_text(cell.text_content()), _span(cell, "colspan"), _span(cell, "rowspan"))


def _span(cell: Any, name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(int(value), 1) if _NUMBER.fullmatch(value) else 1
