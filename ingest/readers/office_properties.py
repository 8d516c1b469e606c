"""What do the properties of an Office file say about it?"""

from __future__ import annotations

from typing import Any

from lxml import etree

from corpus.document import Metadata
from ingest.cleaning import clean_text

TITLE_CHARS, AUTHOR_CHARS = 300, 200


def file_properties(file: Any) -> Metadata:
    """Return title, authors and year of a document (python-docx) or a presentation (python-pptx).

    The year is that in which the file was made, not that of its publication. Damaged properties cost themselves alone.
    """
    try:
        core = file.core_properties
        names = (clean_text(name)[:AUTHOR_CHARS] for name in (core.author or "").split(";"))
        return Metadata(
            title=clean_text(core.title or "")[:TITLE_CHARS] or None,
            authors=tuple(name for name in names if name),
            year=core.created.year if core.created else None,
        )
    except (ValueError, KeyError, AttributeError, etree.XMLSyntaxError):
        return Metadata()
