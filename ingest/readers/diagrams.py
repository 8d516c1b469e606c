"""What is written in a diagram of an office file (SmartArt)?

Slides and Word files keep its texts in a part of their own: points, and connections that say which point hangs below
which (ISO/IEC 29500-1, 21.4). A damaged diagram costs what it would have told, never the text around it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ingest.cleaning import clean_text

_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MOST_DEPTH = 20
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""What older programs show instead of the same, so that it stands in the file twice."""


def diagram_lines(element: Any, part: Any) -> list[tuple[int, str]]:
    """Return (depth from 0, text) of each point of the diagrams that `element` shows, in the order of the outline.

    `part` is the part of the package (python-docx, python-pptx) in which the element stands.
    """
    lines: list[tuple[int, str]] = []
    for reference in element.iter(f"{_DIAGRAM}relIds"):
        data = part.rels.get(reference.get(f"{_RELATION}dm", ""))
        is_shown = not any(parent.tag == FALLBACK for parent in reference.iterancestors())
        if data is not None and not data.is_external and is_shown:
            lines += _lines(data.target_part.blob)
    return lines


def _lines(content: bytes) -> Iterator[tuple[int, str]]:
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return
    points = {point.get("modelId"): point for point in root.iter(f"{_DIAGRAM}pt")}
    below: defaultdict[str | None, list[tuple[int, str]]] = defaultdict(list)
    for connection in root.iter(f"{_DIAGRAM}cxn"):
        if connection.get("type", "parOf") == "parOf":
            order = connection.get("srcOrd", "0")
            place = int(order) if order.isascii() and order.isdigit() else 0
            below[connection.get("srcId")].append((place, connection.get("destId", "")))
    seen: set[str] = set()
    for name, point in points.items():
        if point.get("type") == "doc":
            yield from _outline(name, points, below, seen, 0)


def _outline(
    above: str | None, points: dict[str | None, Any], below: dict[str | None, Any], seen: set[str], depth: int
) -> Iterator[tuple[int, str]]:
    """Yield what hangs below a point; one that hangs below itself is met once."""
    for _, name in sorted(below.get(above, ())):
        if name in seen or name not in points:
            continue
        seen.add(name)
        paragraphs = points[name].iter(f"{_DRAWING}p")
        texts = ("".join(run.text or "" for run in paragraph.iter(f"{_DRAWING}t")) for paragraph in paragraphs)
        text = clean_text(" ".join(texts))
        if text:
            yield depth, text
        if depth < _MOST_DEPTH:
            yield from _outline(name, points, below, seen, depth + 1)
