"""What does a reading become before it is embedded? A document with its text, its passages and its receipt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from corpus.document import Document
from indexes.embedding.embedder import Embedder
from indexes.language import detect_language
from indexes.passage import DocumentText, Passage
from ingest.acts import referenced_acts
from ingest.chunking import SplitDocument, split_into_passages
from ingest.duplicates import Likeness
from ingest.errors import UnreadableDocument
from ingest.furniture import Cleared, clear_furniture, merged_findings
from ingest.metadata import Fact, KnownMetadata, complete
from ingest.quality import require_words
from ingest.readers.reading import Finding, Reading, metadata_to_json
from ingest.reasons import Outcome, Reason
from ingest.receipt import Receipt
from ingest.settings import PassageLimits
from ingest.work import Work

_EXPECTED = ("publisher", "year", "kind", "language")
"""Metadata whose absence a receipt reports."""
_MOST_ACTS = 50
_SEARCHED_LANGUAGES = {"cs", "en"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that is ready to be embedded and written."""

    document: Document
    text: DocumentText
    passages: tuple[Passage, ...]
    receipt: Receipt


def prepare(work: Work, reading: Reading, key: str, embedder: Embedder, limits: PassageLimits) -> Prepared:
    """Return a reading cleaned, described and split. `key` is the preparation hash for its receipt.

    Raises UnreadableDocument for a document that was read but holds nothing to be searched.
    """
    cleared = clear_furniture(reading.blocks, work.site_blocks)
    score = require_words(cleared.blocks, reading)
    title = described(work, reading, cleared).title
    split = split_into_passages(
        work.id, title, cleared.blocks, reading.labels, embedder=embedder, limits=limits, detect=detect_language
    )
    if not split.passages:
        raise UnreadableDocument(Reason.NO_TEXT)
    known = described(work, reading, cleared, split.main_language)
    receipt = _receipt(work, reading, cleared, known, split)
    document = _document(work, known, reading)
    return Prepared(document, split.text, split.passages, replace(receipt, garbling=score, preparation=key))


def described(work: Work, reading: Reading, cleared: Cleared, language: str | None = None) -> KnownMetadata:
    """Return what sidecar, file, text and name of a document say about it."""
    return complete(work.publication.given, reading.metadata, cleared.blocks, work.name, language)


def refused(work: Work, refusal: UnreadableDocument) -> Receipt:
    """Return the receipt of a document that cannot be searched."""
    return Receipt(
        document_id=work.id,
        file_name=work.name,
        outcome=refusal.outcome,
        reasons=(refusal.reason,),
        detail=refusal.detail,
        sha256=work.summary.sha256,
        title=work.publication.given.title,
        related=_related(work),
        cost=work.summary.cost,
    )


def _document(work: Work, known: KnownMetadata, reading: Reading) -> Document:
    metadata, inferred = known.metadata, known.inferred
    if work.successor and not metadata.superseded_by:
        metadata, inferred = replace(metadata, superseded_by=work.successor), inferred | {"superseded_by"}
    return Document(
        work.id,
        known.title,
        metadata,
        work.name,
        reading.media_type,
        work.summary.sha256,
        inferred,
        work.copy_of,
    )


def _receipt(work: Work, reading: Reading, cleared: Cleared, known: KnownMetadata, split: SplitDocument) -> Receipt:
    size = max(sum(split.languages.values()), 1)
    languages = {language or "unknown": round(chars / size, 3) for language, chars in sorted(split.languages.items())}
    return Receipt(
        document_id=work.id,
        file_name=work.name,
        outcome=Outcome.INDEXED,
        media_type=reading.media_type,
        sha256=work.summary.sha256,
        title=known.title,
        pages=len(reading.labels) or None,
        pages_without_text=reading.pages_without_text,
        pages_by_ocr=reading.pages_by_ocr,
        passages=len(split.passages),
        chars=len(split.text.text),
        languages=languages,
        findings=merged_findings([*reading.findings, *cleared.findings, *_notes(work, languages)]),
        related=_related(work),
        metadata={name: _fact(known, name, fact) for name, fact in sorted(known.facts.items())},
        missing=tuple(name for name in _EXPECTED if name not in known.facts),
        acts=tuple(referenced_acts(split.text.text)[:_MOST_ACTS]),
        cost=work.summary.cost,
    )


def _related(work: Work) -> tuple[dict[str, str], ...]:
    return tuple({"document_id": relation.other, "likeness": relation.likeness.value} for relation in work.relations)


def _notes(work: Work, languages: Mapping[str, float]) -> Iterator[Finding]:
    foreign = [language for language in languages if language not in _SEARCHED_LANGUAGES and language != "unknown"]
    if foreign:
        yield Finding("unsupported_language", len(foreign), sample=", ".join(foreign))
    codes = {Likeness.EXACT: "duplicate", Likeness.NEAR: "near_duplicate", Likeness.VERSION: "version"}
    others: dict[Likeness, list[str]] = defaultdict(list)
    for relation in work.relations:
        others[relation.likeness].append(relation.other)
    for likeness, ids in others.items():
        yield Finding(codes[likeness], len(ids), sample=", ".join(ids)[:200])


def _fact(known: KnownMetadata, name: str, fact: Fact) -> dict[str, Any]:
    value = known.title if name == "title" else metadata_to_json(known.metadata).get(name)
    entry = {"value": value, "origin": fact.origin.value, "confidence": fact.confidence}
    return entry | ({"conflict": fact.conflict} if fact.conflict else {})
