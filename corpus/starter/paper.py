"""How does a source become a PDF with running heads, footnotes, an outline and page numbers as books print them?

Three layouts: `report` has a table of contents and footnotes, written in place as `^[text of the note]`; `paper` has front matter numbered i, ii, iii and a body
in two columns; `handbook` is a plain text.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import font_source_sans_pro
import font_source_serif_pro
from jinja2 import Environment
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.footnote import footnote_plugin
from pypdf import PdfWriter
from pypdf.constants import PageLabelStyle
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from corpus.starter.source import Source, markdown, plain

_HERE = Path(__file__).parent
_CONTENTS = {"cs": "Obsah", "en": "Contents"}
_BODY = "body"
"""Anchor of the first page after the front matter."""
_FRONT_CHAPTERS = {"paper": 2}
"""How many chapters of a layout belong to the front matter."""

_PAGE = """<!DOCTYPE html>
<html lang="{{ language }}">
<head>
<title>{{ title }}</title>
<meta name="author" content="{{ authors | join('; ') }}">
<meta name="dcterms.created" content="{{ date }}">
</head>
<body class="{{ layout }}">
<section class="front">
<div class="title"><h1>{{ title }}</h1><p>{{ publisher }}</p><p>{{ year }}</p></div>
{% if layout != "handbook" %}<nav><h2>{{ contents }}</h2><ul>
{% for heading in headings %}<li class="{{ heading.tag }} {{ heading.part }}"><a href="#{{ heading.anchor }}">{{ heading.text }}</a></li>
{% endfor %}</ul></nav>{% endif %}
{{ front | safe }}</section>
<section class="body" id="{{ body_id }}">
{{ body | safe }}</section>
</body>
</html>
"""


def make_pdf(source: Source) -> bytes:
    """Return the source as a PDF whose page labels say what its pages print."""
    fonts = FontConfiguration()
    sheet = CSS(string=_font_faces() + (_HERE / "paper.css").read_text(encoding="utf-8"), font_config=fonts)
    document = HTML(string=_page(source)).render(stylesheets=[sheet], font_config=fonts)
    pdf = document.write_pdf()
    if source.layout != "paper":
        return pdf
    return _labelled(pdf, next(number for number, page in enumerate(document.pages) if _BODY in page.anchors))


def _page(source: Source) -> str:
    """Return the source as one HTML page with title, contents, front matter and body."""
    renderer = markdown().use(footnote_plugin)
    renderer.add_render_rule("footnote_ref", _footnote)
    renderer.disable("footnote_tail")
    footnotes: dict[str, Any] = {}
    tokens = renderer.parse(source.text, footnotes)
    chapters = [number for number, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"]
    start = chapters[_FRONT_CHAPTERS.get(source.layout, 0)]
    context = source.sidecar | {
        "layout": source.layout,
        "body_id": _BODY,
        "contents": _CONTENTS[source.sidecar["language"]],
        "headings": _headings(tokens, start),
        "front": renderer.renderer.render(tokens[:start], renderer.options, footnotes),
        "body": renderer.renderer.render(tokens[start:], renderer.options, footnotes),
    }
    return Environment(autoescape=True).from_string(_PAGE).render(context)


def _headings(tokens: list[Token], start: int) -> list[dict[str, str]]:
    """Return the lines of the table of contents, and give each heading the anchor that its line leads to."""
    lines = []
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", f"h{number}")
            part = "front-part" if number < start else "body-part"
            lines.append({"tag": token.tag, "part": part, "anchor": f"h{number}", "text": tokens[number + 1].content})
    return lines


def _footnote(
    _renderer: RendererProtocol, tokens: list[Token], index: int, _options: object, footnotes: dict[str, Any]
) -> str:
    """Return a footnote where it is called, so that the layout can float it to the foot of its page."""
    note = footnotes["footnotes"]["list"][tokens[index].meta["id"]]
    words = "".join(plain(node) for node in SyntaxTreeNode(note["tokens"]).children)
    return f'<span class="footnote">{words}</span>'


def _font_faces() -> str:
    """Return the @font-face rules of the two families, so that the output does not depend on a machine's fonts."""
    serif, sans = Path(font_source_serif_pro.__file__).parent, Path(font_source_sans_pro.__file__).parent
    files = {
        ("Source Serif", 400): serif / "files/SourceSerifPro-Regular.ttf",
        ("Source Serif", 700): serif / "files/SourceSerifPro-Bold.ttf",
        ("Source Sans", 400): sans / "files/SourceSansPro-Regular.ttf",
        ("Source Sans", 700): sans / "files/SourceSansPro-Bold.ttf",
    }
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{path.as_uri()}") }}\n'
        for (family, weight), path in files.items()
    )


def _labelled(pdf: bytes, front: int) -> bytes:
    """Return the PDF with page labels: i, ii, iii for the first `front` pages, then from 1."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    writer.set_page_label(0, front - 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(front, len(writer.pages) - 1, style=PageLabelStyle.DECIMAL, start=1)
    labelled = io.BytesIO()
    writer.write(labelled)
    return labelled.getvalue()
