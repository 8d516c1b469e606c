"""Where are the words of a text, and which letters are they made of?"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = r"[^\W\d_]"
WORD = re.compile(
    rf"{_LETTERS}{{1,3}}\d+(?![^\W_])"  # B1, AZ2
    rf"|\d+(?:st|nd|rd|th|{_LETTERS})?(?![^\W_])"  # 15a, 10th, 2021
    r"|\d+"  # the number of 10Kč
    rf"|(?P<letters>{_LETTERS}+(?:['’]{_LETTERS}+)*)"  # don't, and the word of Programme2
)
"""A word, a number, or both in one where they belong together; footnote marks and units glued to them do not.

The group `letters` is set for words without digits.
"""

_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Latin letters that Unicode does not take apart into a base letter and a mark."""


def plain_words(text: str) -> list[str]:
    """Return the words of `text` without digits, in lower case and in order."""
    return [match.group().lower() for match in WORD.finditer(text) if match.lastgroup]


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return `word` in lower case without diacritics, apostrophes and compatibility forms ("Žďár" -> "zdar")."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    letters = "".join(char for char in decomposed if not unicodedata.combining(char) and char not in "'’")
    return letters.translate(_UNDECOMPOSED)
