"""Which of nearly equal passages comes first?

The fused score says what a passage has to do with the query. What follows moves passages by a few per cent: enough to
decide among near-equals, too little to put a worse answer before a better one. A heading that the query names moves most.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from math import prod

from indexes.analysis import query_terms
from indexes.passage import DocumentFacts, PassagePlace
from qa_service.headings import heading_factor

REPEATED_DOCUMENT = 0.97
"""Factor for each passage of the same document that stands further up: ten of one document do not fill a page."""
OUT_OF_FORCE = 0.97
"""Factor for a document that is superseded, or whose validity had ended when the release was built."""
YEAR_OF_AGE = 0.002
"""What each year of age costs, up to OLDEST years; a document without a year counts as half as old."""
OLDEST = 10
NAMED_YEAR = 1.03
"""Factor for documents of a year that the query names, in place of the cost of age."""
READ_BY_HEADING = 50
"""Of how many passages, best first, the headings are compared with the query: the second stage is for these."""
_YEAR = re.compile(r"n((?:19|20)\d\d)")

Factors = tuple[tuple[str, float], ...]
"""What moves a score, by name."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage at its place; `score` is 0..1, `factors` are what moved it from the fused one, by name."""

    place: PassagePlace
    score: float
    factors: Factors = ()
    copies: tuple[str, ...] = ()
    """Ids of the documents whose passages were folded into this one, see `qa_service.folding`."""


def named_years(text: str) -> frozenset[int]:
    """Return the years of our time that a query names, also inside dates."""
    matches = (_YEAR.fullmatch(term.term) for term in query_terms(text, None))
    return frozenset(int(match.group(1)) for match in matches if match)


def order(
    scored: Sequence[tuple[PassagePlace, float]], years: frozenset[int], today: date, terms: Collection[str] = ()
) -> list[Candidate]:
    """Return the passages as candidates, best first, equal ones by passage id.

    They are given with their fused scores, best first. `today` is the day the release was built, so that equal requests
    on one release give equal answers; `terms` are those that the query looks for.
    """
    documents = {place.document.id: place.document for place, _ in scored}
    factors_of = {name: _time_factors(document, years, today) for name, document in documents.items()}
    headed = [_heading_factors(place, terms) for place, _ in scored[:READ_BY_HEADING]]
    headed += [()] * (len(scored) - len(headed))
    dated = [
        _moved(place, score, of_heading + factors_of[place.document.id])
        for (place, score), of_heading in zip(scored, headed, strict=True)
    ]
    seen: Counter[str] = Counter()
    apart = []
    for found in sorted(dated, key=best_first):
        repeats = seen[found.place.document.id]
        seen[found.place.document.id] += 1
        again = (("repeated_document", REPEATED_DOCUMENT**repeats),)
        apart.append(_moved(found.place, found.score, again, found.factors) if repeats else found)
    return sorted(apart, key=best_first)


def _heading_factors(place: PassagePlace, terms: Collection[str]) -> Factors:
    """Return what it changes that the query names the heading of a passage, by name."""
    factor = heading_factor(place, terms)
    return (("named_heading", factor),) if factor > 1 else ()


def _time_factors(document: DocumentFacts, years: frozenset[int], today: date) -> Factors:
    """Return what the age and the validity of a document change, by name."""
    has_ended = document.valid_to is not None and document.valid_to < today
    if years:
        return (("named_year", NAMED_YEAR),) if _speaks_of(document, years) else ()
    age = OLDEST / 2 if document.year is None else min(max(today.year - document.year, 0), OLDEST)
    factors = [("age", 1 - YEAR_OF_AGE * age)] if age else []
    if has_ended or document.superseded_by:
        factors.append(("out_of_force", OUT_OF_FORCE))
    return tuple(factors)


def _speaks_of(document: DocumentFacts, years: frozenset[int]) -> bool:
    """Whether a document is of one of the years, or was valid in it."""
    first = document.valid_from.year if document.valid_from else document.year
    last = document.valid_to.year if document.valid_to else first
    return document.year in years or (
        first is not None and last is not None and any(first <= year <= last for year in years)
    )


def _moved(place: PassagePlace, score: float, factors: Factors, earlier: Factors = ()) -> Candidate:
    """Return a candidate whose score is multiplied by `factors`, beside those that have moved it `earlier`."""
    moved = score * prod([factor for _, factor in factors])
    return Candidate(place, min(moved, 1.0), earlier + factors)


def best_first(candidate: Candidate) -> tuple[float, str]:
    """Return the key by which candidates are sorted: the score downwards, then the id."""
    return -candidate.score, candidate.place.id
