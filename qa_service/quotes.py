"""Which document, and which page, does a pasted sentence come from?

Pasted text has lost its soft hyphens, its kind of quotation marks, often its diacritics and some of its spaces, so only
letters and digits are compared, folded; a few wrong letters are forgiven. Text that runs over the end of a passage is
found sentence by sentence, if one document holds nearly all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from indexes.analysis import fold
from indexes.contract import PassageIndex
from indexes.passage import Passage
from qa_service.answering.answerer import QuotedSource
from qa_service.answering.quotation import quoted_source
from qa_service.query import Query
from qa_service.retrieval import RankedPassage, SearchResult

SEARCHED = 30
"""How many passages are compared with the pasted text letter by letter."""
SIMILAR = 90.0
"""Least similarity, 0..100, of the letters of the pasted text and of the place found (rapidfuzz, partial ratio)."""
FEWEST_LETTERS = 12
"""Shorter texts stand in too many places to come from one."""
MOST_PLACES = 5
_SENTENCE = re.compile(r".+?(?:[.!?…](?=\s)|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """A place from which a text may come; `similarity` is 0..1, 1 for the same letters and digits."""

    source: QuotedSource
    similarity: float


def locate(
    index: PassageIndex, search: Callable[[Query], SearchResult], text: str, today: date
) -> tuple[QuotePlace, ...]:
    """Return the places from which a pasted text comes, best first, then in order of document and place.

    Empty where the release holds nothing like it, or where the text is too short to tell. `search` raises as it does.
    """
    wanted, _ = _letters(text)
    if len(wanted) < FEWEST_LETTERS:
        return ()
    hits = search(Query(text, k=SEARCHED)).hits
    found = [(similarity, hit, span) for hit in hits for similarity, span in _spans(wanted, hit.passage)]
    ordered = sorted(found, key=lambda one: (-one[0], one[1].document.id, one[1].passage.start, one[2]))
    places = _distinct(ordered)[:MOST_PLACES] or _parts(text, hits)
    return tuple(
        QuotePlace(quoted_source(index, number, hit, span, today), round(similarity / 100, 4))
        for number, (similarity, hit, span) in enumerate(places, 1)
    )


Found = tuple[float, RankedPassage, tuple[int, int]]


def _distinct(found: Sequence[Found]) -> list[Found]:
    """Return the places without those that overlap a better one: neighbouring passages may share a sentence."""
    kept: list[Found] = []
    for one in found:
        begin, end = one[1].passage.start + one[2][0], one[1].passage.start + one[2][1]
        if not any(
            other[1].document.id == one[1].document.id
            and begin < other[1].passage.start + other[2][1]
            and other[1].passage.start + other[2][0] < end
            for other in kept
        ):
            kept.append(one)
    return kept


def _parts(text: str, hits: Sequence[RankedPassage]) -> list[Found]:
    """Return the places of a text that runs over several passages of one document, in their order; else none."""
    pieces = [letters for piece in _SENTENCE.findall(text) if len(letters := _letters(piece)[0]) >= FEWEST_LETTERS]
    by_document: dict[str, dict[str, list[Found]]] = {}
    for piece in dict.fromkeys(pieces):
        for hit in hits:
            for similarity, span in _spans(piece, hit.passage):
                by_document.setdefault(hit.document.id, {}).setdefault(piece, []).append((similarity, hit, span))
    for found in by_document.values():
        if sum(map(len, found)) >= len(_letters(text)[0]) * SIMILAR / 100:
            return _joined([max(places, key=lambda one: one[0]) for places in found.values()])
    return []


def _joined(found: Sequence[Found]) -> list[Found]:
    """Return one place for each passage, from its first sentence found to its last, in the order of the document."""
    of_passage: dict[str, list[Found]] = {}
    for one in sorted(found, key=lambda one: (one[1].passage.start, one[2])):
        of_passage.setdefault(one[1].passage.id, []).append(one)
    return [
        (min(one[0] for one in places), places[0][1], (places[0][2][0], max(one[2][1] for one in places)))
        for places in of_passage.values()
    ]


def _spans(wanted: str, passage: Passage) -> list[tuple[float, tuple[int, int]]]:
    """Return where the letters of a pasted text stand in a passage, at most one place, widened to whole words."""
    letters, places = _letters(passage.text)
    if not letters:
        return []
    position = letters.find(wanted)
    similarity, begin, end = 100.0, position, position + len(wanted)
    if position < 0:
        if len(letters) < len(wanted) * SIMILAR / 100:
            return []
        match = fuzz.partial_ratio_alignment(wanted, letters, score_cutoff=SIMILAR)
        if match is None or match.dest_end <= match.dest_start:
            return []
        similarity, begin, end = match.score, match.dest_start, match.dest_end
    return [(similarity, _whole_words(passage.text, places[begin], places[end - 1] + 1))]


def _letters(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of a text, folded, and for each the offset it comes from."""
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if char.isalnum():
            plain = fold(char)
            letters.append(plain)
            places += [place] * len(plain)
    return "".join(letters), places


def _whole_words(text: str, begin: int, end: int) -> tuple[int, int]:
    """Return a span widened to the borders of words and over the full stop behind it."""
    while begin > 0 and text[begin - 1].isalnum():
        begin -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    while end < len(text) and text[end] in ".!?…“”\"'»":
        end += 1
    return begin, end
