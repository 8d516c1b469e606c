"""From which vectors do new word pieces start?

Each new piece starts as the mean of the English pieces that stand opposite it in pairs, weighted by the Dice
coefficient of the two. So Czech words land near their translations before any training.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save
from scipy.sparse import coo_array, csr_array, load_npz, save_npz
from tokenizers import Tokenizer

from indexes.storage import write_durably
from indexes.training.kept import fingerprint
from indexes.training.pairs import CZECH, ENGLISH, Pair, PairFile

TABLE = "embeddings.word_embeddings.weight"
WEIGHTS = "model.safetensors"
STAGES = "companions"
"""Folder for the counts of single files, beside the weights that are made of them; gone when all are counted."""
NEIGHBOURS = 8
"""English pieces that a new piece is the mean of."""
TEXTS_AT_A_TIME = 20_000
"""What the tokenizer returns of a text takes far more memory than what is kept of it."""
SHARPNESS = 1.5
"""Power of the Dice coefficient: chance companions of frequent words count for little."""


def initialise(
    english: Path, tokenizer: Tokenizer, files: Sequence[PairFile], target: Path, report: Callable[[PairFile], None]
) -> int:
    """Write the sentence-transformers folder `english` to `target` with the wider vocabulary.

    Returns how many of the new pieces were found in pairs; the others start as the mean of all English pieces. `report` is
    called for each file when its pairs are counted. After a kill, files that were counted are not counted again.
    """
    weights = load_file(english / WEIGHTS)
    known = weights[TABLE].astype(np.float32)
    size = max(tokenizer.get_vocab().values()) + 1
    counts = csr_array((size - len(known), len(known)), dtype=np.int64)
    for file in files:
        counts = counts + _kept_companions(target / STAGES, tokenizer, file, len(known))
        report(file)
    table = np.concatenate([known, np.tile(known.mean(axis=0), (size - len(known), 1))])
    for piece, companions, shares in _nearest(counts):
        table[len(known) + piece] = (shares[:, None] * known[companions]).sum(axis=0) / shares.sum()
    _write_model(english, target, tokenizer, {**weights, TABLE: table})
    shutil.rmtree(target / STAGES, ignore_errors=True)
    return int((np.diff(counts.indptr) > 0).sum())


def count_companions(tokenizer: Tokenizer, pairs: Sequence[Pair], english_size: int) -> csr_array:
    """Return int64[new pieces, English pieces]: in how many pairs the one stands on the Czech side, the other opposite."""
    czech = _standing(tokenizer, [pair[CZECH] for pair in pairs])[:, english_size:]
    english = _standing(tokenizer, [pair[ENGLISH] for pair in pairs])[:, :english_size]
    counted: csr_array = (czech.T @ english).tocsr()
    counted.sort_indices()
    return counted


def _standing(tokenizer: Tokenizer, texts: Sequence[str]) -> csr_array:
    """Return int64[texts, pieces]: one where the piece occurs in the text, however often."""
    pieces = [
        np.unique(encoding.ids)
        for start in range(0, len(texts), TEXTS_AT_A_TIME)
        for encoding in tokenizer.encode_batch(texts[start : start + TEXTS_AT_A_TIME], add_special_tokens=False)
    ]
    columns = np.concatenate(pieces)
    rows = np.repeat(np.arange(len(texts)), [len(row) for row in pieces])
    shape = len(texts), max(tokenizer.get_vocab().values()) + 1
    return coo_array((np.ones(len(columns), np.int64), (rows, columns)), shape).tocsr()


def _kept_companions(stages: Path, tokenizer: Tokenizer, file: PairFile, english_size: int) -> csr_array:
    stage = stages / f"{file.name}-{fingerprint(tokenizer.to_str(), str(english_size), file.digest)}.npz"
    if not stage.is_file():
        stages.mkdir(parents=True, exist_ok=True)
        counted = io.BytesIO()
        save_npz(counted, count_companions(tokenizer, file.pairs, english_size), compressed=False)
        write_durably(stage, counted.getvalue())
    kept: csr_array = load_npz(stage)
    return kept


def _nearest(counts: csr_array) -> Iterator[tuple[int, npt.NDArray[np.int64], npt.NDArray[np.float64]]]:
    """Yield each new piece that has companions, the `NEIGHBOURS` nearest of them, and the weights of these."""
    of_new, of_english = counts.sum(axis=1), counts.sum(axis=0)
    for piece in np.flatnonzero(np.diff(counts.indptr)):
        row = slice(counts.indptr[piece], counts.indptr[piece + 1])
        dice = 2 * counts.data[row] / (of_new[piece] + of_english[counts.indices[row]])
        best = np.argsort(-dice, kind="stable")[:NEIGHBOURS]
        yield piece, counts.indices[row][best], dice[best] ** SHARPNESS


def _write_model(english: Path, target: Path, tokenizer: Tokenizer, weights: dict[str, np.ndarray]) -> None:
    """Write the weights last, so that a folder that holds them is whole."""
    (target / WEIGHTS).unlink(missing_ok=True)
    leftovers = ("vocab.txt", "special_tokens_map.json")
    shutil.copytree(english, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(WEIGHTS, *leftovers))
    tokenizer.save(str(target / "tokenizer.json"))
    config = json.loads((english / "config.json").read_text(encoding="utf-8"))
    size = len(weights[TABLE])
    (target / "config.json").write_text(json.dumps({**config, "vocab_size": size}, indent=2), encoding="utf-8")
    write_durably(target / WEIGHTS, save(weights, metadata={"format": "pt"}))
