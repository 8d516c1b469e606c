"""How do words of one language translate into the other? Makes `indexes/translations.npz` from parallel text.

Run from the root of the repository, with the extra `training` (about four minutes of one core and 4 GB of memory):

    python -m indexes.training.translations PARALLEL_FOLDER GLOSSARY

`PARALLEL_FOLDER` holds `<source>.tsv.gz` with `english<TAB>czech` lines, `GLOSSARY` is a file of such lines whose sides list
variants separated by semicolons. Equal inputs give an equal table.

Each term of a pair is linked to each term of its other side. The first model of Brown et al. (The Mathematics of Statistical
Machine Translation, 1993) is trained in both directions, with the prior of Dyer et al. (NAACL 2013) that words of like place
belong together; after a few rounds the directions have to agree (Liang, Taskar and Klein, NAACL 2006): a link counts by
the product of what both believe. A translation's probability is its share of the links of a term.

The texts also tell how common each term is in either language, which a small collection cannot.
"""

from __future__ import annotations

import argparse
import gzip
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexes.analysis import NUMERIC, AnalysedWord, analysed_words, is_stop_word
from indexes.translation import PROBABILITY_SCALE, TELLING_SCALE, TRANSLATIONS

IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]

LINES = {
    "msdocs-web-learn": 0,
    "msdocs-dotnet": 10_000,
    "msdocs-cpp": 0,
    "msdocs-misc": 0,
    "msdocs-business": 40_000,
    "msdocs-dynamics365": 50_000,
    "natural-bible": 5_000,
}
"""How many evenly spaced lines of a source are taken; all of those not named. Machine-translated ones count less."""
REPEATS = {"glossary": 5, "dictionary": 2}
"""How often a pair of a source counts."""
GENERAL = frozenset(
    """
    wmt-news-2008-2015 tatoeba multi30k eu-public-sector
    natural-sdg natural-wai natural-privacyguides natural-udhr natural-cc
    """.split()  # noqa: SIM905 - a table
)
"""Sources of written language at large: in those left out, "file" and "click" are as common as "person"."""
LONGEST_SIDE = 45
"""Pairs with more different terms on a side are left out: they tell little and cost most."""
ROUNDS_ALONE, ROUNDS_TOGETHER = 3, 4
STEEPNESS = 4.0
"""How fast belief falls with the distance of two words, as shares of their sentences (4 is the optimum of Dyer et al.)."""
NOTHING = 2e-5
"""Weight of the belief that a term stands for nothing on the other side."""
LEAST_PAIRS = 2
"""In how many pairs a term, and two terms together, must occur to be believed."""
LEAST_LINKS = 0.5
"""How many links, as believed, two terms need: less is chance."""
LEAST_PROBABILITY = 0.02
MOST_TRANSLATIONS = 12


@dataclass
class Side:
    """The terms of all pairs on one side: `terms[starts[i]:starts[i + 1]]` are those of pair i, each once."""

    language: str
    """`cs` or `en`; its first letter is that of the keys of this language."""
    numbers: dict[str, int] = field(default_factory=dict)
    surfaces: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """How often each term was written in which way."""
    terms: list[int] = field(default_factory=list)
    places: list[float] = field(default_factory=list)
    """Where each term first stands in its text, 0..1."""
    starts: list[int] = field(default_factory=lambda: [0])
    general_count: int = 0
    """How many texts of the sources in GENERAL were read."""
    general_frequencies: Counter[str] = field(default_factory=Counter)
    """In how many of them each term stands, numbers included."""

    def take(self, text: str, words: Sequence[AnalysedWord], *, is_general: bool) -> dict[str, float]:
        """Return the different terms of some words of `text` with their first places; remember how they were written."""
        found: dict[str, float] = {}
        for position, word in enumerate(words):
            if word.keys[0].startswith(self.language[0]):
                found.setdefault(word.keys[0], (position + 0.5) / len(words))
                self.surfaces[word.keys[0]][text[word.start : word.end]] += 1
        if is_general:
            self.general_count += 1
            self.general_frequencies.update(
                found.keys() | {key for word in words for key in word.keys if _is_number(key)}
            )
        return found

    def add(self, terms: Mapping[str, float]) -> None:
        """Add one pair's terms with their places."""
        self.terms.extend(self.numbers.setdefault(term, len(self.numbers)) for term in terms)
        self.places.extend(terms.values())
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
        if not line.strip() or line.startswith("#"):
            continue
        english_variants, czech_variants = line.split("\t")
        for english in english_variants.split(";"):
            for czech in czech_variants.split(";"):
                yield "glossary", english, czech


