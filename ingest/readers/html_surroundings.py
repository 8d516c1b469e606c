"""Which parts of a web page are not the text that a visitor came for? They are removed from its tree."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from lxml import etree

from ingest.cleaning import clean_text
from ingest.note_marks import is_note_mark, is_power, superior
from ingest.readers.html_blocks import BLOCK_TAGS, NEVER_READ

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
_MOST_MARKS, _BEFORE_CHARS = 5000, 40
_HEADING_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"}


def remove_hidden(tree: Any) -> list[str]:
    """Remove what a reader of the page does not see, and return its texts."""
    hiding = {name for style in tree.iter("style") for name in _HIDING_RULE.findall(style.text or "")}
    for element in list(tree.iter(*NEVER_READ)):
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


def remove_note_marks(tree: Any) -> None:
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
    while element is not None and element.tag not in BLOCK_TAGS and not parts:
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


def remove_surroundings(tree: Any) -> list[str]:
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
