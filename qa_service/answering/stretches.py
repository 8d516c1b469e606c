"""How much around a sentence is quoted with it, and how well does the whole stretch answer?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from indexes.passage import Passage
from qa_service.answering.candidates import WEIGHTS, Candidate, is_item
from qa_service.answering.facts import folded_words
from qa_service.answering.sought import fits, sought
from qa_service.answering.understanding import QuestionKind, Understanding
from qa_service.answering.wording import Wording, terms_of

LOOKED_AT_CLOSELY = 16
"""How many of the best candidates are quoted for comparison."""
LOOKED_THROUGH = 60
"""How many candidates are looked through for something of an exact form that none of these holds."""
LONGEST_JOINED_CHARS = 450
SHORT_CHARS = 120
"""A shorter quotation takes the next sentence of its paragraph along: by itself it rarely says all."""
LONGEST_LIST_CHARS = 1500


@dataclass(frozen=True, slots=True)
class Stretch:
    """A candidate with the stretch of its passage that is quoted; offsets are into the passage.

    `fits` says how surely the quotation holds the sort of thing asked for, `differs` that another one contradicts it.
    """

    candidate: Candidate
    start: int
    end: int
    score: float = 0.0
    """How well it answers, in log-odds beside the other stretches of the same question."""
    fits: float = 0.0
    differs: bool = False

    @property
    def quote(self) -> str:
        """The quoted text, verbatim."""
        return self.candidate.hit.passage.text[self.start : self.end]


def stretches(understood: Understanding, wording: Wording, ranked: Sequence[Candidate]) -> list[Stretch]:
    """Return the stretches around the best candidates, best first; equal ones in the order of `ranked`."""
    found = [stretch_of(understood, wording, candidate) for candidate in ranked[:LOOKED_AT_CLOSELY]]
    wanted = sought(understood)
    if wanted is not None and wanted.is_exact and not any(one.fits for one in found):
        rest = (one for one in ranked[LOOKED_AT_CLOSELY:LOOKED_THROUGH] if fits(understood, one.text))
        found += [stretch_of(understood, wording, candidate) for candidate in islice(rest, LOOKED_AT_CLOSELY)]
    return sorted(found, key=lambda one: -one.score)


def stretch_of(understood: Understanding, wording: Wording, candidate: Candidate) -> Stretch:
    """Return what is quoted of a candidate, scored as a whole."""
    start, end = quoted_span(understood, candidate)
    passage = candidate.hit.passage
    quote = passage.text[start:end]
    said = wording.coverage(terms_of(quote, passage.language) | candidate.around)
    fit = fits(understood, quote) if sought(understood) else 0.0
    fit_alone = fits(understood, candidate.text) if fit else 0.0
    score = (
        candidate.score
        + WEIGHTS.said * (said - candidate.said)
        + WEIGHTS.sentence_fits * fit_alone
        + WEIGHTS.quote_fits * fit
    )
    return Stretch(candidate, start, end, score, fit)


def quoted_span(understood: Understanding, candidate: Candidate) -> tuple[int, int]:
    """Return where the quotation of a sentence begins and ends in its passage.

    The head of a list brings its items, and an item the whole list where a list was asked for. Otherwise neighbours of
    the same paragraph come along: those before while the sentence leans on them, those behind while they lean on it,
    while it is short, or while they hold the sort of thing asked for and it does not.
    """
    passage, place = candidate.hit.passage, candidate.place
    listed = _list_around(candidate)
    if listed is not None and (_wants_list(understood, candidate) or _is_short_list(candidate, listed)):
        return listed
    first = last = place
    while first > 0 and _leans_back(passage, first) and _is_short(passage, first - 1, last):
        first -= 1
    while _goes_on(understood, passage, first, last) and _is_short(passage, first, last + 1):
        last += 1
    return passage.sentences[first][0], passage.sentences[last][1]


def _is_short_list(candidate: Candidate, listed: tuple[int, int]) -> bool:
    """Tell whether a list is better quoted whole; the rows of a table speak for themselves."""
    return listed[1] - listed[0] <= LONGEST_JOINED_CHARS and not _ROW.match(candidate.text)


def _wants_list(understood: Understanding, candidate: Candidate) -> bool:
    """Tell whether a list is to be quoted as one: it was asked for, or the sentence is its head or speaks of it."""
    passage, place = candidate.hit.passage, candidate.place
    if understood.kind in (QuestionKind.LIST, QuestionKind.HOW_TO) or _ends_with_colon(passage, place):
        return True
    return place > 0 and _begins_leaning(passage, place) and is_item(passage, place - 1)


_LEANING = """
tato tento toto tyto tito ten ta to ti tak takto tim tam zde proto tedy take rovnez zaroven dale navic naopak vsak on
ona ono oni jeho jeji jejich prvni druhy druha druhe jde slo pak potom nasledne nakonec pritom presto tudiz dokonce tehdy
oba obe obou
this these that those it they he she such therefore however his her their its there thus moreover furthermore also then
afterwards later besides both another instead additionally similarly finally meanwhile
"""
_LEANING_WORDS = frozenset(_LEANING.split())
"""Folded words by which a sentence points to the one before it, at its beginning."""
_PRONOUNS = frozenset(
    {"jej", "ji", "ho", "mu", "jim", "jich", "ni", "nem", "nich", "nimi", "teto", "tomto", "tuto", "tohoto", "techto"}
    | {"it", "its", "they", "them", "their", "this", "these"}
)
"""Folded words that do so among its first words."""
_FIRST_WORDS = 4
_WITHOUT_SUBJECT = re.compile(r"(?:Ve? \w+ \d{4} )?\w*(?:[aěiuy]|(?<!t)e)l[aoiy]?\s+(?![A-ZÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ])")
"""How a Czech sentence begins that leaves its subject to the one before: "Připomněla ...", "V roce 2017 bylo ...". A
name behind the verb is its subject, or makes it a name as well: "Vystoupila Jana", "Pavel Nový". A "žadatel" is a noun."""
_ROW = re.compile(r"[^:;\n]+: [^;\n]*; [^:;\n]+: ")
"""A row of a table as readers of files write it: "Kdy: 2017; Kde: Praha"."""
_ADDING = frozenset({"take", "taktez", "rovnez", "too", "also"})
"""Folded words that add to what was said before, wherever they stand."""


def _sentence(passage: Passage, place: int) -> str:
    start, end = passage.sentences[place]
    return passage.text[start:end]


def _begins_leaning(passage: Passage, place: int) -> bool:
    words = folded_words(_sentence(passage, place))
    first = words[:_FIRST_WORDS]
    leans = first[:1] and (first[0] in _LEANING_WORDS or "to" in first[1:2] or not _PRONOUNS.isdisjoint(first))
    is_bare = passage.language != "en" and bool(_WITHOUT_SUBJECT.match(_sentence(passage, place)))
    return bool(leans) or not _ADDING.isdisjoint(words) or is_bare


def _leans_back(passage: Passage, place: int) -> bool:
    """Tell whether a sentence points to the one before, in the same paragraph."""
    return _is_next(passage, place - 1) and _begins_leaning(passage, place)


def _goes_on(understood: Understanding, passage: Passage, first: int, last: int) -> bool:
    """Tell whether the sentence behind `last` completes what was said from `first` on."""
    if not _is_next(passage, last):
        return False
    is_short = passage.sentences[last][1] - passage.sentences[first][0] < SHORT_CHARS
    if is_short or _leans_back(passage, last + 1):
        return True
    said = passage.text[passage.sentences[first][0] : passage.sentences[last][1]]
    holds_it = fits(understood, _sentence(passage, last + 1)) > 0
    return holds_it and not fits(understood, said)


def _is_next(passage: Passage, place: int) -> bool:
    """Tell whether another sentence follows in the same paragraph."""
    if place + 1 >= len(passage.sentences):
        return False
    return "\n" not in passage.text[passage.sentences[place][1] : passage.sentences[place + 1][0]]


def _is_short(passage: Passage, first: int, last: int, limit: int = LONGEST_JOINED_CHARS) -> bool:
    return passage.sentences[last][1] - passage.sentences[first][0] <= limit


def _ends_with_colon(passage: Passage, place: int) -> bool:
    return _sentence(passage, place).rstrip().endswith(":")


def _list_around(candidate: Candidate) -> tuple[int, int] | None:
    """Return the span of the list that a sentence heads, belongs to or speaks of, its head included; None for no list."""
    passage, place, headings = candidate.hit.passage, candidate.place, candidate.headings
    items = [is_item(passage, number) and number not in headings for number in range(len(passage.sentences))]
    near = (place, place + 1) if items[place] or _ends_with_colon(passage, place) else (place - 1,)
    first = next((number for number in near if 0 <= number < len(items) and items[number]), None)
    if first is None:
        return None
    last = max(first, place)
    while first > 0 and items[first - 1]:
        first -= 1
    has_head = first > 0 and (first - 1 in headings or _ends_with_colon(passage, first - 1))
    head = first - 1 if has_head else first
    while last + 1 < len(items) and items[last + 1] and _is_short(passage, head, last + 1, LONGEST_LIST_CHARS):
        last += 1
    return (passage.sentences[head][0], passage.sentences[last][1]) if last > first else None
