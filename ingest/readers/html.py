"""How is the article of a web page told from everything around it?

trafilatura finds the article; what it is given, and what it returns, is cleared of what a reader does not see and of
menus, teasers, cookie bars and lists of related pages. Where it finds next to nothing, all visible text is taken.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import lxml.html
import trafilatura
from lxml import etree

from corpus.document import Metadata
from ingest.cleaning import clean_text
from ingest.errors import UnreadableDocument
from ingest.readers.encodings import decode, is_guess
from ingest.readers.html_blocks import blocks_below
from ingest.readers.html_surroundings import remove_note_marks, remove_surroundings
from ingest.readers.html_visibility import remove_hidden
from ingest.readers.kinds import FileKind
from ingest.readers.reading import Block, BlockKind, Finding, Reading, require_few
from ingest.reasons import Reason
from ingest.settings import ReaderLimits

_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:-]{2,40})""", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_LEAST_SHARE = 0.5
"""If trafilatura keeps a smaller part of the visible text outside links than this, the visible text is taken instead."""


def read_html(path: Path, limits: ReaderLimits) -> Reading:
    """Return the article of a web page as blocks. Raises UnreadableDocument."""
    data = path.read_bytes()
    declared = _DECLARED.search(data[:4096])
    named = declared[1].decode("ascii") if declared else None
    text, encoding = decode(data, named)
    tree = _parsed(text, limits)
    metadata = _metadata(tree)
    hidden = remove_hidden(tree)
    remove_note_marks(tree)
    whole = list(blocks_below(tree.find("body") if tree.find("body") is not None else tree))
    removed = remove_surroundings(tree)
    blocks = _article(tree)
    if not blocks:
        blocks = [block for block in whole if block.kind is not BlockKind.HEADING] and whole
    if not blocks:
        raise UnreadableDocument(Reason.NO_TEXT)
    require_few(blocks, limits)
    findings = [Finding("encoding_guessed", sample=encoding)] if is_guess(encoding, named) else []
    if hidden:
        findings.append(Finding("hidden_text", len(hidden), sample=" ".join(hidden)[:200]))
    if removed:
        findings.append(Finding("page_furniture", len(removed), sample=" | ".join(removed)[:200]))
    return Reading(FileKind.HTML, tuple(blocks), metadata=metadata, findings=tuple(findings))


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


def _article(tree: Any) -> list[Block]:
    """Return the blocks of the article: those of the element that says it is one, else those that trafilatura finds.

    trafilatura leaves out short paragraphs, so everything between the first and the last block that it keeps is taken.
    """
    body = tree.find("body") if tree.find("body") is not None else tree
    visible = list(blocks_below(body))
    marked = [list(blocks_below(element)) for element in tree.xpath("//main | //*[@role='main'] | //article")]
    named = max(marked, key=_size, default=[])
    if _size(named) >= _LEAST_SHARE * _size(visible):
        loose = [block for element in body.findall("p") for block in blocks_below(element) if block not in named]
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
