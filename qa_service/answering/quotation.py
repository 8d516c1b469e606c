"""How does a stretch of a passage become a quotation with its place, its page and its warnings?"""

from __future__ import annotations

from datetime import date

from corpus.document import Document
from indexes.contract import PassageIndex
from indexes.passage import PageSpan, Passage
from qa_service.answering.answerer import NoteKind, QuotedSource, ValidityNote
from qa_service.answering.versions import newer_version
from qa_service.retrieval import RankedPassage


def quoted_source(
    index: PassageIndex, number: int, hit: RankedPassage, span: tuple[int, int], today: date
) -> QuotedSource:
    """Return the quotation of a stretch of a passage; `span` is in code points of the passage, end exclusive."""
    start, end = span
    notes = validity_notes(index, hit.document, today)
    newer = next((note.document_id for note in notes if note.document_id), None)
    return QuotedSource(
        number=number,
        quote=hit.passage.text[start:end],
        passage=hit.passage,
        document=hit.document,
        start=start,
        end=end,
        pages=pages_of(index, hit.passage, start, end),
        notes=notes,
        newer=index.document(newer) if newer else None,
    )


def pages_of(index: PassageIndex, passage: Passage, start: int, end: int) -> PageSpan | None:
    """Return the pages on which a stretch of a passage stands; None for a file without pages."""
    if passage.pages is None or passage.pages.first == passage.pages.last:
        return passage.pages
    text = index.document_text(passage.document_id)
    begins, ends = passage.start + start, passage.start + end
    labels = {
        segment.number: segment.label
        for segment in (text.segments if text else ())
        if segment.start < ends and begins < segment.end
    }
    if not labels:
        return passage.pages
    first, last = min(labels), max(labels)
    return PageSpan(first, last, tuple(labels.get(number, str(number)) for number in range(first, last + 1)))


def validity_notes(index: PassageIndex, document: Document, today: date) -> tuple[ValidityNote, ...]:
    """Return the warnings that a quotation of a document needs: replaced, outdone, no longer or not yet valid."""
    meta = document.metadata
    notes = []
    newer = None if meta.superseded_by else newer_version(index, document)
    if meta.superseded_by:
        notes.append(ValidityNote(NoteKind.SUPERSEDED, meta.superseded_by))
    if newer:
        notes.append(ValidityNote(NoteKind.NEWER_VERSION, newer))
    if meta.valid_to and meta.valid_to < today:
        notes.append(ValidityNote(NoteKind.EXPIRED))
    if meta.valid_from and meta.valid_from > today:
        notes.append(ValidityNote(NoteKind.NOT_YET_VALID))
    return tuple(notes)
