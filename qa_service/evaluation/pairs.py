"""Do a sentence and its translation lie nearest to each other?"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from indexes.embedding import Embedder
from indexes.embedding.embedder import FloatArray
from qa_service.errors import UnreadableJudgments
from qa_service.evaluation.judgments import read_lines


@dataclass(frozen=True, slots=True)
class PairScores:
    """Share of sentences, 0..1, whose nearest neighbour on the other side is their own translation."""

    name: str
    english_to_czech: float
    czech_to_english: float


def evaluate_pairs(embedder: Embedder, file: Path) -> PairScores:
    """Return the nearest-neighbour accuracy over a file of `english<TAB>czech` lines, as MTEB scores Tatoeba.

    Raises UnreadableJudgments, naming the line.
    """
    pairs = read_pairs(file)
    english = embedder.embed_passages([pair[0] for pair in pairs])
    czech = embedder.embed_passages([pair[1] for pair in pairs])
    return PairScores(file.stem, _accuracy(english, czech), _accuracy(czech, english))


def read_pairs(file: Path) -> list[tuple[str, str]]:
    """Return the pairs of a file, English first. Raises UnreadableJudgments, naming the line."""
    pairs = [
        _pair(line, f"{file}, line {number}") for number, line in enumerate(read_lines(file), start=1) if line.strip()
    ]
    if not pairs:
        raise UnreadableJudgments(f"{file} holds no pairs")
    return pairs


def _accuracy(sources: FloatArray, targets: FloatArray) -> float:
    nearest = (sources @ targets.T).argmax(axis=1)
    return float((nearest == range(len(sources))).mean())


def _pair(line: str, where: str) -> tuple[str, str]:
    cells = unicodedata.normalize("NFC", line).split("\t")
    if len(cells) != 2 or not all(cell.strip() for cell in cells):  # noqa: PLR2004 - a pair
        raise UnreadableJudgments(f"{where}: write english<TAB>czech")
    return cells[0].strip(), cells[1].strip()
