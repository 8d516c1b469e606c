"""How is the article of a web page told from everything around it?

trafilatura finds the article; what it is given, and what it returns, is cleared of what a reader does not see and of
menus, teasers, cookie bars and lists of related pages. Where it finds next to nothing, all visible text is taken.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import lxml.html
import trafilatura
from lxml import etree

from corpus.document import Metadata
from ingest.cleaning import clean_text
from ingest.errors import UnreadableDocument
from ingest.note_marks import is_note_mark, is_power, superior
from ingest.readers.encodings import decode
from ingest.readers.kinds import FileKind
from ingest.readers.reading import Block, BlockKind, Finding, Reading
from ingest.readers.tables import table_rows
from ingest.reasons import Reason
from ingest.settings import ReaderLimits

_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:-]{2,40})""", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_NEVER_READ = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "canvas", "head", "button",
    "select", "textarea", "input", "form", "audio", "video", "map", "dialog",
)  # fmt: skip
_AROUND = ("nav", "footer", "aside", "menu")
_AROUND_ROLES = {
    "navigation",
    "banner",
    "contentinfo",
    "complementary",
    "search",
    "menu",
    "menubar",
    "dialog",
    "alertdialog",
}
_AROUND_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|breadcrumbs?|drobeckova|menu|navbar|nav|navigation|sidebar|footer|paticka|related|"
    r"souvisejici|similar|teasers?|share|sharing|social|newsletter|pagination|pager|skip-link|popup|modal|banner|advert|promo|more-link|read-more|readmore|"
    r"tags|comments?|komentare)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|font-size\s*:\s*0|"
    r"(?:left|top|text-indent)\s*:\s*-\d{3,}|(?:height|width)\s*:\s*[01]px|clip\s*:\s*rect\(|"
    r"(?<!-)color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent|rgba?\(\s*255\s*,\s*255\s*,\s*255)",
    re.IGNORECASE,
)
_HIDING_RULE = re.compile(
    r"([.#][\w-]{1,60})\s*\{[^{}]{0,300}(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE
)
_BLOCK_TAGS = {
    "p", "div", "section", "article", "main", "blockquote", "pre", "li", "ul", "ol", "dl", "dt", "dd", "table", "tr", "td", "th",
    "h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption", "address", "hr", "header", "body", "center", "details", "summary", "br",
}  # fmt: skip
_LEAST_SHARE = 0.5
"""If trafilatura keeps a smaller part of the visible text outside links than this, the visible text is taken instead."""
_MOST_DEPTH = 200
_MOST_MARKS, _BEFORE_CHARS = 5000, 40
_HEADING_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"}
_DETAILS_LEVEL = 6
"""Of what opens a folded text: below all headings."""
_MENU_ENTRY_CHARS = 60
_LINK_SHARE = 0.7
"""A block whose text stands in links to a greater part than this is a menu."""


def read_html(path: Path, limits: ReaderLimits) -> Reading:
    """Return the article of a web page as blocks. Raises UnreadableDocument."""
    data = path.read_bytes()
    declared = _DECLARED.search(data[:4096])
    text, encoding = decode(data, declared[1].decode("ascii") if declared else None)
    tree = _parsed(text, limits)
    metadata = _metadata(tree)
    hidden = _remove_hidden(tree)
    _remove_note_marks(tree)
    whole = list(_blocks(tree.find("body") if tree.find("body") is not None else tree))
    removed = _remove_surroundings(tree)
    blocks = _article(tree)
    if not blocks:
        blocks = [block for block in whole if block.kind is not BlockKind.HEADING] and whole
    if not blocks:
        raise UnreadableDocument(Reason.NO_TEXT)
    findings = [] if encoding.startswith("utf-8") else [Finding("encoding_guessed", sample=encoding)]
    if hidden:
        findings.append(Finding("hidden_text", len(hidden), sample=" ".join(hidden)[:200]))
    if removed:
        findings.append(Finding("page_furniture", len(removed), sample=" | ".join(removed)[:200]))
    return Reading(FileKind.HTML, tuple(blocks[: limits.elements]), metadata=metadata, findings=tuple(findings))


