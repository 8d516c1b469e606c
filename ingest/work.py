"""What is known of a publication on its way into a release?"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from hashlib import sha256

from corpus.document import Document, Publication
from indexes.analysis import ANALYSIS_VERSION
from ingest.duplicates import Likeness, Relation
from ingest.errors import changed_meanwhile
from ingest.readers.reading import metadata_to_json
from ingest.repetition import Holder
from ingest.settings import PassageLimits
from ingest.store import Summary

PREPARATION_VERSION = 19
"""Raised by every change to cleaning, splitting or metadata: unchanged files are then prepared anew."""


@dataclass(slots=True)
class Work:
    """One publication that has been read, and what comparing it with the others brought."""

    publication: Publication
    name: str
    """Path below the corpus folder."""
    summary: Summary
    relations: list[Relation] = field(default_factory=list)
    site_blocks: frozenset[str] = frozenset()
    """Keys of the blocks that its publisher repeats and another document keeps."""

    @property
    def id(self) -> str:
        """The id of the publication."""
        return self.publication.id

    @property
    def publisher(self) -> str:
        """Who published it, as far as sidecar or file say; empty where neither does."""
        return self.publication.given.publisher or self.summary.publisher

    def holder(self) -> Holder:
        """Return what it may share with other documents of its publisher."""
        assert self.summary.fingerprint is not None  # noqa: S101 - sound documents have one
        given = self.publication.given
        year = given.year or (given.date.year if given.date else 0)
        return Holder(self.publisher, year, self.summary.fingerprint.text_hash, self.summary.keys)

    @property
    def original(self) -> str | None:
        """The id of the document that holds the very same text and is preferred, if there is one."""
        return next((r.other for r in self.relations if r.likeness is Likeness.EXACT and not r.is_preferred), None)

    @property
    def copy_of(self) -> str | None:
        """The id of the document that says nearly the same and is preferred, if there is one."""
        return next((r.other for r in self.relations if r.likeness is Likeness.NEAR and not r.is_preferred), None)

    @property
    def successor(self) -> str | None:
        """The id of a newer edition, if there is one."""
        return next((r.other for r in self.relations if r.likeness is Likeness.VERSION and not r.is_preferred), None)

    def source(self) -> bytes:
        """Return the original file as it was read. Raises UnreadableDocument where it is another by now, or gone."""
        try:
            source = self.publication.file.read_bytes()
        except OSError as error:
            raise changed_meanwhile() from error
        if sha256(source).hexdigest() != self.summary.sha256:
            raise changed_meanwhile()
        return source

    def is_still(self, document: Document) -> bool:
        """Return whether a document of an earlier release has the same file and was described in the same words."""
        known = metadata_to_json(document.metadata)
        described = {name: value for name, value in known.items() if name not in document.inferred}
        return document.sha256 == self.summary.sha256 and described == metadata_to_json(self.publication.given)

    def preparation(self, limits: PassageLimits, model_fingerprint: str) -> str:
        """Return the hash of everything that the passages, their terms and the receipt depend on."""
        parts = [
            PREPARATION_VERSION,
            ANALYSIS_VERSION,
            self.summary.sha256,
            self.summary.ocr,
            self.id,
            self.name,
            metadata_to_json(self.publication.given),
            sorted(self.site_blocks),
            sorted((relation.other, relation.likeness, relation.is_preferred) for relation in self.relations),
            asdict(limits),
            model_fingerprint,
        ]
        return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
