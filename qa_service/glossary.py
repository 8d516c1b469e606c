"""Which terms mean the same, in both languages, by the word of the staff?

A glossary is a text: one entry a line, English, a tab, Czech; variants separated by semicolons; an abbreviation may
follow in brackets. Lines beginning with `#` and empty lines are skipped. A release holds the glossary with which it is
searched, so what staff edit (`staff_glossary`) changes no answer before the next release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from indexes.analysis import AnalysedWord, analysed_words
from indexes.contract import PassageIndex
from qa_service.errors import GlossaryUnreadable

GLOSSARY = Path(__file__).parent / "glossary.tsv"
"""The glossary that is shipped."""

_BRACKETED = re.compile(r"^(?P<long>[^()]+)\((?P<short>[^()]+)\)\s*$")
_LANGUAGES = ("en", "cs")
"""The languages of the columns, in order."""
REMARK = "#"
"""A line that begins so is for people."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to say an entry. `words` are its words that carry meaning."""

    text: str
    language: str
    words: tuple[AnalysedWord, ...]


@dataclass(frozen=True, slots=True)
class GlossaryMatch:
    """A stretch of a query that is a variant of an entry: words `first` to `last`, both included, counted from 0."""

    first: int
    last: int
    variants: tuple[Variant, ...]
    """The other variants of the entry, in the order of the file."""


class Glossary:
    """Entries of variants, looked up by the words of a query in any inflection."""

    def __init__(self, entries: Sequence[Sequence[Variant]]) -> None:
        self._by_first_key: dict[str, list[tuple[Variant, Sequence[Variant]]]] = {}
        for entry in entries:
            for variant in entry:
                for key in variant.words[0].keys:
                    self._by_first_key.setdefault(key, []).append((variant, entry))

    @classmethod
    def read(cls, file: Path) -> Glossary:
        """Return the glossary in `file`. Raises GlossaryUnreadable, naming the line."""
        return cls.parsed(read_glossary_file(file), str(file))

    @classmethod
    def parsed(cls, text: str, where: str) -> Glossary:
        """Return the glossary that `text` spells; `where` names it in errors. Raises GlossaryUnreadable."""
        entries = (entry_variants(*columns) for _, columns in numbered_entries(text, where))
        return cls([entry for entry in entries if entry])

    def matches(self, words: Sequence[AnalysedWord]) -> list[GlossaryMatch]:
        """Return which stretches of a query are in the glossary; of stretches within each other the longest."""
        content = [(place, word) for place, word in enumerate(words) if not word.is_common]
        found: list[GlossaryMatch] = []
        position = 0
        while position < len(content):
            longest = max(self._matches_at(content, position), key=lambda item: item[0], default=None)
            if longest is None:
                position += 1
                continue
            length, variants = longest
            found.append(GlossaryMatch(content[position][0], content[position + length - 1][0], variants))
            position += length
        return found

    def _matches_at(
        self, content: Sequence[tuple[int, AnalysedWord]], position: int
    ) -> Iterator[tuple[int, tuple[Variant, ...]]]:
        for key in content[position][1].keys:
            for variant, entry in self._by_first_key.get(key, ()):
                stretch = [word for _, word in content[position : position + len(variant.words)]]
                if len(stretch) == len(variant.words) and all(map(_meet, stretch, variant.words)):
                    yield len(stretch), tuple(other for other in entry if other is not variant)


def _meet(first: AnalysedWord, second: AnalysedWord) -> bool:
    return not set(first.keys).isdisjoint(second.keys)


def read_glossary_file(file: Path) -> str:
    """Return the text of a glossary file. Raises GlossaryUnreadable."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GlossaryUnreadable(f"the glossary {file} cannot be read ({error}): save it as UTF-8 text") from error


def numbered_entries(text: str, where: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield the number of each line that is an entry, from 0, with its English and its Czech column.

    Raises GlossaryUnreadable, naming the line in `where`.
    """
    for number, line in enumerate(text.splitlines()):
        if line.strip() and not line.startswith(REMARK):
            english, *others = line.split("\t")
            if len(others) != 1 or not english.strip() or not others[0].strip():
                raise GlossaryUnreadable(
                    f"line {number + 1} of the glossary {where} is not English, a tab, and Czech: {line[:80]!r}"
                )
            yield number, (english, others[0])


def entry_variants(english: str, czech: str) -> list[Variant]:
    """Return the variants of an entry; those without a word that carries meaning are left out."""
    variants = []
    for language, column in zip(_LANGUAGES, (english, czech), strict=True):
        for text in column.split(";"):
            bracketed = _BRACKETED.match(text)
            for part in bracketed.groups() if bracketed else (text,):
                words = tuple(word for word in analysed_words(part, language) if not word.is_common)
                if words:
                    variants.append(Variant(" ".join(part.split()), language, words))
    return variants


@lru_cache(maxsize=1)
def bundled_glossary() -> Glossary:
    """Return the glossary that is shipped."""
    return Glossary.read(GLOSSARY)


def glossary_of(index: PassageIndex) -> Glossary:
    """Return the glossary with which a release is searched: the one it holds, else the one that is shipped."""
    text = index.glossary()
    return bundled_glossary() if text is None else _parsed(text)


@lru_cache(maxsize=4)
def _parsed(text: str) -> Glossary:
    return Glossary.parsed(text, "of the release")
