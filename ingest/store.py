"""What has already been read? Kept between builds, so that a killed build goes on where it stopped.

One file for each content hash: a first line to decide by (what was found, its fingerprint), then the whole reading.
A note of every attempt is on disk before it begins, so that a document which takes the machine down is not tried for
ever.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from indexes.storage import write_durably
from ingest.cost import Cost
from ingest.duplicates import Fingerprint, fingerprint
from ingest.errors import UnreadableDocument, changed_meanwhile
from ingest.readers.reading import Block, Reading, from_json, to_json
from ingest.readers.registry import READER_VERSION
from ingest.reasons import WORTH_ANOTHER_TRY, Outcome, Reason
from ingest.repetition import candidate_keys
from ingest.settings import ReaderLimits

MOST_ATTEMPTS = 2
_EDGE_BLOCKS = 40
"""Furniture of a site stands among so many blocks at the beginning and at the end of a page."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What has to be known of a reading before it is worth loading."""

    sha256: str
    refusal: UnreadableDocument | None
    cost: Cost
    publisher: str = ""
    """As the file itself names it."""
    keys: tuple[str, ...] = ()
    """Keys of its blocks that could be furniture of a whole site."""
    fingerprint: Fingerprint | None = None
    ocr: str | None = None
    """For a document with scanned pages: the languages in which OCR was tried, empty where there was none."""


class ReadingStore:
    """The readings of all files that were ever read under the present version and limits."""

    def __init__(self, folder: Path, limits: ReaderLimits) -> None:
        mark = sha256(json.dumps(asdict(limits), sort_keys=True).encode()).hexdigest()[:8]
        self._root = folder
        self._folder = folder / f"{READER_VERSION}-{mark}"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._summaries: dict[str, Summary] = {}
        """Those looked at already: a build asks for each several times."""

    def is_due(self, digest: str, ocr: str = "") -> bool:
        """Return whether a file has to be read (again): `ocr` names the languages in which scans can be read now."""
        known = self.summary(digest)
        if known is None or (known.ocr is not None and known.ocr != ocr):
            return True
        is_final = known.refusal is None or known.refusal.reason not in WORTH_ANOTHER_TRY
        return not is_final and self._attempts(digest) < MOST_ATTEMPTS

    def summary(self, digest: str) -> Summary | None:
        """Return what is known of a file, or None where nothing is."""
        if digest in self._summaries:
            return self._summaries[digest]
        try:
            with self._file(digest).open(encoding="utf-8") as file:
                values = json.loads(file.readline())
        except (FileNotFoundError, json.JSONDecodeError):
            return self._twice_fatal(digest)
        self._summaries[digest] = _summary(digest, values)
        return self._summaries[digest]

    def reading(self, digest: str) -> Reading:
        """Return the reading of a file whose summary is there and tells of no refusal."""
        with self._file(digest).open(encoding="utf-8") as file:
            file.readline()
            return from_json(json.loads(file.readline()))

    def attempts_note(self, digest: str) -> Path:
        """Return the file in which the process that reads counts unfinished attempts.

        It counts them itself, because it outlives a killed builder: an attempt that ends with the builder, or is
        never begun, is not the document's fault.
        """
        return self._note(digest)

    def keep(self, digest: str, reading: Reading, own: tuple[Block, ...], cost: Cost, ocr: str = "") -> None:
        """Keep what was read; `own` are its blocks without the furniture that a document shows by itself."""
        edges = own if len(own) <= 2 * _EDGE_BLOCKS else own[:_EDGE_BLOCKS] + own[-_EDGE_BLOCKS:]
        first = {
            "cost": asdict(cost),
            "ocr": ocr if reading.pages_without_text or reading.pages_by_ocr else None,
            "publisher": reading.metadata.publisher or "",
            "keys": candidate_keys(edges),
            "fingerprint": asdict(fingerprint("\n".join(block.text for block in own))),
        }
        self._write(digest, [first, to_json(reading)])
        self._note(digest).unlink(missing_ok=True)

    def refuse(self, digest: str, refusal: UnreadableDocument, ocr: str = "") -> None:
        """Keep why a file cannot be read."""
        values = {
            "reason": refusal.reason,
            "detail": refusal.detail,
            "outcome": refusal.outcome,
            "ocr": ocr if refusal.reason is Reason.NO_TEXT_LAYER else None,
            "cost": asdict(refusal.cost),
        }
        self._write(digest, [values])
        if refusal.reason not in WORTH_ANOTHER_TRY:
            self._note(digest).unlink(missing_ok=True)

    def pass_over(self, digest: str) -> None:
        """Refuse a file in this build alone: while it was read, it went or became another."""
        self._summaries[digest] = Summary(digest, changed_meanwhile(), Cost())

    def prune(self, digests: Collection[str]) -> None:
        """Remove the readings of files that are no longer in the corpus, and those of other versions."""
        for folder in self._root.iterdir():
            if folder != self._folder and folder.is_dir():
                shutil.rmtree(folder, ignore_errors=True)
        for file in self._folder.iterdir():
            if file.name.split(".")[0] not in digests:
                file.unlink(missing_ok=True)

    def _twice_fatal(self, digest: str) -> Summary | None:
        if self._attempts(digest) < MOST_ATTEMPTS:
            return None
        detail = f"reading it was cut off {MOST_ATTEMPTS} times, so it is not tried again"
        return Summary(digest, UnreadableDocument(Reason.CORRUPT, detail, Outcome.QUARANTINED), Cost())

    def _attempts(self, digest: str) -> int:
        try:
            return int(self._note(digest).read_text() or 0)
        except (FileNotFoundError, ValueError):
            return 0

    def _file(self, digest: str) -> Path:
        return self._folder / f"{digest}.json"

    def _note(self, digest: str) -> Path:
        return self._folder / f"{digest}.attempts"

    def _write(self, digest: str, lines: Sequence[dict[str, Any]]) -> None:
        self._summaries.pop(digest, None)
        write_durably(self._file(digest), "".join(json.dumps(line) + "\n" for line in lines).encode())


def _summary(digest: str, values: dict[str, Any]) -> Summary:
    cost = Cost(**values["cost"])
    if "reason" in values:
        refusal = UnreadableDocument(Reason(values["reason"]), values["detail"], Outcome(values["outcome"]))
        return Summary(digest, refusal, cost, ocr=values["ocr"])
    prints = Fingerprint(values["fingerprint"]["text_hash"], tuple(values["fingerprint"]["signature"]))
    return Summary(digest, None, cost, values["publisher"], tuple(values["keys"]), prints, values["ocr"])
