"""Which passages hold the terms of a query, and how much do they say about it?

BM25, by tantivy. Terms come analysed: the index splits at spaces and changes nothing. No query language is involved, so no term can be
mistaken for an operator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import tantivy

from indexes.errors import DamagedRelease
from indexes.passage import WeightedTerm

LEXICAL_FOLDER = "lexical"
_TERMS, _DOCUMENT, _LANGUAGE, _ROW = "terms", "document", "language", "row"
_NO_LANGUAGE = "-"
_HEAP_BYTES = 64_000_000
_SHOULD, _MUST = tantivy.Occur.Should, tantivy.Occur.Must
_Query = tantivy.Query


class LexicalWriter:
    """Writes analysed passages into an index of their terms."""

    def __init__(self, folder: Path) -> None:
        """Begin an empty index in `folder`, which is made."""
        folder.mkdir()
        self._writer = tantivy.Index(_schema(), path=str(folder)).writer(heap_size=_HEAP_BYTES, num_threads=1)

    def add(self, row: int, document_id: str, language: str | None, body: str, context: str) -> None:
        """Add one passage: its terms, and those from around it (`document_terms`), each joined by spaces.

        They share a field, so that passages of one document are not told apart by how short its title is.
        """
        entry = tantivy.Document()
        entry.add_unsigned(_ROW, row)
        entry.add_text(_DOCUMENT, document_id)
        entry.add_text(_LANGUAGE, language or _NO_LANGUAGE)
        entry.add_text(_TERMS, f"{body} {context}")
        self._writer.add_document(entry)

    def commit(self) -> None:
        """Write everything and wait until segments are merged; the writer cannot be used afterwards."""
        self._writer.commit()
        self._writer.wait_merging_threads()

    def abort(self) -> None:
        """Stop the threads that write, so that the folder can be removed; the writer cannot be used afterwards."""
        with suppress(ValueError, RuntimeError):  # a writer that has failed or committed has stopped already
            self._writer.rollback()
            self._writer.wait_merging_threads()


class Allowed:
    """Which documents and languages a search may return, in the form that the lexical index filters by."""

    def __init__(self, documents: Iterable[str] | None, languages: Iterable[str] | None) -> None:
        """Allow these documents and languages; None allows all."""
        clauses = [
            _Query.term_set_query(_SCHEMA, field, list(values))
            for field, values in ((_DOCUMENT, documents), (_LANGUAGE, languages))
            if values is not None
        ]
        # a filter must not add to the score
        self.clauses = [(_MUST, _Query.const_score_query(clause, 0.0)) for clause in clauses]


class LexicalIndex:
    """The terms of one release, mapped into memory; safe to call from several threads."""

    def __init__(self, folder: Path, rows: int) -> None:
        """Open the index of a verified release. Raises DamagedRelease where it cannot be read or has other rows."""
        try:
            self._searcher = tantivy.Index.open(str(folder)).searcher()
        except (ValueError, OSError) as error:
            raise DamagedRelease(f"the lexical index {folder} cannot be read ({error})") from error
        if self._searcher.num_docs != rows:
            raise DamagedRelease(f"{folder} holds {self._searcher.num_docs} passages, the manifest says {rows}")

    def matching(self, terms: Sequence[WeightedTerm], k: int, allowed: Allowed | None) -> list[tuple[int, float]]:
        """Return at most k (row, score) of the allowed passages with any of the terms, best first."""
        words: dict[int, dict[str, float]] = {}
        for term in terms:
            if term.weight > 0 and term.term:
                weights = words.setdefault(term.word, {})
                weights[term.term] = max(term.weight, weights.get(term.term, 0.0))
        if not words or k < 1:
            return []
        query = _Query.boolean_query([(_SHOULD, self._word(weights)) for weights in words.values()])
        if allowed is not None:
            query = _Query.boolean_query([(_MUST, query), *allowed.clauses])
        hits = self._searcher.search(query, min(k, self._searcher.num_docs or 1), count=False).hits
        rows = self._searcher.fast_field_values(_ROW, [address for _, address in hits])
        return [(int(row or 0), float(score)) for row, (score, _) in zip(rows, hits, strict=True)]

    def document_frequency(self, term: str) -> int:
        """Return in how many passages a term stands, title and headings included."""
        return self._searcher.doc_freq(_TERMS, term)

    def _word(self, weights: Mapping[str, float]) -> tantivy.Query:
        """Return the query of one word: its best alternative counts, so that a word is never counted twice."""
        alternatives = [self._term(term, weight) for term, weight in weights.items()]
        return alternatives[0] if len(alternatives) == 1 else _Query.disjunction_max_query(alternatives)

    def _term(self, term: str, weight: float) -> tantivy.Query:
        return _Query.boost_query(_Query.term_query(_SCHEMA, _TERMS, term, "freq"), weight)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_TERMS, tokenizer_name="whitespace", index_option="freq")
    for field in (_DOCUMENT, _LANGUAGE):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field(_ROW, fast=True)
    return builder.build()


_SCHEMA = _schema()
