"""When may a reader keep an answer? As long as the release, the query and the program are the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

PACKAGES = ("corpus", "indexes", "qa_service")
SUFFIXES = frozenset({".py", ".json", ".npz", ".tsv"})
"""Code, and the tables that it reads: translations, forms of words, wording."""
NOT_OF_THE_PROGRAM = frozenset({"publications", "judgments", "models", "releases", "state"})
"""Folders of data in those packages; of its model and its documents a release speaks for itself."""

CACHING = {"Cache-Control": "private, no-cache", "Vary": "Accept-Language"}
"""A reader may keep an answer but must ask each time whether it still holds."""


@cache
def program_fingerprint() -> str:
    """Return the SHA-256 of the program's own code and tables: another program may answer the same query otherwise."""
    return fingerprint_below(Path(__file__).resolve().parents[2])


def fingerprint_below(root: Path) -> str:
    """Return the SHA-256 of the code and tables of the packages below `root`."""
    digest = sha256()
    for part in (part for package in PACKAGES for part in sorted((root / package).iterdir())):
        if part.name not in NOT_OF_THE_PROGRAM:
            for path in sorted(part.rglob("*")) if part.is_dir() else [part]:
                if path.suffix in SUFFIXES:
                    digest.update(path.read_bytes())
    return digest.hexdigest()


def entity_tag(release_id: str, *parts: object) -> str:
    """Return a weak tag (the time taken differs between equal answers) of what an answer depends on."""
    text = "\x1f".join([program_fingerprint(), release_id, *map(repr, parts)])
    return f'W/"{sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def is_known(tag: str, if_none_match: Sequence[str]) -> bool:
    """Whether a reader's If-None-Match headers name the tag; tags are compared weakly (RFC 9110, section 13.1.2)."""
    named = [each.strip().removeprefix("W/") for header in if_none_match for each in header.split(",")]
    return tag.removeprefix("W/") in named or "*" in named
