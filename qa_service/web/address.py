"""What does the address of the search page say? Every state of the page is an address that can be shared and reloaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from qa_service.query import FILTER_NAMES, LIST_FILTERS, SINGLE_FILTERS
from qa_service.web.days import read_day

YEARS = ("year_from", "year_to")
DAY = "valid_on"
HITS_PER_PAGE = 10

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SearchAddress:
    """The search page at one question: its parameters as they stand in the address, without empty and foreign ones."""

    language: str
    question: str
    chosen: Pairs = ()
    """Filters, terms taken back (`without`) and bounds, each as (name, value)."""
    offset: str = ""
    said: str = ""
    """What the reader wrote, where `question` says it in full."""

    def search_parameters(self) -> Pairs:
        """Return the parameters of `GET /api/v1/search` for this page."""
        offset = (("offset", self.offset),) if self.offset else ()
        return (("q", self.question), ("k", str(HITS_PER_PAGE)), *self.chosen, *offset)

    def filters(self) -> dict[str, list[str] | str | int]:
        """Return the filters as the body of `POST /api/v1/answer` takes them: years as numbers."""
        found: dict[str, list[str] | str | int] = {}
        for name, value in self.chosen:
            if name in SINGLE_FILTERS:
                found[name] = int(value) if name in YEARS and value.isdecimal() else value
            elif name in LIST_FILTERS:
                values = found.setdefault(name, [])
                if isinstance(values, list):
                    values.append(value)
        return found

    def values(self, name: str) -> list[str]:
        """Return the chosen values of a filter, in the order of the address."""
        return [value for key, value in self.chosen if key == name]

    @property
    def is_narrowed(self) -> bool:
        """Tell whether any filter is set."""
        return any(name in FILTER_NAMES for name, _ in self.chosen)

    def link(self, **changes: str) -> str:
        """Return the address with `language`, `question`, `said` or `offset` replaced.

        Without an offset it starts at the first hit; another question was said as it stands.
        """
        question = changes.get("question", self.question)
        said = changes.get("said", "" if "question" in changes else self.said)
        pairs = [("q", question), ("lang", changes.get("language", self.language)), *self.chosen]
        pairs += [("said", said), ("offset", changes.get("offset", ""))]
        return "/?" + urlencode([pair for pair in pairs if pair[1]])

    def with_value(self, name: str, value: str) -> str:
        """Return the address with one more filter or taken-back term."""
        return self._with_chosen((*self.chosen, (name, value)))

    def without_value(self, name: str, value: str) -> str:
        """Return the address with one filter or taken-back term less."""
        return self._with_chosen(pair for pair in self.chosen if pair != (name, value))

    def without_filters(self) -> str:
        """Return the address with the question alone."""
        return self._with_chosen(pair for pair in self.chosen if pair[0] == "without")

    def _with_chosen(self, chosen: Iterable[tuple[str, str]]) -> str:
        return replace(self, chosen=tuple(dict.fromkeys(chosen))).link()


def read_address(parameters: Sequence[tuple[str, str]], language: str) -> SearchAddress:
    """Return what the query string of the search page says. Nothing is refused here: searching refuses what is wrong."""
    pairs = [(name, value.strip()) for name, value in parameters if value.strip()]
    last = dict(pairs)
    repeated = [pair for pair in pairs if pair[0] in (*LIST_FILTERS, "without")]
    if DAY in last:
        last[DAY] = read_day(last[DAY])
    single = [(name, last[name]) for name in SINGLE_FILTERS if name in last]
    chosen = tuple(dict.fromkeys([*repeated, *single]))
    return SearchAddress(language, last.get("q", ""), chosen, last.get("offset", ""), last.get("said", ""))
