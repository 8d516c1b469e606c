"""What do the documents of one publisher repeat, and which of them keeps it?

What every page of a site shows beside its article is no part of any of them. But a sentence says something, however often
it is repeated (the definition in every edition of a report), so it is left out only where another document keeps it: the
newest one. On the pages of a printed document sentences stay wherever they stand.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.reading import Block, BlockKind

_NOISE = re.compile(r"[\W_]+")
_SENTENCE = re.compile(r"[^_…a-zěščřžýáíéúůďťňó].*(?<!\.)[.!?][\"'”“»)\]]*", re.DOTALL)
"""It begins with anything but a small letter and is not cut short by an ellipsis, as teasers are."""
_SENTENCE_WORDS = 6
SITE_BLOCK_CHARS = 400
_LEAST_KEY_CHARS = 12
"""Shorter blocks repeat by chance ("Ano", "Kontakt")."""
_LEAST_DOCUMENTS = 3
_LEAST_SHARE = 0.1
"""A block is repeated if so many documents of a publisher, and this share of them, hold it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A document by what it may share with others of its publisher."""

    publisher: str
    """Empty where none is known: such a document has nothing in common with others."""
    year: int
    """0 where none is given."""
    text_hash: str
    """Documents with the very same text have the same one, and keep the same blocks."""
    keys: Sequence[str]
    """As `candidate_keys` gives them."""


def block_key(text: str) -> str:
    """Return what makes two blocks the same: their letters and digits, in lower case."""
    return _NOISE.sub("", text).casefold()


def site_key(block: Block) -> str:
    """Return what makes two blocks of a publisher the same; the key of a sentence ends in a full stop."""
    return block_key(block.text) + ("." if is_sentence(block) else "")


def is_sentence(block: Block) -> bool:
    """Return whether a block is at least one whole sentence, and no heading, label or teaser."""
    return (
        block.kind is not BlockKind.HEADING
        and _SENTENCE.fullmatch(block.text) is not None
        and len(block.text.split()) >= _SENTENCE_WORDS
    )


def candidate_keys(blocks: Sequence[Block]) -> list[str]:
    """Return the keys of the blocks that could be furniture of a whole site: short, but not too short to tell."""
    return [
        key
        for block in blocks
        if len(block.text) <= SITE_BLOCK_CHARS and block.kind is not BlockKind.TABLE_ROW
        for key in [site_key(block)]
        if len(key) >= _LEAST_KEY_CHARS and not (block.page is not None and key.endswith("."))
    ]


def blocks_to_leave_out(holders: Sequence[Holder]) -> list[frozenset[str]]:
    """Return for each document, in order, the keys of the blocks that it repeats and does not keep."""
    repeated = _repeated(holders)
    keepers = _keepers(holders)
    return [
        frozenset(
            key
            for key in set(holder.keys) & repeated[holder.publisher]
            if not key.endswith(".") or keepers[holder.publisher, key] != holder.text_hash
        )
        for holder in holders
    ]


def _repeated(holders: Sequence[Holder]) -> dict[str, set[str]]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    totals: Counter[str] = Counter()
    for holder in holders:
        counts[holder.publisher].update(set(holder.keys) if holder.publisher else ())
        totals[holder.publisher] += 1
    return {
        publisher: {
            key for key, count in counter.items() if count >= max(_LEAST_DOCUMENTS, _LEAST_SHARE * totals[publisher])
        }
        for publisher, counter in counts.items()
    }


def _keepers(holders: Sequence[Holder]) -> dict[tuple[str, str], str]:
    """Return the text hash of the document that keeps a sentence: the newest, and of several the first."""
    keepers: dict[tuple[str, str], str] = {}
    for holder in sorted(holders, key=lambda holder: -holder.year):
        for key in holder.keys:
            if key.endswith("."):
                keepers.setdefault((holder.publisher, key), holder.text_hash)
    return keepers
