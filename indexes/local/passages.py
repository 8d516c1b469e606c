"""What do we know about the passages, documents and receipts of a release?"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from corpus.document import Document
from indexes.contract import Int8Array
from indexes.errors import DamagedRelease
from indexes.local.rows import (
    PASSAGE_COLUMNS,
    document_from_json,
    facts_from_json,
    heading_from_json,
    passage_from_row,
    text_from_row,
)
from indexes.passage import DocumentText, Passage, PassagePlace

PASSAGES_FILE = "passages.sqlite"

_BATCH = 200


@dataclass(frozen=True, slots=True)
class EmbeddedRow:
    """A row with the vectors of its sentences, int8[s, d]."""

    row: int
    sentence_vectors: Int8Array


class PassageStore:
    """The rows of one release; safe to call from several threads, which take turns."""

    def __init__(self, folder: Path, dimension: int) -> None:
        """Open the rows of a verified release. Raises DamagedRelease."""
        self.path = folder / PASSAGES_FILE
        self._dimension = dimension
        self._turn = threading.Lock()
        try:
            self._connection = sqlite3.connect(read_only_uri(self.path), uri=True, check_same_thread=False)
            self._rows("SELECT count(*) FROM documents")
        except sqlite3.Error as error:
            raise DamagedRelease(f"{self.path} cannot be read ({error})") from error

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        with self._turn:
            self._connection.close()

    def places(self) -> list[PassagePlace]:
        """Return the place of every passage in the order of rows; those of one document share its facts."""
        facts = {
            found.id: found
            for (text,) in self._rows("SELECT document FROM documents")
            for found in [facts_from_json(text)]
        }
        rows = self._rows("SELECT id, language, document_id, heading FROM passages ORDER BY row")
        heading_of = cache(heading_from_json)  # passages of one section share it
        return [
            PassagePlace(name, language, facts[document_id], heading_of(heading))
            for name, language, document_id, heading in rows
        ]

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Return the passages with these ids, in the order asked; ids that are not here are left out."""
        sql = f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants
        found = {row[0]: passage_from_row(row) for row in self._rows(sql, json.dumps(list(ids)))}
        return [found[name] for name in ids if name in found]

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return the passages of a document in the order of its text."""
        span = self.span(document_id)
        if span is None:
            return []
        sql = f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE row >= ? AND row < ? ORDER BY start, row"  # noqa: S608
        return [passage_from_row(row) for row in self._rows(sql, span[0], span[0] + span[1])]

    def span(self, document_id: str) -> tuple[int, int] | None:
        """Return the first row of a document and how many it has, or None."""
        rows = self._rows("SELECT first_row, passage_count FROM documents WHERE id = ?", document_id)
        return (rows[0][0], rows[0][1]) if rows else None

    def embedded(self, ids: Sequence[str]) -> list[EmbeddedRow]:
        """Return the rows of passages in the order asked. Raises KeyError for an unknown id."""
        sql = (
            "SELECT id, passages.row, sentence_vectors FROM passages JOIN embedded USING (row) "
            "WHERE id IN (SELECT value FROM json_each(?))"
        )
        found = {name: self._embedded(row, blob) for name, row, blob in self._rows(sql, json.dumps(list(ids)))}
        return [found[name] for name in ids]

    def embedded_by_input(self, input_hashes: Sequence[str]) -> dict[str, EmbeddedRow]:
        """Return one row for each of those embedded inputs that stand here."""
        sql = "SELECT input_hash, row, sentence_vectors FROM embedded WHERE input_hash = ?"
        found = {}
        for name in input_hashes:
            for input_hash, row, blob in self._rows(sql, bytes.fromhex(name))[:1]:
                found[input_hash.hex()] = self._embedded(row, blob)
        return found

    def document(self, document_id: str) -> Document | None:
        """Return a document, or None."""
        rows = self._rows("SELECT document FROM documents WHERE id = ?", document_id)
        return document_from_json(rows[0][0]) if rows else None

    def documents(self, limit: int, after: str) -> list[Document]:
        """Return at most `limit` documents in the order of their ids, beginning behind the id `after`."""
        rows = self._rows("SELECT document FROM documents WHERE id > ? ORDER BY id LIMIT ?", after, max(limit, 0))
        return [document_from_json(row[0]) for row in rows]

    def document_text(self, document_id: str) -> DocumentText | None:
        """Return the cleaned text of a document, or None."""
        rows = self._rows("SELECT text, segments, headings FROM documents WHERE id = ?", document_id)
        return text_from_row(document_id, *rows[0]) if rows else None

    def receipt(self, document_id: str) -> Mapping[str, Any] | None:
        """Return a receipt, or None."""
        rows = self._rows("SELECT receipt FROM receipts WHERE document_id = ?", document_id)
        return json.loads(rows[0][0]) if rows else None

    def receipts(self) -> Iterator[Mapping[str, Any]]:
        """Yield all receipts in the order of their document ids."""
        after = ""
        sql = "SELECT document_id, receipt FROM receipts WHERE document_id > ? ORDER BY document_id LIMIT ?"
        while rows := self._rows(sql, after, _BATCH):
            yield from (json.loads(receipt) for _, receipt in rows)
            after = rows[-1][0]

    def vocabulary(self) -> dict[str, int]:
        """Return the words of the passages, each with the number of passages it stands in."""
        return dict(self._rows("SELECT word, passage_count FROM vocabulary"))

    def _embedded(self, row: int, blob: bytes) -> EmbeddedRow:
        return EmbeddedRow(row, np.frombuffer(blob, dtype=np.int8).reshape(-1, self._dimension))

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        with self._turn:
            return self._connection.execute(sql, values).fetchall()


def read_only_uri(path: Path) -> str:
    """Return the address under which SQLite opens an immutable file without looking for locks or journals."""
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"
