"""What do the pages ask of the service? The same verbs as the API, called in process and answered in its JSON shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from corpus.document import Document
from corpus.errors import PramenError
from indexes.passage import DocumentText, Passage

JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """One document of one release, with everything that the source viewer shows."""

    release_id: str
    document: Document
    text: DocumentText
    passages: Sequence[Passage]
    """All passages of the document in the order of its text."""
    citation: str
    """The document as one line of bibliography, in the reader's language."""


class PageVerbs(Protocol):
    """The service as seen by the pages: whatever refuses raises a PramenError, which `problem` puts into words.

    `language` is that of the reader, cs or en: it chooses our own words and never filters.
    All methods are synchronous and safe to call from several threads.
    """

    def search(self, parameters: Sequence[tuple[str, str]], language: str) -> JsonObject:
        """Return the body of `GET /api/v1/search` for these query parameters, in the order of the address."""
        ...

    def answer(self, question: JsonObject, language: str) -> JsonObject:
        """Return the body of `POST /api/v1/answer` for this request body."""
        ...

    def complete(self, question: str, before: str) -> str:
        """Return the question with what it leaves unsaid taken from the one before it, or as it is."""
        ...

    def read(self, document_id: str, release_id: str | None, language: str) -> Reading:
        """Return a document as of a kept release, or of the published one. Raises for an unknown document or release."""
        ...

    def titles(self, document_ids: Sequence[str], release_id: str | None) -> Mapping[str, str]:
        """Return the titles of those of the documents that a release holds, by id. Raises for an unknown release."""
        ...

    def source(self, document_id: str, release_id: str | None) -> bytes:
        """Return the original file of a document. Raises as `read` does."""
        ...

    def problem(self, error: PramenError, language: str) -> JsonObject:
        """Return the problem+json body (RFC 9457) that the API gives for an error."""
        ...
