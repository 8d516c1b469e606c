"""How well does the dense leg alone find what it should, on sets with known answers?

Quick enough for every checkpoint: a row of a BEIR folder is embedded whole. The figures of the product, with all legs
and with rows split into passages, come from `pramen evaluate`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexes.embedding.embedder import Embedder, FloatArray

DEPTH = 10
"""Hits that count in nDCG@10."""

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class BeirSet:
    """Queries with the rows that answer them."""

    ids: tuple[str, ...]
    rows: tuple[str, ...]
    queries: tuple[str, ...]
    relevant: tuple[frozenset[str], ...]
    """For each query, the ids of the rows that answer it."""


def read_beir(folder: Path) -> BeirSet:
    """Return a BEIR folder without the queries that nothing answers (`metadata.answerable` false, or no judgment)."""
    relevant: dict[str, set[str]] = {}
    with (folder / "qrels" / "test.tsv").open(encoding="utf-8", newline="") as lines:
        for judgment in csv.DictReader(lines, delimiter="\t"):
            if float(judgment["score"]) > 0:
                relevant.setdefault(judgment["query-id"], set()).add(judgment["corpus-id"])
    rows = list(_json_lines(folder / "corpus.jsonl"))
    queries = [
        query
        for query in _json_lines(folder / "queries.jsonl")
        if query["_id"] in relevant and query.get("metadata", {}).get("answerable", True)
    ]
    return BeirSet(
        tuple(row["_id"] for row in rows),
        tuple(f"{row.get('title', '')}\n{row['text']}".strip() for row in rows),
        tuple(query["text"] for query in queries),
        tuple(frozenset(relevant[query["_id"]]) for query in queries),
    )


def evaluate_beir(embedder: Embedder, beir: BeirSet) -> Figures:
    """Return `nDCG@10`, `R@1` and `R@5` (the share of queries with an answer that high) as fractions."""
    scores = embedder.embed_passages(beir.queries) @ embedder.embed_passages(beir.rows).T
    gains = np.array([_gains(beir, row, relevant) for row, relevant in zip(scores, beir.relevant, strict=True)])
    discounts = 1 / np.log2(np.arange(DEPTH) + 2)
    ideal = np.array([discounts[: min(DEPTH, len(relevant))].sum() for relevant in beir.relevant])
    return {
        "nDCG@10": float(((gains @ discounts) / ideal).mean()),
        "R@1": float(gains[:, 0].mean()),
        "R@5": float(gains[:, :5].any(axis=1).mean()),
    }


def evaluate_pairs(embedder: Embedder, pairs: Sequence[tuple[str, str]]) -> Figures:
    """Return how often the nearest text of the other language is the translation, both ways, as fractions."""
    english = embedder.embed_passages([pair[0] for pair in pairs])
    czech = embedder.embed_passages([pair[1] for pair in pairs])
    return {"cs->en": _accuracy(czech @ english.T), "en->cs": _accuracy(english @ czech.T)}


def evaluate_folder(embedder: Embedder, folder: Path) -> Iterator[tuple[str, Mapping[str, float]]]:
    """Yield name and figures of every BEIR folder and pair file (`.tsv`) in `folder`."""
    for entry in sorted(folder.iterdir()):
        if (entry / "corpus.jsonl").is_file():
            yield entry.name, evaluate_beir(embedder, read_beir(entry))
        elif entry.suffix == ".tsv":
            lines = entry.read_text(encoding="utf-8").splitlines()
            yield entry.stem, evaluate_pairs(embedder, [_pair(line) for line in lines])


def _gains(beir: BeirSet, scores: FloatArray, relevant: frozenset[str]) -> list[float]:
    best = np.argsort(-scores, kind="stable")[:DEPTH]
    gains = [float(beir.ids[row] in relevant) for row in best]
    return gains + [0.0] * (DEPTH - len(gains))


def _accuracy(likeness: FloatArray) -> float:
    return float((likeness.argmax(axis=1) == np.arange(len(likeness))).mean())


def _pair(line: str) -> tuple[str, str]:
    english, czech = line.split("\t")
    return english, czech


def _json_lines(file: Path) -> Iterator[dict]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)
