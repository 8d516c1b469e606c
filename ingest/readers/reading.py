"""What does a reader find in a file?

A `Reading` crosses from the child process to the builder and is kept on disk between builds, so it is plain values
that go to JSON and back unchanged.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from corpus.document import DocumentKind, Metadata
from ingest.errors import UnreadableDocument
from ingest.reasons import Reason
from ingest.settings import ReaderLimits


class BlockKind(StrEnum):
    """What part a block plays in its document."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item, table row or footnote: cleaned text without line breaks."""

    kind: BlockKind
    text: str
    level: int = 0
    """Depth of a heading from 1 (outermost), or of a list item from 0."""
    page: int | None = None
    """The page on which the block begins, from 1; None where the file has no pages."""
    breaks: tuple[tuple[int, int], ...] = ()
    """For a block that runs over pages: (offset into `text`, page that begins there), in order."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that staff should know about a document: what was left out, repaired, guessed or missing."""

    code: str
    """A key of `ingest.receipt.FINDINGS`, where its sentence in Czech and English stands."""
    count: int = 1
    pages: tuple[int, ...] = ()
    sample: str = ""
    """An example, shortened; text of the document, so never to be trusted as markup."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that one reader found in one file."""

    media_type: str
    blocks: tuple[Block, ...]
    labels: tuple[str, ...] = ()
    """The printed number of each page, or the counted one; empty for files without pages."""
    metadata: Metadata = field(default_factory=Metadata)
    """What the file says about itself: properties of the file, or of the web page."""
    findings: tuple[Finding, ...] = ()
    pages_without_text: tuple[int, ...] = ()
    pages_by_ocr: tuple[int, ...] = ()


def require_few(blocks: Sequence[Block], limits: ReaderLimits) -> None:
    """Raise UnreadableDocument for more blocks than the limits allow: half a text would pass for the whole."""
    if len(blocks) > limits.elements:
        detail = f"{len(blocks)} paragraphs, {limits.elements} are allowed"
        raise UnreadableDocument(Reason.TOO_MANY_OBJECTS, detail)


def to_json(reading: Reading) -> dict[str, Any]:
    """Return a reading as JSON values; blocks are lists, because there are many of them."""
    return {
        "media_type": reading.media_type,
        "blocks": [[block.kind, block.text, block.level, block.page, block.breaks] for block in reading.blocks],
        "labels": reading.labels,
        "metadata": metadata_to_json(reading.metadata),
        "findings": [asdict(finding) for finding in reading.findings],
        "pages_without_text": reading.pages_without_text,
        "pages_by_ocr": reading.pages_by_ocr,
    }


def from_json(values: Mapping[str, Any]) -> Reading:
    """Return the reading that `to_json` described. Raises KeyError, TypeError or ValueError for anything else."""
    return Reading(
        media_type=str(values["media_type"]),
        blocks=tuple(_block(block) for block in values["blocks"]),
        labels=tuple(values["labels"]),
        metadata=metadata_from_json(values["metadata"]),
        findings=tuple(finding_from_json(finding) for finding in values["findings"]),
        pages_without_text=tuple(values["pages_without_text"]),
        pages_by_ocr=tuple(values["pages_by_ocr"]),
    )


def _block(values: Sequence[Any]) -> Block:
    kind, text, level, page, breaks = values
    return Block(BlockKind(kind), text, level, page, tuple((offset, number) for offset, number in breaks))


def finding_from_json(values: Mapping[str, Any]) -> Finding:
    """Return the finding that `dataclasses.asdict` described."""
    return Finding(values["code"], values["count"], tuple(values["pages"]), values["sample"])


def metadata_to_json(metadata: Metadata) -> dict[str, Any]:
    """Return metadata as JSON values, absent facts left out; dates in ISO 8601."""
    values = {item.name: getattr(metadata, item.name) for item in fields(metadata)}
    return {
        name: value.isoformat() if isinstance(value, datetime.date) else list(value) if type(value) is tuple else value
        for name, value in values.items()
        if value
    }


def metadata_from_json(values: Mapping[str, Any]) -> Metadata:
    """Return the metadata that `metadata_to_json` described."""
    facts: dict[str, Any] = {}
    for name, value in values.items():
        if name in {"date", "valid_from", "valid_to"}:
            facts[name] = datetime.date.fromisoformat(value)
        elif name == "kind":
            facts[name] = DocumentKind(value)
        else:
            facts[name] = tuple(value) if isinstance(value, list) else value
    return Metadata(**facts)
