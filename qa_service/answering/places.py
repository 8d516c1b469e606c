"""Which towns, regions and countries does a text name, in Czech or English, inflected, with or without capitals?"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from indexes.analysis import AnalysedWord, analysed_words

_FILE = Path(__file__).with_name("places.tsv")
_COMMON_WORDS = frozenset({"most", "tabor", "turkey", "georgia", "china", "polish"})
"""Folded names that are ordinary words too; they are places only with a capital letter inside a sentence."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place named in a text: `number` is the same for all its names; offsets are code points, end exclusive."""

    number: int
    start: int
    end: int


def places(text: str) -> tuple[Place, ...]:
    """Return the known places of `text` in order; of names within each other the longest."""
    words = analysed_words(text, None)
    found: list[Place] = []
    position = 0
    while position < len(words):
        match = next(_matches(words, position), None)
        if match is not None and _is_meant(text, words[position]):
            length, number = match
            found.append(Place(number, words[position].start, words[position + length - 1].end))
            position += length
        else:
            position += 1
    return tuple(found)


def names_of_place(number: int) -> tuple[frozenset[str], ...]:
    """Return the terms of each name of a place: a text whose terms include those of one of them may speak of it."""
    return _names_by_number()[number]


def _is_meant(text: str, word: AnalysedWord) -> bool:
    return word.surface not in _COMMON_WORDS or (word.start > 0 and text[word.start].isupper())


def _matches(words: list[AnalysedWord], position: int) -> Iterator[tuple[int, int]]:
    """Yield length and number of the known names that begin at a word, the longest first."""
    names = [name for key in words[position].keys for name in _names_by_first_key().get(key, ())]
    for keys, number in sorted(names, key=lambda name: -len(name[0])):
        here = words[position : position + len(keys)]
        if len(here) == len(keys) and all(key in word.keys for key, word in zip(keys, here, strict=True)):
            yield len(keys), number


@lru_cache(maxsize=1)
def _names_by_first_key() -> dict[str, list[tuple[tuple[str, ...], int]]]:
    """Return every name as its keys, with the number of its line in the file, by its first key."""
    names: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    with _FILE.open(encoding="utf-8", newline="") as lines:
        for number, (english, czech) in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)):
            for cell, language in ((english, "en"), (czech, "cs")):
                for name in cell.split(";"):
                    keys = tuple(word.keys[0] for word in analysed_words(name.strip(), language))
                    names.setdefault(keys[0], []).append((keys, number))
    return names


@lru_cache(maxsize=1)
def _names_by_number() -> dict[int, tuple[frozenset[str], ...]]:
    names: dict[int, tuple[frozenset[str], ...]] = {}
    for known in _names_by_first_key().values():
        for keys, number in known:
            names[number] = (*names.get(number, ()), frozenset(keys))
    return names
