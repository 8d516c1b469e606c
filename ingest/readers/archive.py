"""Is an office file safe to unpack? Asked before any of it is parsed."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from ingest.errors import UnreadableDocument
from ingest.reasons import Reason
from ingest.settings import ReaderLimits

_MOST_RATIO = 200
"""Office XML packs about 10 to 1; a part beyond this that is also large was made to hurt (Apache Tika uses 100)."""
_SMALL_BYTES = 4 << 20
_DOCTYPES = tuple("<!DOCTYPE".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))


def check_archive(path: Path, limits: ReaderLimits) -> None:
    """Raise UnreadableDocument for an office file that is damaged, or that would grow or reach beyond its limits.

    Every XML part is unpacked once, counted by its real bytes: declared sizes may lie.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive.infolist(), limits)
            for member in archive.infolist():
                if member.filename.endswith((".xml", ".rels")):
                    _check_part(archive, member, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise UnreadableDocument(Reason.CORRUPT, str(error)) from error
    except RuntimeError as error:  # zipfile's word for a member with a password
        raise UnreadableDocument(Reason.ENCRYPTED, str(error)) from error


def _check_members(members: list[zipfile.ZipInfo], limits: ReaderLimits) -> None:
    if len(members) > limits.archive_members:
        raise UnreadableDocument(Reason.UNSAFE_ARCHIVE, f"{len(members)} parts, {limits.archive_members} are allowed")
    for member in members:
        if member.filename.startswith(("/", "\\")) or ".." in member.filename.replace("\\", "/").split("/"):
            raise UnreadableDocument(Reason.UNSAFE_ARCHIVE, "a part with a path outside the file")
        ratio = member.file_size / max(member.compress_size, 1)
        is_bomb = member.file_size > _SMALL_BYTES and ratio > _MOST_RATIO
        if is_bomb or member.file_size > limits.unpacked_mb << 20:
            detail = f"{member.filename[:80]} would be {member.file_size >> 20} MiB"
            raise UnreadableDocument(Reason.DECOMPRESSION_LIMIT, detail)
    total = sum(member.file_size for member in members if member.filename.endswith(".xml"))
    if total > limits.unpacked_mb << 20:
        raise UnreadableDocument(Reason.DECOMPRESSION_LIMIT, f"its parts would be {total >> 20} MiB")


def _check_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: ReaderLimits) -> None:
    with archive.open(member) as part:
        head = part.read(1 << 16)
        if any(doctype in head for doctype in _DOCTYPES):
            raise UnreadableDocument(Reason.UNSAFE_XML, f"{member.filename[:80]} declares a DOCTYPE")
        size, elements = len(head), head.count(b"<")
        while block := part.read(1 << 20):
            size, elements = size + len(block), elements + block.count(b"<")
            if size > limits.unpacked_mb << 20:
                raise UnreadableDocument(Reason.DECOMPRESSION_LIMIT, f"{member.filename[:80]} is too large")
    if elements > 10 * limits.elements:
        raise UnreadableDocument(Reason.TOO_MANY_OBJECTS, f"{member.filename[:80]} has {elements} XML tags")
