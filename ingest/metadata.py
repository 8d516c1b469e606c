"""What is known about a document, who said so, and how sure is it?

What a person wrote in the sidecar wins. What is missing is taken from the properties of the file and from the text,
and marked as inferred.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from corpus.document import DocumentKind, Metadata
from ingest.dates import dates_in, year_ranges_in, years_in
from ingest.places import places_in
from ingest.programmes import paying_programmes
from ingest.readers.reading import Block, BlockKind
from ingest.validity import stated_validity

TITLE_CHARS = 200


class Origin(StrEnum):
    """Who says a fact about a document."""

    GIVEN = "given"
    DATE = "date"
    """The date that a person gave, of which the year is a part."""
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
_AUTHOR = re.compile(
    r"(?:Autor(?:ka|ky)?|Autoři|Zpracoval[aiy]?|Napsal[aiy]?|Authors?|Written by|Prepared by)\s?:\s?(?P<names>\S.{3,200})"
)
_PUBLISHER = re.compile(r"(?:Vydal[ao]?|Vydavatel(?:ka)?|Publisher|Published by)\s?:\s?(?P<name>[^,;]{3,120})")
_NO_AUTHOR = re.compile(
    r"python-docx|admin\w*|webmaster|user\d*|uživatel\d*|uzivatel\d*|pc|owner|microsoft\b.*|unknown|neznám\w+",
    re.IGNORECASE,
)
"""What programs and machines sign files with."""
_MAIL_SUBJECT = re.compile(r"(?:Předmět|Predmet|Věc|Subject)\s?:\s?(?=\S)", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r",(?!\s?(?:Ph\.?\s?D|CSc|DiS|MBA|Th\.?\s?D))|;|\s(?:a|and|&)\s")
_IMPRINT_BLOCKS, _IMPRINT_CHARS = 15, 240
_TOP_CHARS = 1500
_COMPARED = ("title", "year", "language", "place", "programme", "valid_from", "valid_to")
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
    year = [("year", given.date.year, Fact(Origin.DATE, 1.0))] if given.date else []
    for name, value, fact in [*year, *_candidates(found, blocks, file_name, language)]:
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


def first_title(blocks: Sequence[Block], file_name: str) -> tuple[str, Fact]:
    """Return the title of a document that has none: the subject of a letter, its first line, of a PDF its largest one.

    A document without lines has the name of its file.
    """
    lines = [
        block
        for block in blocks[:12]
        if any(char.isalpha() for char in block.text) and block.kind is not BlockKind.TABLE_ROW
    ]
    if not lines:
        return unicodedata.normalize("NFC", PurePosixPath(file_name).stem), Fact(Origin.NAME, 0.3)
    title = lines[0]
    subject = next((block for block in lines if _MAIL_SUBJECT.match(block.text)), None)
    if subject is not None and title.kind is not BlockKind.HEADING:
        title = subject
    elif title.page is not None:
        page = [block for block in lines if block.page == title.page and block.kind is BlockKind.HEADING]
        title = min(page, key=lambda block: block.level, default=title)
    sure = 0.9 if title.kind is BlockKind.HEADING else 0.6
    return _shortened(_MAIL_SUBJECT.sub("", title.text, count=1)), Fact(Origin.TEXT, sure)


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
    authors = tuple(name for name in found.authors if not _NO_AUTHOR.fullmatch(name))
    if authors:
        candidates.append(("authors", authors, Fact(Origin.FILE, 0.5)))
    if found.publisher:
        candidates.append(("publisher", found.publisher, Fact(Origin.FILE, 0.8)))
    candidates += _when(found, blocks, title, file_name)
    candidates += _who(blocks)
    top = f"{title}\n" + " ".join(block.text for block in blocks[:6])[:_TOP_CHARS]
    in_title = (kind for kind, pattern in _KIND_PATTERNS if pattern.search(title))
    at_top = (kind for kind, pattern in _KIND_PATTERNS if pattern.search(top[:300]) and kind is not DocumentKind.LAW)
    kind = next(in_title, None) or next(at_top, None)  # texts of any kind name an act in their first lines
    if kind:
        candidates.append(("kind", kind, Fact(Origin.TEXT, 0.5)))
    candidates += _where(
        title, " ".join(block.text for block in blocks[:6] if block.kind is not BlockKind.TABLE_ROW)[:_TOP_CHARS]
    )
    edges = [block.text for block in (*blocks[:10], *blocks[10:][-10:])]
    programmes = dict.fromkeys(name for text in edges for name in paying_programmes(text))
    candidates += [("programme", name, Fact(Origin.TEXT, 0.7)) for name in programmes]
    for stated in stated_validity(edges, is_law=kind is DocumentKind.LAW):
        candidates.append((stated.field, stated.date, Fact(Origin.TEXT, stated.confidence)))
    return candidates


def _who(blocks: Sequence[Block]) -> list[tuple[str, Any, Fact]]:
    """Return authors and publisher that a line of the title page or of the end names as such."""
    known: list[tuple[str, Any, Fact]] = []
    for block in (*blocks[:12], *blocks[12:][-8:]):
        if block.kind is BlockKind.TABLE_ROW or len(block.text) > _IMPRINT_CHARS:
            continue
        author, publisher = _AUTHOR.match(block.text), _PUBLISHER.match(block.text)
        if author:
            names = tuple(name.strip(" .") for name in _BETWEEN_NAMES.split(author["names"]) if name.strip(" ."))
            known.append(("authors", names, Fact(Origin.TEXT, 0.7)))
        if publisher:
            known.append(("publisher", publisher["name"].strip(" .,"), Fact(Origin.TEXT, 0.6)))
    return known


def _where(title: str, top: str) -> list[tuple[str, Any, Fact]]:
    """Return the place that the title names, else the one that the first page names; none where there are several."""
    for text, sure in ((title, 0.7), (top, 0.5)):
        places = places_in(text)
        narrow = [place for place in places if not any(other.startswith(f"{place} ") for other in places)]
        if narrow:
            return [("place", narrow[0], Fact(Origin.TEXT, sure))] if len(narrow) == 1 else []
    return []


def _when(found: Metadata, blocks: Sequence[Block], title: str, file_name: str) -> list[tuple[str, Any, Fact]]:
    """Return what is known of date and year. A property of the file tells when it was saved, so it comes last."""
    known: list[tuple[str, Any, Fact]] = []
    is_page = bool(blocks) and blocks[0].page is None and found.date is not None
    texts = [block.text for block in blocks]
    top = texts[:8]
    stated = next(
        (
            date
            for text in [*texts[:_IMPRINT_BLOCKS], *texts[-4:]]
            if _PUBLISHED.search(text)
            for date in dates_in(text)
        ),
        None,
    )
    first = next((date for text in top for date in dates_in(text[:_TOP_CHARS])), None)
    if stated:
        known += [("date", stated, Fact(Origin.TEXT, 0.9)), ("year", stated.year, Fact(Origin.TEXT, 0.9))]
    if is_page and found.date:
        known += [("date", found.date, Fact(Origin.FILE, 0.7)), ("year", found.date.year, Fact(Origin.FILE, 0.7))]
    names = ((title, Origin.TEXT, 0.7), (PurePosixPath(file_name).name, Origin.NAME, 0.6))
    known += [("year", years[-1], Fact(origin, sure)) for name, origin, sure in names if (years := years_in(name))]
    if first:
        known.append(("year", first.year, Fact(Origin.TEXT, 0.5)))
    for name, origin, _ in names:  # a strategy is published before the last of its years, a report after it
        known += [("year", year, Fact(origin, 0.4, str(last))) for year, last in year_ranges_in(name)]
    saved = found.year or (found.date.year if found.date else None)
    if saved:
        known.append(("year", saved, Fact(Origin.FILE, 0.4)))
    return known
