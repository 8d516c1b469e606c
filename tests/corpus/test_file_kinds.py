"""Is the kind of a file told by its content, cheaply, and a false name seen?"""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from corpus.errors import FileRefused
from corpus.file_kinds import FileKind, check_claim, check_name, kind_of


def archive(path: Path, *members: str) -> Path:
    """Write an archive with these empty members."""
    with zipfile.ZipFile(path, "w") as file:
        for member in members:
            file.writestr(member, b"")
    return path


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", FileKind.PDF),
        (b"\x00\x00junk before %PDF-1.4", FileKind.PDF),
        (b"<!DOCTYPE html><html><body>x</body></html>", FileKind.HTML),
        ("Zpráva o integraci".encode("cp1250"), FileKind.TEXT),
        (b"BMW je auto", FileKind.TEXT),
    ],
)
def test_content_decides(tmp_path: Path, content: bytes, kind: FileKind) -> None:
    """A word that happens to begin like a picture is still a word."""
    file = tmp_path / "file"
    file.write_bytes(content)
    assert kind_of(file) is kind


@pytest.mark.parametrize(
    ("members", "kind"),
    [(("word/document.xml",), FileKind.DOCX), (("ppt/presentation.xml",), FileKind.PPTX)],
)
def test_office_files_are_told_by_their_main_part(tmp_path: Path, members: tuple[str, ...], kind: FileKind) -> None:
    """The suffix is not asked."""
    assert kind_of(archive(tmp_path / "file", *members)) is kind


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\x89PNG\r\n", "unsupported_type"),
        (b"PK\x03\x04 and nothing more", "corrupt"),
        (b"<?xml version='1.0'?><mock/>", "unsupported_type"),
    ],
)
def test_what_cannot_be_a_publication_is_refused_with_its_reason(tmp_path: Path, content: bytes, code: str) -> None:
    """The codes are those of the receipts."""
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(FileRefused) as caught:
        kind_of(file)
    assert caught.value.code == code


def test_an_archive_that_announces_a_huge_list_of_members_is_refused_unread(tmp_path: Path) -> None:
    """A few bytes can announce millions of members; reading such a list would cost the service its memory."""
    file = archive(tmp_path / "file", "word/document.xml")
    content = file.read_bytes()
    end = content.rfind(b"PK\x05\x06")
    file.write_bytes(content[: end + 10] + struct.pack("<HI", 0xFFFF, 0xFFFFFFFF) + content[end + 16 :])
    with pytest.raises(FileRefused) as caught:
        kind_of(file)
    assert caught.value.code == "unsafe_archive"


@pytest.mark.parametrize("name", ["a.pdf", "a.PDF", "a", "a.xyz"])
def test_a_name_without_a_known_suffix_claims_nothing(name: str) -> None:
    """A missing or unknown suffix, or other letter case, is not a claim."""
    check_claim(name, FileKind.PDF)


def test_a_name_that_contradicts_the_content_is_refused() -> None:
    """Contract section 2: type_mismatch."""
    with pytest.raises(FileRefused) as caught:
        check_claim("zpráva.docx", FileKind.PDF)
    assert caught.value.code == "type_mismatch"


@pytest.mark.parametrize("name", ["", "..", " ", "a\nb.txt", "a\x00.txt", "a" * 2000])
def test_what_is_no_name_is_refused(name: str) -> None:
    """Empty, endless, or with control characters."""
    with pytest.raises(FileRefused):
        check_name(name)
