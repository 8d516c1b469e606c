"""Do the quick figures agree with figures worked out by hand?"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from indexes.embedding.embedder import FloatArray
from indexes.embedding.hashing import HashingEmbedder
from indexes.training.evaluate import BeirSet, evaluate_beir, evaluate_folder, evaluate_pairs, read_beir


class FixedEmbedder(HashingEmbedder):
    """Gives each text the vector that the test wrote down."""

    def __init__(self, vectors: dict[str, list[float]]) -> None:
        super().__init__(dimension=3)
        self._vectors = vectors

    def embed_passages(self, texts) -> FloatArray:
        """Return the fixed vectors."""
        return np.array([self._vectors[text] for text in texts], dtype=np.float32)


def test_figures_of_a_ranking_worked_out_by_hand() -> None:
    """One answer at rank 1, one at rank 3: nDCG (1 + 1/2) / 2, R@1 one half, R@5 one."""
    rows = {"first": [1.0, 0, 0], "second": [0, 1.0, 0], "third": [0, 0, 1.0]}
    embedder = FixedEmbedder({**rows, "easy": [1.0, 0.2, 0.1], "hard": [0.9, 0.5, 0.1]})
    beir = BeirSet(("1", "2", "3"), tuple(rows), ("easy", "hard"), (frozenset("1"), frozenset("3")))
    assert evaluate_beir(embedder, beir) == pytest.approx({"nDCG@10": 0.75, "R@1": 0.5, "R@5": 1.0})


def test_accuracy_of_pairs_worked_out_by_hand() -> None:
    """Both English texts are nearest to the second Czech one: one of two is right that way, both the other way."""
    vectors = {"a": [1.0, 0, 0], "b": [0, 1.0, 0], "á": [0.1, 0.0, 0], "bé": [1.2, 1.3, 0]}
    embedder = FixedEmbedder(vectors)
    assert evaluate_pairs(embedder, [("a", "á"), ("b", "bé")]) == {"cs->en": 1.0, "en->cs": 0.5}


def test_queries_without_an_answer_do_not_count(tmp_path: Path) -> None:
    """A set for refusal holds unanswerable questions that name a row all the same."""
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\t1\t1\nq2\t1\t1\nq3\t1\t0\n")
    (tmp_path / "corpus.jsonl").write_text(json.dumps({"_id": "1", "title": "Title", "text": "text"}))
    queries = [{"_id": "q1", "text": "a"}, {"_id": "q2", "text": "b", "metadata": {"answerable": False}}]
    queries.append({"_id": "q3", "text": "c"})
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    beir = read_beir(tmp_path)
    assert beir.queries == ("a",)
    assert beir.rows == ("Title\ntext",)


def test_the_real_sets_are_all_found(shared: Path) -> None:
    """Eight BEIR folders and two files of pairs; words in common alone are no understanding across languages."""
    figures = dict(evaluate_folder(HashingEmbedder(dimension=256), shared / "data" / "eval"))
    assert len(figures) == 10
    assert figures["xquad-en"]["nDCG@10"] > 0.5 > figures["guides-en-cs"]["nDCG@10"]
