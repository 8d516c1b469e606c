# ruff: noqa: T201 - a report goes to the terminal
"""How fast are files read and folders built, beside the raw libraries, and how much memory does a long PDF take?"""

from __future__ import annotations

import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pypdf
import pypdfium2
from tokenizers import Tokenizer

from corpus.catalog import read_catalog
from indexes.embedding import open_embedder
from indexes.embedding.embedder import Embedder, FloatArray
from indexes.embedding.onnx import GRAPH_FILE, SETTINGS_FILE, TOKENIZER_FILE
from indexes.settings import BUNDLED_MODEL, IndexSettings
from ingest.pipeline import BuildReport, Progress, build_release
from ingest.readers.pdf import read_pdf
from ingest.sandbox import Sandbox
from ingest.settings import IngestSettings, ReaderLimits

_WORDS = [
    "integration",
    "newcomers",
    "council",
    "office",
    "language",
    "course",
    "housing",
    "school",
    "children",
    "advice",
    "interpreter",
    "employer",
    "permit",
    "residence",
    "municipality",
    "region",
    "project",
    "support",
    "centre",
    "volunteer",
    "lawyer",
    "health",
    "insurance",
    "contract",
    "rent",
    "training",
]
LINES, PAGES, REPORTS = 48, 20, 100
LONG_PAGES = 5000
RUNS = 5
RAW_EVERY = 10
"""Of the texts of a build, every so-many-th is run by onnxruntime alone: all of them would take as long as the build."""


def main() -> None:
    """Print three tables; with BENCH_SCALE=10 in the environment a tenth of everything is made."""
    scale = int(os.environ.get("BENCH_SCALE", "1"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _reading(folder)
        _long_file(folder, LONG_PAGES // scale)
        _whole_build(folder, REPORTS // scale)


def pdf(target: Path, pages: int, seed: int) -> None:
    """Write a PDF of so many pages of English sentences, with a running head and a page number on each."""
    rng = random.Random(seed)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>"]
    kids = []
    for number in range(1, pages + 1):
        lines = [_line(rng, number, row) for row in range(LINES)]
        text = "".join(f"1 0 0 1 70 {760 - 14 * row} Tm ({line}) Tj\n" for row, line in enumerate(lines))
        head = f"1 0 0 1 70 810 Tm (Report {seed} on integration) Tj\n1 0 0 1 290 30 Tm ({number}) Tj\n"
        stream = f"BT /F1 11 Tf\n{head}{text}ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            % (len(objects))
        )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, b" ".join(b"%d 0 R" % kid for kid in kids))
    _write(target, objects)


def _line(rng: random.Random, page: int, row: int) -> str:
    words = rng.choices(_WORDS, k=11)
    start = f"Item {page}.{row} of the " if row % 6 == 0 else ""
    return (start + " ".join(words)).capitalize()[:88] + ("." if row % 3 == 2 else "")


def _write(target: Path, objects: list[bytes]) -> None:
    with target.open("wb") as file:
        file.write(b"%PDF-1.4\n")
        offsets = []
        for number, content in enumerate(objects, start=1):
            offsets.append(file.tell())
            file.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        start = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
        file.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
        file.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))


def _timed(work: Callable[[], object]) -> float:
    """Return the CPU seconds of the quickest of several runs: the others have met other work on the machine."""
    seconds = []
    for _ in range(RUNS):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return min(seconds)


def _reading(folder: Path) -> None:
    fixtures = sorted((Path(__file__).parents[1] / "fixtures" / "pdf").glob("*-?.pdf"))
    made = folder / "made.pdf"
    pdf(made, 100, 1)
    print(f"Pages per second of one core, text to blocks (CPU time, the quickest of {RUNS} runs)\n")
    print(f"{'file':24} {'pages':>5} {'ours':>8} {'pdfium':>8} {'pypdf':>8} {'ours/pdfium':>12}")
    for name, files in (("8 Czech layouts", fixtures), ("generated, 100 pages", [made])):
        count = sum(len(pypdfium2.PdfDocument(file)) for file in files)
        ours = _timed(lambda files=files: [read_pdf(file, ReaderLimits()) for file in files])  # type: ignore[misc]
        raw = _timed(
            lambda files=files: [p.get_textpage().get_text_range() for f in files for p in pypdfium2.PdfDocument(f)]
        )  # type: ignore[misc]
        slow = _timed(lambda files=files: [p.extract_text() for f in files for p in pypdf.PdfReader(f).pages])  # type: ignore[misc]
        print(f"{name:24} {count:5} {count / ours:8.0f} {count / raw:8.0f} {count / slow:8.0f} {raw / ours:12.2f}")


