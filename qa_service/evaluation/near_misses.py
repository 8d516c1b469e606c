"""Which questions that look like judged ones can a collection certainly not answer?

A judged question with its place or year exchanged for another one that its own document mentions elsewhere, asked of that
document alone: the words are nearly the same, the answer is wrong. So a collection teaches what its own traps look like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa_service.answering.facts import FactKind, Named, years
from qa_service.answering.places import places
from qa_service.answering.understanding import understand
from qa_service.evaluation.judgments import JudgedQuery

MOST_RIVALS = 2
"""So many near misses are made of one named thing."""
_SENTENCE = re.compile(r"[^.!?\n]+")


def near_misses(query: JudgedQuery, texts: Sequence[str]) -> Iterator[str]:
    """Yield the question with one thing exchanged; `texts` are those of the documents that answer it.

    What stands in a sentence with a right answer is no rival: there the question may be answered all the same.
    """
    answering = [sentence for text in texts for sentence in _SENTENCE.findall(text) if _answers(query, sentence)]
    for name in understand(query.text, query.language).named:
        rivals = dict.fromkeys(rival for text in texts for rival in _rivals(name, text))
        fair = [rival for rival in rivals if rival not in query.text and not any(rival in one for one in answering)]
        for rival in fair[:MOST_RIVALS]:
            yield query.text[: name.start] + rival + query.text[name.end :]


def _answers(query: JudgedQuery, sentence: str) -> bool:
    return any(answer in sentence for answer in query.answers)


def _rivals(name: Named, text: str) -> list[str]:
    """Return what else of its sort a text names."""
    if name.kind is FactKind.YEAR:
        return sorted(years(text) - {name.text})
    if name.kind is not FactKind.PLACE:
        return []
    own = {place.number for place in places(name.text)}
    return [text[place.start : place.end] for place in places(text) if place.number not in own]
