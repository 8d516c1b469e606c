"""How is a release written so that nobody ever sees half of one?"""

from __future__ import annotations

import json
import shutil
import sqlite3
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np

from corpus.document import Document
from indexes.analysis import ANALYSIS_VERSION, document_terms, words
from indexes.contract import EmbeddedPassage, PassageIndex
from indexes.embedding.embedder import FloatArray
from indexes.errors import BuildRunning, IncompatibleRelease
from indexes.local.index import ENGINE, LocalIndex
from indexes.local.lexical import LEXICAL_FOLDER, LexicalWriter
from indexes.local.passages import PASSAGES_FILE, read_only_uri
from indexes.local.release import BUILDING, GLOSSARY_FILE, MANIFEST, REMOVED
from indexes.local.rows import INDEXES, PASSAGE_COLUMNS, SCHEMA, document_json, passage_row, text_row
from indexes.local.sources import SourceStore
from indexes.local.vectors import EXACT_ROWS, GRAPH_ROWS, VectorWriter
from indexes.manifest import Manifest, ModelIdentity, check_compatible, encode_manifest
from indexes.passage import DocumentText, Passage
from indexes.storage import exclusive, sha256_of, storage_errors, sync, sync_tree

WRITER_LOCK = ".writer.lock"
"""Held for as long as a release is being written: one build at a time, and nothing it needs is pruned."""

