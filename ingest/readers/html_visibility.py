"""What of a web page does no reader see? It is removed from its tree: hidden text may be written for machines alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree
from PIL.ImageColor import colormap, getrgb

from ingest.cleaning import clean_text
from ingest.readers.html_blocks import NEVER_READ

_PRINT_RULES = re.compile(r"@media\s+print\s*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.IGNORECASE)
_HIDING_RULE = re.compile(
    r"([.#][\w-]{1,60})\s*\{[^{}]{0,300}(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE
)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NOTHING = re.compile(r"0+(?:\.0*)?(?:[a-z]+|%)?|\.0+(?:[a-z]+|%)?")
_TINY = re.compile(r"[01]?(?:\.\d+)?p[xt]")
_FAR_OFF = {name: re.compile(r"-\d{3}") for name in ("left", "top", "text-indent")} | {
    name: re.compile(r"-\d{4}") for name in ("margin-left", "margin-top")
}
"""A page is less than a thousand points wide; margins of some hundreds move what stays in sight."""
_COLOUR = re.compile(r"url\([^)]*\)?|#[0-9a-f]{3,8}|rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})|[a-z]+")
_HEX_CHARS = (4, 5, 7, 9)
_WHITE, _DARK = 250, 200
"""Of 255. White letters can be read where one of red, green and blue is darker than this."""
_STYLE_CHARS = 2000
_HEADING_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"}


def remove_hidden(tree: Any) -> list[str]:
    """Remove what a reader of the page does not see, and return its texts."""
    rules = [_PRINT_RULES.sub("", style.text or "") for style in tree.iter("style")]
    hiding = {name for rule in rules for name in _HIDING_RULE.findall(rule)}
    for element in list(tree.iter(*NEVER_READ)):
        if element.getparent() is not None and element.tag not in ("head", "form"):
            if element.tag == "button" and element.getparent().tag in _HEADING_TAGS:  # opens the text below it
                element.drop_tag()
            else:
                drop(element)
    texts = []
    for element in [element for element in tree.iter(etree.Element) if _is_hidden(element, hiding)]:
        text = clean_text(element.text_content())
        if element.getparent() is not None and element.tag != "body":
            drop(element)
            texts.extend([text] if text else [])
    return texts


def drop(element: Any, blank: str = " ") -> None:
    """Remove an element but keep the text behind it, parted from the text before it by `blank`."""
    parent, tail = element.getparent(), element.tail
    if tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + blank + tail
        else:
            previous.tail = (previous.tail or "") + blank + tail
    parent.remove(element)


def _is_hidden(element: Any, hiding: set[str]) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    names = {f".{name}" for name in (element.get("class") or "").split()} | {f"#{element.get('id')}"}
    if names & hiding:
        return True
    style = _style(element)
    return bool(style) and (_is_put_away(style) or _is_too_small(style) or _is_unreadable(element, style))


def _style(element: Any) -> dict[str, str]:
    """Return the declarations that an element carries itself, by property, in lower case."""
    text = _COMMENT.sub("", (element.get("style") or "")[:_STYLE_CHARS].lower()).replace("!important", "")
    pairs = (declaration.partition(":") for declaration in text.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs if value.strip()}


def _is_put_away(style: Mapping[str, str]) -> bool:
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or _NOTHING.fullmatch(style.get("opacity", "")) is not None
        or any(place.match(style.get(name, "")) for name, place in _FAR_OFF.items())
    )


def _is_too_small(style: Mapping[str, str]) -> bool:
    """Return whether letters have next to no size, or stand in a box without any that cuts off what does not fit."""
    size = style.get("font-size", "")
    if _NOTHING.fullmatch(size) or _TINY.fullmatch(size) or "rect(" in style.get("clip", ""):
        return True
    box = [style.get(name, "") for name in ("width", "height", "max-width", "max-height")]
    is_cut = any(value.startswith(("hidden", "clip")) for name, value in style.items() if name.startswith("overflow"))
    return is_cut and any(_NOTHING.fullmatch(side) or _TINY.fullmatch(side) for side in box)


def _is_unreadable(element: Any, style: Mapping[str, str]) -> bool:
    """Return whether the letters are transparent, or white and on no coloured ground."""
    letters = style.get("color", "")
    if letters == "transparent":
        return True
    is_white = any(min(colour) >= _WHITE for colour in _colours(letters))
    return is_white and not any(_is_coloured(outer) for outer in (element, *element.iterancestors()))


def _is_coloured(element: Any) -> bool:
    style = _style(element)
    grounds = (element.get("bgcolor") or "").lower(), style.get("background", ""), style.get("background-color", "")
    return any(min(colour) < _DARK for ground in grounds for colour in _colours(ground))


def _colours(value: str) -> Iterator[tuple[int, int, int]]:
    """Yield red, green and blue, 0 to 255, of each colour that a value of CSS names."""
    for match in _COLOUR.finditer(value):
        if match[1]:
            yield int(match[1]), int(match[2]), int(match[3])
        elif match[0] in colormap or (match[0][0] == "#" and len(match[0]) in _HEX_CHARS):
            red, green, blue, *_ = getrgb(match[0])
            yield red, green, blue
