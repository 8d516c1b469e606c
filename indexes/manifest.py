"""How does a release say what it is, how it was made, and how well it answered?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from indexes.errors import DamagedRelease, IncompatibleRelease

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


@dataclass(frozen=True, slots=True)
class EvaluationRecord:
    """How a release scored on the judgments of its collection; it stands beside the release, never inside."""

    release_id: str
    created: datetime
    """In UTC."""
    passage_count: int
    judged_count: int
    """Queries with at least one judged document in the release."""
    skipped_count: int
    """Queries all of whose judged documents are missing from the release."""
    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Fractions 0..1 by leg (`dense`, `lexical`, `fused`) and measure (`nDCG@10`, `R@5` ...); empty without judgments."""


def encode_manifest(manifest: Manifest) -> bytes:
    """Return the one spelling of a manifest on disk: canonical JSON that ends in a checksum of itself."""
    values = asdict(manifest) | {"created": manifest.created.isoformat()}
    return _canonical(values | {"checksum": sha256(_canonical(values)).hexdigest()})


def decode_manifest(data: bytes, where: str) -> Manifest:
    """Return the manifest that `encode_manifest` wrote. `where` names it in errors.

    Raises IncompatibleRelease for a format of another version, DamagedRelease for any byte that differs.
    """
    try:
        values = json.loads(data)
        if values["format_version"] != FORMAT_VERSION and _is_intact(values):
            raise IncompatibleRelease(
                f"{where} has format {values['format_version']}, this program reads format {FORMAT_VERSION}: "
                "run `pramen build --publish`"
            )
        checksum = values.pop("checksum")
        manifest = Manifest(
            **values | {"created": datetime.fromisoformat(values["created"]), "model": ModelIdentity(**values["model"])}
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedRelease(f"{where} is no manifest ({error}): restore it or build the release again") from error
    if encode_manifest(manifest) != data or not isinstance(checksum, str):
        raise DamagedRelease(f"{where} differs from what was written: restore it or build the release again")
    return manifest


def check_compatible(manifest: Manifest, model: ModelIdentity, analysis_version: str) -> None:
    """Raise IncompatibleRelease where vectors or terms of the release are not those that this program makes."""
    if manifest.model != model:
        raise IncompatibleRelease(
            f"release {manifest.release_id} holds vectors of {manifest.model.name} "
            f"({manifest.model.fingerprint[:12]}, {manifest.model.dimension} dimensions), the program runs "
            f"{model.name} ({model.fingerprint[:12]}, {model.dimension}): run `pramen build --publish`, "
            "or set PRAMEN_MODEL back"
        )
    if manifest.analysis_version != analysis_version:
        raise IncompatibleRelease(
            f"release {manifest.release_id} holds terms of analysis {manifest.analysis_version}, the program makes "
            f"{analysis_version}: run `pramen build --publish`"
        )


def encode_evaluation(record: EvaluationRecord) -> bytes:
    """Return the record as JSON for people and programs."""
    values = asdict(record) | {"created": record.created.isoformat()}
    return json.dumps(values, indent=2, sort_keys=True).encode() + b"\n"


def decode_evaluation(data: bytes, where: str) -> EvaluationRecord:
    """Return the record that `encode_evaluation` wrote. Raises DamagedRelease, naming `where`."""
    try:
        values = json.loads(data)
        return EvaluationRecord(**values | {"created": datetime.fromisoformat(values["created"])})
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedRelease(f"{where} is no evaluation record ({error}): run `pramen evaluate` again") from error


def _canonical(values: Mapping[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _is_intact(values: dict[str, Any]) -> bool:
    rest = {name: value for name, value in values.items() if name != "checksum"}
    return bool(values.get("checksum") == sha256(_canonical(rest)).hexdigest())
