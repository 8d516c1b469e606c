"""Which key do all forms of a word share?"""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

import Stemmer

from indexes.analysis.tokens import fold

_STEMMERS = {"cs": Stemmer.Stemmer("czech"), "en": Stemmer.Stemmer("english")}
_STEMMER_LOCK = Lock()
"""A Snowball stemmer keeps its state in the object, so two threads must not use it at once."""


@lru_cache(maxsize=65536)
def stem(word: str, language: str) -> str:
    """Return the folded stem of a lower-case `word` in `language` (`cs` or `en`)."""
    with _STEMMER_LOCK:
        stemmed = str(_STEMMERS[language].stemWord(word))
    return fold(stemmed)
