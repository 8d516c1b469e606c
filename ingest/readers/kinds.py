"""Of which kind is a file? Its content decides; its name can only contradict."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from pathlib import Path, PurePosixPath

from ingest.errors import UnreadableDocument
from ingest.reasons import ACCEPTED_KINDS, Reason


class FileKind(StrEnum):
    """The kinds of file that can be read, named by their media types."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    HTML = "text/html"
    MARKDOWN = "text/markdown"
    TEXT = "text/plain"


_CLAIMS = {
    ".pdf": {FileKind.PDF},
    ".docx": {FileKind.DOCX},
    ".pptx": {FileKind.PPTX},
    ".html": {FileKind.HTML},
    ".htm": {FileKind.HTML},
    ".xhtml": {FileKind.HTML},
    ".md": {FileKind.MARKDOWN, FileKind.TEXT},
    ".markdown": {FileKind.MARKDOWN, FileKind.TEXT},
    ".txt": {FileKind.TEXT, FileKind.MARKDOWN},
}
_HEAD_BYTES = 8192
_PDF_HEADER_WITHIN = 1024
"""Readers accept up to so much before the header (ISO 32000-1, annex H.3.4.1 note)."""
_FOREIGN = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old Office file",
    b"{\\rtf": "RTF",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"BM": "a BMP picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"RIFF": "a sound, picture or film",
    b"ID3": "sound",
    b"OggS": "sound or film",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"MZ": "a Windows program",
    b"\x7fELF": "a Linux program",
    b"\xca\xfe\xba\xbe": "a Java program",
    b"SQLite format 3": "a database",
    b"%!PS": "PostScript",
    b"wOFF": "a font",
    b"\x00\x01\x00\x00": "a font",
}
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_HTML_START = re.compile(rb"<!doctype\s+html|<(?:html|head|body|title|article|main|meta)\b", re.IGNORECASE)
_HTML_TAG = re.compile(
    rb"</?(?:p|div|span|a|h[1-6]|ul|li|table|tr|td|br|img|section|form|script|style)\b[^<>]{0,500}>", re.IGNORECASE
)
_XML_START = re.compile(rb"\s*(?:<\?xml|<svg\b|<!doctype\s+(?!html))", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"^#{1,6} \S|^\|.+\|\s*\n\|[ :|-]+\|\s*$|\[[^\]\n]{1,200}\]\([^)\n]{1,500}\)|^```|\*\*\S[^*\n]{0,200}\*\*",
    re.MULTILINE,
)


def kind_of(path: Path) -> FileKind:
    """Return the kind that the content of a file shows; text is told from Markdown only by `is_markdown`.

    Raises UnreadableDocument for an empty file and for a kind that cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise UnreadableDocument(Reason.EMPTY_FILE)
    if b"%PDF-" in head[:_PDF_HEADER_WITHIN]:
        return FileKind.PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _office_kind(path)
    _refuse_foreign(path, head)
    return FileKind.HTML if looks_like_html(head) else FileKind.TEXT


def looks_like_html(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a web page. Raises UnreadableDocument for other XML."""
    plain = head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    is_html = bool(_HTML_START.search(plain[:2048]))
    if _XML_START.match(plain) and not is_html:
        raise UnreadableDocument(Reason.UNSUPPORTED_TYPE, f"it is XML; accepted are {ACCEPTED_KINDS}")
    starts_with_tag = plain.lstrip().startswith(b"<")
    return is_html or (starts_with_tag and len(_HTML_TAG.findall(plain)) >= 3)  # noqa: PLR2004 - a stray tag is no page


def is_markdown(text: str) -> bool:
    """Return whether a plain text uses the signs of Markdown."""
    marks = _MARKDOWN.findall(text[:100_000])
    return len(marks) >= 2 or any(mark.startswith("#") for mark in marks)  # noqa: PLR2004 - one may be chance


def check_claim(file_name: str, kind: FileKind) -> None:
    """Raise UnreadableDocument (type_mismatch) where the suffix of an upload claims another kind than its content.

    A missing or unknown suffix, or other letter case, is no claim.
    """
    suffix = PurePosixPath(file_name.replace("\\", "/")).suffix.lower()
    if suffix in _CLAIMS and kind not in _CLAIMS[suffix]:
        raise UnreadableDocument(Reason.TYPE_MISMATCH, f"the name ends in {suffix}, the content is {kind.value}")


def _refuse_foreign(path: Path, head: bytes) -> None:
    for magic, name in _FOREIGN.items():
        if head.startswith(magic) and not (len(magic) < 4 and _is_printable(head)):  # noqa: PLR2004 - "BM", "MZ" begin words
            if magic.startswith(b"\xd0\xcf") and _contains(path, _ENCRYPTED_PACKAGE):
                raise UnreadableDocument(Reason.ENCRYPTED, "an Office file with a password")
            raise UnreadableDocument(Reason.UNSUPPORTED_TYPE, f"it is {name}; accepted are {ACCEPTED_KINDS}")


def _is_printable(head: bytes) -> bool:
    return all(byte >= 32 or byte in b"\t\r\n" for byte in head)  # noqa: PLR2004 - control characters end here


def _contains(path: Path, needle: bytes) -> bool:
    with path.open("rb") as file:
        return needle in file.read(1 << 22)


def _office_kind(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise UnreadableDocument(Reason.CORRUPT, f"not a sound archive: {error}") from error
    if "word/vbaProject.bin" in names or "ppt/vbaProject.bin" in names:
        raise UnreadableDocument(Reason.UNSUPPORTED_TYPE, "an Office file with macros")
    for main, kind in (("word/document.xml", FileKind.DOCX), ("ppt/presentation.xml", FileKind.PPTX)):
        if main in names:
            return kind
    if "[Content_Types].xml" in names or not names:
        raise UnreadableDocument(Reason.CORRUPT, "an Office file without its main part")
    raise UnreadableDocument(Reason.UNSUPPORTED_TYPE, f"an archive; accepted are {ACCEPTED_KINDS}")
