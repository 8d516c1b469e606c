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
from math import prod

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
    """A passage on its way to its place; `score` is 0..1, `factors` are what moved it from the fused one, by name."""

    scores: LegScores
    place: PassagePlace
    document: Document
    score: float
    factors: tuple[tuple[str, float], ...] = ()


def named_years(text: str) -> frozenset[int]:
    """Return the years of our time that a query names, also inside dates."""
    matches = (_YEAR.fullmatch(term.term) for term in query_terms(text, None))
    return frozenset(int(match.group(1)) for match in matches if match)


def order(candidates: Sequence[Candidate], years: frozenset[int], today: date) -> list[Candidate]:
    """Return the candidates, best first, equal ones by passage id.

    `today` is the day the release was built, so that equal requests on one release give equal answers.
    """
    factors_of = {found.document.id: _time_factors(found.document, years, today) for found in candidates}
    dated = [_moved(found, factors_of[found.document.id]) for found in candidates]
    seen: Counter[str] = Counter()
    apart = []
    for found in sorted(dated, key=_best_first):
        repeats = seen[found.document.id]
        seen[found.document.id] += 1
        apart.append(_moved(found, [("repeated_document", REPEATED_DOCUMENT**repeats)]) if repeats else found)
    return sorted(apart, key=_best_first)


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


def _moved(candidate: Candidate, factors: Sequence[tuple[str, float]]) -> Candidate:
    moving = tuple(item for item in factors if item[1] != 1.0)
    score = min(candidate.score * prod(factor for _, factor in moving), 1.0)
    return Candidate(candidate.scores, candidate.place, candidate.document, score, candidate.factors + moving)


def _best_first(candidate: Candidate) -> tuple[float, str]:
    return -candidate.score, candidate.place.id
