"""Which of nearly equal passages comes first?

The fused score says what a passage has to do with the query. What follows moves passages by a few per cent: enough to
decide among near-equals, too little to put a worse answer before a better one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corpus.document import Document
from indexes.analysis import query_terms
from indexes.passage import PassagePlace
from qa_service.fusion import LegScores

REPEATED_DOCUMENT = 0.97
"""Factor for each passage of the same document that stands further up: ten of one document do not fill a page."""
OUT_OF_FORCE = 0.97
"""Factor for a document that is superseded, or whose validity had ended when the release was built."""
YEAR_OF_AGE = 0.002
"""What each year of age costs, up to OLDEST years; a document without a year counts as half as old."""
OLDEST = 10
NAMED_YEAR = 1.03
"""Factor for documents of a year that the query names, in place of the cost of age."""
_YEAR = re.compile(r"n((?:19|20)\d\d)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage on its way to its place; `factors` are what moved it, by name."""

    scores: LegScores
    place: PassagePlace
    document: Document
    factors: tuple[tuple[str, float], ...] = ()

    @property
    def score(self) -> float:
        """The fused score times all factors, 0..1."""
        score = self.scores.fused
        for _, factor in self.factors:
            score *= factor
        return min(score, 1.0)


def named_years(text: str) -> frozenset[int]:
    """Return the years of our time that a query names, also inside dates."""
    matches = (_YEAR.fullmatch(term.term) for term in query_terms(text, None))
    return frozenset(int(match.group(1)) for match in matches if match)


def order(candidates: Sequence[Candidate], years: frozenset[int], today: date) -> list[Candidate]:
    """Return the candidates, best first, equal ones by passage id.

    `today` is the day the release was built, so that equal requests on one release give equal answers.
    """
    dated = [_with(found, *_time_factors(found.document, years, today)) for found in candidates]
    return _by_score([*_apart(_by_score(dated))])


def _apart(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates with a factor for each passage of the same document before them."""
    seen: Counter[str] = Counter()
    found = []
    for candidate in ranked:
        repeats = seen[candidate.place.document_id]
        seen[candidate.place.document_id] += 1
        found.append(_with(candidate, ("repeated_document", REPEATED_DOCUMENT**repeats)))
    return found


def _time_factors(document: Document, years: frozenset[int], today: date) -> list[tuple[str, float]]:
    about = document.metadata
    has_ended = about.valid_to is not None and about.valid_to < today
    if years:
        return [("named_year", NAMED_YEAR if _speaks_of(document, years) else 1.0)]
    age = OLDEST / 2 if about.year is None else min(max(today.year - about.year, 0), OLDEST)
    in_force = OUT_OF_FORCE if has_ended or about.superseded_by else 1.0
    return [("age", 1 - YEAR_OF_AGE * age), ("out_of_force", in_force)]


def _speaks_of(document: Document, years: frozenset[int]) -> bool:
    """Whether a document is of one of the years, or was valid in it."""
    about = document.metadata
    first = about.valid_from.year if about.valid_from else about.year
    last = about.valid_to.year if about.valid_to else first
    return about.year in years or (
        first is not None and last is not None and any(first <= year <= last for year in years)
    )


def _with(candidate: Candidate, *factors: tuple[str, float]) -> Candidate:
    moving = tuple((name, factor) for name, factor in factors if factor != 1.0)
    return Candidate(candidate.scores, candidate.place, candidate.document, candidate.factors + moving)


def _by_score(candidates: Sequence[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda found: (-found.score, found.place.id))
