"""Makes the starter collection: `python -m corpus.starter` writes `corpus/publications` from `corpus/starter/sources`.

Needs the optional dependencies `starter`. Equal sources give equal bytes; a PDF also depends on the versions of
WeasyPrint and Pango.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import tomli_w

from corpus.starter.office import make_docx, make_pptx
from corpus.starter.source import Source, read_sources
from corpus.starter.web import make_html

PUBLICATIONS = Path(__file__).parents[1] / "publications"


def make_file(source: Source, all_sources: list[Source]) -> bytes:
    """Return the bytes of the file that a source describes.

    Raises:
        ValueError: the source names a form that this workshop does not make.
    """
    match source.form:
        case "pdf":
            from corpus.starter.paper import make_pdf  # WeasyPrint needs Pango; the other forms do not

            return make_pdf(source)
        case "docx":
            return make_docx(source)
        case "pptx":
            return make_pptx(source)
        case "html":
            return make_html(source, all_sources)
        case "md" | "txt":
            return source.text.encode(source.encoding)
    raise ValueError(f"{source.id}: form {source.form!r} is not one of pdf, docx, pptx, html, md, txt")


def make_collection(folder: Path = PUBLICATIONS) -> None:
    """Write every publication below `folder`, replacing its folder there."""
    sources = read_sources()
    for source in sources:
        shelf = folder / source.id
        shutil.rmtree(shelf, ignore_errors=True)
        shelf.mkdir(parents=True)
        (shelf / f"{source.id}.{source.form}").write_bytes(make_file(source, sources))
        (shelf / "document.toml").write_text(tomli_w.dumps(source.sidecar), encoding="utf-8")


if __name__ == "__main__":
    make_collection()
    sys.stdout.write(f"wrote {PUBLICATIONS}\n")
