"""Which Czech-English pairs does the model learn from, and how often does it see each?"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ENGLISH, CZECH = 0, 1
"""Columns of a pair file."""

Pair = tuple[str, str]
"""English text, then the same in Czech; of a question file: question, then the passage that answers it."""


@dataclass(frozen=True, slots=True)
class PairFile:
    """The pairs of one file in its order, which in files of running text is that of the source."""

    name: str
    pairs: tuple[Pair, ...]

    @property
    def digest(self) -> str:
        """Hexadecimal SHA-256 of the pairs in their order."""
        lines = ("\t".join(pair) for pair in self.pairs)
        return sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()


def read_pairs(file: Path) -> PairFile:
    """Return the pairs of a `<name>.tsv` or `<name>.tsv.gz` of two columns. Raises ValueError for any other line."""
    opener = gzip.open if file.suffix == ".gz" else open
    pairs = []
    with opener(file, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            columns = line.rstrip("\n").split("\t")
            if len(columns) != 2:  # noqa: PLR2004 (a pair)
                raise ValueError(f"{file}, line {number}: {len(columns)} columns where a pair has two")
            pairs.append((columns[0], columns[1]))
    return PairFile(file.name.removesuffix(".gz").removesuffix(".tsv"), tuple(pairs))


def read_folder(folder: Path, names: Iterable[str]) -> list[PairFile]:
    """Return the named files of `folder`. Raises FileNotFoundError for a name that it does not hold."""
    return [read_pairs(_find(folder, name)) for name in names]


def expand_alternatives(pairs: Sequence[Pair]) -> list[Pair]:
    """Return every pairing of the alternatives of a glossary, which separates them by semicolons."""
    return [
        (english.strip(), czech.strip())
        for left, right in pairs
        for english in left.split(";")
        for czech in right.split(";")
    ]


def shares(files: Sequence[PairFile], repeats: Mapping[str, float]) -> list[float]:
    """Return the probability with which a drawn pair comes from each file: its size times how often it repeats."""
    sizes = [len(file.pairs) * repeats[file.name] for file in files]
    return [size / sum(sizes) for size in sizes]


def _find(folder: Path, name: str) -> Path:
    for file in (folder / f"{name}.tsv.gz", folder / f"{name}.tsv"):
        if file.is_file():
            return file
    raise FileNotFoundError(f"no {name}.tsv.gz or {name}.tsv in {folder}")
