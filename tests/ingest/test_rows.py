"""Is a text of an evaluation corpus read as that of any publication is?"""

from __future__ import annotations

from indexes.embedding.hashing import HashingEmbedder
from indexes.manifest import ModelIdentity
from ingest.rows import Row, write_rows
from ingest.settings import PassageLimits
from tests.fakes import StrictMemoryIndex, StrictMemoryWriter

TEXT = "Potřebné doklady\nK žádosti o trvalý pobyt se přikládá platný cestovní pas a doklad o zajištění ubytování."


def test_the_lines_of_a_row_are_lines_of_a_text() -> None:
    """A short line above a long one is its heading; title and language are those of a document."""
    embedder = HashingEmbedder()
    releases: dict[str, StrictMemoryIndex] = {}
    writer = StrictMemoryWriter(releases, ModelIdentity(embedder.name, embedder.fingerprint, embedder.dimension))
    index = releases[write_rows([Row("pobyt", "Trvalý pobyt", TEXT)], embedder, writer, PassageLimits())]
    (passage,) = index.passages_of("pobyt")
    assert passage.heading == ("Potřebné doklady",)
    assert passage.text == TEXT.splitlines()[1]
    document = index.document("pobyt")
    assert document is not None
    assert (document.title, document.metadata.language) == ("Trvalý pobyt", "cs")
    index.close()
