"""Which parts of a web page are not the text that a visitor came for? They are removed from its tree."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from lxml import etree

from ingest.cleaning import clean_text
from ingest.note_marks import is_note_mark, is_power, superior
from ingest.readers.html_blocks import BLOCK_TAGS
from ingest.readers.html_visibility import drop

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
_MOST_MARKS, _BEFORE_CHARS = 5000, 40


def remove_note_marks(tree: Any) -> None:
    """Remove the marks of footnotes and the arrows that lead back to them; write exponents in superior figures."""
    for element in list(islice(tree.iter("sup"), _MOST_MARKS)):
        mark, before = clean_text(element.text_content()), _text_before(element)
        if is_note_mark(before, mark):
            drop(element, blank="")
        elif is_power(before, mark):
            for child in list(element):
                element.remove(child)
            element.text = superior(mark)
    for element in tree.xpath(
        "//a[@role='doc-noteref' or @role='doc-backlink'] | //a[normalize-space()='↩' or normalize-space()='↩︎']"
    ):
        if element.getparent() is not None:
            drop(element, blank="")


def _text_before(element: Any) -> str:
    """Return the end of the text that stands before an element in its block."""
    parts: list[str] = []
    while element is not None and element.tag not in BLOCK_TAGS and not parts:
        previous = element.getprevious()
        texts = [element.getparent().text if previous is None and element.getparent() is not None else None]
        if previous is not None:
            texts = [previous.text_content(), previous.tail]
        parts = [text for text in texts if text and text.strip()]
        element = element.getparent()
    return "".join(parts)[-_BEFORE_CHARS:]


def remove_surroundings(tree: Any) -> list[str]:
    """Remove menus, bars and lists of other pages, and return their texts."""
    texts = []
    body_text = len(tree.text_content())
    for element in list(tree.iter(etree.Element)):
        if element.getparent() is None or element.tag in ("html", "body", "main", "article", "head"):
            continue
        text = element.text_content() if _is_around(element) else ""
        if text and len(text) < body_text / 2:
            drop(element)
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
