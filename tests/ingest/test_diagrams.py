"""Is the text of diagrams (SmartArt) read, in the order in which they are drawn?"""

from __future__ import annotations

from pathlib import Path

import docx
import pptx
import pytest
from docx.opc.packuri import PackURI as WordName
from docx.opc.part import Part as WordPart
from lxml import etree
from pptx.opc.package import Part as SlidePart
from pptx.opc.packuri import PackURI as SlideName

from ingest.readers.docx import read_docx
from ingest.readers.pptx import read_pptx
from ingest.readers.reading import Block
from ingest.settings import ReaderLimits

LIMITS = ReaderLimits()
DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DATA = f"{RELATIONS}/diagramData"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml"
POINTS = {"4": "Nájem", "2": "Poradenství", "3": "Bydlení", "5": "Kurzy češtiny"}
"""As the file keeps them, in no order."""
CONNECTIONS = [("1", "2", 0), ("1", "5", 1), ("2", "3", 0), ("3", "4", 0)]
OUTLINE = [(0, "Poradenství"), (1, "Bydlení"), (2, "Nájem"), (0, "Kurzy češtiny")]


def data(connections: list[tuple[str, str, int]]) -> bytes:
    """Return the part that holds a diagram."""
    points = "".join(
        f'<dgm:pt modelId="{name}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'
        for name, text in POINTS.items()
    )
    lines = "".join(
        f'<dgm:cxn modelId="c{source}{target}" srcId="{source}" destId="{target}" srcOrd="{order}" destOrd="0"/>'
        for source, target, order in reversed(connections)
    )
    shape = '<dgm:pt modelId="9" type="pres"/><dgm:cxn modelId="p" type="presOf" srcId="2" destId="9" srcOrd="0"/>'
    return (
        f'<dgm:dataModel xmlns:dgm="{DIAGRAM}" xmlns:a="{DRAWING}"><dgm:ptLst><dgm:pt modelId="1" type="doc"/>{points}'
        f"</dgm:ptLst><dgm:cxnLst>{lines}{shape}</dgm:cxnLst></dgm:dataModel>"
    ).encode()


def graphic(relation: str) -> str:
    """Return the element that shows the diagram."""
    return (
        f'<a:graphic xmlns:a="{DRAWING}"><a:graphicData uri="{DIAGRAM}"><dgm:relIds xmlns:dgm="{DIAGRAM}" '
        f'xmlns:r="{RELATIONS}" r:dm="{relation}"/></a:graphicData></a:graphic>'
    )


def slide_with(folder: Path, content: bytes) -> list[Block]:
    """Return the blocks of a slide that shows a diagram and nothing else, and one that has a title."""
    presentation = pptx.Presentation()
    presentation.slides.add_slide(presentation.slide_layouts[5]).shapes.title.text = "Pomoc cizincům"
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    part = SlidePart(SlideName("/ppt/diagrams/data1.xml"), CONTENT_TYPE, presentation.part.package, content)
    frame = (
        '<p:graphicFrame xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:nvGraphicFramePr>'
        '<p:cNvPr id="7" name="Diagram"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm>'
        f'<a:off xmlns:a="{DRAWING}" x="0" y="0"/><a:ext xmlns:a="{DRAWING}" cx="9" cy="9"/></p:xfrm>'
        f"{graphic(slide.part.relate_to(part, DATA))}</p:graphicFrame>"
    )
    slide.shapes._spTree.append(etree.fromstring(frame))
    presentation.save(str(folder / "slides.pptx"))
    return [block for block in read_pptx(folder / "slides.pptx", LIMITS).blocks if block.page == 2]


def word_with(folder: Path, content: bytes) -> list[Block]:
    """Return the blocks of a Word file that shows a diagram below a paragraph."""
    document = docx.Document()
    paragraph = document.add_paragraph("Pomoc cizincům ukazuje obrázek.")
    part = WordPart(WordName("/word/diagrams/data1.xml"), CONTENT_TYPE, content, document.part.package)
    relation = document.part.relate_to(part, DATA)
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    drawing = f'<w:r xmlns:w="{namespace}"><w:drawing>{graphic(relation)}</w:drawing></w:r>'
    paragraph._p.append(etree.fromstring(drawing))
    document.save(str(folder / "word.docx"))
    return [block for block in read_docx(folder / "word.docx", LIMITS).blocks if "obrázek" not in block.text]


@pytest.mark.parametrize("read", [slide_with, word_with])
def test_points_come_in_the_order_and_depth_in_which_they_hang(read: object, tmp_path: Path) -> None:
    """The file keeps points in any order; connections of presentation are none of content."""
    assert callable(read)
    assert [(block.level, block.text) for block in read(tmp_path, data(CONNECTIONS))] == OUTLINE


@pytest.mark.parametrize("read", [slide_with, word_with])
def test_a_diagram_that_goes_round_in_circles_or_is_broken_costs_itself_alone(read: object, tmp_path: Path) -> None:
    """Points that hang below each other come once; what is no XML says nothing."""
    assert callable(read)
    assert [block.text for block in read(tmp_path, data([*CONNECTIONS, ("4", "2", 0)]))] == [
        text for _, text in OUTLINE
    ]
    assert read(tmp_path, b"<dgm:dataModel") == []
