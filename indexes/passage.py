"""Which values cross the contract between the writer and the readers of a release?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from corpus.document import Document, DocumentKind


@dataclass(frozen=True, slots=True)
class PageSpan:
    """The pages on which a text stands.

    `first` and `last` count pages (slides) of the file from 1, both included. `labels` has one entry for each page
    first..last: the page number as printed ("iv", "12"), or the counted number as a string where none is printed.
    """

    first: int
    last: int
    labels: tuple[str, ...]


class PassageKind(StrEnum):
    """What sort of text a passage holds."""

    PROSE = "prose"
    LIST = "list"
    TABLE = "table"
    FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one document: what is embedded, found, quoted and cited.

    All offsets are Unicode code points, end exclusive. `text` equals `DocumentText.text[start:end]` of its document.
    """

    id: str
    """16 hexadecimal digits, see `passage_id`."""
    document_id: str
    text: str
    language: str | None
    """ISO 639-1 code of the greater part of the text; None where it cannot be told."""
    heading: tuple[str, ...]
    """Headings above the passage, outermost first, without the title of the document."""
    pages: PageSpan | None
    """None for files without pages (DOCX, HTML, Markdown, text)."""
    start: int
    end: int
    sentences: tuple[tuple[int, int], ...]
    """Offsets of the sentences (list items, table rows) into `text`, in order, not overlapping."""
    kind: PassageKind = PassageKind.PROSE


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a ranking and its facets must know of a document; the fields are those of its metadata."""

    id: str
    kind: DocumentKind | None
    publisher: str | None
    year: int | None
    valid_from: date | None
    valid_to: date | None
    superseded_by: str | None
    copy_of: str | None = None
    """Id of the document that says nearly the same and is preferred in results."""

    @classmethod
    def of(cls, document: Document) -> DocumentFacts:
        """Return the facts of a document."""
        about = document.metadata
        return cls(
            document.id,
            about.kind,
            about.publisher,
            about.year,
            about.valid_from,
            about.valid_to,
            about.superseded_by,
            document.copy_of,
        )


@dataclass(frozen=True, slots=True)
class PassagePlace:
    """What a ranking must know of a passage before anybody reads it."""

    id: str
    language: str | None
    document: DocumentFacts
    heading: tuple[str, ...] = ()
    """From the outermost to the innermost."""


@dataclass(frozen=True, slots=True)
class PageSegment:
    """A stretch of a document's text that stands on one page; a page has several where footnotes were set apart."""

    start: int
    end: int
    number: int
    label: str


@dataclass(frozen=True, slots=True)
class HeadingSpan:
    """A heading inside a document's text; `level` counts from 1, outermost."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The cleaned text of one document, as the viewer shows it and as passages point into it.

    Paragraphs, headings, list items and table rows are separated by one line break.
    """

    document_id: str
    text: str
    segments: tuple[PageSegment, ...] = ()
    """In order of `start`; empty for files without pages."""
    headings: tuple[HeadingSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """One analysed term of a query.

    `word` tells which word of the query it came from (counted from 0): terms of one word are alternatives to each
    other (its stem, its translations), so an engine may credit the best or the sum, but a word is counted once.
    """

    term: str
    weight: float
    word: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which passages may be found. Values of one field are alternatives; fields narrow each other. Empty allows all."""

    kind: tuple[DocumentKind, ...] = ()
    publisher: tuple[str, ...] = ()
    source_lang: tuple[str, ...] = ()
    """Language of the passage, not of the document."""
    document: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    valid_on: date | None = None
    """A document without validity dates is valid on any day."""


class Leg(StrEnum):
    """Which ranking a hit comes from."""

    DENSE = "dense"
    LEXICAL = "lexical"
    FUSED = "fused"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage at its place in one ranking: `rank` counts from 1; a larger `score` is better, always."""

    passage_id: str
    score: float
    rank: int
    leg: Leg


def passage_id(document_id: str, first_page: int | None, text: str, ordinal: int) -> str:
    """Return the 16 hexadecimal digits that name a passage for as long as its place and words stay the same.

    `ordinal` counts from 0 among passages of the same document, first page and text.
    """
    parts = (document_id, "" if first_page is None else str(first_page), text, str(ordinal))
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def embedding_input(title: str, heading: tuple[str, ...], text: str) -> str:
    """Return the exact text that is embedded for a passage: its context first, one part a line, then the passage.

    Vectors are taken over from an earlier release by the hash of this text, so writer and reader must agree on it.
    """
    context = [part for part in (title, *heading) if part]
    return "\n".join([*dict.fromkeys(context), text])
