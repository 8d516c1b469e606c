"""What does the engine of releases add to faiss and tantivy by themselves, and how much memory does an open release take?

Synthetic passages of 60 words of a Zipf vocabulary and random unit vectors of 384 numbers, so that postings are long and
nothing is said about quality. A query is four words, each with two alternatives. One thread; medians of 200 queries.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import tantivy
from rich.console import Console
from rich.table import Table

from corpus.document import Document, Metadata
from indexes.analysis import query_terms
from indexes.contract import EmbeddedPassage
from indexes.local.index import LocalIndex
from indexes.local.writer import LocalWriter
from indexes.manifest import ModelIdentity
from indexes.passage import DocumentText, Filters, Passage, WeightedTerm, passage_id

SIZES = (10_000, 100_000)
DIMENSION = 384
PASSAGES_OF_DOCUMENT = 20
WORDS = 60
VOCABULARY = 15_000
QUERIES = 200
K = 100
OPENED = """
import sys, time
from pathlib import Path
from indexes.local.index import LocalIndex
resident = lambda: int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) / 1024
before, began = resident(), time.perf_counter()
index = LocalIndex(Path(sys.argv[1]), sys.argv[2])
print(time.perf_counter() - began, resident() - before)
"""


def main() -> None:
    """Print the milliseconds of each leg beside the bare library, seconds of opening, and memory."""
    console = Console()
    table = Table(
        "passages",
        "dense ms (faiss alone)",
        "lexical ms (tantivy alone)",
        "filtered: dense, lexical ms",
        "open s",
        "MiB",
    )
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            table.add_row(f"{size:,}", *measured(Path(folder), size))
    console.print(table)
    console.print("one thread; opening reads and hashes every byte; memory is what opening adds to the process")


def measured(folder: Path, size: int) -> list[str]:
    """Return the row of one size."""
    random = np.random.default_rng(1)
    words = np.array(["".join(random.choice(list("bdfgklmnprstvzaeiou"), 7)) for _ in range(VOCABULARY)])
    weights = 1 / np.arange(3, VOCABULARY + 3)
    weights /= weights.sum()
    release_id = write(folder, size, lambda: random.choice(words, WORDS, p=weights), random)
    index = LocalIndex(folder, release_id)
    vectors = unit(random.normal(size=(QUERIES, DIMENSION)))
    asked = [terms(random.choice(words[20:], 8)) for _ in range(QUERIES)]
    narrow = Filters(document=tuple(f"dokument-{number}" for number in range(0, size // PASSAGES_OF_DOCUMENT, 10)))
    flat = faiss.read_index(str(folder / release_id / "vectors.faiss"), faiss.IO_FLAG_MMAP_IFC)
    faiss.omp_set_num_threads(1)
    bare = tantivy.Index.open(str(folder / release_id / "lexical"))
    searcher = bare.searcher()
    queries = [bare_query(bare.schema, one) for one in asked]
    dense = (
        median(lambda i: index.nearest(vectors[i], K, Filters())),
        median(lambda i: flat.search(vectors[i : i + 1], K)),
    )
    lexical = (
        median(lambda i: index.matching(asked[i], K, Filters())),
        median(lambda i: searcher.search(queries[i], K)),
    )
    filtered = (
        median(lambda i: index.nearest(vectors[i], K, narrow)),
        median(lambda i: index.matching(asked[i], K, narrow)),
    )
    index.close()
    opened = subprocess.run(
        [sys.executable, "-c", OPENED, str(folder), release_id], capture_output=True, text=True, check=True
    ).stdout.split()
    return [
        f"{dense[0]:.2f} ({dense[1]:.2f})",
        f"{lexical[0]:.2f} ({lexical[1]:.2f})",
        f"{filtered[0]:.2f}, {filtered[1]:.2f}",
        f"{float(opened[0]):.2f}",
        f"{float(opened[1]):.0f}",
    ]


def write(folder: Path, size: int, draw: Callable[[], Any], random: np.random.Generator) -> str:
    """Write a release of so many passages and return its id."""
    writer = LocalWriter(folder, ModelIdentity("random", "0" * 64, DIMENSION))
    for number in range(size // PASSAGES_OF_DOCUMENT):
        name = f"dokument-{number}"
        texts = [f"{' '.join(draw())} {place}" for place in range(PASSAGES_OF_DOCUMENT)]
        vectors = unit(random.normal(size=(len(texts), DIMENSION)))
        embedded, start = [], 0
        for text, vector in zip(texts, vectors, strict=True):
            end = start + len(text)
            passage = Passage(
                passage_id(name, None, text, 0), name, text, "cs", (), None, start, end, ((0, len(text)),)
            )
            sentence = np.rint(vector[None] * 127).astype(np.int8)
            embedded.append(EmbeddedPassage(passage, sha256(text.encode()).hexdigest(), vector, sentence))
            start = end + 1
        source = "\n".join(texts)
        digest = sha256(source.encode()).hexdigest()
        document = Document(name, name, Metadata(), f"{name}.txt", "text/plain", digest)
        writer.add(document, DocumentText(name, source), source.encode(), embedded)
    return writer.commit()


def terms(words: Any) -> list[WeightedTerm]:
    """Return the terms of four words with two alternatives each."""
    keys = [query_terms(str(word), "cs")[0].term for word in words]
    return [WeightedTerm(key, 1.0, place // 2) for place, key in enumerate(keys)]


def bare_query(schema: tantivy.Schema, asked: list[WeightedTerm]) -> tantivy.Query:
    """Return what the library by itself would be asked: any of the terms."""
    return tantivy.Query.boolean_query(
        [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "terms", one.term, "freq")) for one in asked]
    )


def unit(numbers: Any) -> Any:
    """Return rows of unit length, float32."""
    return (numbers / np.linalg.norm(numbers, axis=1, keepdims=True)).astype(np.float32)


def median(work: Callable[[int], object]) -> float:
    """Return the median of CPU milliseconds over all queries."""
    spent = []
    for number in range(QUERIES):
        began = time.thread_time()
        work(number)
        spent.append((time.thread_time() - began) * 1000)
    return statistics.median(spent)
