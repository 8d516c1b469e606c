"""Which word is a reader shown for a term?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import simplemma

from indexes.analysis import analysed_words

_ADVERB = "ly"
LEAST_SHARE_OF_ADJECTIVE = 0.15
"""An adjective shown in place of its commoner adverb stands for at least this share of a term's occurrences."""


def readable(term: str, surfaces: Mapping[str, int], language: str) -> str:
    """Return the word to show for a term: the lemma of what was written for it most often, with its capitals.

    An English adverb gives way to its adjective: "manually" is a word of handbooks for machines, "manual" of readers. A
    form whose lemma has another key is shown as it is.
    """
    counts: Counter[str] = Counter()
    for surface, count in surfaces.items():
        lemma = simplemma.lemmatize(surface, lang=language)
        keys = [key for word in analysed_words(lemma, language) for key in word.keys]
        counts[lemma if term in keys else surface] += count
    commonest = min(counts, key=lambda word: (-counts[word], word))
    adjective = commonest.removesuffix(_ADVERB)
    is_usual = language == "en" and counts[adjective] >= LEAST_SHARE_OF_ADJECTIVE * counts.total()
    return adjective if is_usual else commonest
