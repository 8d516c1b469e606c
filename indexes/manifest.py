"""How does a release say what it is and how it was made?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

FORMAT_VERSION = 1
"""Raised by every change to the files of a release that an older reader would misread."""


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """The embedding model whose vectors a release holds; `fingerprint` is that of `Embedder`."""

    name: str
    fingerprint: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of a release: written last, read first."""

    release_id: str
    created: datetime
    """In UTC."""
    model: ModelIdentity
    analysis_version: str
    engine: str
    document_count: int
    passage_count: int
    files: dict[str, str]
    """Hexadecimal SHA-256 of every other file of the release, by its path below the folder, with `/`."""
    format_version: int = FORMAT_VERSION
