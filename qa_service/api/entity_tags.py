"""When may a reader keep an answer? As long as the release and the query are the same."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

CACHING = {"Cache-Control": "private, no-cache", "Vary": "Accept-Language"}
"""A reader may keep an answer but must ask each time whether it still holds."""


def entity_tag(release_id: str, *parts: object) -> str:
    """Return a weak tag (the time taken differs between equal answers) of what an answer depends on."""
    text = "\x1f".join([release_id, *map(repr, parts)])
    return f'W/"{sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def is_known(tag: str, if_none_match: Sequence[str]) -> bool:
    """Whether a reader's If-None-Match headers name the tag; tags are compared weakly (RFC 9110, section 13.1.2)."""
    named = [each.strip().removeprefix("W/") for header in if_none_match for each in header.split(",")]
    return tag.removeprefix("W/") in named or "*" in named
