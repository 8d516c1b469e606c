"""Which of the particular things that a question names does a passage speak of?

A similar passage about another city, year or institution is the usual trap: it reads like an answer and is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexes.contract import PassageIndex
from qa_service.answering.facts import FactKind, Named, number_keys, years
from qa_service.answering.places import names_of_place, places
from qa_service.answering.understanding import Understanding
from qa_service.answering.wording import NameWording, Widen, terms_of, terms_of_passage, wording_of_name
from qa_service.retrieval import RankedPassage

NAME_COVERAGE = 0.5
"""A name is spoken of where at least this share of its words, rare ones counting more, stands in the text."""

OPENING_CHARS = 600


@dataclass(frozen=True, slots=True)
class _Thing:
    """A named thing as texts may word it: its figures, the names of its place, or else its words."""

    name: Named
    figures: frozenset[str]
    place_names: tuple[frozenset[str], ...]
    wording: NameWording | None

    def is_in(self, text: str, terms: frozenset[str]) -> bool:
        """Tell whether a text, given with its terms, mentions it."""
        if self.figures and not _says_figures(self.figures, _number_keys(text)):
            return False
        if self.place_names:
            return any(name <= terms for name in self.place_names)
        return self.wording is None or self.wording.is_said(terms, NAME_COVERAGE)


class NamedThings:
    """The places, years, numbers and names of one question, as one release may word them."""

    def __init__(self, index: PassageIndex, understood: Understanding, widen: Widen) -> None:
        """`widen` gives names their translations."""
        self._index = index
        self._things = [_thing(index, name, understood.language, widen) for name in understood.named]
        self._places, self._years = places_in(understood.text), years(understood.text)
        self._openings: dict[str, str] = {}
        self._missing: dict[str, tuple[str, ...]] = {}

    def missing_around(self, hit: RankedPassage) -> tuple[str, ...]:
        """Return what neither the passage nor its title, headings, place, date and opening mention, as written."""
        if self._things and hit.passage.id not in self._missing:
            self._missing[hit.passage.id] = tuple(thing.name.text for thing in self._unspoken(hit))
        return self._missing.get(hit.passage.id, ())

    def _unspoken(self, hit: RankedPassage) -> list[_Thing]:
        """Return what neither the passage and its context nor, looked at last, the opening of its document mention."""
        language, context = hit.passage.language, context_of(hit)
        terms = terms_of(context, language) | terms_of_passage(hit.passage)
        missing = _missing(self._things, f"{context}\n{hit.passage.text}", terms)
        if not missing:
            return []
        opening = self._opening(hit.document.id)
        return _missing(missing, f"{context}\n{hit.passage.text}\n{opening}", terms | terms_of(opening, language))

    def _opening(self, document_id: str) -> str:
        """Return the beginning of a document: what it is about, when and where, is often said there and nowhere else."""
        if document_id not in self._openings:
            text = self._index.document_text(document_id)
            self._openings[document_id] = text.text[:OPENING_CHARS] if text else ""
        return self._openings[document_id]

    def missing_from(self, hits: Sequence[RankedPassage]) -> tuple[str, ...]:
        """Return what none of several passages with their surroundings mentions."""
        missing = [set(self.missing_around(hit)) for hit in hits]
        everywhere = set.intersection(*missing) if missing else set()
        return tuple(dict.fromkeys(thing.name.text for thing in self._things if thing.name.text in everywhere))

    def spoken_of(self, hit: RankedPassage, quote: str) -> frozenset[str]:
        """Return which of the named things a quotation, its title, headings, place and date mention, as written."""
        said = f"{context_of(hit)}\n{quote}"
        terms = terms_of(said, hit.passage.language)
        return frozenset(thing.name.text for thing in self._things if thing.is_in(said, terms))

    def nearness(self, quoted: Sequence[tuple[RankedPassage, str]]) -> float:
        """Return how near quotations, each with its passage, the farthest of the named things is spoken of, 0..1.

        1 where nothing is named. Another place or year is often mentioned elsewhere in the same passage: that is how
        near misses look.
        """
        left = self._things
        for grade in (IN_QUOTE, IN_CONTEXT, IN_OPENING, IN_PASSAGE):
            for hit, quote in quoted:
                left = _missing(left, *self._told(hit, quote, grade)) if left else left
            if not left:
                return grade
        return 0.0

    def _told(self, hit: RankedPassage, quote: str, grade: float) -> tuple[str, frozenset[str]]:
        """Return a quotation or what surrounds it so near, with its terms."""
        if grade == IN_PASSAGE:
            return hit.passage.text, terms_of_passage(hit.passage)
        near = {IN_QUOTE: lambda: quote, IN_CONTEXT: lambda: context_of(hit)}
        said = near.get(grade, lambda: self._opening(hit.document.id))()
        return said, terms_of(said, hit.passage.language)

    def rivalry(self, hit: RankedPassage, quote: str) -> float:
        """Return how surely a quotation speaks of another place or year than the one asked for, 0..1.

        Where its title or headings name the one asked for, the other may be no more than a detail.
        """
        headings = "\n".join((hit.document.title, *hit.passage.heading))
        both = ((self._places, places_in), (self._years, years))
        elsewhere = [(asked, named) for asked, named in both if asked and named(quote) and not asked & named(quote)]
        return max((SOME_RIVAL if asked & named(headings) else 1.0 for asked, named in elsewhere), default=0.0)


IN_QUOTE, IN_CONTEXT, IN_OPENING, IN_PASSAGE = 1.0, 0.9, 0.7, 0.4
"""Where a thing is spoken of: in the quotation, its title, headings and date, the opening of its document, its passage."""


SOME_RIVAL = 0.5
"""How surely a quotation speaks of something else where its title or headings name what is asked for."""


@lru_cache(maxsize=8192)
def places_in(text: str) -> frozenset[int]:
    """Return the numbers of the places that a text names."""
    return frozenset(place.number for place in places(text))


def _missing(things: Sequence[_Thing], text: str, terms: frozenset[str]) -> list[_Thing]:
    return [thing for thing in things if not thing.is_in(text, terms)]


def context_of(hit: RankedPassage) -> str:
    """Return title, headings, place and date of a passage, one a line."""
    meta = hit.document.metadata
    dated = meta.date.isoformat() if meta.date else str(meta.year or "")
    return "\n".join(part for part in (hit.document.title, *hit.passage.heading, meta.place or "", dated) if part)


def told_by(hit: RankedPassage) -> str:
    """Return a passage with its title, headings, place and date."""
    return f"{context_of(hit)}\n{hit.passage.text}"


def _thing(index: PassageIndex, name: Named, language: str | None, widen: Widen) -> _Thing:
    figures = number_keys(name.text)
    known = places(name.text)
    if len(known) == 1 and known[0].end - known[0].start == len(name.text):
        return _Thing(name, figures, names_of_place(known[0].number), None)
    is_worded = name.kind is not FactKind.DATE and any(char.isalpha() for char in name.text)
    wording = wording_of_name(index, name.text, language, widen) if is_worded else None
    return _Thing(name, figures, (), wording)


def _says_figures(figures: frozenset[str], said: frozenset[str]) -> bool:
    """Tell whether a text with the keys `said` speaks of figures.

    A month of a year may be told in two places, "v květnu" under a heading "2019"; but not where that month is said to
    be of another year.
    """
    months = {key for key in figures if _MONTH_OF_YEAR.fullmatch(key)}
    if not months or figures <= said:
        return figures <= said
    others = any(
        key.startswith("d") and key[-2:] == month[-2:] for key in said for month in months if len(key) == len(month)
    )
    return not others and figures - months <= said


_MONTH_OF_YEAR = re.compile(r"d\d{4}-\d\d")


@lru_cache(maxsize=4096)
def _number_keys(text: str) -> frozenset[str]:
    return number_keys(text)
