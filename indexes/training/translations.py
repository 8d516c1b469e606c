"""How do words of one language translate into the other? Makes `indexes/translations.npz` from parallel text.

Run from the root of the repository, with the default installation (about four minutes and 6 GB of memory):

    python -m indexes.training.translations PARALLEL_FOLDER GLOSSARY

`PARALLEL_FOLDER` holds `<source>.tsv.gz` with `english<TAB>czech` lines, `GLOSSARY` is a file of such lines whose sides list
variants separated by semicolons. Equal inputs give an equal table.

The model is the first of Brown et al. (The Mathematics of Statistical Machine Translation, 1993), trained in both
directions by five rounds of expectation maximisation over the sets of analysed terms of each pair. A translation's
probability is the geometric mean of both directions, normalised over the translations of a term: what only one direction
believes is mostly noise.
"""

from __future__ import annotations

import argparse
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexes.analysis import analysed_words
from indexes.translation import PROBABILITY_SCALE, TRANSLATIONS

IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]

LINES = {
    "msdocs-web-learn": 80_000,
    "msdocs-dotnet": 40_000,
    "msdocs-cpp": 0,
    "msdocs-misc": 0,
    "msdocs-business": 60_000,
    "msdocs-dynamics365": 120_000,
    "natural-bible": 5_000,
}
"""How many evenly spaced lines of a source are taken; all of those not named. Machine-translated ones count less."""
REPEATS = {"glossary": 5, "dictionary": 2}
"""How often a pair of a source counts."""
LONGEST_SIDE = 50
"""Pairs with more different terms on a side are left out: they tell little and cost most."""
ROUNDS = 5
LEAST_PAIRS = 2
"""In how many pairs a term, and two terms together, must occur to be believed."""
LEAST_PROBABILITY = 0.04
MOST_TRANSLATIONS = 8


@dataclass
class Side:
    """The terms of all pairs on one side: `terms[starts[i]:starts[i + 1]]` are those of pair i."""

    letter: str
    """First letter of the keys of this language."""
    numbers: dict[str, int] = field(default_factory=dict)
    surfaces: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    terms: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])

    def analyse(self, text: str, language: str) -> list[str]:
        """Return the different terms of `text` in order, and remember how they were written."""
        found: dict[str, None] = {}
        for word in analysed_words(text, language):
            if word.keys[0].startswith(self.letter):
                found[word.keys[0]] = None
                self.surfaces[word.keys[0]][word.surface] += 1
        return list(found)

    def add(self, terms: Sequence[str]) -> None:
        """Add one pair's terms."""
        self.terms.extend(self.numbers.setdefault(term, len(self.numbers)) for term in terms)
        self.starts.append(len(self.terms))


