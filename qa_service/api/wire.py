"""Which JSON leaves the service?

The bodies of contract section 3, made from our values and never used inside. Offsets are Unicode code points, end
exclusive; pages count from 1; a larger score is better.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from corpus.document import Document, DocumentKind
from indexes.passage import PageSpan
from qa_service.answering.answerer import Claim, Mode, NoteKind, Reason, Status, ValidityNote


class Body(BaseModel):
    """A body of ours: made once, never changed."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class PagesBody(Body):
    """Pages (slides) from `first` to `last`; `labels` holds one printed number for each of them."""

    first: int
    last: int
    labels: list[str]

    @classmethod
    def of(cls, pages: PageSpan | None) -> PagesBody | None:
        """Return the body of a page span; None for a file without pages."""
        return None if pages is None else cls(first=pages.first, last=pages.last, labels=list(pages.labels))


class DocumentBody(Body):
    """What a reader needs to know about a publication; `url` is the publisher's.

    `media_type` is that of the original: it tells whether its pages are slides. `superseded_by` is the id of a newer version.
    """

    id: str
    title: str
    authors: list[str]
    publisher: str | None
    year: int | None
    kind: DocumentKind | None
    language: str | None
    url: str | None
    valid_from: date | None
    valid_to: date | None
    superseded_by: str | None
    media_type: str

    @classmethod
    def of(cls, document: Document) -> DocumentBody:
        """Return the body of a document."""
        meta = document.metadata
        return cls(
            id=document.id,
            title=document.title,
            authors=list(meta.authors),
            publisher=meta.publisher,
            year=meta.year,
            kind=meta.kind,
            language=meta.language,
            url=meta.url,
            valid_from=meta.valid_from,
            valid_to=meta.valid_to,
            superseded_by=meta.superseded_by,
            media_type=document.media_type,
        )


class CitationBody(Body):
    """A reference in the reader's language and the permanent address of the place in the viewer."""

    text: str
    url: str


class AlsoSearchedBody(Body):
    """A term that was searched beside the words of the query."""

    term: str
    source_word: str = Field(alias="from")
    source: Literal["glossary", "translation", "spelling"]


class QueryBody(Body):
    """The query as it was understood; `suggestions` are respellings that were not searched."""

    text: str
    language: str | None
    also_searched: list[AlsoSearchedBody]
    suggestions: list[str]


class LinkBody(Body):
    """Another document, with its permanent address in the viewer."""

    id: str
    title: str
    url: str


class HitBody(Body):
    """A passage at its place, with the words of the query highlighted.

    `copies` are other documents that say the same: older editions and near copies. `newer` is the document that
    supersedes this one, null where there is none or the release does not hold it.
    """

    rank: int
    score: float
    passage_id: str
    text: str
    language: str | None
    heading: list[str]
    pages: PagesBody | None
    highlights: list[tuple[int, int]]
    document: DocumentBody
    citation: CitationBody
    copies: list[LinkBody]
    newer: LinkBody | None


class FacetsBody(Body):
    """How many ranked candidates have each value."""

    kind: dict[str, int]
    source_lang: dict[str, int]
    publisher: dict[str, int]
    year: dict[str, int]


class SearchBody(Body):
    """The answer of `GET /search`."""

    query: QueryBody
    release: str
    degraded: bool
    took_ms: float
    hits: list[HitBody]
    facets: FacetsBody
    total: int


class ClaimBody(Body):
    """One statement with the numbers of its citations; `differs`: another claim gives another figure or date."""

    text: str
    citations: list[int]
    differs: bool

    @classmethod
    def of(cls, claim: Claim) -> ClaimBody:
        """Return the body of a claim."""
        return cls(text=claim.text, citations=list(claim.citations), differs=claim.differs)


class NoteBody(Body):
    """Why a reader should look twice at the date of a source; `document` names the newer one where there is one."""

    kind: NoteKind
    document: str | None

    @classmethod
    def of(cls, note: ValidityNote) -> NoteBody:
        """Return the body of a note."""
        return cls(kind=note.kind, document=note.document_id)


class QuoteBody(Body):
    """A verbatim quotation: `text[start:end]` of its passage is `quote`. Here `text` is the reference.

    `newer` is the document that a note names, null where there is none or the release does not hold it.
    """

    number: int
    quote: str
    passage_id: str
    start: int
    end: int
    pages: PagesBody | None
    language: str | None
    document: DocumentBody
    text: str
    url: str
    notes: list[NoteBody]
    newer: LinkBody | None


class PlaceBody(QuoteBody):
    """A place from which a pasted text may come; `similarity` is 0..1, 1 for the same letters and digits."""

    similarity: float


class PlacesBody(Body):
    """The answer of `GET /quote`, best place first; empty where the release holds nothing like the text."""

    places: list[PlaceBody]
    release: str


class AnswerBody(Body):
    """The answer of `POST /answer`, or an honest refusal with the passages that came nearest.

    `probability` estimates whether the collection answers the question; `missing` lists what the question names and no
    evidence mentions.
    """

    question: str
    release: str
    status: Status
    reason: Reason | None
    mode: Mode
    degraded: bool
    claims: list[ClaimBody]
    citations: list[QuoteBody]
    hits: list[HitBody]
    probability: float
    missing: list[str]


class PassageBody(Body):
    """One passage as `GET /passages/{id}` gives it; `start` and `end` point into the text of its document."""

    passage_id: str
    text: str
    language: str | None
    heading: list[str]
    pages: PagesBody | None
    start: int
    end: int
    document: DocumentBody
    citation: CitationBody
    release: str


class DocumentsBody(Body):
    """One page of the list of publications; `next` is the cursor of the next page, null on the last one."""

    documents: list[DocumentBody]
    next: str | None
    release: str


class DocumentDetailsBody(DocumentBody):
    """Everything that is known about a publication; `inferred` names the fields that nobody wrote down."""

    date: date | None
    license: str | None
    place: str | None
    programme: str | None
    copy_of: str | None
    tags: list[str]
    file_name: str
    inferred: list[str]
    release: str
    passages: int
    citation: CitationBody
