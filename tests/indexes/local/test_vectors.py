"""Does the graph above the exact limit still find the true neighbours?"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indexes.local.vectors import VectorIndex, VectorWriter

ROWS, DIMENSION = 3000, 32


def open_both(tmp_path: Path) -> tuple[VectorIndex, VectorIndex, np.ndarray]:
    """Return an exact index, one with a graph, and the vectors of both."""
    numbers = np.random.default_rng(7).normal(size=(ROWS, DIMENSION)).astype(np.float32)
    numbers /= np.linalg.norm(numbers, axis=1, keepdims=True)
    opened = []
    for name, exact_rows in (("exact", ROWS), ("graph", 10)):
        (tmp_path / name).mkdir()
        writer = VectorWriter(DIMENSION)
        writer.add(numbers[:1000])
        writer.add(numbers[1000:])
        writer.write(tmp_path / name, exact_rows)
        opened.append(VectorIndex(tmp_path / name, ROWS, DIMENSION))
    return opened[0], opened[1], numbers


def test_the_graph_finds_nearly_all_true_neighbours_with_exact_scores(tmp_path: Path) -> None:
    """At least 95 % of the true ten nearest, each with its exact cosine."""
    exact, graph, numbers = open_both(tmp_path)
    met = 0
    for query in numbers[:50]:
        true = dict(exact.nearest(query, 10, None))
        found = dict(graph.nearest(query, 10, None))
        assert all(abs(score - float(numbers[row] @ query)) < 1e-5 for row, score in found.items())
        met += len(true.keys() & found.keys())
    assert met >= 0.95 * 500


def test_filters_are_kept_and_never_leave_a_ranking_short(tmp_path: Path) -> None:
    """Whatever share of rows is allowed, k of them are found, none padded with row -1 and none from outside."""
    _, graph, numbers = open_both(tmp_path)
    for share in (2, 4, 50, 1000):
        allowed = np.arange(ROWS) % share == 0
        found = graph.nearest(numbers[1], 10, allowed)
        assert len(found) == min(10, int(allowed.sum()))
        assert all(row >= 0 and allowed[row] for row, _ in found)
