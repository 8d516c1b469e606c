"""Which passages may an answer rest on?

A search for the whole question finds them; a comparison needs the best passages of each of its sides too, which a
search for both at once may bury under those of the stronger side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from qa_service.answering.answerer import Question
from qa_service.answering.understanding import QuestionKind, Understanding, understand
from qa_service.query import Query
from qa_service.retrieval import RankedPassage, SearchResult

PASSAGES = 10
"""How many of the best passages an answer may rest on, and a refusal shows."""
PASSAGES_OF_A_SIDE = 3
MOST_SIDES = 3

Search = Callable[[Query], SearchResult]


def evidence(search: Search, question: Question) -> SearchResult:
    """Return what `search` finds for a completed question, the sides of a comparison included. Raises as it does."""
    found = search(Query(marked(question.text), question.language, question.filters, k=PASSAGES))
    understood = understand(question.text, found.language)
    if understood.kind is not QuestionKind.COMPARISON:
        return found
    sides = [
        search(Query(marked(text), question.language, question.filters, k=PASSAGES_OF_A_SIDE)).hits
        for text in _sides(understood)
    ]
    return replace(found, hits=_merged(found.hits, sides))


def marked(question: str) -> str:
    """Return a question with a mark at its end: many type none, and its vector should be the same."""
    return f"{question.rstrip(' ?.!')}?"


def _sides(understood: Understanding) -> Iterator[str]:
    """Yield the question once for each thing it names, without the other things."""
    names = understood.named[:MOST_SIDES]
    if len(names) < 2:  # noqa: PLR2004 - one thing is compared with nothing
        return
    for kept in names:
        text = understood.text
        for other in sorted(names, key=lambda name: -name.start):
            if other is not kept:
                text = text[: other.start] + text[other.end :]
        yield " ".join(text.split())


def _merged(hits: Sequence[RankedPassage], sides: Sequence[Sequence[RankedPassage]]) -> tuple[RankedPassage, ...]:
    """Return the passages of a search and of its sides by score, each once with its best score, ranked from 1."""
    best: dict[str, RankedPassage] = {}
    for hit in (*hits, *(hit for side in sides for hit in side)):
        known = best.get(hit.passage.id)
        if known is None or hit.score > known.score:
            best[hit.passage.id] = hit
    ordered = sorted(best.values(), key=lambda hit: (-hit.score, hit.passage.id))
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(ordered, 1))
