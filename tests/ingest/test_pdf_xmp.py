"""Does the XMP packet of a PDF tell what the plain properties do not, and can a damaged one do harm?"""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from corpus.document import Metadata
from ingest.readers.pdf import read_pdf
from ingest.readers.pdf_xmp import packet_metadata
from ingest.settings import ReaderLimits

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "pdf"
PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Integrace v obcích</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>Jana Nováková</rdf:li><rdf:li>Petr Dvořák</rdf:li></rdf:Seq></dc:creator>
<dc:publisher><rdf:Bag><rdf:li>Město Příklad</rdf:li></rdf:Bag></dc:publisher>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def with_packet(tmp_path: Path, packet: str, source: Path = FIXTURES / "marks.pdf") -> Path:
    """Return a file of real text that carries `packet`."""
    writer = PdfWriter(clone_from=source)
    writer.add_metadata({"/Title": "", "/Author": "Jana Nováková; Petr Dvořák"})
    stream = DecodedStreamObject()
    stream.set_data(packet.encode())
    stream[NameObject("/Type")] = NameObject("/Metadata")
    stream[NameObject("/Subtype")] = NameObject("/XML")
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    file = tmp_path / "packet.pdf"
    writer.write(file)
    return file


def test_a_packet_names_title_each_author_and_publisher(tmp_path: Path) -> None:
    """Authors that the plain properties run together are told apart."""
    file = with_packet(tmp_path, PACKET)
    expected = Metadata(title="Integrace v obcích", authors=("Jana Nováková", "Petr Dvořák"), publisher="Město Příklad")
    assert packet_metadata(file) == expected
    told = read_pdf(file, ReaderLimits()).metadata
    assert (told.title, told.authors, told.publisher) == (expected.title, expected.authors, expected.publisher)


def test_without_a_packet_the_plain_properties_speak(tmp_path: Path) -> None:
    """Negative control: the author is one text, as PDFium gives it."""
    file = with_packet(tmp_path, "no packet")
    assert packet_metadata(file) == Metadata()
    assert read_pdf(file, ReaderLimits()).metadata.authors == ("Jana Nováková; Petr Dvořák",)


@pytest.mark.parametrize(
    "packet",
    [
        PACKET[:300],
        PACKET.replace("Město Příklad", "&boom;").replace(
            "<x:xmpmeta", '<!DOCTYPE x [<!ENTITY boom "boom">]><x:xmpmeta'
        ),
        PACKET.replace("rdf:Seq", "rdf:Nothing"),
    ],
)
def test_a_damaged_packet_costs_itself_alone(tmp_path: Path, packet: str) -> None:
    """Cut off, with entities, or of another shape: the text is read all the same."""
    file = with_packet(tmp_path, packet)
    packet_metadata(file)
    assert read_pdf(file, ReaderLimits()).blocks == read_pdf(with_packet(tmp_path, PACKET), ReaderLimits()).blocks
