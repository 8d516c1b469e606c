"""How do our values become the bodies that go over the wire, for one reader?"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.document import Document
from indexes.passage import PageSpan, Passage
from qa_service.answering.answerer import Answer, QuotedSource
from qa_service.api.wire import (
    AlsoSearchedBody,
    AnswerBody,
    CitationBody,
    ClaimBody,
    DocumentBody,
    DocumentDetailsBody,
    FacetsBody,
    HitBody,
    LinkBody,
    NoteBody,
    PagesBody,
    PassageBody,
    PlaceBody,
    PlacesBody,
    QueryBody,
    QuoteBody,
    SearchBody,
)
from qa_service.citations import citation_text, permalink
from qa_service.quotes import QuotePlace
from qa_service.retrieval import RankedPassage, SearchResult

SCORE_DECIMALS = 4


class Presenter:
    """Makes bodies for one reader: references in the reader's language, links under the public address."""

    def __init__(self, release_id: str, language: str | None, public_url: str | None) -> None:
        self._release_id = release_id
        self._language = language
        self._public_url = public_url or ""

    def citation(self, document: Document, pages: PageSpan | None, passage_id: str | None) -> CitationBody:
        """Return the reference to a document or to a place in it."""
        return CitationBody(
            text=citation_text(document, pages, self._language),
            url=permalink(document.id, self._release_id, passage_id, self._public_url),
        )

    def hit(self, hit: RankedPassage) -> HitBody:
        """Return the body of a ranked passage."""
        passage = hit.passage
        return HitBody(
            rank=hit.rank,
            score=round(hit.score, SCORE_DECIMALS),
            passage_id=passage.id,
            text=passage.text,
            language=passage.language,
            heading=list(passage.heading),
            pages=PagesBody.of(passage.pages),
            highlights=list(hit.highlights),
            document=DocumentBody.of(hit.document),
            citation=self.citation(hit.document, passage.pages, passage.id),
            copies=[self.link(document) for document in hit.copies],
            newer=self.link(hit.newer) if hit.newer else None,
        )

    def link(self, document: Document) -> LinkBody:
        """Return what leads to another document: its title and its address."""
        url = permalink(document.id, self._release_id, public_url=self._public_url)
        return LinkBody(id=document.id, title=document.title, url=url)

    def search(self, result: SearchResult, took_ms: float) -> SearchBody:
        """Return the body of a search."""
        also = [
            AlsoSearchedBody.model_validate({"term": item.term, "from": item.source_word, "source": item.source})
            for item in result.also_searched
        ]
        return SearchBody(
            query=QueryBody(
                text=result.query.text,
                language=result.language,
                also_searched=also,
                suggestions=list(result.suggestions),
            ),
            release=result.release_id,
            degraded=result.degraded,
            took_ms=round(took_ms, 1),
            hits=[self.hit(hit) for hit in result.hits],
            facets=FacetsBody(**{name: dict(counts) for name, counts in result.facets.items()}),
            total=result.total,
        )

    def quote(self, source: QuotedSource) -> QuoteBody:
        """Return the body of a quotation."""
        citation = self.citation(source.document, source.pages, source.passage.id)
        return QuoteBody(
            number=source.number,
            quote=source.quote,
            passage_id=source.passage.id,
            start=source.start,
            end=source.end,
            pages=PagesBody.of(source.pages),
            language=source.passage.language,
            document=DocumentBody.of(source.document),
            text=citation.text,
            url=citation.url,
            notes=[NoteBody.of(note) for note in source.notes],
            newer=self.link(source.newer) if source.newer else None,
        )

    def places(self, places: Sequence[QuotePlace]) -> PlacesBody:
        """Return the body of the places of a pasted text."""
        found = [PlaceBody(**self.quote(place.source).model_dump(), similarity=place.similarity) for place in places]
        return PlacesBody(places=found, release=self._release_id)

    def hits(self, hits: Sequence[RankedPassage]) -> list[HitBody]:
        """Return the bodies of ranked passages."""
        return [self.hit(hit) for hit in hits]

    def answer(self, answer: Answer) -> AnswerBody:
        """Return the body of an answer."""
        return AnswerBody(
            question=answer.question,
            release=answer.release_id,
            status=answer.status,
            reason=answer.reason,
            mode=answer.mode,
            degraded=answer.degraded,
            claims=[ClaimBody.of(claim) for claim in answer.claims],
            citations=[self.quote(source) for source in answer.citations],
            hits=self.hits(answer.hits),
            probability=round(answer.probability, 3),
            missing=list(answer.missing),
        )

    def passage(self, passage: Passage, document: Document) -> PassageBody:
        """Return the body of one passage."""
        return PassageBody(
            passage_id=passage.id,
            text=passage.text,
            language=passage.language,
            heading=list(passage.heading),
            pages=PagesBody.of(passage.pages),
            start=passage.start,
            end=passage.end,
            document=DocumentBody.of(document),
            citation=self.citation(document, passage.pages, passage.id),
            release=self._release_id,
        )

    def document(self, document: Document, passage_count: int) -> DocumentDetailsBody:
        """Return the body of a document with everything known about it."""
        meta = document.metadata
        return DocumentDetailsBody(
            **DocumentBody.of(document).model_dump(),
            date=meta.date,
            license=meta.license,
            place=meta.place,
            programme=meta.programme,
            copy_of=document.copy_of,
            tags=list(meta.tags),
            file_name=document.file_name,
            inferred=sorted(document.inferred),
            release=self._release_id,
            passages=passage_count,
            citation=self.citation(document, None, None),
        )
