"""How long does one search take in process, and which step takes it?

Synthetic collections: words drawn by Zipf's law from the shipped translation table, half of the documents Czech and half
English, ten passages of five sentences of 12 words each, all under headings of their own; vectors are random, so nothing is said about quality. The queries
are made of the same words: three to six of them, every fourth with a slip, every third asked as a question. CPU time of the one thread at work, everything switched on.
"""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from corpus.document import Document, DocumentKind, Metadata
from indexes.contract import EmbeddedPassage, PassageIndex
from indexes.embedding.onnx import OnnxEmbedder
from indexes.engines import open_shelf
from indexes.manifest import ModelIdentity
from indexes.passage import DocumentText, Passage, passage_id
from indexes.settings import BUNDLED_MODEL, IndexSettings
from indexes.translation import bundled_translations
from qa_service import retrieval
from qa_service.assembly import open_retriever
from qa_service.query import Query
from qa_service.retrieval import Retriever
from qa_service.widening import Widening

SIZES = (10_000, 100_000)
PASSAGES_OF_DOCUMENT = 10
SENTENCES_OF_PASSAGE = 5
SENTENCE_WORDS = 12
HEADING_WORDS = 3
QUERIES = 100
ROUNDS = 3
"""So often each query is asked; its fastest time counts, because other programs only ever make one slower."""
VOCABULARY = 20_000
"""Different words of each language."""


def main() -> None:
    """Print the median and the 95th percentile of a search, and the share of each step, for each size."""
    console = Console()
    embedder = OnnxEmbedder(BUNDLED_MODEL)
    table = Table("step", *(f"{size:,} passages: ms" for size in SIZES))
    rows: dict[str, list[str]] = defaultdict(list)
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            for step, shown in measured(Path(folder), embedder, size).items():
                rows[step].append(shown)
    for step, shown in rows.items():
        table.add_row(step, *shown)
    console.print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(f"one thread; {QUERIES} queries; peak memory of the whole run, building included: {peak:.0f} MiB")


def measured(folder: Path, embedder: OnnxEmbedder, size: int) -> dict[str, str]:
    """Return what to print for a collection of `size` passages, by step."""
    random = np.random.default_rng(0)
    words = vocabulary()
    index = build(folder, embedder, size, words, random)
    searcher = open_retriever(embedder)
    queries = list(ask(words, random))
    for query in queries[:10]:
        searcher.search(index, query)
    totals, steps = [], defaultdict(list)
    with timed(searcher, index) as spent:
        for query in queries:
            total, of_steps = min((tried(searcher, index, query, spent) for _ in range(ROUNDS)), key=lambda one: one[0])
            totals.append(1000 * total)
            for step, seconds in of_steps.items():
                steps[step].append(1000 * seconds)
    index.close()
    shown = {"p50": f"{statistics.median(totals):.1f}", "p95": f"{statistics.quantiles(totals, n=20)[-1]:.1f}"}
    mean = statistics.fmean(totals)
    for step, times in steps.items():
        each = sum(times) / len(totals)
        shown[f"  {step}"] = f"{each:.2f} ({each / mean:.0%})"
    known = sum(sum(times) for times in steps.values()) / len(totals)
    return shown | {"  the rest of ours": f"{mean - known:.2f} ({(mean - known) / mean:.0%})"}


def tried(
    searcher: Retriever, index: PassageIndex, query: Query, spent: dict[str, float]
) -> tuple[float, dict[str, float]]:
    """Return the seconds of one search and of each of its steps, as gathered in `spent`."""
    spent.clear()
    started = time.thread_time()
    searcher.search(index, query)
    return time.thread_time() - started, dict(spent)


def vocabulary() -> dict[str, list[str]]:
    """Return words of both languages, in an order that has nothing to do with how common they are."""
    table = bundled_translations()
    letters = {"cs": b"c", "en": b"e"}
    return {
        language: [
            word.decode()
            for term, word in zip(table._terms, table._words, strict=True)
            if term.startswith(letter) and word.isalpha()
        ][:VOCABULARY]
        for language, letter in letters.items()
    }