def _parsed(text: str, limits: ReaderLimits) -> Any:
    if text.count("<") > 10 * limits.elements:
        raise UnreadableDocument(Reason.TOO_MANY_OBJECTS, "too many tags")
    text = _XML_DECLARATION.sub("", text.replace("\x00", ""))
    try:
        tree = lxml.html.document_fromstring(
            text, parser=lxml.html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise UnreadableDocument(Reason.NO_TEXT, str(error)) from error
    return tree


def _remove_hidden(tree: Any) -> list[str]:
    """Remove what a reader of the page does not see, and return its texts."""
    hiding = {name for style in tree.iter("style") for name in _HIDING_RULE.findall(style.text or "")}
    for element in list(tree.iter(*_NEVER_READ)):
        if element.getparent() is not None and element.tag not in ("head", "form"):
            if element.tag == "button" and element.getparent().tag in _HEADING_TAGS:  # opens the text below it
                element.drop_tag()
            else:
                _drop(element)
    texts = []
    for element in [element for element in tree.iter(etree.Element) if _is_hidden(element, hiding)]:
        text = clean_text(element.text_content())
        if element.getparent() is not None and element.tag != "body":
            _drop(element)
            texts.extend([text] if text else [])
    return texts


def _remove_note_marks(tree: Any) -> None:
    """Remove the marks of footnotes and the arrows that lead back to them; write exponents in superior figures."""
    for element in list(islice(tree.iter("sup"), _MOST_MARKS)):
        mark, before = clean_text(element.text_content()), _text_before(element)
        if is_note_mark(before, mark):
            _drop(element, blank="")
        elif is_power(before, mark):
            for child in list(element):
                element.remove(child)
            element.text = superior(mark)
    for element in tree.xpath(
        "//a[@role='doc-noteref' or @role='doc-backlink'] | //a[normalize-space()='↩' or normalize-space()='↩︎']"
    ):
        if element.getparent() is not None:
            _drop(element, blank="")


def _text_before(element: Any) -> str:
    """Return the end of the text that stands before an element in its block."""
    parts: list[str] = []
    while element is not None and element.tag not in _BLOCK_TAGS and not parts:
        previous = element.getprevious()
        texts = [element.getparent().text if previous is None and element.getparent() is not None else None]
        if previous is not None:
            texts = [previous.text_content(), previous.tail]
        parts = [text for text in texts if text and text.strip()]
        element = element.getparent()
    return "".join(parts)[-_BEFORE_CHARS:]


def _is_hidden(element: Any, hiding: set[str]) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    names = {f".{name}" for name in (element.get("class") or "").split()} | {f"#{element.get('id')}"}
    return bool(names & hiding) or bool(_HIDDEN_STYLE.search((element.get("style") or "")[:2000]))


def _remove_surroundings(tree: Any) -> list[str]:
    """Remove menus, bars and lists of other pages, and return their texts."""
    texts = []
    body_text = len(tree.text_content())
    for element in list(tree.iter(etree.Element)):
        if element.getparent() is None or element.tag in ("html", "body", "main", "article", "head"):
            continue
        text = element.text_content() if _is_around(element) else ""
        if text and len(text) < body_text / 2:
            _drop(element)
            texts.append(clean_text(text)[:100])
    return [text for text in texts if text]


def _is_around(element: Any) -> bool:
    if element.tag in _AROUND or (element.get("role") or "").lower() in _AROUND_ROLES:
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:500]
    if _AROUND_NAMES.search(names):
        return True
    is_page_header = element.tag == "header" and not any(parent.tag == "article" for parent in element.iterancestors())
    return is_page_header and element.find(".//h1") is None


def _drop(element: Any, blank: str = " ") -> None:
    """Remove an element but keep the text behind it, parted from the text before it by `blank`."""
    parent, tail = element.getparent(), element.tail
    if tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + blank + tail
        else:
            previous.tail = (previous.tail or "") + blank + tail
    parent.remove(element)


