"""How large are passages, and how much may reading one document cost?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from indexes.settings import setting


@dataclass(frozen=True, slots=True)
class PassageLimits:
    """The size of passages in tokens of the embedding model."""

    least_tokens: int = 200
    """From here on a passage may end at a paragraph."""
    most_tokens: int = 300
    """No passage is longer, nor longer than the model takes with title and headings before it."""
    most_chars: int = 3000
    """No passage is longer: the tokenizer counts a word of any length that it does not know as one token."""


_OCR_S = 600
"""Seconds for a whole document; a page takes four to five."""


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """What reading one document may cost. The child process that reads it is ended beyond any of these."""

    wall_s: float = 60.0
    cpu_s: int = 60
    memory_mb: int = 512
    """Address space that reading may take above that of the idle child."""
    output_mb: int = 96
    open_files: int = 64
    file_mb: int = 40
    unpacked_mb: int = 80
    """Largest unpacked size of an office file or of one stream."""
    archive_members: int = 2000
    pages: int = 5000
    elements: int = 200_000
    """Largest number of paragraphs, table cells or HTML elements of one document."""
    ocr: str = ""
    """Languages in which scanned pages are read ("ces+eng"); empty: they are not."""

    def for_scans(self, languages: str) -> ReaderLimits:
        """Return the limits of a second reading, by OCR, which takes seconds for each page."""
        return replace(self, ocr=languages, wall_s=max(self.wall_s, _OCR_S), cpu_s=max(self.cpu_s, _OCR_S))


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """What a build may use of the machine, and how passages are cut."""

    readers: int = setting(2, "How many documents are read at the same time")
    reader_memory_mb: int = setting(512, "Memory that reading one document may take, in MiB")
    reader_seconds: int = setting(60, "Seconds that reading one document may take (600 where scans are read by OCR)")
    upload_mb: int = setting(40, "Largest file that is read, in MiB")
    most_pages: int = setting(5000, "Largest number of pages of one document")
    passage_tokens: int = setting(300, "Largest passage in tokens of the model, between 100 and 400")
    ocr_languages: str = setting("ces+eng", "Languages that tesseract is asked for, where it is installed")

    def __post_init__(self) -> None:
        """Refuse numbers that make no sense."""
        for name in ("readers", "reader_memory_mb", "reader_seconds", "upload_mb", "most_pages"):
            if getattr(self, name) < 1:
                raise ValueError(f"PRAMEN_{name.upper()} is {getattr(self, name)}: write a number of at least 1")
        if not 100 <= self.passage_tokens <= 400:  # noqa: PLR2004 - the bounds are named in the description
            raise ValueError(f"PRAMEN_PASSAGE_TOKENS is {self.passage_tokens}: write a number from 100 to 400")

    @property
    def passages(self) -> PassageLimits:
        """The size of passages that these settings ask for."""
        return PassageLimits(self.passage_tokens * 2 // 3, self.passage_tokens, self.passage_tokens * 10)

    @property
    def limits(self) -> ReaderLimits:
        """What reading one document may cost under these settings."""
        return ReaderLimits(
            wall_s=float(self.reader_seconds),
            cpu_s=self.reader_seconds,
            memory_mb=self.reader_memory_mb,
            file_mb=self.upload_mb,
            pages=self.most_pages,
        )
