"""Can files be read here, how well is that kept apart, and can scans be read?"""

from __future__ import annotations

from ingest.readers.ocr import installed_languages
from ingest.sandbox import Sandbox
from ingest.settings import IngestSettings

_ISOLATION = {
    "namespace": "without a network (own network namespace)",
    "audit": "without a network as far as Python goes (audit hook: this system permits no network namespace)",
}


def describe_reading(ingest: IngestSettings) -> str:
    """Return in one sentence how files are read on this machine. Raises ReaderUnavailable."""
    with Sandbox(ingest.limits) as sandbox:
        isolation = _ISOLATION[sandbox.start()]
    languages = installed_languages(ingest.ocr_languages)
    scans = f"scans by tesseract ({languages})" if languages else "scans not at all (tesseract is not installed)"
    return f"each file in a process of its own, {isolation}, at most {ingest.reader_memory_mb} MiB; {scans}"