def _long_file(folder: Path, pages: int) -> None:
    file = folder / "long.pdf"
    pdf(file, pages, 2)
    limits = ReaderLimits(pages=LONG_PAGES, wall_s=300, cpu_s=300)
    with Sandbox(limits) as sandbox:
        reading, cost = sandbox.read(file)
    print(f"\nA PDF of {pages} pages ({file.stat().st_size >> 20} MiB) in the child: {cost.memory_mb:.0f} MB, ", end="")
    print(f"{cost.seconds:.1f} s, {len(reading.blocks)} blocks")


class _Watched:
    """An embedder that counts the time spent in it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder, self.seconds, self.cpu = embedder, 0.0, 0.0
        self.texts: list[str] = []
        self.name, self.fingerprint = embedder.name, embedder.fingerprint
        self.dimension, self.max_tokens = embedder.dimension, embedder.max_tokens

    def token_counts(self, texts: list[str]) -> list[int]:
        return self._embedder.token_counts(texts)

    def embed_passages(self, texts: list[str]) -> FloatArray:
        started, cpu = time.monotonic(), time.thread_time()
        vectors = self._embedder.embed_passages(texts)
        self.seconds += time.monotonic() - started
        self.cpu += time.thread_time() - cpu
        self.texts += texts
        return vectors

    def embed_query(self, text: str) -> FloatArray:
        return self._embedder.embed_query(text)


def _build(folder: Path, corpus: Path, embedder: Embedder) -> tuple[BuildReport, dict[str, float]]:
    """Return the report of a build and the seconds at which each stage ended."""
    settings = IndexSettings(corpus=corpus, releases=folder / "releases", state=folder / "state", model="")
    ends: dict[str, float] = {}
    started = time.monotonic()

    def note(progress: Progress) -> None:
        ends[progress.stage] = time.monotonic() - started

    report = build_release(read_catalog(corpus), embedder, settings, IngestSettings(), note)
    ends["commit"] = time.monotonic() - started
    return report, ends


def _whole_build(folder: Path, reports: int) -> None:
    corpus = folder / "reports"
    corpus.mkdir()
    for number in range(reports):
        pdf(corpus / f"report-{number}.pdf", PAGES, 100 + number)
    watched = _Watched(open_embedder(str(IndexSettings.__dataclass_fields__["model"].default)))
    building = time.process_time()
    report, ends = _build(folder, corpus, watched)
    building = time.process_time() - building
    passages = sum(receipt.passages for receipt in report.receipts)
    parts = {
        f"read ({IngestSettings().readers} readers)": ends["read"],
        "compare": ends["compare"] - ends["read"],
        "embed (1 thread)": watched.seconds,
        "clean, split, write": ends["write"] - ends["compare"] - watched.seconds,
        "commit": ends["commit"] - ends["write"],
    }
    print(f"\n{reports} reports of {PAGES} pages, {passages} passages, {ends['commit']:.1f} s")
    for name, seconds in parts.items():
        print(f"  {name:22} {seconds:7.1f} s  {seconds / ends['commit']:5.0%}")
    count, sample = len(watched.texts), watched.texts[::RAW_EVERY]
    print(f"  {count} texts embedded (passages and their sentences), a second of CPU time: ", end="")
    print(f"{count / building:.0f} by the build, {count / watched.cpu:.0f} by the embedder, ", end="")
    print(f"{len(sample) / _raw_onnxruntime(sample):.0f} by onnxruntime alone (a sample of {len(sample)})")
    shutil.rmtree(folder / "releases")


def _raw_onnxruntime(texts: list[str]) -> float:
    """Return the seconds of CPU time that tokenizer and runtime take for the texts by themselves, one at a time."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(BUNDLED_MODEL / GRAPH_FILE, options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(BUNDLED_MODEL / TOKENIZER_FILE))
    tokenizer.enable_truncation(json.loads((BUNDLED_MODEL / SETTINGS_FILE).read_text("utf-8"))["max_tokens"])
    tokenizer.no_padding()
    started = time.process_time()
    for text in texts:
        session.run(None, {"input_ids": np.array([tokenizer.encode(text).ids], dtype=np.int64)})
    return time.process_time() - started
