"""Which documents say the same, and which are editions of one another?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Literal

import numpy as np
from datasketch import MinHash, MinHashLSH

_WORDS = re.compile(r"\w+")
_SHINGLE = 5
_PERMUTATIONS = 128
_SCHEME: Literal["affine32"] = "affine32"
"""Signatures are kept between builds, and those of different schemes cannot be compared."""
_NEAR = 0.8
"""Estimated share of common five-word runs from which two documents are near copies."""
_SAME_TITLE = 0.3
"""The same from which two documents of one title (years aside) are editions of each other."""
_MOST_OF_A_TITLE = 50
"""A title that more documents bear ("Zápis z jednání") says nothing."""
_YEARS = re.compile(r"\b(?:19|20)\d{2}\b(?:\s*[–-]\s*(?:(?:19|20)?\d{2})\b)?|\b\d+\.\s*(?:vydání|edition)\b")


class Likeness(StrEnum):
    """How one document is like another."""

    EXACT = "exact"
    NEAR = "near"
    VERSION = "version"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What has to be known of a document to compare it with others."""

    text_hash: str
    """Hexadecimal SHA-256 of its words in lower case."""
    signature: tuple[int, ...]
    """MinHash signature over runs of five words."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document to compare: `title` and `year` as far as known."""

    id: str
    title: str
    year: int | None
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Relation:
    """The document `id` is like `other`; results prefer one of the two."""

    id: str
    other: str
    likeness: Likeness
    is_preferred: bool = False
    """Whether `id` is the one that is preferred."""


def fingerprint(text: str) -> Fingerprint:
    """Return the fingerprint of a text. Equal texts up to case, space and punctuation have equal ones."""
    words = _WORDS.findall(text.casefold())
    minhash = MinHash(num_perm=_PERMUTATIONS, seed=1, scheme=_SCHEME)
    runs = {" ".join(words[i : i + _SHINGLE]) for i in range(max(len(words) - _SHINGLE + 1, 1))} if words else set()
    minhash.update_batch([run.encode("utf-8", "surrogatepass") for run in sorted(runs)])
    digest = sha256(" ".join(words).encode("utf-8", "surrogatepass")).hexdigest()
    return Fingerprint(digest, tuple(int(value) for value in minhash.hashvalues))


def find_relations(candidates: Sequence[Candidate]) -> list[Relation]:
    """Return for each document the one that is preferred to it, if there is one: the newest, then the first by id."""
    relations: dict[str, Relation] = {}
    minhashes = {
        c.id: MinHash(
            num_perm=_PERMUTATIONS,
            seed=1,
            scheme=_SCHEME,
            hashvalues=np.array(c.fingerprint.signature, dtype=np.uint32),
        )
        for c in candidates
    }
    by_id = {candidate.id: candidate for candidate in candidates}
    for one, other in _pairs(candidates, minhashes):
        likeness = _likeness(by_id[one], by_id[other], minhashes)
        if likeness is None:
            continue
        preferred, left = sorted((by_id[one], by_id[other]), key=_preference)
        known = relations.get(left.id)
        if (
            known is None
            or _rank(likeness) < _rank(known.likeness)
            or (likeness is known.likeness and _preference(preferred) < _preference(by_id[known.other]))
        ):
            relations[left.id] = Relation(left.id, preferred.id, likeness)
    return [relations[name] for name in sorted(relations)]


def _preference(candidate: Candidate) -> tuple[int, str]:
    return -(candidate.year or 0), candidate.id


def _rank(likeness: Likeness) -> int:
    return list(Likeness).index(likeness)


def _pairs(candidates: Sequence[Candidate], minhashes: Mapping[str, MinHash]) -> set[tuple[str, str]]:
    """Return the pairs of ids worth comparing, each once: those that share hash bands, a text or a title."""
    index = MinHashLSH(threshold=_NEAR - 0.1, num_perm=_PERMUTATIONS)
    groups: dict[str, list[str]] = defaultdict(list)
    for candidate in candidates:
        index.insert(candidate.id, minhashes[candidate.id])
        groups["text " + candidate.fingerprint.text_hash].append(candidate.id)
        groups["title " + _bare_title(candidate.title)].append(candidate.id)
    pairs = {
        tuple(sorted((c.id, str(other)))) for c in candidates for other in index.query(minhashes[c.id]) if other != c.id
    }
    pairs |= {
        tuple(sorted((first, other)))
        for ids in groups.values()
        if len(ids) <= _MOST_OF_A_TITLE
        for first in ids
        for other in ids
        if first < other
    }
    return {(one, other) for one, other in pairs}


def _likeness(one: Candidate, other: Candidate, minhashes: Mapping[str, MinHash]) -> Likeness | None:
    if one.fingerprint.text_hash == other.fingerprint.text_hash:
        return Likeness.EXACT
    shared = minhashes[one.id].jaccard(minhashes[other.id])
    same_title = _bare_title(one.title) == _bare_title(other.title)
    if one.year != other.year and shared >= (_SAME_TITLE if same_title else _NEAR):
        return Likeness.VERSION
    if shared >= _NEAR:
        return Likeness.NEAR
    return Likeness.VERSION if same_title and shared >= _SAME_TITLE else None


def _bare_title(title: str) -> str:
    return re.sub(r"[\W_]+", "", _YEARS.sub("", title.casefold()))
