"""What is known about a document, who said so, and how sure is it?

What a person wrote in the sidecar wins. What is missing is taken from the properties of the file and from the text,
and marked as inferred.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from corpus.document import DocumentKind, Metadata
from ingest.readers.reading import Block, BlockKind

TITLE_CHARS = 200


class Origin(StrEnum):
    """Who says a fact about a document."""

    GIVEN = "given"
    FILE = "file"
    """Properties of the file, or the head of a web page."""
    TEXT = "text"
    NAME = "name"
    """The name of the file."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Where one value of the metadata comes from; `confidence` is a judgement of the source, 0..1."""

    origin: Origin
    confidence: float
    conflict: str = ""
    """What another source says instead, if one does."""


@dataclass(frozen=True, slots=True)
class KnownMetadata:
    """Metadata completed, with the origin of every field that has a value."""

    title: str
    metadata: Metadata
    facts: Mapping[str, Fact]

    @property
    def inferred(self) -> frozenset[str]:
        """The fields that no person wrote."""
        return frozenset(name for name, fact in self.facts.items() if fact.origin is not Origin.GIVEN)


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "ledna january", "února february", "března march", "dubna april", "května may", "června june",
            "července july", "srpna august", "září september", "října october", "listopadu november", "prosince december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(_MONTHS)
_DATES = (
    re.compile(r"\b(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>(?:19|20)\d{2})\b"),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th)?\s(?:of\s)?(?P<m>{_MONTH})\s(?P<y>(?:19|20)\d{{2}})\b", re.IGNORECASE
    ),
    re.compile(
        rf"\b(?P<m>{_MONTH})\s(?P<d>\d{{1,2}})(?:\s?(?:–|-|and|až)\s?\d{{1,2}})?,?\s(?P<y>(?:19|20)\d{{2}})\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?P<y>(?:19|20)\d{2})-(?P<m>\d{2})-(?P<d>\d{2})\b"),
)
_YEAR = re.compile(r"(?<![\d/.])(?:19[89]\d|20[0-4]\d)(?![\d/])")
_PUBLISHED = re.compile(
    r"zveřejněno|publikováno|vydáno|datum vydání|aktualizováno|published|posted|date of publication|released",
    re.IGNORECASE,
)
_KINDS = (
    (
        DocumentKind.LAW,
        r"\bz[áa]kon(?:a|u|em)?\b|\bvyhláš|\bnařízení\b|\bsbírka zákonů\b|\bAct No\b|\bregulation \(EU\)",
    ),
    (DocumentKind.CALL, r"\bv[ýy]zv[aue]\b|\bgrant(?:ov|s?\b)|\bdotačn|\bcall for\b|\bžádost[ií] o dotaci"),
    (
        DocumentKind.CONFERENCE,
        r"\bkonferenc|\bconference|\bfórum|\bforum\b|\bseminář|\bkulat[ýé]\w* st|\bround ?table|\bsymposi",
    ),
    (DocumentKind.GUIDE, r"\bpříručk|\bprůvodce|\bmanuál|\bmetodik|\bguide|\bhandbook|\bmanual\b|\btoolkit"),
    (DocumentKind.STUDY, r"\bstudi[ei]\b|\banalýz|\bvýzkum|\bstudy\b|\bresearch|\banalysis"),
    (DocumentKind.REPORT, r"\bzpráv[aye]\b|\breport\b|\bkoncepc|\bstrategi|\bakční plán|\baction plan|\bstrategy"),
    (DocumentKind.NEWS, r"\baktualit|\btiskov|\bnovink|\bnews\b|\bpress release"),
)
_KIND_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
_PROGRAMMES = ("AMIF", "Erasmus+", "ESF", "EIF", "Interreg", "OPZ+", "Horizon 2020", "Fondy EHP", "Norské fondy")
_ACTS = re.compile(r"(?:zákon\w*|vyhlášk\w*|nařízení vlády)?\s*č\.\s?(\d{1,4}/(?:19|20)\d{2})\s?Sb\.", re.IGNORECASE)
_TOP_CHARS = 1500
_COMPARED = ("title", "year", "language")
"""Fields of which staff is told when two sources disagree, if the second is surer than `_SURE`."""
_SURE = 0.5


def complete(
    given: Metadata, found: Metadata, blocks: Sequence[Block], file_name: str, language: str | None
) -> KnownMetadata:
    """Return what a person gave, completed by what the file (`found`), its text and its name say.

    `language` is that of the greater part of the text.
    """
    facts: dict[str, Fact] = {item.name: Fact(Origin.GIVEN, 1.0) for item in fields(given) if getattr(given, item.name)}
    metadata = given
    for name, value, fact in _candidates(found, blocks, file_name, language):
        if not getattr(metadata, name):
            metadata = replace(metadata, **{name: value})
            facts[name] = fact
        elif (
            name in _COMPARED
            and getattr(metadata, name) != value
            and not facts[name].conflict
            and fact.confidence > _SURE
        ):
            facts[name] = replace(facts[name], conflict=str(value)[:TITLE_CHARS])
    return KnownMetadata(metadata.title or file_name, metadata, facts)


