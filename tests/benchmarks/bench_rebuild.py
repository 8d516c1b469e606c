"""What does a build cost when one document of a thousand has changed, beside building all of them?

Synthetic text files of 250 words, half Czech and half English, words drawn by Zipf's law from the shipped translation
table. Everything is switched on: reading in child processes, the bundled model, sentence vectors, checksums, syncing.
"""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.catalog import read_catalog
from indexes.embedding import open_embedder
from indexes.settings import BUNDLED_MODEL, IndexSettings
from indexes.translation import bundled_translations
from ingest.pipeline import BuildReport, build_release
from ingest.settings import IngestSettings

DOCUMENTS = 1000
WORDS = 250
SENTENCE_WORDS = 15
VOCABULARY = 20_000


def main() -> None:
    """Print the seconds of a full build, of one with nothing changed, and of one with one document changed."""
    console = Console()
    embedder = open_embedder(str(BUNDLED_MODEL))
    embedder.embed_query("loaded before the clock starts")
    with tempfile.TemporaryDirectory() as folder:
        settings = IndexSettings(
            corpus=Path(folder) / "corpus", releases=Path(folder) / "releases", state=Path(folder) / "state"
        )
        settings.corpus.mkdir()
        write_corpus(settings.corpus)

        def built() -> tuple[float, float, BuildReport]:
            wall, cpu = time.perf_counter(), time.process_time()
            report = build_release(read_catalog(settings.corpus), embedder, settings, IngestSettings())
            return time.perf_counter() - wall, time.process_time() - cpu, report

        table = Table("build", "seconds", "CPU seconds", "share of the full one", "files read", "passages embedded")
        full_wall, full_cpu, report = built()
        table.add_row(
            "all documents", f"{full_wall:.1f}", f"{full_cpu:.1f}", "1", str(report.read), str(report.embedded)
        )
        for name, changed in (("nothing changed", 0), ("one document changed", 1)):
            if changed:
                (settings.corpus / "dokument-500.txt").write_text(text(random.Random(2), words_of(b"c")), "utf-8")
            wall, cpu, report = built()
            share = f"{cpu / full_cpu:.2%} (wall {wall / full_wall:.2%})"
            table.add_row(name, f"{wall:.1f}", f"{cpu:.1f}", share, str(report.read), str(report.embedded))
    console.print(table)
    console.print(f"{DOCUMENTS:,} documents; the CPU seconds are those of the builder, not of its readers")


def write_corpus(folder: Path) -> None:
    """Write the text files, always the same."""
    chance = random.Random(1)
    vocabularies = [words_of(b"c"), words_of(b"e")]
    for number in range(DOCUMENTS):
        (folder / f"dokument-{number}.txt").write_text(text(chance, vocabularies[number % 2]), "utf-8")


def words_of(letter: bytes) -> list[str]:
    """Return words of one language by the letter that its terms begin with: c Czech, e English."""
    table = bundled_translations()
    known = zip(table._terms, table._words, strict=True)
    return [word.decode() for term, word in known if term.startswith(letter) and word.isalpha()][:VOCABULARY]


def text(chance: random.Random, words: list[str]) -> str:
    """Return sentences of random words, frequent ones more often."""
    weights = [1 / (rank + 3) for rank in range(len(words))]
    drawn = chance.choices(words, weights, k=WORDS)
    sentences = [drawn[start : start + SENTENCE_WORDS] for start in range(0, WORDS, SENTENCE_WORDS)]
    return " ".join(" ".join(sentence).capitalize() + "." for sentence in sentences) + "\n"
