"""What do we know about a publication besides its text?"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class DocumentKind(StrEnum):
    """The kinds of publication that a sidecar, a filter and a facet may name."""

    REPORT = "report"
    GUIDE = "guide"
    CONFERENCE = "conference"
    NEWS = "news"
    LAW = "law"
    CALL = "call"
    STUDY = "study"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is said about a publication: by its sidecar, its file or its first page. Absent facts are None or empty."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    year: int | None = None
    date: datetime.date | None = None
    kind: DocumentKind | None = None
    language: str | None = None
    """ISO 639-1 code."""
    url: str | None = None
    license: str | None = None
    place: str | None = None
    """The town, region or state that it speaks of, or where it took place; not where it was published."""
    programme: str | None = None
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    superseded_by: str | None = None
    """Id of the publication that replaces this one."""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """A source file of the corpus, before anything has read it.

    `given` holds only what a person wrote in `document.toml`; it is empty for a file without a sidecar.
    """

    id: str
    file: Path
    given: Metadata = field(default_factory=Metadata)


@dataclass(frozen=True, slots=True)
class Document:
    """A publication that has been read: given metadata completed by what could be inferred.

    `inferred` names the fields of `metadata` that no person wrote, so that readers and staff can be told.
    """

    id: str
    title: str
    metadata: Metadata
    file_name: str
    """Path of the source below the corpus folder, with `/` between its parts."""
    media_type: str
    sha256: str
    """Hexadecimal SHA-256 of the source file."""
    inferred: frozenset[str] = frozenset()
    copy_of: str | None = None
    """Id of the publication that says nearly the same and is preferred in results."""