def read_sides(pairs: Iterator[tuple[str, str, str]]) -> tuple[Side, Side]:
    """Return the Czech and the English side of the pairs."""
    czech_side, english_side = Side("cs"), Side("en")
    for source, english, czech in pairs:
        czech_words, english_words = analysed_words(czech, "cs"), analysed_words(english, "en")
        is_general = source in GENERAL
        terms = (
            czech_side.take(czech, _translated(czech_words, english_words, "en"), is_general=is_general),
            english_side.take(english, _translated(english_words, czech_words, "cs"), is_general=is_general),
        )
        if all(0 < len(side) <= LONGEST_SIDE for side in terms):
            for _ in range(REPEATS.get(source, 1)):
                czech_side.add(terms[0])
                english_side.add(terms[1])
    return czech_side, english_side


def _translated(words: Sequence[AnalysedWord], others: Sequence[AnalysedWord], language: str) -> list[AnalysedWord]:
    """Return the words of one side without the function words of the other's `language` that were left as they are.

    In "Dynamics 365 for Finance", repeated in a Czech text, "for" is not the genitive of "fóra".
    """
    there = {word.surface for word in others}
    return [
        word
        for word in words
        if word.is_common or word.surface not in there or not is_stop_word(word.surface, language)
    ]


@dataclass(frozen=True)
class Links:
    """Every Czech term of a pair beside every English one. Slots are places in `Side.terms`.

    `kinds` numbers the different (Czech term, English term) of the links; `czech` and `english` are the terms of a kind.
    """

    czech_slots: IntArray
    english_slots: IntArray
    nearness: FloatArray
    """How alike the places of both are, 0..1."""
    kinds: IntArray
    czech: IntArray
    english: IntArray

    @classmethod
    def between(cls, czech_side: Side, english_side: Side) -> Links:
        """Return the links of all pairs; terms that are too rare take no part."""
        czech_slots, english_slots = _linked_slots(czech_side, english_side)
        czech_places, english_places = (np.array(side.places, dtype=np.float32) for side in (czech_side, english_side))
        distance = np.abs(czech_places[czech_slots] - english_places[english_slots])
        names = np.array(czech_side.terms, dtype=np.int64)[czech_slots] * len(english_side.numbers)
        names += np.array(english_side.terms, dtype=np.int64)[english_slots]
        kinds, of_links = np.unique(names, return_inverse=True)
        czech, english = np.divmod(kinds, len(english_side.numbers))
        return cls(
            czech_slots,
            english_slots,
            np.exp(-STEEPNESS * distance),
            of_links.astype(np.int32),
            czech.astype(np.int32),
            english.astype(np.int32),
        )


def _linked_slots(czech_side: Side, english_side: Side) -> tuple[IntArray, IntArray]:
    """Return the Czech and the English slot of each link, pair by pair."""
    czech_kept, czech_starts = _kept(czech_side)
    english_kept, english_starts = _kept(english_side)
    czech_counts, english_counts = np.diff(czech_starts), np.diff(english_starts)
    link_counts = czech_counts * english_counts
    pairs = np.repeat(np.arange(len(link_counts)), link_counts)
    within = np.arange(len(pairs)) - np.repeat(np.cumsum(link_counts) - link_counts, link_counts)
    czech, english = np.divmod(within, english_counts[pairs])
    return czech_kept[czech_starts[pairs] + czech], english_kept[english_starts[pairs] + english]


def _kept(side: Side) -> tuple[IntArray, npt.NDArray[np.int64]]:
    """Return the slots of terms that are not rare, and where those of each pair start among them."""
    terms = np.array(side.terms, dtype=np.int32)
    is_kept = np.bincount(terms)[terms] >= LEAST_PAIRS
    starts = np.concatenate([[0], np.cumsum(is_kept)])[np.array(side.starts)]
    return np.flatnonzero(is_kept).astype(np.int32), starts


