"""How long does an extractive answer take in process, and which step takes it?

10,000 passages made of the sentences of the starter collection in random order, with their own vectors, so that analysis
and scoring do real work; the questions are the judged ones. Nothing is said about quality. The first claim of a stream
is ready when the whole answer is, so its time is the total. CPU time of the one thread at work.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections import defaultdict
from hashlib import sha256
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from corpus.document import Document, Metadata
from indexes.contract import SENTENCE_SCALE, EmbeddedPassage, PassageIndex
from indexes.embedding.embedder import FloatArray
from indexes.embedding.onnx import OnnxEmbedder
from indexes.engines import open_shelf
from indexes.manifest import ModelIdentity
from indexes.passage import DocumentText, Passage, passage_id
from indexes.settings import BUNDLED_MODEL, IndexSettings
from qa_service.answering.answerer import Question, Status
from qa_service.answering.evidence import evidence
from qa_service.answering.extractive import ExtractiveAnswerer
from qa_service.assembly import open_retriever

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS, PASSAGES_OF_DOCUMENT, SENTENCES_OF_PASSAGE = 1_000, 10, 8
SHORTEST_SENTENCE_CHARS = 30


def main() -> None:
    """Print the median, the 95th percentile and the share of each step."""
    console = Console()
    embedder = OnnxEmbedder(BUNDLED_MODEL)
    retriever = open_retriever(embedder)
    answerer = ExtractiveAnswerer(retriever.widen, embed=retriever.embed)
    lines = (ROOT / "corpus" / "judgments" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [Question(line["text"], line["metadata"]["language"]) for line in map(json.loads, lines)]
    times: dict[str, list[float]] = defaultdict(list)
    answered = 0
    with tempfile.TemporaryDirectory() as folder:
        index = build(Path(folder), embedder)
        for question in questions:
            answered += ask(index, embedder, retriever, answerer, question, times)
        index.close()
    total = [sum(step) for step in zip(*times.values(), strict=True)]
    table = Table("step", "p50 ms", "p95 ms", "share")
    for step, spent in (times | {"total": total}).items():
        p95 = statistics.quantiles(spent, n=20)[-1]
        table.add_row(step, f"{statistics.median(spent):.1f}", f"{p95:.1f}", f"{sum(spent) / sum(total):.0%}")
    console.print(table)
    count = DOCUMENTS * PASSAGES_OF_DOCUMENT
    console.print(
        f"one thread; {count:,} passages; {len(questions)} questions, {answered} of them answered; nothing warm"
    )


def ask(index, embedder, retriever, answerer, question, times) -> bool:  # type: ignore[no-untyped-def]
    """Add the milliseconds of each step of one answer to `times`; return whether it was answered."""
    started = time.thread_time()
    embedder.embed_query(question.text)
    embedded = time.thread_time()
    found = evidence(lambda query: retriever.search(index, query), question)
    searched = time.thread_time()
    answer = answerer.answer(index, question, found)
    finished = time.thread_time()
    times["embedding the question"].append(1000 * (embedded - started))
    times["the rest of the search"].append(1000 * max(0.0, searched - embedded - (embedded - started)))
    times["choosing and quoting"].append(1000 * (finished - searched))
    return bool(answer.status is Status.ANSWERED)


def build(folder: Path, embedder: OnnxEmbedder) -> PassageIndex:
    """Return an open release of passages made of real sentences."""
    random = np.random.default_rng(0)
    sentences = {
        language: [line for line in _sentences() if _is_czech(line) is (language == "cs")] for language in ("cs", "en")
    }
    vectors = {language: embedder.embed_passages(texts) for language, texts in sentences.items()}
    shelf = open_shelf(IndexSettings(releases=folder))
    writer = shelf.begin(ModelIdentity(embedder.name, embedder.fingerprint, embedder.dimension))
    for number in range(DOCUMENTS):
        language = ("cs", "en")[number % 2]
        writer.add(*_document(number, language, sentences[language], vectors[language], random))
    return shelf.open(writer.commit())


def _document(
    number: int, language: str, sentences: list[str], vectors: FloatArray, random: np.random.Generator
) -> tuple[Document, DocumentText, bytes, list[EmbeddedPassage]]:
    name, passages, texts, start = f"document-{number}", [], [], 0
    for ordinal in range(PASSAGES_OF_DOCUMENT):
        drawn = random.choice(len(sentences), SENTENCES_OF_PASSAGE, replace=False)
        text = " ".join(sentences[place] for place in drawn)
        ends = np.cumsum([len(sentences[place]) + 1 for place in drawn])
        spans = tuple(
            (int(end) - len(sentences[place]) - 1, int(end) - 1) for place, end in zip(drawn, ends, strict=True)
        )
        passage = Passage(
            passage_id(name, None, text, ordinal), name, text, language, (), None, start, start + len(text), spans
        )
        mean = vectors[drawn].mean(axis=0)
        stored = np.round(vectors[drawn] * SENTENCE_SCALE).astype(np.int8)
        vector = (mean / np.linalg.norm(mean)).astype(np.float32)
        passages.append(EmbeddedPassage(passage, sha256(text.encode()).hexdigest(), vector, stored))
        texts.append(text)
        start += len(text) + 1
    full = "\n".join(texts)
    source = full.encode()
    metadata = Metadata(title=name, language=language, year=2010 + number % 15)
    document = Document(name, name, metadata, f"{name}.txt", "text/plain", sha256(source).hexdigest())
    return document, DocumentText(name, full), source, passages


def _sentences() -> list[str]:
    """Return the lines and sentences of the sources of the starter collection, each once."""
    texts = [
        file.read_text(encoding="utf-8") for file in sorted((ROOT / "corpus" / "starter" / "sources").glob("*.md"))
    ]
    pieces = (piece.strip() for text in texts for line in text.splitlines() for piece in line.split(". "))
    return list(dict.fromkeys(piece for piece in pieces if len(piece) >= SHORTEST_SENTENCE_CHARS))


def _is_czech(text: str) -> bool:
    return any(char in "ěščřžýáíéůúňťď" for char in text.lower())