def read_pairs(folder: Path, glossary: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (source, English, Czech) for each pair that is used, in a fixed order."""
    for file in sorted(folder.glob("*.tsv.gz")):
        source = file.name.removesuffix(".tsv.gz")
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            pairs = [line.rstrip("\n").split("\t") for line in lines]
        wanted = min(LINES.get(source, len(pairs)), len(pairs))
        for position in range(wanted):
            english, czech = pairs[position * len(pairs) // wanted]
            yield source, english, czech
    for line in glossary.read_text(encoding="utf-8").splitlines():
        english_variants, czech_variants = line.split("\t")
        for english in english_variants.split(";"):
            for czech in czech_variants.split(";"):
                yield "glossary", english, czech


def read_sides(pairs: Iterator[tuple[str, str, str]]) -> tuple[Side, Side]:
    """Return the Czech and the English side of the pairs."""
    czech_side, english_side = Side("c"), Side("e")
    for source, english, czech in pairs:
        terms = czech_side.analyse(czech, "cs"), english_side.analyse(english, "en")
        if all(0 < len(side) <= LONGEST_SIDE for side in terms):
            for _ in range(REPEATS.get(source, 1)):
                czech_side.add(terms[0])
                english_side.add(terms[1])
    return czech_side, english_side


@dataclass(frozen=True)
class Links:
    """Every Czech term of a pair beside every English one. Slots are places in `Side.terms`.

    `kinds` numbers the different (Czech term, English term) of the links; `czech` and `english` are the terms of a kind.
    """

    czech_slots: IntArray
    english_slots: IntArray
    kinds: IntArray
    czech: IntArray
    english: IntArray

    @classmethod
    def between(cls, czech_side: Side, english_side: Side) -> Links:
        """Return the links of all pairs; terms that are too rare take no part."""
        czech_terms, czech_starts, czech_kept = _kept(czech_side)
        english_terms, english_starts, english_kept = _kept(english_side)
        czech_parts, english_parts = [], []
        for pair in range(len(czech_starts) - 1):
            czech = czech_kept[czech_starts[pair] : czech_starts[pair + 1]]
            english = english_kept[english_starts[pair] : english_starts[pair + 1]]
            czech_parts.append(np.repeat(czech, len(english)))
            english_parts.append(np.tile(english, len(czech)))
        czech_slots = np.concatenate(czech_parts)
        english_slots = np.concatenate(english_parts)
        names = czech_terms[czech_slots].astype(np.int64) * len(english_side.numbers) + english_terms[english_slots]
        kinds, of_links = np.unique(names, return_inverse=True)
        czech_of, english_of = np.divmod(kinds, len(english_side.numbers))
        return cls(
            czech_slots,
            english_slots,
            of_links.astype(np.int32),
            czech_of.astype(np.int32),
            english_of.astype(np.int32),
        )


def _kept(side: Side) -> tuple[IntArray, npt.NDArray[np.int64], IntArray]:
    """Return the terms of all slots, where the kept slots of each pair start, and the slots of terms that are not rare."""
    terms = np.array(side.terms, dtype=np.int32)
    is_kept = np.bincount(terms)[terms] >= LEAST_PAIRS
    starts = np.concatenate([[0], np.cumsum(is_kept)])[np.array(side.starts)]
    return terms, starts, np.flatnonzero(is_kept).astype(np.int32)


def train(links: Links, sources: IntArray, target_slots: IntArray) -> FloatArray:
    """Return for each kind of link the probability of its target term, given its source term."""
    probabilities = np.ones(len(sources), dtype=np.float32)
    for _ in range(ROUNDS):
        shares = probabilities[links.kinds]
        shares /= np.bincount(target_slots, weights=shares)[target_slots]
        counts = np.bincount(links.kinds, weights=shares, minlength=len(sources))
        probabilities = (counts / np.bincount(sources, weights=counts)[sources]).astype(np.float32)
    return probabilities


def translations(sources: IntArray, targets: IntArray, scores: FloatArray) -> dict[int, list[tuple[int, float]]]:
    """Return the believed targets of each source term with their probabilities, best first."""
    is_believed = scores > 0
    sources, targets, scores = sources[is_believed], targets[is_believed], scores[is_believed]
    shares = scores / np.bincount(sources, weights=scores)[sources]
    found: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for link in np.lexsort((targets, -shares)):
        if shares[link] < LEAST_PROBABILITY:
            break
        if len(found[int(sources[link])]) < MOST_TRANSLATIONS:
            found[int(sources[link])].append((int(targets[link]), float(shares[link])))
    return found


def learn(czech_side: Side, english_side: Side) -> dict[str, list[tuple[str, float]]]:
    """Return the translations of the terms of both languages."""
    links = Links.between(czech_side, english_side)
    to_english = train(links, links.czech, links.english_slots)
    to_czech = train(links, links.english, links.czech_slots)
    together = np.bincount(links.kinds, minlength=len(links.czech))
    scores = np.where(together >= LEAST_PAIRS, np.sqrt(to_english * to_czech), 0).astype(np.float32)
    czech, english = list(czech_side.numbers), list(english_side.numbers)
    table = {}
    for sources, targets, source_names, target_names in (
        (links.czech, links.english, czech, english),
        (links.english, links.czech, english, czech),
    ):
        for source, found in translations(sources, targets, scores).items():
            table[source_names[source]] = [(target_names[target], probability) for target, probability in found]
    return table


def write(table: dict[str, list[tuple[str, float]]], words: dict[str, str], file: Path) -> None:
    """Write the table in the form that `TranslationTable.load` reads."""
    terms = sorted(table.keys() | {target for found in table.values() for target, _ in found}, key=str.encode)
    number = {term: position for position, term in enumerate(terms)}
    rows = [table.get(term, []) for term in terms]
    np.savez_compressed(
        file,
        terms=np.frombuffer("\n".join(terms).encode(), dtype=np.uint8),
        words=np.frombuffer("\n".join(words[term] for term in terms).encode(), dtype=np.uint8),
        offsets=np.cumsum([0, *map(len, rows)], dtype=np.uint32),
        targets=np.array([number[target] for row in rows for target, _ in row], dtype=np.uint32),
        probabilities=np.array([round(p * PROBABILITY_SCALE) for row in rows for _, p in row], dtype=np.uint8),
    )


def main() -> None:
    """Learn the table and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parallel", type=Path)
    parser.add_argument("glossary", type=Path)
    parser.add_argument("--out", type=Path, default=TRANSLATIONS)
    arguments = parser.parse_args()
    sides = read_sides(read_pairs(arguments.parallel, arguments.glossary))
    words = {
        term: min(counts, key=lambda word: (-counts[word], word))
        for side in sides
        for term, counts in side.surfaces.items()
    }
    write(learn(*sides), words, arguments.out)


if __name__ == "__main__":
    main()
