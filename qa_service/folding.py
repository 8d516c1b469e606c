"""Which of the passages found only repeat a better copy of their document?

A collection holds the same text several times: near copies, and editions of which the newest is preferred. Results show
such a passage once, in the preferred document, and name the others; a copy that says more stays beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from indexes.analysis import analysed_words, fold, word_keys
from indexes.analysis.tokens import WORD
from indexes.contract import PassageIndex
from qa_service.ordering import Candidate, best_first

Runs = frozenset[tuple[str, ...]]

_RUN = 3
_SAME = 0.7
"""Share of the three-word runs of a passage that the preferred document's passages hold, from which it only repeats
them: a changed figure or name in a sentence leaves more, another paragraph less."""


def without_copies(index: PassageIndex, candidates: Sequence[Candidate], query: str) -> list[Candidate]:
    """Return the candidates, best first, each passage that repeats one of a preferred document folded into that one.

    The one that stays takes the better place of the two and names the documents of the others in `copies`. A passage
    that holds what the query asks for, in any inflection, and the preferred document's passages lack is not folded.
    """
    by_document: defaultdict[str, list[Candidate]] = defaultdict(list)
    for found in candidates:
        by_document[found.place.document.id].append(found)
    pairs = [(name, other) for name in by_document if (other := _preferred(by_document[name][0])) in by_document]
    if not pairs:
        return list(candidates)
    names = {name for pair in pairs for name in pair}
    ids = [found.place.id for found in candidates if found.place.document.id in names]
    words = {passage.id: _words(passage.text) for passage in index.passages(ids)}
    asked = _asked(query)
    kept = {found.place.id: found for found in candidates}
    for name, other in sorted(pairs):
        rivals = [rival.place.id for rival in by_document[other] if rival.place.id in kept]
        for found in by_document[name]:
            twin = _twin(found.place.id, rivals, words, asked)
            if twin is not None:
                kept[twin] = _joined(kept[twin], kept.pop(found.place.id))
    return sorted(kept.values(), key=best_first)


def _preferred(candidate: Candidate) -> str:
    """Return the id of the document that is preferred to that of a passage, empty where none is."""
    document = candidate.place.document
    return document.superseded_by or document.copy_of or ""


def _twin(name: str, rivals: Collection[str], words: Mapping[str, Sequence[str]], asked: Collection[str]) -> str | None:
    """Return the rival that shares most with a passage if the rivals together hold what it says, else None."""
    runs = _runs(words[name])
    shared = {rival: runs & _runs(words[rival]) for rival in rivals}
    said = frozenset[tuple[str, ...]]().union(*shared.values())
    known = {word for rival in rivals for word in words[rival]}
    if not runs or len(said) < _SAME * len(runs):
        return None
    only_here = _keys(set(words[name]) - known) & set(asked)
    if only_here and not only_here <= _keys(known):
        return None
    return max(sorted(shared), key=lambda rival: len(shared[rival]))


def _asked(query: str) -> set[str]:
    """Return the keys of what a query asks for: its numbers and its words, function words left out."""
    content = {key for word in analysed_words(query, None) if not word.is_common for key in word.keys}
    return content | {word for word in _words(query) if word.isdigit()}


def _keys(words: Collection[str]) -> set[str]:
    """Return the keys of folded words in both languages; a number is its own."""
    return {key for word in words for key in ((word,) if word.isdigit() else word_keys(word, ("cs", "en")))}


def _joined(kept: Candidate, folded: Candidate) -> Candidate:
    copies = tuple(dict.fromkeys((*kept.copies, folded.place.document.id, *folded.copies)))
    return replace(kept, score=max(kept.score, folded.score), copies=copies)


def _words(text: str) -> list[str]:
    return [fold(match.group()) for match in WORD.finditer(text)]


def _runs(words: Sequence[str]) -> Runs:
    return frozenset(tuple(words[start : start + _RUN]) for start in range(max(len(words) - _RUN + 1, 1)) if words)
