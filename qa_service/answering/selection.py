"""Which of the candidate sentences make the answer, and how much around each is needed to understand it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexes.analysis import fold
from indexes.passage import Passage
from qa_service.answering.candidates import Candidate, is_item
from qa_service.answering.facts import folded_words, number_keys
from qa_service.answering.understanding import QuestionKind, Understanding, fits

MOST_CLAIMS = 3
CLOSE = 0.75
"""A further claim is made where its sentence scores at least this share of the best one."""
SAME = 0.92
"""Sentences of a larger cosine say the same; one of them is enough."""
ALIKE = 0.60
"""Sentences of a larger cosine speak of the same thing, so other figures in them are worth showing side by side."""
LONGEST_JOINED_CHARS = 450
SHORT_CHARS = 120
"""A shorter quotation takes the next sentence of its paragraph along: by itself it rarely says all."""
LONGEST_LIST_CHARS = 1500


@dataclass(frozen=True, slots=True)
class Selected:
    """A candidate with the stretch of its passage that is quoted.

    `fits` says that the quotation holds the sort of thing asked for, `differs` that another one contradicts it.
    """

    candidate: Candidate
    start: int
    end: int
    fits: bool = False
    differs: bool = False

    @property
    def quote(self) -> str:
        """The quoted text, verbatim."""
        return self.candidate.hit.passage.text[self.start : self.end]


def select(understood: Understanding, ranked: Sequence[Candidate]) -> tuple[Selected, ...]:
    """Return one to three quotations that answer together, best first; none where there is no candidate."""
    chosen = _two_sides(understood, ranked) if understood.kind is QuestionKind.COMPARISON else []
    quotes = [_quoted(understood, candidate) for candidate in chosen]
    for candidate in ranked:
        if len(quotes) == MOST_CLAIMS or (quotes and candidate.score < CLOSE * ranked[0].score):
            break
        quoted = _quoted(understood, candidate)
        if all(_adds(quoted, other, understood) for other in quotes):
            quotes.append(quoted)
    return tuple(replace(one, differs=any(contradict(one, other, understood) for other in quotes)) for one in quotes)


def contradict(one: Selected, other: Selected, understood: Understanding) -> bool:
    """Tell whether two documents give other figures or dates for what seems to be the same thing."""
    if understood.kind not in (QuestionKind.WHEN, QuestionKind.HOW_MANY) or not (one.fits and other.fits):
        return False
    if one.candidate.hit.document.id == other.candidate.hit.document.id:
        return False
    asked = number_keys(understood.text)
    said, said_there = number_keys(one.quote) - asked, number_keys(other.quote) - asked
    return float(one.candidate.vector @ other.candidate.vector) >= ALIKE and not (said & said_there)


def _quoted(understood: Understanding, candidate: Candidate) -> Selected:
    start, end = quoted_span(understood, candidate)
    quote = candidate.hit.passage.text[start:end]
    return Selected(candidate, start, end, fits(understood.kind, quote, understood.text))


def quoted_span(understood: Understanding, candidate: Candidate) -> tuple[int, int]:
    """Return where the quotation of a sentence begins and ends in its passage.

    The head of a list brings its items, and an item the whole list where a list was asked for. Otherwise neighbours of
    the same paragraph come along: those before while the sentence leans on them, those behind while they lean on it,
    while it is short, or while they hold the sort of thing asked for and it does not.
    """
    passage, place = candidate.hit.passage, candidate.place
    if _wants_list(understood, candidate):
        listed = _list_around(candidate)
        if listed is not None:
            return listed
    first = last = place
    while first > 0 and _leans_back(passage, first) and _is_short(passage, first - 1, last):
        first -= 1
    while _goes_on(understood, passage, first, last) and _is_short(passage, first, last + 1):
        last += 1
    return passage.sentences[first][0], passage.sentences[last][1]


def _wants_list(understood: Understanding, candidate: Candidate) -> bool:
    """Tell whether a list is to be quoted as one: it was asked for, or the sentence is its head or speaks of it."""
    passage, place = candidate.hit.passage, candidate.place
    if understood.kind in (QuestionKind.LIST, QuestionKind.HOW_TO) or _ends_with_colon(passage, place):
        return True
    return place > 0 and _begins_leaning(passage, place) and is_item(passage, place - 1)


def _two_sides(understood: Understanding, ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the best sentence for each of the things that a comparison names."""
    sides: list[Candidate] = []
    for name in understood.named:
        key = fold(name.text)[: max(_SHORTEST_KEY, len(name.text) - 2)]
        side = next((one for one in ranked if key in fold(_surroundings(one)) and one not in sides), None)
        if side is not None:
            sides.append(side)
    return sides[:MOST_CLAIMS]


def _surroundings(candidate: Candidate) -> str:
    return " ".join((candidate.hit.document.title, *candidate.hit.passage.heading, candidate.text))


def _adds(one: Selected, other: Selected, understood: Understanding) -> bool:
    """Tell whether a quotation says something that another one does not."""
    if _overlap(one, other):
        return False
    return float(one.candidate.vector @ other.candidate.vector) < SAME or contradict(one, other, understood)


def _overlap(one: Selected, other: Selected) -> bool:
    here, there = one.candidate.hit.passage, other.candidate.hit.passage
    if here.document_id != there.document_id:
        return False
    return here.start + one.start < there.start + other.end and there.start + other.start < here.start + one.end


_SHORTEST_KEY = 3
_LEANING = """
tato tento toto tyto tito ten ta to ti tak takto tim tam zde proto tedy take rovnez zaroven dale navic naopak vsak on
ona ono oni jeho jeji jejich prvni druhy druha druhe jde slo
this these that those it they he she such therefore however his her their its there thus moreover furthermore also
"""
_LEANING_WORDS = frozenset(_LEANING.split())
"""Folded words by which a sentence points to the one before it, at its beginning."""
_PRONOUNS = frozenset(
    {"jej", "ji", "ho", "mu", "jim", "jich", "ni", "nem", "nich", "nimi", "it", "its", "they", "them", "their"}
)
"""Folded words that do so among its first words."""
_FIRST_WORDS = 4


def _sentence(passage: Passage, place: int) -> str:
    start, end = passage.sentences[place]
    return passage.text[start:end]


def _begins_leaning(passage: Passage, place: int) -> bool:
    words = folded_words(_sentence(passage, place))[:_FIRST_WORDS]
    return bool(words) and (words[0] in _LEANING_WORDS or "to" in words[1:2] or not _PRONOUNS.isdisjoint(words))


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
    holds_it = fits(understood.kind, _sentence(passage, last + 1), understood.text)
    return holds_it and not fits(understood.kind, said, understood.text)


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