_LENGTH_TOLERANCE = 1e-3
_COMPRESSION = 1


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the lexical index and the vocabulary get from one document."""

    terms: list[tuple[str | None, str, str]]
    """For each passage its language, its terms, and those of title and headings, joined by spaces."""
    words: dict[str, int]
    """Words with the number of passages they stand in."""


class LocalWriter:
    """Writes one release below a folder of releases (see `indexes.contract.PassageIndexWriter`)."""

    def __init__(
        self, releases: Path, model: ModelIdentity, exact_rows: int = EXACT_ROWS, graph_rows: int = GRAPH_ROWS
    ) -> None:
        """Begin a release of vectors of `model`; what an interrupted build left behind is removed.

        Above `exact_rows` passages codes stand beside the vectors, above `graph_rows` a graph. Raises BuildRunning,
        DiskFull.
        """
        self._releases, self._model = releases, model
        self._exact_rows, self._graph_rows = exact_rows, graph_rows
        self._held = ExitStack()
        with storage_errors("beginning a release"):
            releases.mkdir(parents=True, exist_ok=True)
            if not self._held.enter_context(exclusive(releases / WRITER_LOCK, wait=False)):
                self._held.close()
                raise BuildRunning(f"another build is writing to {releases}: wait for it or cancel it")
            remove_strays(releases)
            self._folder = Path(mkdtemp(prefix=BUILDING, dir=releases))
            self._begin()

    def _begin(self) -> None:
        self._database = sqlite3.connect(f"{(self._folder / PASSAGES_FILE).absolute().as_uri()}", uri=True)
        # the folder is thrown away after a crash, so nothing of it needs a journal
        self._database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
        self._vectors = VectorWriter(self._model.dimension)
        self._lexical = LexicalWriter(self._folder / LEXICAL_FOLDER)
        self._sources = SourceStore(self._releases)
        self._vocabulary: Counter[str] = Counter()
        self._documents: set[str] = set()
        self._rows = 0
        self._attached: Path | None = None
        self._is_done = False

    def add(self, document: Document, text: DocumentText, source: bytes, passages: Sequence[EmbeddedPassage]) -> None:
        """Write one document with all its passages.

        Raises ValueError for a document id that was already added, and for passages or vectors that do not fit it:
        nothing of it is written then. Raises DiskFull, after which only `abort` makes sense.
        """
        self._refuse_second(document.id)
        check_document(document, text, source, passages)
        vectors = stacked_vectors(passages, self._model.dimension)
        analysis = analyse(document, [item.passage for item in passages])
        with storage_errors(f"writing {document.id}"):
            self._sources.put(source)
            first = self._rows
            self._insert(
                "documents",
                [(document.id, first, len(passages), document_json(document), *text_row(text), packed(analysis))],
            )
            rows = [(row, *passage_row(item.passage)) for row, item in enumerate(passages, first)]
            self._insert(f"passages (row, {PASSAGE_COLUMNS})", rows)
            self._insert(
                "embedded",
                [
                    (row, bytes.fromhex(item.input_hash), np.ascontiguousarray(item.sentence_vectors).tobytes())
                    for row, item in enumerate(passages, first)
                ],
            )
            self._append(document.id, vectors, analysis)

    def take_over(self, document_id: str, previous: PassageIndex) -> int:
        """Copy a document with its passages and vectors from an open release; return the number of passages.

        Raises KeyError where it has no such document, IncompatibleRelease for vectors or terms of another kind.
        """
        self._refuse_second(document_id)
        if not isinstance(previous, LocalIndex):
            raise IncompatibleRelease(f"release {previous.manifest.release_id} was written by another engine")
        check_compatible(previous.manifest, self._model, ANALYSIS_VERSION)
        stored = previous.stored(document_id)
        if stored is None:
            raise KeyError(document_id)
        with storage_errors(f"taking over {document_id}"):
            self._attach(stored.file)
            analysis = self._copy_rows(document_id, self._rows - stored.first_row)
            self._append(document_id, stored.vectors, analysis)
        return len(stored.vectors)

    def holds_source(self, sha256: str) -> bool:
        """Return whether an original file with this hash is kept; its bytes are looked at where it is read."""
        return self._sources.holds(sha256)

    def add_receipt(self, document_id: str, receipt: Mapping[str, Any]) -> None:
        """Write the receipt (JSON values) of a publication, indexed or refused; a second one replaces the first."""
        text = json.dumps(dict(receipt), ensure_ascii=False, sort_keys=True)
        with storage_errors(f"writing the receipt of {document_id}"):
            self._database.execute("INSERT OR REPLACE INTO receipts VALUES (?, ?)", (document_id, text))

    def add_glossary(self, text: str) -> None:
        """Write the glossary with which the release is to be searched; a second one replaces the first."""
        with storage_errors("writing the glossary"):
            (self._folder / GLOSSARY_FILE).write_bytes(text.encode())

    def commit(self) -> str:
        """Make the release durable and return its id. It is complete but not published.

        Raises DiskFull or ReleaseError, after which nothing is left behind.
        """
        try:
            with storage_errors("writing the release"):
                self._finish_files()
                manifest = self._describe()
                (self._folder / MANIFEST).write_bytes(encode_manifest(manifest))
                self._folder.chmod(0o755)  # a temporary folder is made for its owner alone
                sync_tree(self._folder)
                self._folder.rename(self._releases / manifest.release_id)
                sync(self._releases)
        except BaseException:
            self.abort()
            raise
        self._is_done = True
        self._held.close()
        return manifest.release_id

    def abort(self) -> None:
        """Remove everything written. Does nothing after `commit`."""
        if self._is_done:
            return
        self._is_done = True
        self._database.close()
        self._lexical.abort()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._held.close()

    def _refuse_second(self, document_id: str) -> None:
        if document_id in self._documents:
            raise ValueError(f"document {document_id!r} was already added to this release")

    def _append(self, document_id: str, vectors: FloatArray, analysis: Analysis) -> None:
        for row, (language, body, context) in enumerate(analysis.terms, self._rows):
            self._lexical.add(row, document_id, language, body, context)
        self._vectors.add(vectors)
        self._vocabulary.update(analysis.words)
        self._documents.add(document_id)
        self._rows += len(vectors)

    def _insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            places = ", ".join("?" * len(rows[0]))
            self._database.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 - our own names

    def _attach(self, file: Path) -> None:
        if self._attached == file:
            return
        self._database.commit()
        if self._attached is not None:
            self._database.execute("DETACH previous")
        self._database.execute("ATTACH ? AS previous", (read_only_uri(file),))
        self._attached = file

    def _copy_rows(self, document_id: str, shift: int) -> Analysis:
        """Copy the rows of a document, moved by `shift`, and return what it gave to the lexical index."""
        run = self._database.execute
        (first, count, blob) = run(
            "SELECT first_row, passage_count, analysis FROM previous.documents WHERE id = ?", (document_id,)
        ).fetchone()
        columns = "id, first_row + ?, passage_count, document, text, segments, headings, analysis"
        run(f"INSERT INTO documents SELECT {columns} FROM previous.documents WHERE id = ?", (shift, document_id))  # noqa: S608
        span = (shift, first, first + count)
        run(
            f"INSERT INTO passages (row, {PASSAGE_COLUMNS}) SELECT row + ?, {PASSAGE_COLUMNS} "  # noqa: S608
            "FROM previous.passages WHERE row >= ? AND row < ?",
            span,
        )
        run(
            "INSERT INTO embedded SELECT row + ?, input_hash, sentence_vectors "
            "FROM previous.embedded WHERE row >= ? AND row < ?",
            span,
        )
        return unpacked(blob)

    def _finish_files(self) -> None:
        self._insert("vocabulary", sorted(self._vocabulary.items()))
        self._database.commit()
        self._database.executescript(INDEXES)
        self._database.close()
        self._vectors.write(self._folder, self._exact_rows, self._graph_rows)
        self._lexical.commit()
        self._sources.sync_all()

    def _describe(self) -> Manifest:
        files = {
            path.relative_to(self._folder).as_posix(): sha256_of(path)
            for path in sorted(self._folder.rglob("*"))
            if path.is_file() and not path.name.endswith(".lock")
        }
        now = datetime.now(UTC)
        digest = sha256(json.dumps([files, asdict(self._model), now.isoformat()]).encode()).hexdigest()
        return Manifest(
            release_id=f"{now:%Y%m%d-%H%M%S}{now.microsecond // 1000:03}-{digest[:4]}",  # sorts by time
            created=now,
            model=self._model,
            analysis_version=ANALYSIS_VERSION,
            engine=ENGINE,
            document_count=len(self._documents),
            passage_count=self._rows,
            files=files,
        )


def check_document(document: Document, text: DocumentText, source: bytes, passages: Sequence[EmbeddedPassage]) -> None:
    """Raise ValueError where a document's parts do not belong together."""
    if sha256(source).hexdigest() != document.sha256:
        raise ValueError(f"the source of {document.id!r} is not the file that its SHA-256 names")
    if len({item.passage.id for item in passages}) < len(passages):
        raise ValueError(f"two passages of {document.id!r} have the same id")
    for item in passages:
        passage = item.passage
        if passage.document_id != document.id or text.document_id != document.id:
            raise ValueError(f"passage {passage.id} or its text belongs to another document than {document.id!r}")
        if text.text[passage.start : passage.end] != passage.text:
            raise ValueError(f"passage {passage.id} of {document.id!r} is not the text at its offsets")
        if len(item.sentence_vectors) != len(passage.sentences):
            raise ValueError(f"passage {passage.id} has {len(passage.sentences)} sentences and other vectors")