def align(links: Links) -> FloatArray:
    """Return how many links of each kind join words that mean each other, as both directions believe together."""
    to_english = to_czech = np.ones(len(links.czech), dtype=np.float32)
    for number in range(ROUNDS_ALONE + ROUNDS_TOGETHER):
        nothing = NOTHING if number else 0.0
        from_czech = _shares(to_english[links.kinds] * links.nearness, links.english_slots, nothing)
        from_english = _shares(to_czech[links.kinds] * links.nearness, links.czech_slots, nothing)
        if number >= ROUNDS_ALONE:
            from_czech = from_english = from_czech * from_english
        counts = [_counted(links, shares) for shares in (from_czech, from_english)]
        to_english, to_czech = _shares(counts[0], links.czech, 0.0), _shares(counts[1], links.english, 0.0)
    return counts[0]


def _counted(links: Links, shares: FloatArray) -> FloatArray:
    return np.bincount(links.kinds, weights=shares, minlength=len(links.czech)).astype(np.float32)


def _shares(values: FloatArray, groups: IntArray, nothing: float) -> FloatArray:
    """Return each value as a share of the sum of its group and `nothing`; 0 in a group of zeros."""
    sums = np.bincount(groups, weights=values).astype(np.float32) + np.float32(nothing)
    shares: FloatArray = values / np.maximum(sums, np.float32(1e-12))[groups]
    return shares


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
    counts = align(links)
    is_believed = (np.bincount(links.kinds) >= LEAST_PAIRS) & (counts >= LEAST_LINKS)
    scores = np.where(is_believed, counts, 0).astype(np.float32)
    czech, english = list(czech_side.numbers), list(english_side.numbers)
    table = {}
    for sources, targets, source_names, target_names in (
        (links.czech, links.english, czech, english),
        (links.english, links.czech, english, czech),
    ):
        for source, found in translations(sources, targets, scores).items():
            table[source_names[source]] = [(target_names[target], probability) for target, probability in found]
    return table


def how_telling(sides: Iterable[Side]) -> dict[str, float]:
    """Return how much each term tells, above 0 to 1: its idf in general texts as a share of the largest there is.

    ln(1 + (N - n + 0.5) / (n + 0.5)) by ln(1 + N / 0.5), as the lexical engines compute it. A number is a term of both
    languages, and counts in the texts of both.
    """
    counts, texts = Counter[str](), Counter[str]()
    for side in sides:
        counts.update(side.general_frequencies)
        texts.update(dict.fromkeys(side.general_frequencies, side.general_count))
    return {
        term: math.log(1 + (texts[term] - count + 0.5) / (count + 0.5)) / math.log(2 * texts[term] + 1)
        for term, count in counts.items()
    }


def _is_number(term: str) -> bool:
    return term[0] in NUMERIC


def write(
    table: dict[str, list[tuple[str, float]]], words: Mapping[str, str], telling: Mapping[str, float], file: Path
) -> None:
    """Write the table in the form that `TranslationTable.load` reads; a term that is not in `telling` tells most.

    The numbers in `telling` stand in it for what they tell; they have no translations.
    """
    numbers = set(filter(_is_number, telling))
    words = {number: number[1:] for number in numbers} | dict(words)
    terms = sorted(numbers.union(table, (target for found in table.values() for target, _ in found)), key=str.encode)
    number = {term: position for position, term in enumerate(terms)}
    rows = [table.get(term, []) for term in terms]
    np.savez_compressed(
        file,
        terms=np.frombuffer("\n".join(terms).encode(), dtype=np.uint8),
        words=np.frombuffer("\n".join(words[term] for term in terms).encode(), dtype=np.uint8),
        offsets=np.cumsum([0, *map(len, rows)], dtype=np.uint32),
        targets=np.array([number[target] for row in rows for target, _ in row], dtype=np.uint32),
        probabilities=np.array([round(p * PROBABILITY_SCALE) for row in rows for _, p in row], dtype=np.uint8),
        telling=np.array([round(telling.get(term, 1.0) * TELLING_SCALE) for term in terms], dtype=np.uint8),
    )


def main() -> None:
    """Learn the table and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parallel", type=Path)
    parser.add_argument("glossary", type=Path)
    parser.add_argument("--out", type=Path, default=TRANSLATIONS)
    arguments = parser.parse_args()
    sides = read_sides(read_pairs(arguments.parallel, arguments.glossary))
    from indexes.training.readable import readable  # the rest, and its tests, need no extra

    table = learn(*sides)
    shown = table.keys() | {target for found in table.values() for target, _ in found}
    words = {
        term: readable(term, counts, side.language)
        for side in sides
        for term, counts in side.surfaces.items()
        if term in shown
    }
    write(table, words, how_telling(sides), arguments.out)


if __name__ == "__main__":
    main()
