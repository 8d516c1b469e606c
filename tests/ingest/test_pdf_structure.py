"""Does a PDF tell its printed page numbers, its outline and its properties, and what if they are damaged?"""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.generic import NameObject

from ingest.readers.pdf_lines import open_pdf
from ingest.readers.pdf_structure import OutlineEntry, Structure, read_structure

PAGES = 5


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A file of five pages: i, ii, then 1 to 3, with a chapter and a section, a title and an author."""
    writer = PdfWriter()
    for _ in range(PAGES):
        writer.add_blank_page(200, 200)
    writer.set_page_label(0, 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(2, PAGES - 1, style=PageLabelStyle.DECIMAL)
    chapter = writer.add_outline_item(title="Kapitola", page_number=2)
    writer.add_outline_item(title="Oddíl", page_number=3, parent=chapter)
    writer.add_metadata({"/Title": "Zpráva o integraci", "/Author": "J. Nováková", "/CreationDate": "D:20210921"})
    file = tmp_path / "labelled.pdf"
    writer.write(file)
    return file


def test_labels_outline_and_properties_are_read(labelled: Path) -> None:
    """Page numbers are those printed, levels of the outline count from 1."""
    found = read_structure(open_pdf(labelled))
    assert found.labels == ("i", "ii", "1", "2", "3")
    assert found.outline == (OutlineEntry("Kapitola", 1), OutlineEntry("Oddíl", 2))
    assert (found.properties.title, found.properties.authors) == ("Zpráva o integraci", ("J. Nováková",))
    assert str(found.properties.date) == "2021-09-21"


def test_a_file_that_names_nothing_has_counted_pages(tmp_path: Path) -> None:
    """A reader always gets a number for each page."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(tmp_path / "plain.pdf")
    found = read_structure(open_pdf(tmp_path / "plain.pdf"))
    assert (found.labels, found.outline) == (("1",), ())


class Damaged:
    """Stands for a document whose structure holds what is no text: PDFium's answers cannot be decoded."""

    def __len__(self) -> int:
        return 2

    def get_page_label(self, _: int) -> str:
        return self.get_metadata_value("")

    def get_metadata_value(self, _: str) -> str:
        raise UnicodeDecodeError("utf-16-le", b"", 0, 1, "illegal encoding")

    def get_toc(self) -> list[Damaged]:
        return [self]

    def get_title(self) -> str:
        return self.get_metadata_value("")


def test_a_damaged_structure_costs_itself_alone() -> None:
    """Pages are counted, and the text goes on to be read."""
    assert read_structure(Damaged()) == Structure(("1", "2"))


def test_an_outline_that_bites_its_tail_ends(tmp_path: Path) -> None:
    """A bookmark that names itself as the next one is read once."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    entry = writer.add_outline_item(title="Kapitola", page_number=0)
    entry.get_object()[NameObject("/Next")] = entry
    writer.write(tmp_path / "circle.pdf")
    assert read_structure(open_pdf(tmp_path / "circle.pdf")).outline == (OutlineEntry("Kapitola", 1),)