def _article(tree: Any) -> list[Block]:
    """Return the blocks of the article: those of the element that says it is one, else those that trafilatura finds.

    trafilatura leaves out short paragraphs, so everything between the first and the last block that it keeps is taken.
    """
    body = tree.find("body") if tree.find("body") is not None else tree
    visible = list(_blocks(body))
    marked = [list(_blocks(element)) for element in tree.xpath("//main | //*[@role='main'] | //article")]
    named = max(marked, key=_size, default=[])
    if _size(named) >= _LEAST_SHARE * _size(visible):
        loose = [block for element in body.findall("p") for block in _blocks(element) if block not in named]
        return [*named, *loose]
    kept = _trafilatura_text(tree)
    places = [index for index, block in enumerate(visible) if _squeezed(block.text)[:200] in kept]
    chosen = visible[_with_headings(visible, places[0]) : places[-1] + 1] if places else []
    return chosen if _size(chosen) >= _LEAST_SHARE * _size(visible) else visible


def _with_headings(blocks: list[Block], index: int) -> int:
    """Return the index of the first of the headings right above a block."""
    while index and blocks[index - 1].kind is BlockKind.HEADING:
        index -= 1
    return index


def _size(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks if block.kind is not BlockKind.HEADING)


def _trafilatura_text(tree: Any) -> str:
    try:
        html = lxml.html.tostring(tree, encoding="unicode")
        text = trafilatura.extract(
            html, include_comments=False, include_tables=True, favor_recall=True, deduplicate=False
        )
    except (ValueError, TypeError, AttributeError, etree.LxmlError, RecursionError):
        return ""  # a page that it cannot take is read by its visible text
    return _squeezed(text or "")


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _blocks(root: Any) -> Iterator[Block]:
    """Yield the blocks of all text below `root`, menus left out."""
    yield from _walk(root, 0)


def _walk(element: Any, depth: int) -> Iterator[Block]:
    inline: list[str] = [element.text or ""]
    linked = 0
    for child in element.iterchildren(etree.Element):
        if child.tag in _BLOCK_TAGS and depth < _MOST_DEPTH:
            yield from _paragraph(inline, linked, element)
            inline, linked = [child.tail or ""], 0
            yield from _block(child, depth)
        elif depth < _MOST_DEPTH and any(inner.tag in _BLOCK_TAGS for inner in child.iterdescendants(etree.Element)):
            yield from _paragraph(inline, linked, element)
            inline, linked = [child.tail or ""], 0
            yield from _walk(child, depth + 1)
        else:
            text = child.text_content() if child.tag not in _NEVER_READ else ""
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
        child.tag in _BLOCK_TAGS for entry in entries for child in entry.iterdescendants(etree.Element)
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
    rows = [[clean_text(cell.text_content()) for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    first = next(iter(table.iter("tr")), None)
    header = True if first is not None and first.find("th") is not None and first.find("td") is None else None
    for row in table_rows(rows, has_header=header):
        yield Block(BlockKind.TABLE_ROW, row)


def _metadata(tree: Any) -> Metadata:
    """What a page says about itself in its head: Open Graph, Dublin Core and plain meta elements."""
    meta: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or "").lower()
        if name and element.get("content"):
            meta.setdefault(name, clean_text(element.get("content")[:2000]))
    title = meta.get("og:title") or meta.get("dc.title") or clean_text(tree.findtext(".//head/title") or "")
    author = meta.get("author") or meta.get("dc.creator") or ""
    published = meta.get("article:published_time") or meta.get("dc.date") or meta.get("date") or ""
    language = (tree.get("lang") or "")[:2].lower()
    return Metadata(
        title=title[:300] or None,
        authors=(author[:200],) if author else (),
        publisher=(meta.get("og:site_name") or meta.get("dc.publisher") or "")[:200] or None,
        date=_iso_date(published),
        language=language if re.fullmatch("[a-z]{2}", language) else None,
    )


def _iso_date(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        return None
