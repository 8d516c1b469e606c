"""How do two lines of a paragraph become one, where a word or a range of years runs over the end of the first?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TypeAlias

from ingest.readers.pdf_page import HYPHEN_MARK

Compound: TypeAlias = tuple[str, str]
"""The first part of a word with a hyphen, and the first letters of its second part, in lower case."""

_COMPOUND = re.compile(r"([^\W\d_]{2,})-([^\W\d_]{2,})")
_WORD_BEFORE = re.compile(r"[^\W\d_]+$")
_HYPHENS = ("-", "\u2010", HYPHEN_MARK)
_NEVER_FIRST = ".,;:!?)]"
_CONDITIONS = frozenset(
    (
        "je", "není", "jsou", "nejsou", "bude", "nebude", "budou", "nebudou", "má", "nemá",
        "mají", "nemají", "chce", "nechce", "lze", "nelze", "jde", "nejde",
    )
)  # fmt: skip
"""Verbs to which the particle -li is joined; behind others "li" is mostly the ending of a plural ("vysvětli-li")."""
_STEM = 4
"""Letters of the second part that tell one compound from another, whatever its ending."""


def compounds(lines: Iterable[str]) -> frozenset[Compound]:
    """Return the words that the lines write with a hyphen in their middle ("česko-ukrajinský")."""
    return frozenset(
        (first.casefold(), second[:_STEM].casefold())
        for line in lines
        if "-" in line
        for first, second in _COMPOUND.findall(line)
    )


def joined_lines(text: str, following: str, words: Collection[Compound] = ()) -> str:
    """Return two lines as one. A hyphen at the end of the first is dropped where it only parts a word.

    It stays in the words with a hyphen that `words` names, before the Czech particle "-li", and where the second line
    repeats it, as Czech typesetters do. A range ("2017–" and "2021") is written together, and so is a word with the sign
    behind it.

    >>> joined_lines("jazyko-", "vých kurzů"), joined_lines("je-", "li cizinec"), joined_lines("v letech 2017–", "2021")
    ('jazykových kurzů', 'je-li cizinec', 'v letech 2017–2021')
    """
    if text.endswith(_HYPHENS) and text[-2:-1].isalpha():
        return _over_a_hyphen(text, following, words)
    is_range = text.endswith(("–", "-", "/")) and text[-2:-1].isdigit() and following[:1].isdigit()
    is_sign = following[0] in _NEVER_FIRST and text[-1:].isalnum()
    return f"{text}{'' if is_range or is_sign else ' '}{following}"


def _over_a_hyphen(text: str, following: str, words: Collection[Compound]) -> str:
    if following[:1] in _HYPHENS and following[1:2].isalpha():
        return f"{text[:-1]}-{following[1:]}"
    if following[:1].isdigit() or _is_compound(text, following, words):  # COVID-19
        return f"{text[:-1]}-{following}"
    is_word = following[:1].islower() or not text.endswith("-")
    return text[:-1] + following if is_word else f"{text} {following}"


def _is_compound(text: str, following: str, words: Collection[Compound]) -> bool:
    second = re.match(r"[^\W\d_]+", following)
    first = _WORD_BEFORE.search(text, max(len(text) - 40, 0), len(text) - 1)
    if first is None or second is None:
        return False
    is_name = first[0][0].isupper() and second[0][0].isupper() and not second[0].isupper()
    is_letter = len(first[0]) == 1  # no word is parted behind its first letter: "e-mail"
    is_condition = second[0] == "li" and first[0].casefold() in _CONDITIONS
    return is_letter or is_condition or is_name or (first[0].casefold(), second[0][:_STEM].casefold()) in words
