"""Of which kind is a file? Its content decides; its name can only contradict.

Asked at the door of the service and again by the readers, so it stands where both may import it. The codes of refusal
are those of the receipts.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
from enum import StrEnum
from pathlib import Path, PurePosixPath

from corpus.errors import FileRefused

ACCEPTED_KINDS = "PDF, DOCX, PPTX, HTML, Markdown, TXT"
"""What can be read, as people are told."""


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
MOST_MEMBERS = 20_000
MOST_DIRECTORY_BYTES = 4 * 1024 * 1024
"""An Office file has some hundreds of members; 20,000 with long names fill about so much."""

_HEAD_BYTES = 65536
_ARCHIVE_END = b"PK\x05\x06"
_ARCHIVE_END_BYTES = 65_535 + 22
"""The record at the end of an archive with its longest comment (APPNOTE.TXT 6.3.10, section 4.3.16)."""
_ARCHIVE_COUNTS = struct.Struct("<10sHI")
"""Signature and disk numbers, number of members, size of their list; both are all ones in a ZIP64 archive."""
_MOST_NAME_BYTES = 1024
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
    rb"</?(?:p|div|span|a|b|i|strong|em|font|h[1-6]|ul|li|table|tr|td|br|img|section|form|script|style)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_XML_START = re.compile(rb"\s*(?:<\?xml|<svg\b|<!doctype\s+(?!html))", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"^#{1,6} \S|^\|.+\|\s*\n\|[ :|-]+\|\s*$|\[[^\]\n]{1,200}\]\([^)\n]{1,500}\)|^```|\*\*\S[^*\n]{0,200}\*\*",
    re.MULTILINE,
)


def kind_of(path: Path) -> FileKind:
    """Return the kind that the content of a file shows; text is told from Markdown only by `is_markdown`.

    Raises FileRefused for an empty file and for a kind that cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise FileRefused("empty_file", "it has no content")
    if b"%PDF-" in head[:_PDF_HEADER_WITHIN]:
        return FileKind.PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _office_kind(path)
    _refuse_foreign(path, head)
    if b"\x00" not in head[:64] and _contains(path, b"%%EOF") and _contains(path, b"endobj"):
        raise FileRefused("corrupt", "a PDF whose beginning is missing")
    return FileKind.HTML if looks_like_html(head) else FileKind.TEXT


def looks_like_html(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a web page. Raises FileRefused for other XML."""
    plain = head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    is_html = bool(_HTML_START.search(plain[:2048]))
    if _XML_START.match(plain) and not is_html:
        raise FileRefused("unsupported_type", f"it is XML; accepted are {ACCEPTED_KINDS}")
    least = 3 if plain.lstrip().startswith(b"<") else max(8, len(plain) // 400)  # Markdown may hold a few tags, too
    return is_html or len(_HTML_TAG.findall(plain)) >= least


def is_markdown(text: str) -> bool:
    """Return whether a plain text uses the signs of Markdown."""
    marks = _MARKDOWN.findall(text[:100_000])
    return len(marks) >= 2 or any(mark.startswith("#") for mark in marks)  # noqa: PLR2004 - one may be chance


def check_claim(file_name: str, kind: FileKind) -> None:
    """Raise FileRefused (type_mismatch) where the suffix of an upload claims another kind than its content.

    A missing or unknown suffix, or other letter case, is no claim.
    """
    suffix = PurePosixPath(file_name.replace("\\", "/")).suffix.lower()
    if suffix in _CLAIMS and kind not in _CLAIMS[suffix]:
        raise FileRefused("type_mismatch", f"the name ends in {suffix}, the content is {kind.value}")


def check_name(file_name: str) -> None:
    """Raise FileRefused (bad_filename) for a name that no file has: empty, endless, or with control characters."""
    size = len(file_name.encode("utf-8", "surrogatepass"))
    is_odd = any(unicodedata.category(char) in {"Cc", "Cs"} for char in file_name)
    if not file_name.strip(" .") or size > _MOST_NAME_BYTES or is_odd:
        raise FileRefused("bad_filename", "it is empty, too long or holds control characters")


def _refuse_foreign(path: Path, head: bytes) -> None:
    for magic, name in _FOREIGN.items():
        if head.startswith(magic) and not (len(magic) < 4 and _is_printable(head)):  # noqa: PLR2004 - "BM", "MZ" begin words
            if magic.startswith(b"\xd0\xcf") and _contains(path, _ENCRYPTED_PACKAGE):
                raise FileRefused("encrypted", "an Office file with a password")
            raise FileRefused("unsupported_type", f"it is {name}; accepted are {ACCEPTED_KINDS}")


def _is_printable(head: bytes) -> bool:
    return all(byte >= 32 or byte in b"\t\r\n" for byte in head)  # noqa: PLR2004 - control characters end here


def _contains(path: Path, needle: bytes) -> bool:
    with path.open("rb") as file:
        return needle in file.read(1 << 22)


def _office_kind(path: Path) -> FileKind:
    _require_small_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise FileRefused("corrupt", f"not a sound archive: {error}") from error
    if "word/vbaProject.bin" in names or "ppt/vbaProject.bin" in names:
        raise FileRefused("unsupported_type", "an Office file with macros")
    for main, kind in (("word/document.xml", FileKind.DOCX), ("ppt/presentation.xml", FileKind.PPTX)):
        if main in names:
            return kind
    if "[Content_Types].xml" in names or not names:
        raise FileRefused("corrupt", "an Office file without its main part")
    raise FileRefused("unsupported_type", f"an archive; accepted are {ACCEPTED_KINDS}")


def _require_small_directory(path: Path) -> None:
    """Refuse an archive whose list of members alone would cost much to read; the list is announced at its end."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _ARCHIVE_END_BYTES))
        end = file.read()
    at = end.rfind(_ARCHIVE_END)
    if at < 0 or len(end) - at < _ARCHIVE_COUNTS.size:
        return  # no archive at all, which the library will say
    _, member_count, directory_bytes = _ARCHIVE_COUNTS.unpack_from(end, at)
    if member_count > MOST_MEMBERS or directory_bytes > MOST_DIRECTORY_BYTES:
        raise FileRefused("unsafe_archive", f"an archive of {member_count} members")
