"""How do documents, texts and passages become rows of SQLite, and rows become them again?"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from corpus.document import Document, DocumentKind, Metadata
from indexes.passage import DocumentFacts, DocumentText, HeadingSpan, PageSegment, PageSpan, Passage, PassageKind

SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    first_row INTEGER NOT NULL,   -- passages of one document have consecutive rows
    passage_count INTEGER NOT NULL,
    document TEXT NOT NULL,       -- JSON
    text TEXT NOT NULL,
    segments TEXT NOT NULL,       -- JSON: [[start, end, page, label], ...]
    headings TEXT NOT NULL,       -- JSON: [[start, end, level], ...]
    analysis BLOB NOT NULL        -- what the lexical index and the vocabulary got, for the next release to take over
) WITHOUT ROWID;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY,      -- that of the vector, from 0
    id TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL,
    language TEXT,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    kind TEXT NOT NULL,
    heading TEXT NOT NULL,        -- JSON
    pages TEXT,                   -- JSON: [first, last, [label, ...]]
    sentences TEXT NOT NULL,      -- JSON: [[start, end], ...]
    text TEXT NOT NULL
);
CREATE TABLE embedded (
    row INTEGER PRIMARY KEY,
    input_hash BLOB NOT NULL,
    sentence_vectors BLOB NOT NULL
);
CREATE TABLE receipts (document_id TEXT PRIMARY KEY, receipt TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE vocabulary (word TEXT PRIMARY KEY, passage_count INTEGER NOT NULL) WITHOUT ROWID;
"""
INDEXES = "CREATE INDEX embedded_by_input ON embedded (input_hash);"
"""Made after the rows, which is faster than keeping it up to date."""

PASSAGE_COLUMNS = 'id, document_id, text, language, heading, pages, start, "end", sentences, kind'


def document_json(document: Document) -> str:
    """Return a document as JSON."""
    values = asdict(document) | {"inferred": sorted(document.inferred)}
    return json.dumps(values, ensure_ascii=False, default=_date_text, sort_keys=True)


def document_from_json(text: str) -> Document:
    """Return the document that `document_json` wrote."""
    values = json.loads(text)
    return Document(
        **values | {"metadata": _metadata(values["metadata"]), "inferred": frozenset(values["inferred"])},
    )


def facts_from_json(text: str) -> DocumentFacts:
    """Return what a ranking must know of the document that `document_json` wrote."""
    values = json.loads(text)
    about = values["metadata"]
    return DocumentFacts(
        id=values["id"],
        kind=_kind(about["kind"]),
        publisher=about["publisher"],
        year=about["year"],
        valid_from=_date(about["valid_from"]),
        valid_to=_date(about["valid_to"]),
        superseded_by=about["superseded_by"],
        copy_of=values.get("copy_of"),  # releases made before copies were folded do not know it
    )


def text_row(text: DocumentText) -> tuple[str, str, str]:
    """Return the columns text, segments, headings."""
    segments = [[part.start, part.end, part.number, part.label] for part in text.segments]
    headings = [[part.start, part.end, part.level] for part in text.headings]
    return text.text, _compact(segments), _compact(headings)


def text_from_row(document_id: str, text: str, segments: str, headings: str) -> DocumentText:
    """Return the text that `text_row` wrote."""
    return DocumentText(
        document_id,
        text,
        tuple(PageSegment(*part) for part in json.loads(segments)),
        tuple(HeadingSpan(*part) for part in json.loads(headings)),
    )


def passage_row(passage: Passage) -> tuple[Any, ...]:
    """Return the columns of PASSAGE_COLUMNS."""
    pages = passage.pages and _compact([passage.pages.first, passage.pages.last, passage.pages.labels])
    return (
        passage.id,
        passage.document_id,
        passage.text,
        passage.language,
        _compact(passage.heading),
        pages,
        passage.start,
        passage.end,
        _compact(passage.sentences),
        passage.kind.value,
    )


def passage_from_row(row: tuple[Any, ...]) -> Passage:
    """Return the passage that `passage_row` wrote."""
    identifier, document_id, text, language, heading, pages, start, end, sentences, kind = row
    return Passage(
        id=identifier,
        document_id=document_id,
        text=text,
        language=language,
        heading=heading_from_json(heading),
        pages=_page_span(pages),
        start=start,
        end=end,
        sentences=tuple((first, last) for first, last in json.loads(sentences)),
        kind=PassageKind(kind),
    )


def heading_from_json(text: str) -> tuple[str, ...]:
    """Return the heading that `passage_row` wrote."""
    return tuple(json.loads(text))


def _page_span(text: str | None) -> PageSpan | None:
    if text is None:
        return None
    first, last, labels = json.loads(text)
    return PageSpan(first, last, tuple(labels))


def _metadata(values: dict[str, Any]) -> Metadata:
    known = {name: values[name] for name in (item.name for item in fields(Metadata)) if name in values}
    for name in ("date", "valid_from", "valid_to"):
        known[name] = _date(known[name])
    known["kind"] = _kind(known["kind"])
    return Metadata(**known | {"authors": tuple(known["authors"]), "tags": tuple(known["tags"])})


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _kind(text: str | None) -> DocumentKind | None:
    return DocumentKind(text) if text else None


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _date_text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a document")
