"""How much does search lose when queries are typed without diacritics, or with a slip?

For each BEIR folder beside the project: fused nDCG@10 and R@5 of the queries as written, stripped of diacritics, and with
one random slip each (a letter left out, replaced, or exchanged with its neighbour). The slips are the same in every run.
"""

from __future__ import annotations

import random
import string
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from indexes.contract import PassageIndex
from indexes.embedding.onnx import OnnxEmbedder
from indexes.engines import open_shelf
from indexes.manifest import ModelIdentity
from indexes.settings import BUNDLED_MODEL, IndexSettings
from ingest.rows import Row, write_rows
from ingest.settings import PassageLimits
from qa_service.assembly import open_retriever
from qa_service.evaluation.judgments import Judgments, read_judgments, read_rows
from qa_service.evaluation.run import evaluate

SETS = Path(__file__).resolve().parents[3] / "shared" / "data" / "eval"
SHORTEST_WORD = 4
"""Slips are made in words of at least this many letters."""


def main() -> None:
    """Print one line for each set."""
    console = Console()
    embedder = OnnxEmbedder(BUNDLED_MODEL)
    searcher = open_retriever(embedder)
    table = Table("set", "queries", *(f"{name}: nDCG@10 / R@5" for name in TYPISTS))
    for folder in sorted(file.parent for file in SETS.glob("*/corpus.jsonl")):
        judgments = read_judgments(folder)
        with indexed(folder, embedder) as (index, names):
            cells = []
            for typist in TYPISTS.values():
                scores = evaluate(index, searcher, typed(judgments.renamed(names), typist)).legs["fused"]
                cells.append(f"{100 * scores['nDCG@10']:.1f} / {100 * scores['R@5']:.1f}")
        table.add_row(folder.name, str(len(judgments.queries)), *cells)
    console.print(table)
    if not table.rows:
        console.print(f"no evaluation sets in {SETS}")


def typed(judgments: Judgments, typist: Callable[[str], str]) -> Judgments:
    """Return the judgments with every query as `typist` types it."""
    queries = tuple(replace(query, text=typist(query.text)) for query in judgments.queries)
    return Judgments(judgments.name, queries, judgments.relevant)


def without_diacritics(text: str) -> str:
    """Return `text` as an official types it."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def with_a_slip(text: str) -> str:
    """Return `text` with one slip in one of its longer words."""
    draw = random.Random(text)
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) >= SHORTEST_WORD and word.isalpha()]
    if not long:
        return text
    place = draw.choice(long)
    word = words[place]
    at = draw.randrange(len(word) - 1)
    words[place] = draw.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + draw.choice(string.ascii_lowercase) + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )
    return " ".join(words)


TYPISTS: dict[str, Callable[[str], str]] = {
    "as written": str,
    "no diacritics": without_diacritics,
    "one slip": with_a_slip,
}


@contextmanager
def indexed(folder: Path, embedder: OnnxEmbedder) -> Iterator[tuple[PassageIndex, dict[str, str]]]:
    """Lend a temporary release of a BEIR folder, and the document ids of its rows."""
    rows = list(read_rows(folder))
    names = {row.id: f"row-{number}" for number, row in enumerate(rows)}
    with tempfile.TemporaryDirectory() as releases:
        shelf = open_shelf(IndexSettings(releases=Path(releases)))
        writer = shelf.begin(ModelIdentity(embedder.name, embedder.fingerprint, embedder.dimension))
        texts = [Row(names[row.id], row.title, row.text) for row in rows]
        index = shelf.open(write_rows(texts, embedder, writer, PassageLimits()))
        try:
            yield index, names
        finally:
            index.close()
