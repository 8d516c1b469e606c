"""Which words of a passage are those that a query looks for?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from indexes.analysis.numbers import number_expressions, number_keys
from indexes.analysis.terms import NUMERIC, analyses_of, keys_of_word
from indexes.analysis.tokens import WORD

_DIGITS = re.compile(r"\d+")
_GROUPED = re.compile(r"(?<!\d)\d{1,3}(?:[.,\s]\d{3})+(?!\d)")
"""A number whose thousands are set apart: "1 500", "1.500"."""
_DAY_OF_ANY_YEAR = re.compile(r"d\d\d-\d\d")

Span = tuple[int, int]


class Highlighter:
    """Marks what has one of the keys of a query; made for the passages that are shown to one reader.

    A word is analysed once, however often these passages repeat it.
    """

    def __init__(self, terms: Collection[str]) -> None:
        """Mark words that have one of the keys `terms`."""
        self._wanted = frozenset(terms)
        self._is_marked: dict[tuple[str, ...], dict[str, bool]] = {}
        runs = {_written(term) for term in terms if term[0] in NUMERIC and _DIGITS.search(term)}
        self._number = re.compile(rf"(?<!\d)0*(?:{'|'.join(runs)})") if runs else None

    def spans(self, text: str, language: str | None) -> list[Span]:
        """Return what is marked in `text`: code points, end exclusive, sorted, not overlapping."""
        languages = analyses_of(language)
        is_marked = self._is_marked.setdefault(languages, {})
        found = []
        for match in WORD.finditer(text):
            surface = match.group()
            if surface not in is_marked:
                # what has digits depends on what stands around it: see _numbers
                is_word = match.lastgroup is not None
                is_marked[surface] = is_word and not self._wanted.isdisjoint(keys_of_word(surface, languages))
            if is_marked[surface]:
                found.append(match.span())
        if self._may_hold_a_number(text):
            found = sorted([*found, *self._numbers(text)])
        return _joined(found)

    def _may_hold_a_number(self, text: str) -> bool:
        """Whether a wanted number could be in `text`: to look for dates and amounts takes longer than all its words."""
        if self._number is None:
            return False
        ungrouped = _GROUPED.sub(lambda match: "".join(_DIGITS.findall(match.group())), text)
        return bool(self._number.search(text) or self._number.search(ungrouped))

    def _numbers(self, text: str) -> Iterator[Span]:
        expressions = number_expressions(text)
        covered = {place for number in expressions for place in range(number.start, number.end)}
        yield from ((each.start, each.end) for each in expressions if not self._wanted.isdisjoint(each.keys))
        for match in WORD.finditer(text):
            is_number = not match.lastgroup and match.start() not in covered
            if is_number and not self._wanted.isdisjoint(number_keys(match.group())):
                yield match.span()


def _written(term: str) -> str:
    """Return a pattern of the digits that stand wherever a term does: any for a day, which a range may name unwritten."""
    return r"\d" if _DAY_OF_ANY_YEAR.fullmatch(term) else max(_DIGITS.findall(term), key=len)


def _joined(spans: list[Span]) -> list[Span]:
    """Return sorted spans with those that overlap made one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
