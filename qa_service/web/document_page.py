"""How is a document shown at the place that a citation points to, beside the page of the original?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from corpus.document import Document
from corpus.errors import PramenError
from indexes.passage import PageSegment, Passage
from qa_service.citations import SLIDES, permalink
from qa_service.web.marking import Span
from qa_service.web.messages import Messages, format_date, messages
from qa_service.web.pictures import PagePictures
from qa_service.web.templates import page_language, render, render_problem
from qa_service.web.verbs import JsonObject, PageVerbs, Reading
from qa_service.web.viewer import contents, lay_out
from qa_service.web.wording import language_name

PDF = "application/pdf"
FILE_KINDS = {
    PDF: "PDF",
    SLIDES: "PPTX",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "text/html": "HTML",
    "text/markdown": "Markdown",
    "text/plain": "TXT",
}

PICTURE_HEADERS = {
    "Cache-Control": "private, max-age=86400",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}

_QUOTE = re.compile(r"(\d{1,7})-(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known about a document; `is_inferred` where no person wrote it down."""

    name: str
    words: str
    is_inferred: bool


@dataclass(frozen=True, slots=True)
class Place:
    """The place that an address points to: a passage, and a quotation in it if the address names one."""

    passage: Passage | None
    quote: Span | None
    """Offsets into the text of the passage."""

    @property
    def quote_in_document(self) -> Span | None:
        """Offsets of the quotation into the text of the document."""
        if self.passage is None or self.quote is None:
            return None
        return self.passage.start + self.quote[0], self.passage.start + self.quote[1]


def place_of(reading: Reading, passage_id: str | None, quote: str | None) -> Place:
    """Return the place that `passage` and `quote` of an address name; what they name wrongly counts as not named."""
    passage = next((p for p in reading.passages if p.id == passage_id), None)
    match = _QUOTE.fullmatch(quote or "")
    if passage is None or match is None:
        return Place(passage, None)
    start, end = int(match[1]), int(match[2])
    return Place(passage, (start, end) if start < end <= len(passage.text) else None)


class DocumentPage:
    """Draws the source viewer."""

    def __init__(self, verbs: PageVerbs, pictures: PagePictures) -> None:
        self._verbs = verbs
        self._pictures = pictures

    def draw(self, request: Request, document_id: str) -> Response:
        """Return the page of a document as of the release that the address names, or the published one."""
        language = page_language(request)
        try:
            reading = self._verbs.read(document_id, request.query_params.get("release"), language)
        except PramenError as error:
            return render_problem(self._verbs, request, language, error)
        place = place_of(reading, request.query_params.get("passage"), request.query_params.get("quote"))
        t = messages(language)
        document, meta = reading.document, reading.document.metadata
        stretches = lay_out(reading.text, reading.passages, place.quote_in_document)
        return render(
            "viewer/document.html",
            request,
            language,
            reading=reading,
            document=document,
            stretches=stretches,
            contents=contents(stretches),
            facts=facts(t, document, reading.release_id),
            dates={"valid_from": meta.valid_from, "valid_to": meta.valid_to, "superseded_by": meta.superseded_by},
            newer=self._newer(document, reading.release_id),
            quote=place.quote,
            pictured=pictured_page(reading, place),
            has_pictures=document.media_type == PDF,
            has_slides=document.media_type == SLIDES,
            file_kind=FILE_KINDS.get(document.media_type, document.media_type),
            picture_link=partial(_picture_link, reading, place),
            permalink=partial(_permalink, reading),
            original_link=f"/api/v1/documents/{document.id}/source?{urlencode({'release': reading.release_id})}",
        )

    def _newer(self, document: Document, release_id: str) -> JsonObject | None:
        """Return the title and the address of the document that supersedes another, if the release holds it."""
        newer = document.metadata.superseded_by
        title = self._verbs.titles([newer], release_id).get(newer) if newer else None
        return {"title": title, "url": permalink(newer, release_id)} if newer and title else None

    def draw_picture(self, request: Request, document_id: str, page: int) -> Response:
        """Return the picture of a PDF page, the passage or quotation of the address marked; 404 where there is none."""
        release = request.query_params.get("release")
        try:
            reading = self._verbs.read(document_id, release, page_language(request))
            source = self._verbs.source(document_id, release) if reading.document.media_type == PDF else b""
        except PramenError as error:
            return render_problem(self._verbs, request, page_language(request), error)
        place = place_of(reading, request.query_params.get("passage"), request.query_params.get("quote"))
        png = self._pictures.picture(source, page, text_on_page(reading, place, page)) if source else None
        if png is None:
            return Response(status_code=404)
        return Response(png, media_type="image/png", headers=PICTURE_HEADERS)


def text_on_page(reading: Reading, place: Place, page: int) -> str:
    """Return what of a place stands on a page, empty for none."""
    if place.passage is None:
        return ""
    start, end = place.quote_in_document or (place.passage.start, place.passage.end)
    segments = [segment for segment in reading.text.segments if segment.number == page]
    parts = [reading.text.text[max(start, segment.start) : min(end, segment.end)] for segment in segments]
    return " ".join(part for part in parts if part)


def pictured_page(reading: Reading, place: Place) -> int | None:
    """Return the number of the page on which the place begins, None where there is no place or no page."""
    if place.passage is None:
        return None
    span = place.quote_in_document or (place.passage.start, place.passage.end)
    segment = segment_at(reading, span[0])
    return segment.number if segment else None


def segment_at(reading: Reading, position: int) -> PageSegment | None:
    """Return the stretch of a page that covers a position of the document's text."""
    return next((s for s in reading.text.segments if s.start <= position < s.end), None)


def facts(t: Messages, document: Document, release_id: str) -> list[Fact]:
    """Return what is known about a document, in words, in the order in which it is shown."""
    meta = document.metadata
    words = {
        "authors": ", ".join(meta.authors),
        "publisher": meta.publisher,
        "year": str(meta.year) if meta.year else None,
        "kind": t(f"kind.{meta.kind}") if meta.kind else None,
        "language": language_name(t, meta.language) if meta.language else None,
        "license": meta.license,
        "validity": _validity(t, document),
        "release": release_id,
    }
    return [Fact(name, value, name in document.inferred) for name, value in words.items() if value]


def _validity(t: Messages, document: Document) -> str:
    start, end = document.metadata.valid_from, document.metadata.valid_to
    parts = [t("viewer.valid_from", date=format_date(t.language, start))] if start else []
    return " ".join([*parts, t("viewer.valid_to", date=format_date(t.language, end))] if end else parts)


def _picture_link(reading: Reading, place: Place, page: int, *, marked: bool = False) -> str:
    query = {"release": reading.release_id}
    if marked and place.passage:
        query["passage"] = place.passage.id
    if marked and place.quote:
        query["quote"] = f"{place.quote[0]}-{place.quote[1]}"
    return f"/documents/{reading.document.id}/pages/{page}.png?{urlencode(query)}"


def _permalink(reading: Reading, passage_id: str) -> str:
    return f"/documents/{reading.document.id}?{urlencode({'release': reading.release_id})}#passage={passage_id}"