def stacked_vectors(passages: Sequence[EmbeddedPassage], dimension: int) -> FloatArray:
    """Return float32[n, dimension]. Raises ValueError for vectors of another shape or not of unit length."""
    if any(item.vector.shape != (dimension,) or item.sentence_vectors.shape[1:] != (dimension,) for item in passages):
        raise ValueError(f"a vector is not of the {dimension} numbers that the model has")
    vectors = np.array([item.vector for item in passages], dtype=np.float32).reshape(len(passages), dimension)
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.all(np.abs(lengths - 1) < _LENGTH_TOLERANCE):  # false for NaN too
        raise ValueError("a vector is not of unit length: the embedding model is not working")
    return vectors


def analyse(document: Document, passages: Sequence[Passage]) -> Analysis:
    """Return the terms and words of a document's passages."""
    keys = document_terms(document.title, document.metadata.language, passages)
    terms = [
        (passage.language, " ".join(body), " ".join(context))
        for passage, (body, context) in zip(passages, keys, strict=True)
    ]
    counts = Counter(word for passage in passages for word in set(words(passage.text)))
    return Analysis(terms, dict(counts))


def packed(analysis: Analysis) -> bytes:
    """Return an analysis as compressed JSON."""
    return zlib.compress(json.dumps([analysis.terms, analysis.words], ensure_ascii=False).encode(), _COMPRESSION)


def unpacked(blob: bytes) -> Analysis:
    """Return the analysis that `packed` wrote."""
    terms, counts = json.loads(zlib.decompress(blob))
    return Analysis([tuple(item) for item in terms], counts)


def remove_strays(releases: Path) -> None:
    """Remove what interrupted builds and removals left; only for the holder of the writer's lock."""
    for prefix in (BUILDING, REMOVED):
        for stray in releases.glob(f"{prefix}*"):
            shutil.rmtree(stray, ignore_errors=True)
