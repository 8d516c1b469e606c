"""Which passages does a model take for an answer, and wrongly?

For each query, the nearest passages of its file that do not answer it. One that scores nearly as high as the right one may
be an answer that nobody marked, so it is left out: the limit is a share of the score of the right one (TopK-PercPos of
de Souza P. Moreira et al., NV-Retriever, 2024, arXiv 2407.15831). Passages cut from one text overlap, so the first few
below the limit are left out too. The function `mine_hard_negatives` of sentence-transformers gives the same list (tested),
but after a kill it begins anew.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexes.storage import write_durably
from indexes.training.kept import fingerprint, keep_vectors
from indexes.training.pairs import PairFile

FloatArray = npt.NDArray[np.floating]
IntArray = npt.NDArray[np.int64]

QUERIES_AT_A_TIME = 1024
VECTORS = "vectors"
"""Folder for the vectors of the texts, below that of the wrong answers; without it a model reads them once more."""
MADE_FROM = "made from"
"""First line of a file of wrong answers, with the fingerprint of model, texts and rule behind it."""


@dataclass(frozen=True, slots=True)
class MiningRule:
    """Which of the ranked passages that do not answer a query are taken."""

    margin: float = 0.05
    """A wrong passage scores at most the right one's score less this share of it."""
    skipped: int = 5
    """How many of the nearest such passages are left out."""
    most: int = 8
    """How many of the next ones are taken."""


@dataclass(frozen=True, slots=True)
class MinedModel:
    """The model whose mistakes are looked for."""

    embed: Callable[[Sequence[str]], FloatArray]
    """Returns unit vectors, one row for each text."""
    dimension: int
    fingerprint: str


def mine(model: MinedModel, file: PairFile, folder: Path, rule: MiningRule) -> Iterator[int]:
    """Write the wrong answers to the queries of a file, its first column, yielding how many of its texts are embedded.

    `folder/<name>.tsv.gz` has a line `query<TAB>wrong<TAB>wrong...` for each query, for people to read as well. What an
    earlier run made of the same model, texts and rule stays; a killed one goes on with the vectors that it had.
    """
    target = folder / f"{file.name}.tsv.gz"
    made_from = f"{MADE_FROM}\t{fingerprint(model.fingerprint, file.digest, str(rule))}"
    queries, passages = (list(dict.fromkeys(pair[column] for pair in file.pairs)) for column in (0, 1))
    if not target.is_file() or next(_lines(target)) != made_from:
        vectors = []
        for texts, before in ((queries, 0), (passages, len(queries))):
            vectors_file = folder / VECTORS / f"{fingerprint(model.fingerprint, *texts)}.npy"
            for done in keep_vectors(vectors_file, texts, model.embed, model.dimension):
                yield before + done
            vectors.append(np.load(vectors_file).astype(np.float32))
        wrong = wrong_answers(*vectors, _right_answers(file, queries, passages), rule)
        lines = (
            "\t".join([query, *(passages[row] for row in rows)]) for query, rows in zip(queries, wrong, strict=True)
        )
        text = "".join(f"{line}\n" for line in (made_from, *lines))
        # Without the time of writing, so that equal runs write equal bytes.
        write_durably(target, gzip.compress(text.encode(), mtime=0))
    yield len(queries) + len(passages)


def mined_text_count(file: PairFile) -> int:
    """Return how many texts `mine` embeds for a file: the queries and passages that differ."""
    return sum(len({pair[column] for pair in file.pairs}) for column in (0, 1))


def wrong_answers(
    queries: FloatArray, passages: FloatArray, right: Sequence[IntArray], rule: MiningRule
) -> Iterator[IntArray]:
    """Yield for each query the rows of the passages that the rule takes, nearest first.

    Vectors are float[n, d] of unit length; `right[i]` are the rows of the passages that answer query i, of which the farthest
    sets the limit.
    """
    for start in range(0, len(queries), QUERIES_AT_A_TIME):
        for scores, answers in zip(
            queries[start : start + QUERIES_AT_A_TIME] @ passages.T, right[start:], strict=False
        ):
            weakest = scores[answers].min()
            allowed = scores <= weakest - abs(weakest) * rule.margin
            allowed[answers] = False
            rows = np.flatnonzero(allowed)
            wanted = rule.skipped + rule.most
            if len(rows) > wanted:
                # Sorting all rows instead took 3.7 ms a query of 28,741 sentences, this 0.5.
                rows = rows[scores[rows] >= np.partition(scores[rows], -wanted)[-wanted]]
            nearest = rows[np.argsort(-scores[rows], kind="stable")]
            yield nearest[rule.skipped : wanted]


def read_wrong_answers(folder: Path, names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the wrong answers to each query in the named files of `folder`. Raises FileNotFoundError for a missing one."""
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        for line in list(_lines(folder / f"{name}.tsv.gz"))[1:]:
            query, *wrong = line.split("\t")
            found[query] = (*found.get(query, ()), *wrong)
    return found


def both_ways(file: PairFile) -> tuple[PairFile, PairFile]:
    """Return sentence pairs as questions and answers: the English sentence asks for the Czech one, and the other way."""
    back = tuple((czech, english) for english, czech in file.pairs)
    return PairFile(f"{file.name}-en-cs", file.pairs), PairFile(f"{file.name}-cs-en", back)


def _right_answers(file: PairFile, queries: Sequence[str], passages: Sequence[str]) -> list[IntArray]:
    query_rows, passage_rows = ({text: row for row, text in enumerate(texts)} for texts in (queries, passages))
    rows: list[list[int]] = [[] for _ in queries]
    for query, passage in file.pairs:
        rows[query_rows[query]].append(passage_rows[passage])
    return [np.array(answers) for answers in rows]


def _lines(file: Path) -> Iterator[str]:
    with gzip.open(file, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.rstrip("\n")
