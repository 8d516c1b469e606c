"""Which passages are nearest to a vector?

Exact inner products over all rows up to `EXACT_ROWS`. Above it 8-bit codes of all rows, and above `GRAPH_ROWS` a graph
over such codes, propose candidates that are scored exactly. Rows count from 0 and are those of `passages.sqlite`.
"""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from indexes.embedding.embedder import FloatArray
from indexes.errors import DamagedRelease

VECTORS_FILE = "vectors.faiss"
CODES_FILE = "codes.faiss"
GRAPH_FILE = "graph.faiss"

EXACT_ROWS = 20_000
"""Up to here an exact search takes few milliseconds (13.9 ms for 100,000 rows of 384 on a busy core, measured)."""
GRAPH_ROWS = 200_000
"""Up to here all codes are searched (9 ms for 100,000 on a busy core, measured, and in proportion to the rows)."""
CODES_OVERFETCH = 2
"""Candidates asked of the codes for each one wanted: of 200 rankings of the first 216 among 100,000 random vectors, 198
were those of the exact search (measured)."""
GRAPH_LINKS = 32
GRAPH_BREADTH = 128
"""efSearch: with 32 links and 8-bit vectors it finds 98.8 % of the true ten nearest among 100,000 (measured)."""
OVERFETCH = 4
"""Candidates asked of the graph for each one wanted, because its own scores are those of quantised vectors."""
GRAPH_SHARE = 0.2
"""Below this share of allowed rows a graph walk meets too few of them, and exact search is cheap."""

RowMask = npt.NDArray[np.bool_]

_MEMORY_MAP = faiss.IO_FLAG_MMAP_IFC


class VectorWriter:
    """Collects vectors in the order of their rows."""

    def __init__(self, dimension: int) -> None:
        """Begin with no rows of `dimension` numbers."""
        self._flat = faiss.IndexFlatIP(dimension)

    def add(self, vectors: FloatArray) -> None:
        """Append float32[n, dimension]."""
        if len(vectors):
            self._flat.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def write(self, folder: Path, exact_rows: int = EXACT_ROWS, graph_rows: int = GRAPH_ROWS) -> None:
        """Write the vectors into `folder`, and above `exact_rows` rows the codes, above `graph_rows` rows the graph."""
        faiss.write_index(self._flat, str(folder / VECTORS_FILE))
        if self._flat.ntotal > graph_rows:
            faiss.write_index(_graph_over(self._flat), str(folder / GRAPH_FILE))
        elif self._flat.ntotal > exact_rows:
            faiss.write_index(_codes_of(self._flat), str(folder / CODES_FILE))


class VectorIndex:
    """The vectors of one release, mapped into memory; safe to call from several threads."""

    def __init__(self, folder: Path, rows: int, dimension: int) -> None:
        """Open the vectors of a verified release. Raises DamagedRelease where their number or length is another."""
        try:
            self._flat = faiss.read_index(str(folder / VECTORS_FILE), _MEMORY_MAP)
            self._codes = _read_if_there(folder / CODES_FILE)
            self._graph = _read_if_there(folder / GRAPH_FILE)
        except RuntimeError as error:
            raise DamagedRelease(f"the vectors in {folder} cannot be read ({error})") from error
        if (self._flat.ntotal, self._flat.d) != (rows, dimension):
            raise DamagedRelease(
                f"{folder / VECTORS_FILE} holds {self._flat.ntotal} vectors of {self._flat.d} numbers, "
                f"the manifest says {rows} of {dimension}"
            )

    def nearest(self, vector: FloatArray, k: int, allowed: RowMask | None) -> list[tuple[int, float]]:
        """Return at most k (row, cosine) of the allowed rows, best first; all of them where fewer than k are allowed.

        `vector` is float32[d] of unit length, `allowed` bool[rows] or None for all.
        """
        k = min(k, self._flat.ntotal if allowed is None else int(allowed.sum()))
        if k == 0:
            return []
        if self._graph is not None and (allowed is None or allowed.mean() >= GRAPH_SHARE):
            found = self._walk(vector, k, allowed)
            if len(found) == k:
                return found
        if self._codes is not None:
            return self._scan_codes(vector, k, allowed)
        return self._scan(vector, k, allowed)

    def vectors(self, rows: npt.NDArray[np.int64]) -> FloatArray:
        """Return float32[len(rows), d]: the stored vectors of these rows, in the order asked."""
        if not len(rows):
            return np.empty((0, self._flat.d), dtype=np.float32)
        found: FloatArray = self._flat.reconstruct_batch(rows)
        return found

    def _scan(self, vector: FloatArray, k: int, allowed: RowMask | None) -> list[tuple[int, float]]:
        parameters = faiss.SearchParameters(sel=_selector(allowed))
        faiss.omp_set_num_threads(1)  # of the calling thread; on a busy machine more threads were slower
        scores, rows = self._flat.search(vector[np.newaxis], k, params=parameters)
        return _pairs(rows[0], scores[0])

    def _scan_codes(self, vector: FloatArray, k: int, allowed: RowMask | None) -> list[tuple[int, float]]:
        assert self._codes is not None  # noqa: S101 - the caller looked
        faiss.omp_set_num_threads(1)
        parameters = faiss.SearchParameters(sel=_selector(allowed))
        _, rows = self._codes.search(vector[np.newaxis], min(k * CODES_OVERFETCH, self._flat.ntotal), params=parameters)
        return self._best(rows[0], vector, k)

    def _walk(self, vector: FloatArray, k: int, allowed: RowMask | None) -> list[tuple[int, float]]:
        assert self._graph is not None  # noqa: S101 - the caller looked
        wanted = min(k * OVERFETCH, self._flat.ntotal)
        parameters = faiss.SearchParametersHNSW(efSearch=max(GRAPH_BREADTH, wanted), sel=_selector(allowed))
        faiss.omp_set_num_threads(1)
        _, rows = self._graph.search(vector[np.newaxis], wanted, params=parameters)
        return self._best(rows[0], vector, k)

    def _best(self, proposed: npt.NDArray[np.int64], vector: FloatArray, k: int) -> list[tuple[int, float]]:
        """Return the k best of the proposed rows by their exact scores."""
        candidates = proposed[proposed >= 0]
        scores = self.vectors(candidates) @ vector
        best = np.argsort(-scores, kind="stable")[:k]
        return _pairs(candidates[best], scores[best])


def _graph_over(flat: faiss.IndexFlatIP) -> faiss.IndexHNSWSQ:
    graph = faiss.IndexHNSWSQ(flat.d, faiss.ScalarQuantizer.QT_8bit, GRAPH_LINKS, faiss.METRIC_INNER_PRODUCT)
    stored = flat.reconstruct_n(0, flat.ntotal)
    graph.train(stored)
    graph.add(stored)
    return graph


def _codes_of(flat: faiss.IndexFlatIP) -> faiss.IndexScalarQuantizer:
    codes = faiss.IndexScalarQuantizer(flat.d, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    stored = flat.reconstruct_n(0, flat.ntotal)
    codes.train(stored)
    codes.add(stored)
    return codes


def _read_if_there(file: Path) -> faiss.Index | None:
    return faiss.read_index(str(file), _MEMORY_MAP) if file.is_file() else None


def _selector(allowed: RowMask | None) -> faiss.IDSelectorBitmap | None:
    return None if allowed is None else faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))


def _pairs(rows: npt.NDArray[np.int64], scores: FloatArray) -> list[tuple[int, float]]:
    """Pair rows with scores, without the -1 by which faiss fills a short result."""
    return [(row, score) for row, score in zip(rows.tolist(), scores.tolist(), strict=True) if row >= 0]
