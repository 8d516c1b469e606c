"""In which language is a text written?

The library langdetect decides paragraphs; a vote over words decides what it cannot: short, capital and undiacritised text.
Function words vote, and in short text also words that the table of translations knows in one language alone. Nothing
decides a single word.
"""

from __future__ import annotations

import re
from functools import lru_cache

from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from indexes.analysis.stopwords import is_stop_word
from indexes.analysis.terms import word_keys
from indexes.analysis.tokens import fold, plain_words
from indexes.translation import bundled_translations

PRIORS = {"cs": 0.4, "en": 0.3, "sk": 0.1, "de": 0.1, "uk": 0.1}
"""How often we expect the languages that occur beside each other in this literature."""
PARAGRAPH_CHARS = 80
"""From this length on langdetect is right on text with diacritics (measured on sentences of the parallel data)."""
LEAST_VOTES = 2
"""A single word may be a name or stand in many languages."""
_CZECH_LETTERS = re.compile(r"[ěřůď]", re.IGNORECASE)
_ASKING = {
    "cs": re.compile(
        r"kdo|koho|komu|kym|co|ceho|cemu|cim|kde|kam|odkud|kdy|odkdy|dokdy|kolik|proc"
        r"|jak(?:[aey]|ou|ych|ymi?|eho|emu?)?|jaci|kter\w{1,3}"
    ),
    "en": re.compile(r"who|whom|whose|what|where|when|why|how|which"),
}
"""Folded words that open a question in one language; a query in the other hardly begins so."""
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def detect_language(text: str) -> str | None:
    """Return the ISO 639-1 code of a paragraph, or None where it cannot be told. Equal texts give equal answers."""
    if not any(char.isalpha() for char in text):
        return None
    function_words = _counts(text)
    if len(text) >= PARAGRAPH_CHARS:
        voted = _winner(*function_words) if text.isascii() else None
        return voted or _langdetect(text.lower())
    known_words = _known_words(text)
    return _winner(function_words[0] + known_words[0], function_words[1] + known_words[1])


def detect_query_language(text: str) -> str | None:
    """Return `cs` or `en` where a query says so beyond doubt, else None: a wrong guess costs more than none."""
    if _CYRILLIC.search(text):
        return None
    czech, english = _counts(text)
    asking = _asking_language(text)
    is_czech = czech >= 2 or asking == "cs" or _CZECH_LETTERS.search(text)  # noqa: PLR2004 - one may be a name
    is_english = english >= 2 or asking == "en"  # noqa: PLR2004 - the same
    if is_czech and not english:
        return "cs"
    return "en" if is_english and not czech else None


def _asking_language(text: str) -> str | None:
    """Return the language of the question word that opens a query of several words, None where none does.

    The WHO is no question word.
    """
    opening, *others = text.split(maxsplit=1) or [""]
    if not others or opening.isupper():
        return None
    return next((language for language, words in _ASKING.items() if words.fullmatch(fold(opening))), None)


def _counts(text: str) -> tuple[int, int]:
    """Return how many words of `text` are function words of Czech alone and of English alone."""
    czech = english = 0
    for word in plain_words(text):
        in_czech = is_stop_word(word, "cs") or is_stop_word(fold(word), "cs")
        in_english = is_stop_word(word, "en")
        czech += in_czech and not in_english
        english += in_english and not in_czech
    return czech, english


def _known_words(text: str) -> tuple[int, int]:
    """Return how many words of `text` the table of translations knows as Czech alone and as English alone."""
    table = bundled_translations()
    counts = {"cs": 0, "en": 0}
    for word in plain_words(text):
        known = [each for each in counts if any(map(table.translations, word_keys(word, (each,))))]
        if len(known) == 1:
            counts[known[0]] += 1
    return counts["cs"], counts["en"]


def _winner(czech: int, english: int) -> str | None:
    """Return the language with more than twice the votes of the other, None where fewer than LEAST_VOTES were given."""
    if czech + english < LEAST_VOTES:
        return None
    if czech > 2 * english:
        return "cs"
    if english > 2 * czech:
        return "en"
    return None


def _langdetect(text: str) -> str | None:
    detector = _factory().create()
    detector.set_prior_map(PRIORS)
    detector.append(text)
    try:
        return str(detector.detect())
    except LangDetectException:
        return None


@lru_cache(maxsize=1)
def _factory() -> DetectorFactory:
    DetectorFactory.seed = 0
    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    return factory
