"""Which key do all forms of a word share?

A form that the shipped table knows gets the folded Snowball stem of its lemma; any other gets the folded stem of the form
as written and that of the form as one without diacritics would be read, so that both spellings meet. The table
(`word_forms.npz`) holds only those forms whose lemma changes the outcome; `indexes/training/word_forms.py` makes it.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt
import Stemmer

from indexes.analysis.tokens import fold

WORD_FORMS = Path(__file__).parent / "word_forms.npz"

_STEMMERS = {"cs": Stemmer.Stemmer("czech"), "en": Stemmer.Stemmer("english")}
_STEMMER_LOCK = Lock()
"""A Snowball stemmer keeps its state in the object, so two threads must not use it at once."""

_UNDIACRITISED_ENDINGS = {
    "ymi": "ými",
    "imi": "ími",
    "eho": "ého",
    "emu": "ému",
    "ove": "ové",
    "um": "ům",
    "ich": "ích",
    "ych": "ých",
    "ym": "ým",
    "im": "ím",
}
"""Endings of Czech that Snowball removes only with their diacritics, by the way they look without."""
_SHORTEST_STEM = 3


def stems(word: str, language: str) -> tuple[str, ...]:
    """Return the keys of a lower-case `word` in `language` (`cs` or `en`): one where it is clear, else the readings."""
    return _stems(word, language)


@lru_cache(maxsize=65536)
def _stems(word: str, language: str) -> tuple[str, ...]:
    forms = _word_forms()
    known = forms.find(language, word) or forms.find(language, fold(word))
    return known or stems_by_rule(word, language)


def stems_by_rule(word: str, language: str) -> tuple[str, ...]:
    """Return the keys of a lower-case `word` as the endings alone tell, without the table of forms."""
    if language == "en":
        return (snowball(fold(word), "en"),)
    return tuple(dict.fromkeys((snowball(word, "cs"), snowball(_with_ending_restored(fold(word)), "cs"))))


def snowball(word: str, language: str) -> str:
    """Return the folded Snowball stem of a lower-case `word` in `language` (`cs` or `en`)."""
    with _STEMMER_LOCK:
        return fold(_STEMMERS[language].stemWord(word))


def form_hash(language: str, form: str) -> int:
    """Return the 64 bits under which the table keeps a form."""
    return int.from_bytes(blake2b(f"{language}:{form}".encode(), digest_size=8).digest(), "little")


class WordForms:
    """A table of word forms and their keys, kept as sorted 64-bit hashes: about 13 bytes a form in memory.

    A form that is not in it is taken for one that is with a probability of 1e-14.
    """

    def __init__(self, hashes: npt.NDArray[np.uint64], key_numbers: npt.NDArray[np.uint32], keys: list[str]) -> None:
        self._hashes = hashes
        self._key_numbers = key_numbers
        self._keys = keys

    @classmethod
    def load(cls, file: Path) -> WordForms:
        """Return the table in `file`, as `indexes/training/word_forms.py` writes it."""
        with np.load(file, allow_pickle=False) as arrays:
            keys = arrays["keys"].tobytes().decode().split("\n")
            return cls(arrays["hashes"], arrays["key_numbers"], keys)

    def find(self, language: str, form: str) -> tuple[str, ...]:
        """Return the keys of a lower-case form, empty when the table does not know it."""
        wanted = np.uint64(form_hash(language, form))
        row = int(np.searchsorted(self._hashes, wanted))
        if row == len(self._hashes) or self._hashes[row] != wanted:
            return ()
        return tuple(self._keys[self._key_numbers[row]].split())


@lru_cache(maxsize=1)
def _word_forms() -> WordForms:
    return WordForms.load(WORD_FORMS)


def _with_ending_restored(folded: str) -> str:
    for plain, ending in _UNDIACRITISED_ENDINGS.items():
        if folded.endswith(plain) and len(folded) >= len(plain) + _SHORTEST_STEM:
            return folded.removesuffix(plain) + ending
    return folded
