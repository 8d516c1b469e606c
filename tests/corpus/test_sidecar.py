"""What staff write in document.toml is understood, kept, or refused by name."""

from __future__ import annotations

import datetime
import unicodedata
from pathlib import Path

import pytest

from corpus.document import DocumentKind, Metadata
from corpus.errors import InvalidSidecar
from corpus.sidecar import metadata_from, read_sidecar, write_sidecar

FULL = Metadata(
    title="Shrnutí konference",
    authors=("Jana Nováková", "Petr Dvořák"),
    publisher="Město Příklad",
    year=2021,
    date=datetime.date(2021, 9, 21),
    kind=DocumentKind.CONFERENCE,
    language="cs",
    url="https://example.org/shrnuti",
    license="CC BY 4.0",
    place="Praha",
    programme="AMIF",
    valid_from=datetime.date(2021, 1, 1),
    valid_to=datetime.date(2022, 12, 31),
    superseded_by="shrnuti-2023",
    tags=("školy", "bydlení"),
)


def test_every_field_survives_writing_and_reading(tmp_path: Path) -> None:
    """A sidecar written by us is read back as the same metadata, with its diacritics."""
    file = tmp_path / "document.toml"
    write_sidecar(file, FULL)
    assert read_sidecar(file) == FULL


def test_absent_facts_are_not_written(tmp_path: Path) -> None:
    """A sidecar holds only what somebody said."""
    file = tmp_path / "document.toml"
    write_sidecar(file, Metadata(title="Zpráva"))
    assert file.read_text(encoding="utf-8") == 'title = "Zpráva"\n'


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    """Windows editors write one at the beginning of a file."""
    file = tmp_path / "document.toml"
    file.write_bytes('\ufefftitle = "Zpráva"'.encode())
    assert Metadata(title="Zpráva") == read_sidecar(file)


def test_letters_and_their_accents_are_one_character() -> None:
    """Names of files from a Mac keep the two apart, and words of such a title would not be found."""
    given = {"title": "Příručka", "publisher": "Město Zlín", "authors": ["Jiří Šťáva"]}
    apart = {key: unicodedata.normalize("NFD", str(value)) for key, value in given.items() if key != "authors"}
    apart_too = [unicodedata.normalize("NFD", name) for name in given["authors"]]
    assert metadata_from(apart | {"authors": apart_too}, "document.toml") == metadata_from(given, "document.toml")


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"title": "Z", "autors": ["N"]}, "autors"),
        ({"year": 2020}, "title"),
        ({"title": "  "}, "title"),
        ({"title": 5}, "title"),
        ({"title": "Z", "authors": "Novák"}, "authors"),
        ({"title": "Z", "year": "2020"}, "year"),
        ({"title": "Z", "year": True}, "year"),
        ({"title": "Z", "year": 20201}, "year"),
        ({"title": "Z", "kind": "brochure"}, "report, guide"),
        ({"title": "Z", "language": "Klingon"}, "cs, en"),
        ({"title": "Z", "language": "xx"}, "cs, en"),
        ({"title": "Z", "language": "cs, en"}, "cs, en"),
        ({"title": "Z", "language": ["cs"]}, "language"),
        ({"title": "Z", "date": "21. 9. 2021"}, "2024-05-31"),
        ({"title": "Z", "valid_from": "2024-01-01", "valid_to": "2020-01-01"}, "before valid_from"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(values: dict[str, object], word: str) -> None:
    """The message names the key, or what may stand there."""
    with pytest.raises(InvalidSidecar, match=word):
        metadata_from(values, "document.toml")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("cs", "cs"),
        ("cz", "cs"),
        ("čeština", "cs"),
        ("en-GB", "en"),
        (" ", None),
    ],
)
def test_a_language_is_kept_by_its_code_however_people_write_it(written: str, code: str | None) -> None:
    """Pages, citations and facets know languages by their codes alone."""
    assert metadata_from({"title": "Z", "language": written}, "document.toml").language == code


@pytest.mark.parametrize("content", [b"title = ", b"\xff\xfe\x00", b'title = "a"\ntitle = "b"'])
def test_a_file_that_is_no_toml_is_refused_with_its_place(tmp_path: Path, content: bytes) -> None:
    """Staff are told which file to mend."""
    file = tmp_path / "zprava" / "document.toml"
    file.parent.mkdir()
    file.write_bytes(content)
    with pytest.raises(InvalidSidecar, match=r"zprava/document\.toml"):
        read_sidecar(file)
