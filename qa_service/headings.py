"""Does a query name the section that a passage stands in?

Who asks for "trvalý pobyt, poplatky" means the section "Poplatky" of what is said about permanent residence. To the lexical
leg a word of a heading is a word of the passage that counts more; that the query names a heading in full, be it one common
word or in the other language, tells more than its words do.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from indexes.analysis import analysed_words, word_weights
from indexes.passage import PassagePlace

NAMED_HEADING = 0.05
"""What a passage gains, as a share of its score, whose heading the query names in full; for a part of the heading a part of it.

In nDCG@10, sections of guides asked for in the other language gain 7.5 and 2.8 points, the judged questions of the bundled
collection 0.1; what has no headings stays as it is. Twice as much would bring such sections another 2 points and decline one
answer more: a heading of one word ("Prameny") may be named by chance. From 0.2 on the judged questions lose too. The innermost
heading alone is looked at: the title, likewise, gains 0.5 on those questions and loses as much on guides and reports.
"""


def heading_factor(place: PassagePlace, terms: Collection[str]) -> float:
    """Return by what the score of a passage is multiplied for a query that looks for `terms`: 1 to 1 + NAMED_HEADING."""
    return 1 + NAMED_HEADING * named_share(place.heading[-1], place.language, terms) if place.heading else 1.0


def named_share(heading: str, language: str | None, terms: Collection[str]) -> float:
    """Return which share of the words of a heading are among `terms`, 0..1; function words count less."""
    words, every_key = _weighed_words(heading, language)
    if every_key.isdisjoint(terms):  # most headings, and most quickly told
        return 0.0
    return sum(weight for keys, weight in words if not keys.isdisjoint(terms)) / sum(weight for _, weight in words)


@lru_cache(maxsize=16384)
def _weighed_words(
    heading: str, language: str | None
) -> tuple[tuple[tuple[frozenset[str], float], ...], frozenset[str]]:
    """Return the keys of each word of a heading, what it counts, and the keys of all of them."""
    found = analysed_words(heading, language)
    words = tuple((frozenset(word.keys), weight) for word, weight in zip(found, word_weights(found), strict=True))
    return words, frozenset(key for word in found for key in word.keys)