def referenced_acts(text: str) -> list[str]:
    """Return the numbers of the Czech acts that a text names ("326/1999 Sb."), each once, in order."""
    return list(dict.fromkeys(f"{number} Sb." for number in _ACTS.findall(text)))


def first_title(blocks: Sequence[Block], file_name: str) -> tuple[str, Fact]:
    """Return the title of a document that has none: its first line, of a PDF its largest one, else the file name."""
    lines = [
        block
        for block in blocks[:12]
        if any(char.isalpha() for char in block.text) and block.kind is not BlockKind.TABLE_ROW
    ]
    if not lines:
        return PurePosixPath(file_name).stem, Fact(Origin.NAME, 0.3)
    title = lines[0]
    if title.page is not None:
        page = [block for block in lines if block.page == title.page and block.kind is BlockKind.HEADING]
        title = min(page, key=lambda block: block.level, default=title)
    sure = 0.9 if title.kind is BlockKind.HEADING else 0.6
    return _shortened(title.text), Fact(Origin.TEXT, sure)


def _shortened(text: str) -> str:
    if len(text) <= TITLE_CHARS:
        return text
    return (
        text[: text.rfind(" ", 0, TITLE_CHARS - 1) if " " in text[: TITLE_CHARS - 1] else TITLE_CHARS - 1].rstrip(
            " ,;:"
        )
        + "…"
    )


def _candidates(
    found: Metadata, blocks: Sequence[Block], file_name: str, language: str | None
) -> list[tuple[str, Any, Fact]]:
    """Return (field, value, fact), the more trustworthy sources of a field first."""
    title, title_fact = first_title(blocks, file_name)
    candidates: list[tuple[str, Any, Fact]] = [("title", title, title_fact)]
    if language:
        candidates.append(("language", language, Fact(Origin.TEXT, 0.95)))
    if found.authors:
        candidates.append(("authors", found.authors, Fact(Origin.FILE, 0.5)))
    if found.publisher:
        candidates.append(("publisher", found.publisher, Fact(Origin.FILE, 0.8)))
    candidates += _when(found, blocks, title, file_name)
    top = f"{title}\n" + " ".join(block.text for block in blocks[:6])[:_TOP_CHARS]
    kind = next(
        (kind for source in (title, top[:300]) for kind, pattern in _KIND_PATTERNS if pattern.search(source)), None
    )
    if kind:
        candidates.append(("kind", kind, Fact(Origin.TEXT, 0.5)))
    whole = " ".join(block.text for block in [*blocks[:10], *blocks[-10:]])
    programme = next((name for name in _PROGRAMMES if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", whole)), None)
    if programme:
        candidates.append(("programme", programme, Fact(Origin.TEXT, 0.6)))
    return candidates


def _when(found: Metadata, blocks: Sequence[Block], title: str, file_name: str) -> list[tuple[str, Any, Fact]]:
    """Return what is known of date and year. A property of the file tells when it was saved, so it comes last."""
    known: list[tuple[str, Any, Fact]] = []
    is_page = bool(blocks) and blocks[0].page is None and found.date is not None
    top = [block.text for block in blocks[:8]]
    stated = next(
        (
            date
            for text in [*top, *(block.text for block in blocks[-4:])]
            if _PUBLISHED.search(text)
            for date in _dates(text)
        ),
        None,
    )
    first = next((date for text in top for date in _dates(text[:_TOP_CHARS])), None)
    if stated:
        known += [("date", stated, Fact(Origin.TEXT, 0.9)), ("year", stated.year, Fact(Origin.TEXT, 0.9))]
    if is_page and found.date:
        known += [("date", found.date, Fact(Origin.FILE, 0.7)), ("year", found.date.year, Fact(Origin.FILE, 0.7))]
    for source, origin, sure in ((title, Origin.TEXT, 0.7), (PurePosixPath(file_name).name, Origin.NAME, 0.6)):
        years = _YEAR.findall(source)
        if years:
            known.append(("year", int(years[-1]), Fact(origin, sure)))
    if first:
        known.append(("year", first.year, Fact(Origin.TEXT, 0.5)))
    if found.date:
        known.append(("year", found.date.year, Fact(Origin.FILE, 0.4)))
    return known


def _dates(text: str) -> list[datetime.date]:
    dates = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            month = match["m"]
            try:
                number = int(month) if month.isdigit() else _MONTHS[month.lower()]
                dates.append(datetime.date(int(match["y"]), number, int(match["d"])))
            except (ValueError, KeyError):
                continue
    return dates
