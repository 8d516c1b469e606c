"""How do plain texts, as an evaluation corpus holds them, become a release without being files?

They are split and embedded as the text of any publication is. Nothing is taken for furniture or for a duplicate: each
text is judged by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

from corpus.document import Document, Metadata
from indexes.contract import PassageIndexWriter
from indexes.embedding.embedder import Embedder
from indexes.language import detect_language
from ingest.chunking import split_into_passages
from ingest.errors import NothingIndexed
from ingest.readers.kinds import FileKind
from ingest.readers.text import text_blocks
from ingest.reuse import embedded_passages
from ingest.settings import PassageLimits


@dataclass(frozen=True, slots=True)
class Row:
    """One text; `id` matches `[a-z0-9-]+`."""

    id: str
    title: str
    text: str


def write_rows(
    rows: Iterable[Row],
    embedder: Embedder,
    writer: PassageIndexWriter,
    limits: PassageLimits,
    progress: Callable[[int], None] = lambda _: None,
) -> str:
    """Write a release of `rows` and return its id; `progress` is told how many are done. Raises NothingIndexed."""
    written = 0
    try:
        for done, row in enumerate(rows, start=1):
            written += _write_row(row, embedder, writer, limits)
            progress(done)
        if not written:
            raise NothingIndexed("none of the rows holds any text")
        return writer.commit()
    except BaseException:
        writer.abort()
        raise


def _write_row(row: Row, embedder: Embedder, writer: PassageIndexWriter, limits: PassageLimits) -> bool:
    blocks = text_blocks(row.text)
    split = split_into_passages(row.id, row.title, blocks, (), embedder=embedder, limits=limits, detect=detect_language)
    if not split.passages:
        return False
    source = row.text.encode("utf-8", "replace")
    metadata = Metadata(title=row.title, language=split.main_language)
    document = Document(row.id, row.title or row.id, metadata, row.id, FileKind.TEXT, sha256(source).hexdigest())
    writer.add(document, split.text, source, embedded_passages(embedder, row.title, split.passages))
    return True
