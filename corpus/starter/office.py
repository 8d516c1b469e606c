"""How does a source become a Word document or a presentation?"""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

import docx
import pptx
from docx.text.paragraph import Paragraph
from markdown_it.tree import SyntaxTreeNode
from pptx.util import Cm, Pt

from corpus.starter.source import Source, blocks, plain, rows

_TITLE_SLIDE, _LIST_SLIDE, _TITLE_ONLY = 0, 1, 5
"""Positions of the layouts that we use in the default template of python-pptx."""
_LANGUAGE = {"cs": "cs-CZ", "en": "en-GB"}


def make_docx(source: Source) -> bytes:
    """Return the source as a Word document with real headings, lists and tables."""
    document = docx.Document()
    _describe(document.core_properties, source)
    for block in blocks(source.text):
        _add_block(document, block)
    return _settled(document)


def _add_block(document: Any, block: SyntaxTreeNode) -> None:
    match block.type:
        case "heading":
            level = int(block.tag[1:])
            document.add_heading(plain(block), level - 1)  # level 0 is Word's style "Title"
        case "bullet_list":
            for item in block.children:
                _write(document.add_paragraph(style="List Bullet"), item.children[0])
        case "table":
            _fill_table(document, rows(block))
        case _:
            _write(document.add_paragraph(), block)


def _fill_table(document: Any, cells: list[list[str]]) -> None:
    table = document.add_table(rows=len(cells), cols=len(cells[0]), style="Table Grid")
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for cell in table.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
    document.add_paragraph()


def _write(paragraph: Paragraph, block: SyntaxTreeNode) -> None:
    """Add the words of a block to a paragraph, strong ones in bold and code in a fixed width."""
    for node in block.children[0].children if block.children else ():
        run = paragraph.add_run(plain(node))
        run.bold = True if node.type == "strong" else None
        if node.type == "code_inline":
            run.font.name = "Consolas"


def make_pptx(source: Source) -> bytes:
    """Return the source as a presentation: a slide for each heading, quotations as the speaker's notes."""
    show = pptx.Presentation()
    _describe(show.core_properties, source)
    slides: list[list[SyntaxTreeNode]] = []
    for block in blocks(source.text):
        if block.type == "heading":
            slides.append([])
        slides[-1].append(block)
    for content in slides:
        _add_slide(show, content)
    return _settled(show)


def _add_slide(show: Any, content: list[SyntaxTreeNode]) -> None:
    heading, *body = content
    kinds = {block.type for block in body}
    layout = _TITLE_SLIDE if heading.tag == "h1" else _TITLE_ONLY if "table" in kinds else _LIST_SLIDE
    slide = show.slides.add_slide(show.slide_layouts[layout])
    slide.shapes.title.text = plain(heading)
    for block in body:
        match block.type:
            case "blockquote":
                slide.notes_slide.notes_text_frame.text = plain(block)
            case "table":
                _add_slide_table(slide, rows(block))
            case "bullet_list":
                slide.placeholders[1].text = "\n".join(plain(item) for item in block.children)
            case _:
                slide.placeholders[1].text = plain(block)


def _add_slide_table(slide: Any, cells: list[list[str]]) -> None:
    shape = slide.shapes.add_table(len(cells), len(cells[0]), Cm(3), Cm(5), Cm(19), Cm(1.4 * len(cells)))
    for row, texts in zip(shape.table.rows, cells, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
            cell.text_frame.paragraphs[0].font.size = Pt(20)


def _describe(properties: Any, source: Source) -> None:
    written = datetime.datetime.combine(source.sidecar["date"], datetime.time())
    properties.title = source.sidecar["title"]
    properties.author = "; ".join(source.sidecar["authors"])
    properties.language = _LANGUAGE[source.sidecar["language"]]
    properties.comments = ""
    properties.created = properties.modified = written
    properties.last_modified_by = properties.author


def _settled(document: Any) -> bytes:
    """Return the saved document with one fixed time on every part, so that equal sources give equal bytes."""
    draft, final = io.BytesIO(), io.BytesIO()
    document.save(draft)
    with zipfile.ZipFile(draft) as parts, zipfile.ZipFile(final, "w", zipfile.ZIP_DEFLATED) as settled:
        for name in parts.namelist():
            settled.writestr(zipfile.ZipInfo(name), parts.read(name), zipfile.ZIP_DEFLATED)
    return final.getvalue()
