"""How are the values of the API put into words for a reader?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any
from urllib.parse import urlencode

from qa_service.citations import SLIDES
from qa_service.web.address import SearchAddress
from qa_service.web.messages import LANGUAGES, Messages, format_date
from qa_service.web.verbs import JsonObject

VALUES_SHOWN = 8
"""So many values of a filter stand open in the margin; the rest unfold."""
YEAR_BAR_HEIGHT = 34


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet with the number of candidates that have it."""

    value: str
    words: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter with its values; the first `shown` stand open."""

    name: str
    choices: Sequence[Choice]
    shown: int


@dataclass(frozen=True, slots=True)
class YearBar:
    """How tall the bar of a year stands in the picture of years, in units of its view box."""

    year: int
    height: int


@dataclass(frozen=True, slots=True)
class Caution:
    """Why a reader should look twice at the date of a source; `newer` leads to the newer one if it can be read here."""

    words: str
    newer: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class EvidenceColumn:
    """Citations in one language, with the heading of their column."""

    heading: str
    citations: Sequence[JsonObject]


def page_words(t: Messages, pages: JsonObject, media_type: str) -> str:
    """Return pages as a reader looks for them: the printed number, and the PDF page where that differs; or slides."""
    labels, first, last = pages["labels"], pages["first"], pages["last"]
    counted = [str(number) for number in range(first, last + 1)]
    if media_type == SLIDES:
        return _span(t, "hit.slide", "hit.slides", counted, "number")
    printed = _span(t, "hit.page", "hit.pages", labels, "label")
    if list(labels) == counted:
        return printed
    return f"{printed} ({_span(t, 'hit.pdf_page', 'hit.pdf_pages', counted, 'number')})"


def _span(t: Messages, one: str, several: str, names: Sequence[str], placeholder: str) -> str:
    if len(names) == 1:
        return t(one, **{placeholder: names[0]})
    return t(several, first=names[0], last=names[-1])


def language_words(t: Messages, code: str) -> str:
    """Return in which language a passage is, as an adverb: `česky`, `in Czech`."""
    return t(f"hit.language.{code}") if f"hit.language.{code}" in t else t("hit.language.other", code=code)


def language_name(t: Messages, code: str) -> str:
    """Return the name of a language."""
    return t(f"language.{code}") if f"language.{code}" in t else t("language.other", code=code)


def cautions(
    t: Messages, document: JsonObject, notes: Sequence[JsonObject], newer: JsonObject | None, today: date
) -> list[Caution]:
    """Return the warnings that a reader needs about the date of a source, none for most.

    `newer` is the `newer` of its hit or citation.
    """
    found = [Caution(t("hit.superseded"), newer)] if document["superseded_by"] else []
    found += [Caution(t("hit.newer"), newer) for note in notes if note["kind"] == "newer_version"]
    valid_from, valid_to = _day(document.get("valid_from")), _day(document.get("valid_to"))
    if valid_to and valid_to < today:
        found.append(Caution(t("hit.expired", date=format_date(t.language, valid_to))))
    if valid_from and valid_from > today:
        found.append(Caution(t("hit.not_yet_valid", date=format_date(t.language, valid_from))))
    return found


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def evidence_columns(t: Messages, citations: Sequence[JsonObject]) -> list[EvidenceColumn]:
    """Return the citations by language, that of the first citation first: one column where all are in the same."""
    by_language: dict[str, list[JsonObject]] = {}
    for citation in citations:
        code = citation["language"] if citation["language"] in LANGUAGES else "other"
        by_language.setdefault(code, []).append(citation)
    return [EvidenceColumn(t(f"answer.evidence_{code}"), own) for code, own in by_language.items()]


def facet_lists(t: Messages, facets: Mapping[str, Mapping[str, int]], address: SearchAddress) -> list[Facet]:
    """Return the filters with a list of values; chosen values stay in it even when nothing has them any more."""
    words = {"kind": lambda value: t(f"kind.{value}"), "source_lang": lambda value: language_name(t, value)}
    found = []
    for name in ("kind", "source_lang", "publisher"):
        chosen = address.values(name)
        counts = {**dict.fromkeys(chosen, 0), **facets.get(name, {})}
        in_order = sorted(counts, key=lambda value: (value not in chosen, -counts[value], value))
        say = words.get(name, str)
        choices = [Choice(value, _known(say, value), counts[value], value in chosen) for value in in_order]
        if len(choices) > 1 or chosen:
            found.append(Facet(name, choices, max(VALUES_SHOWN, len(chosen))))
    return found


def _known(say: Any, value: str) -> str:
    try:
        return str(say(value))
    except KeyError:
        return value


def year_bars(counts: Mapping[str, int]) -> list[YearBar]:
    """Return one bar for each year from the first to the last, none for fewer than two years.

    The tallest is YEAR_BAR_HEIGHT; only a year without any candidate has no height.
    """
    by_year = {int(year): count for year, count in counts.items() if str(year).isdecimal()}
    if not by_year or min(by_year) == max(by_year):
        return []
    tallest = max(by_year.values())
    years = range(min(by_year), max(by_year) + 1)
    return [YearBar(year, ceil(by_year.get(year, 0) / tallest * YEAR_BAR_HEIGHT)) for year in years]


def citation_link(document_id: str, format_name: str, passage_id: str | None, release: str) -> str:
    """Return the address of the API at which a citation can be had in one format."""
    passage = {"passage": passage_id} if passage_id else {}
    query = urlencode({"format": format_name, **passage, "release": release})
    return f"/api/v1/documents/{document_id}/citation?{query}"


def source_link(t: Messages, url: str, **place: str) -> str:
    """Return an address in the viewer, such as `citation.url`, in the reader's language; `place` narrows it down."""
    address, hash_sign, fragment = url.partition("#")
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode({'lang': t.language, **place})}{hash_sign}{fragment}"


def quote_link(t: Messages, citation: JsonObject) -> str:
    """Return the address of the viewer with the quotation of a citation marked."""
    quote = f"{citation['start']}-{citation['end']}"
    return source_link(t, citation["url"], passage=citation["passage_id"], quote=quote)
