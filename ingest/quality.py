"""Is this the text of a language, or what a faulty font or a data file leaves?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice

from ingest.errors import UnreadableDocument
from ingest.readers.kinds import FileKind
from ingest.readers.reading import Block, Reading
from ingest.reasons import Reason

_TOKEN = re.compile(r"\S+")
_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = frozenset("aeiouyáéěíóúůýäöüàâèêëïîôûœæăåøőűаеёиоуыэюяіїєαεηιουω")
_SYLLABIC = frozenset("rlmn")
"""Czech and Slovak words may stand on these alone (prst, vlk, sedm)."""
_MOST_CONSONANTS = 7
_SAMPLE_TOKENS = 10_000
_LEAST_TOKENS = 12
_WORD_LETTERS = 3
_LONG_WORD_LETTERS = 15
_LONGEST_WORD_LETTERS = 40
_NUMBER_ODDNESS = 0.3
_VOWELS_SURE, _VOWELS_NEVER = 0.32, 0.25
"""Vowels are 36 to 50 % of the letters of European languages; exchanged letters give 10 to 27 %."""
_LEAST_DRAWN_WORDS = 2
"""Drawings leave single words in a PDF."""
_FEW_CHARS = 200
GARBLED_FROM = 0.55
"""Sound documents of the test sets score below 0.2, texts from fonts without a map above 0.6."""


def require_words(blocks: Sequence[Block], reading: Reading) -> float:
    """Return the garbling score of `blocks`, what is left of a reading without its furniture.

    Raises UnreadableDocument where there are no words, or none of any language.
    """
    text = "\n".join(block.text for block in blocks)
    score = garbling_score(text)
    if not has_words(text, _LEAST_DRAWN_WORDS if reading.media_type == FileKind.PDF else 1):
        if reading.pages_without_text:
            raise UnreadableDocument(Reason.NO_TEXT_LAYER)
        raise UnreadableDocument(Reason.LOW_QUALITY_TEXT if len(text) > _FEW_CHARS else Reason.NO_TEXT)
    if is_garbled(text, score):
        raise UnreadableDocument(Reason.LOW_QUALITY_TEXT, f"{score:.0%} of it cannot be words")
    return score


def garbling_score(text: str) -> float:
    """Return the share of the text that cannot be words of any language, 0..1, weighted by length.

    Each token counts once, however often it is repeated: a rule of a thousand dots says nothing about the text beside it.
    Scripts without letter case (Arabic, Chinese) are never counted as garbled. A text of fewer than a dozen words is
    judged by its letters alone.
    """
    odd = total = 0.0
    for token in islice(dict.fromkeys(_TOKEN.findall(text)), _SAMPLE_TOKENS):
        weight = min(len(token), 20)
        total += weight
        odd += weight * _oddness(token)
    return max(odd / total, _vowel_oddness(text)) if total else 0.0


def _vowel_oddness(text: str) -> float:
    """Return how far the share of vowels lies below that of any language, 0..1: letters may be exchanged for letters."""
    words = [word for word in islice(dict.fromkeys(_WORD.findall(text)), _SAMPLE_TOKENS) if _tells_vowels(word)]
    letters = _plain("".join(words).lower())
    if len(words) < _LEAST_TOKENS:
        return 0.0
    share = sum(char in _VOWELS for char in letters) / len(letters)
    return min(max((_VOWELS_SURE - share) / (_VOWELS_SURE - _VOWELS_NEVER), 0.0), 1.0)


def _tells_vowels(word: str) -> bool:
    """Return whether a word is of a length that words have, in a script with letter case."""
    return _WORD_LETTERS <= len(word) <= _LONGEST_WORD_LETTERS and (word[0].isupper() or word[0].islower())


def _oddness(token: str) -> float:
    if len(token) > 80 and "/" not in token and "-" not in token:  # noqa: PLR2004 - no word is so long
        return 1.0
    words = _WORD.findall(token)
    letters = sum(len(word) for word in words)
    if token.strip(".,;:!?()[]\"'„“”–-").replace(" ", "").isdigit():
        return _NUMBER_ODDNESS
    if letters < len(token) / 2:
        return 1.0 if _symbols(token) > len(token) / 3 else _NUMBER_ODDNESS
    return max((_word_oddness(word) for word in words), default=1.0)


def _symbols(token: str) -> int:
    return sum(unicodedata.category(char)[0] in "SC" or char in "\\^_{}|<>#@*\ufffd" for char in token)


def _word_oddness(word: str) -> float:
    if not word[0].isupper() and not word[0].islower():
        return 0.0  # a script without case
    lower = word.lower()
    inner = sum(char.isupper() for char in word[1:])
    if inner and not word.isupper() and inner > len(word) / 4:
        return 1.0
    if len(word) > 3 and not (_VOWELS & set(_plain(lower))) and not (_SYLLABIC & set(lower)) and not word.isupper():  # noqa: PLR2004
        return 1.0
    return 1.0 if _longest_consonants(lower) > _MOST_CONSONANTS else 0.0


def _plain(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def _longest_consonants(word: str) -> int:
    longest = run = 0
    for char in _plain(word):
        run = 0 if char in _VOWELS or char in _SYLLABIC else run + 1
        longest = max(longest, run)
    return longest


def has_words(text: str, least: int) -> bool:
    """Return whether a text has so many words of three letters and more, looking no further than they reach.

    A script that writes no words apart counts by letters.
    """
    found = 0
    for line in text.splitlines():
        sizes = [len(word) for word in _WORD.findall(_plain(line)) if len(word) >= _WORD_LETTERS]
        found += sum(max(1, size // _LONG_WORD_LETTERS) for size in sizes)
        if found >= least:
            return True
    return False


def is_garbled(text: str, score: float) -> bool:
    """Return whether a document of this score (see `garbling_score`) should wait for a person."""
    enough = len(_TOKEN.findall(text[:2000])) >= _LEAST_TOKENS
    return score >= GARBLED_FROM and (enough or len(text) > 200)  # noqa: PLR2004 - a few odd signs are not a document
