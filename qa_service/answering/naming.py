"""Which of the particular things that a question names does a passage speak of?

A similar passage about another city, year or institution is the usual trap: it reads like an answer and is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from indexes.contract import PassageIndex
from qa_service.answering.facts import FactKind, Named, number_keys
from qa_service.answering.places import places
from qa_service.answering.understanding import Understanding
from qa_service.answering.wording import Widen, Wording, terms_of, wording_of_name
from qa_service.retrieval import RankedPassage

NAME_COVERAGE = 0.5
"""A name is spoken of where at least this share of its words, rare ones counting more, stands in the text."""


class NamedThings:
    """The places, years, numbers and names of one question, as one release may word them."""

    def __init__(self, index: PassageIndex, understood: Understanding, widen: Widen) -> None:
        """`widen` gives names their translations."""
        self._names: list[tuple[Named, frozenset[int], frozenset[str], Wording]] = [
            (
                name,
                _places_in(name.text),
                number_keys(name.text),
                wording_of_name(index, name.text, understood.language, widen),
            )
            for name in understood.named
        ]
        self._missing: dict[str, tuple[str, ...]] = {}

    def missing_around(self, hit: RankedPassage) -> tuple[str, ...]:
        """Return what neither the passage nor its title, headings, place and date mention, as written."""
        if hit.passage.id not in self._missing:
            self._missing[hit.passage.id] = self._missing_in(text_around(hit), hit.passage.language)
        return self._missing[hit.passage.id]

    def missing_from(self, hits: Sequence[RankedPassage]) -> tuple[str, ...]:
        """Return what none of several passages with their surroundings mentions."""
        missing = [set(self.missing_around(hit)) for hit in hits]
        everywhere = set.intersection(*missing) if missing else set()
        return tuple(name.text for name, *_ in self._names if name.text in everywhere)

    def share_in(self, text: str, language: str | None) -> float:
        """Return the share, 0..1, of the named things that a text mentions; 1 where nothing is named."""
        return 1.0 - len(self._missing_in(text, language)) / len(self._names) if self._names else 1.0

    def _missing_in(self, text: str, language: str | None) -> tuple[str, ...]:
        if not self._names:
            return ()
        spoken, figures, terms = _places_in(text), _number_keys(text), terms_of(text, language)
        missing = []
        for name, asked, keys, wording in self._names:
            said = keys <= figures
            if name.kind is FactKind.PLACE:
                said = said and asked <= spoken
            elif name.kind is FactKind.NAME:
                said = said and wording.coverage(terms) >= NAME_COVERAGE
            if not said:
                missing.append(name.text)
        return tuple(dict.fromkeys(missing))


def text_around(hit: RankedPassage) -> str:
    """Return a passage below its title, headings, place and date, one a line."""
    meta = hit.document.metadata
    dated = meta.date.isoformat() if meta.date else str(meta.year or "")
    context = (hit.document.title, *hit.passage.heading, meta.place or "", dated, hit.passage.text)
    return "\n".join(part for part in context if part)


@lru_cache(maxsize=4096)
def _places_in(text: str) -> frozenset[int]:
    return frozenset(place.number for place in places(text))


@lru_cache(maxsize=4096)
def _number_keys(text: str) -> frozenset[str]:
    return number_keys(text)
