"""Do the codes and the graph above the exact limit still find the true neighbours?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexes.local.vectors import VectorIndex, VectorWriter

ROWS, DIMENSION = 3000, 32


def open_index(folder: Path, numbers: np.ndarray, exact_rows: int, graph_rows: int) -> VectorIndex:
    """Return an index of these vectors with codes or a graph above so many rows."""
    folder.mkdir()
    writer = VectorWriter(DIMENSION)
    writer.add(numbers[:1000])
    writer.add(numbers[1000:])
    writer.write(folder, exact_rows, graph_rows)
    return VectorIndex(folder, ROWS, DIMENSION)


@pytest.fixture(scope="module")
def numbers() -> np.ndarray:
    """Random unit vectors."""
    drawn = np.random.default_rng(7).normal(size=(ROWS, DIMENSION)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))


@pytest.mark.parametrize(("graph_rows", "least"), [(ROWS, 1.0), (10, 0.95)], ids=["codes", "graph"])
def test_nearly_all_true_neighbours_are_found_with_exact_scores(
    tmp_path: Path, numbers: np.ndarray, graph_rows: int, least: float
) -> None:
    """All of the true ten nearest by the codes of all rows, 95 % by a walk, each with its exact cosine."""
    exact = open_index(tmp_path / "exact", numbers, ROWS, ROWS)
    quantised = open_index(tmp_path / "quantised", numbers, 10, graph_rows)
    met = 0
    for query in numbers[:50]:
        true = dict(exact.nearest(query, 10, None))
        found = dict(quantised.nearest(query, 10, None))
        assert all(abs(score - float(numbers[row] @ query)) < 1e-5 for row, score in found.items())
        met += len(true.keys() & found.keys())
    assert met >= least * 500


@pytest.mark.parametrize("graph_rows", [ROWS, 10], ids=["codes", "graph"])
def test_filters_are_kept_and_never_leave_a_ranking_short(tmp_path: Path, numbers: np.ndarray, graph_rows: int) -> None:
    """Whatever share of rows is allowed, k of them are found, none padded with row -1 and none from outside."""
    quantised = open_index(tmp_path / "quantised", numbers, 10, graph_rows)
    for share in (2, 4, 50, 1000):
        allowed = np.arange(ROWS) % share == 0
        found = quantised.nearest(numbers[1], 10, allowed)
        assert len(found) == min(10, int(allowed.sum()))
        assert all(row >= 0 and allowed[row] for row, _ in found)
