"""What does an author of the starter collection write, and how is it read back?

One publication is one file `sources/<id>.md`: a TOML head between two lines `+++`, then the text in Markdown.
The head says how the publication is made (`form`, and for some forms `layout` or `encoding`) and holds its
sidecar under `[document]`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

SOURCES = Path(__file__).parent / "sources"
_FENCE = "+++\n"


@dataclass(frozen=True, slots=True)
class Source:
    """A publication as its author wrote it."""

    id: str
    form: str
    """Kind of file to make: pdf, docx, pptx, html, md or txt."""
    layout: str
    """For PDF alone: report, paper or handbook."""
    encoding: str
    """For plain text alone: a codec name of Python."""
    sidecar: dict[str, Any]
    """What goes to `document.toml`."""
    text: str
    """Markdown; plain text for txt."""


def read_sources(folder: Path = SOURCES) -> list[Source]:
    """Return all publications of a folder of sources, in the order of their ids."""
    return [read_source(path) for path in sorted(folder.glob("*.md"))]


def read_source(path: Path) -> Source:
    """Return the publication written in one source file; the file's name is its id.

    Raises:
        ValueError: the file does not begin with a TOML head between two lines `+++`.
    """
    before, *parts = path.read_text(encoding="utf-8").split(_FENCE, 2)
    if before or len(parts) != 2:  # noqa: PLR2004 - a head and a text
        raise ValueError(f"{path} does not begin with a head between two lines +++")
    head = tomllib.loads(parts[0])
    return Source(
        id=path.stem,
        form=head["form"],
        layout=head.get("layout", ""),
        encoding=head.get("encoding", "utf-8"),
        sidecar=head["document"],
        text=parts[1].strip() + "\n",
    )


def markdown() -> MarkdownIt:
    """Return the dialect of the sources: CommonMark without HTML, and tables."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def blocks(text: str) -> list[SyntaxTreeNode]:
    """Return the headings, paragraphs, lists, tables and quotations of a text, in order."""
    return SyntaxTreeNode(markdown().parse(text)).children


def plain(node: SyntaxTreeNode) -> str:
    """Return the words of a block without its marks."""
    if node.type in {"text", "code_inline"}:
        return node.content
    if node.type in {"softbreak", "hardbreak"}:
        return " "
    return "".join(plain(child) for child in node.children)


def rows(table: SyntaxTreeNode) -> list[list[str]]:
    """Return the cells of a table, its heading row first."""
    return [[plain(cell) for cell in row.children] for part in table.children for row in part.children]
