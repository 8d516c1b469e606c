"""What a PDF says about itself is told by pypdf, and a damaged structure never costs the text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.constants import PageLabelStyle

from ingest.readers import pdf_structure
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
    """Page numbers are those printed, levels and pages of the outline count from 1."""
    found = read_structure(labelled, PAGES)
    assert found.labels == ("i", "ii", "1", "2", "3")
    assert found.outline == (OutlineEntry("Kapitola", 1, 3), OutlineEntry("Oddíl", 2, 4))
    assert (found.properties.title, found.properties.authors) == ("Zpráva o integraci", ("J. Nováková",))
    assert str(found.properties.date) == "2021-09-21"


def test_a_file_that_names_nothing_has_counted_pages(tmp_path: Path) -> None:
    """A reader always gets a number for each page."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(tmp_path / "plain.pdf")
    found = read_structure(tmp_path / "plain.pdf", 1)
    assert (found.labels, found.outline) == (("1",), ())


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n1 0 obj", b"not a PDF at all"])
def test_a_damaged_file_costs_its_structure_alone(tmp_path: Path, content: bytes) -> None:
    """PDFium may still read the text of what pypdf gives up on."""
    file = tmp_path / "damaged.pdf"
    file.write_bytes(content)
    assert read_structure(file, 2) == Structure(("1", "2"))


def test_a_structure_made_to_loop_is_given_up(labelled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time allowed pages are counted, and the text goes on to be read."""

    def hang(_: Path) -> None:
        while True:
            time.sleep(0.01)

    monkeypatch.setattr(pdf_structure, "PdfReader", hang)
    monkeypatch.setattr(pdf_structure, "STRUCTURE_SECONDS", 0.05)
    assert read_structure(labelled, PAGES).labels == ("1", "2", "3", "4", "5")