def build(
    folder: Path, embedder: OnnxEmbedder, size: int, words: dict[str, list[str]], random: np.random.Generator
) -> PassageIndex:
    """Return an open release of synthetic passages."""
    shelf = open_shelf(IndexSettings(releases=folder))
    writer = shelf.begin(ModelIdentity(embedder.name, embedder.fingerprint, embedder.dimension))
    for number in range(size // PASSAGES_OF_DOCUMENT):
        language = ("cs", "en")[number % 2]
        writer.add(*document(number, language, words[language], embedder.dimension, random))
    return shelf.open(writer.commit())


def document(
    number: int, language: str, words: list[str], dimension: int, random: np.random.Generator
) -> tuple[Document, DocumentText, bytes, list[EmbeddedPassage]]:
    """Return one synthetic document with everything that a writer is given for it."""
    name = f"document-{number}"
    drafts = [
        [" ".join(drawn(words, SENTENCE_WORDS, random)) + "." for _ in range(SENTENCES_OF_PASSAGE)]
        for _ in range(PASSAGES_OF_DOCUMENT)
    ]
    texts = [" ".join(sentences) for sentences in drafts]
    vectors = random.normal(size=(len(texts), dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    text, passages, start = "\n".join(texts), [], 0
    for ordinal, (part, sentences, vector) in enumerate(zip(texts, drafts, vectors, strict=True)):
        end = start + len(part)
        ends = list(accumulate(len(sentence) + 1 for sentence in sentences))
        spans = tuple((last - 1 - len(sentence), last - 1) for sentence, last in zip(sentences, ends, strict=True))
        heading = (" ".join(drawn(words, HEADING_WORDS, random)),)
        passage = Passage(passage_id(name, None, part, ordinal), name, part, language, heading, None, start, end, spans)
        of_sentences = np.tile(np.round(vector * 127).astype(np.int8), (len(sentences), 1))
        passages.append(EmbeddedPassage(passage, sha256(part.encode()).hexdigest(), vector, of_sentences))
        start = end + 1
    metadata = Metadata(title=name, year=2010 + number % 15, kind=DocumentKind.REPORT, publisher=f"town {number % 40}")
    source = text.encode()
    about = Document(name, name, metadata, f"{name}.txt", "text/plain", sha256(source).hexdigest())
    return about, DocumentText(name, text), source, passages


def drawn(words: list[str], count: int, random: np.random.Generator) -> list[str]:
    """Return words drawn by Zipf's law (the n-th commonest with a share of 1 / n)."""
    ranks = np.exp(random.uniform(0, np.log(len(words)), size=count)).astype(int) - 1
    return [words[rank] for rank in ranks]


def ask(words: dict[str, list[str]], random: np.random.Generator) -> Iterator[Query]:
    """Yield the queries."""
    for number in range(QUERIES):
        chosen = drawn(words[("cs", "en")[number % 2]], 3 + number % 4, random)
        if number % 4 == 0:
            chosen[0] = chosen[0][:1] + chosen[0][2:]
        yield Query(" ".join(chosen) + ("?" if number % 3 == 0 else ""))


@contextmanager
def timed(searcher: Retriever, index: PassageIndex) -> Iterator[dict[str, float]]:
    """Lend a dictionary that gathers the seconds spent in each step of `searcher` over `index`."""
    spent: dict[str, float] = defaultdict(float)

    def watch(step: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **named: Any) -> Any:
            started = time.thread_time()
            try:
                return call(*arguments, **named)
            finally:
                spent[step] += time.thread_time() - started

        return watched

    places: list[tuple[Any, str, str]] = [
        (searcher._embedder, "embed_query", "embed the query"),
        (index, "nearest", "nearest vectors"),
        (index, "matching", "matching terms"),
        (index, "vectors", "cosines of what words found"),
        (index, "passages", "read the page's passages"),
        (index, "places", "look where the candidates stand"),
        (index, "document", "read the page's documents"),
        (Widening, "widen", "widen the query"),
        (retrieval, "lexical_query", "weigh the terms"),
        (index, "sentence_vectors", "sentences of the first passages"),
        (retrieval, "fuse", "fuse"),
        (retrieval, "order", "order near-equals"),
        (retrieval, "_facets", "count the facets"),
        (retrieval.Highlighter, "spans", "highlight"),
    ]
    originals = [(owner, name, getattr(owner, name)) for owner, name, _ in places]
    for owner, name, step in places:
        setattr(owner, name, watch(step, getattr(owner, name)))
    try:
        yield spent
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)
