"""From which vectors do new word pieces start?

Each new piece starts as the mean of the English pieces that stand opposite it in pairs, weighted by the Dice
coefficient of the two. So Czech words land near their translations before any training.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from indexes.training.pairs import CZECH, ENGLISH, Pair

TABLE = "embeddings.word_embeddings.weight"
NEIGHBOURS = 8
"""English pieces that a new piece is the mean of."""
SHARPNESS = 1.5
"""Power of the Dice coefficient: chance companions of frequent words count for little."""
CHUNK = 20_000
"""Pairs counted at a time."""

Ints = npt.NDArray[np.int64]


def initialise(english: Path, tokenizer: Tokenizer, pairs: Sequence[Pair], target: Path) -> int:
    """Write the sentence-transformers folder `english` to `target` with the wider vocabulary.

    Returns how many of the new pieces were found in pairs; the others start as the mean of all English pieces.
    """
    shutil.copytree(english, target, dirs_exist_ok=True)
    weights = load_file(english / "model.safetensors")
    known = weights[TABLE].astype(np.float32)
    size = max(tokenizer.get_vocab().values()) + 1
    table = np.concatenate([known, np.tile(known.mean(axis=0), (size - len(known), 1))])
    new, companions, counts = count_companions(tokenizer, pairs, len(known))
    totals = np.bincount(np.concatenate([new, companions]), np.concatenate([counts, counts]), minlength=size)
    dice = 2 * counts / (totals[new] + totals[companions])
    found = np.unique(new)
    for piece in found:
        here = _span(new, piece)
        best = here[np.argsort(-dice[here], kind="stable")[:NEIGHBOURS]]
        share = dice[best] ** SHARPNESS
        table[piece] = (share[:, None] * known[companions[best]]).sum(axis=0) / share.sum()
    weights[TABLE] = table
    save_file(weights, target / "model.safetensors", metadata={"format": "pt"})
    _write_settings(target, tokenizer, size)
    return len(found)


def count_companions(tokenizer: Tokenizer, pairs: Sequence[Pair], english_size: int) -> tuple[Ints, Ints, Ints]:
    """Return int64[k] each: new pieces in order, English pieces opposite them, and in how many pairs both stand."""
    keys, counts = np.empty(0, np.int64), np.empty(0, np.int64)
    for start in range(0, len(pairs), CHUNK):
        chunk = pairs[start : start + CHUNK]
        left = tokenizer.encode_batch([pair[ENGLISH] for pair in chunk], add_special_tokens=False)
        right = tokenizer.encode_batch([pair[CZECH] for pair in chunk], add_special_tokens=False)
        parts = [
            _crossed(np.unique(czech.ids), np.unique(english.ids), english_size)
            for english, czech in zip(left, right, strict=True)
        ]
        keys, counts = _added(keys, counts, np.concatenate(parts))
    return keys // english_size, keys % english_size, counts


def _crossed(czech: Ints, english: Ints, english_size: int) -> Ints:
    new, old = czech[czech >= english_size], english[english < english_size]
    crossed: Ints = (new[:, None].astype(np.int64) * english_size + old[None, :]).ravel()
    return crossed


def _added(keys: Ints, counts: Ints, more: Ints) -> tuple[Ints, Ints]:
    fresh, fresh_counts = np.unique(more, return_counts=True)
    merged, places = np.unique(np.concatenate([keys, fresh]), return_inverse=True)
    return merged, np.bincount(places, np.concatenate([counts, fresh_counts])).astype(np.int64)


def _span(ordered: Ints, value: int) -> Ints:
    start, end = np.searchsorted(ordered, [value, value + 1])
    return np.arange(start, end)


def _write_settings(target: Path, tokenizer: Tokenizer, size: int) -> None:
    tokenizer.save(str(target / "tokenizer.json"))
    for leftover in ("vocab.txt", "special_tokens_map.json"):
        (target / leftover).unlink(missing_ok=True)
    config = json.loads((target / "config.json").read_text(encoding="utf-8"))
    (target / "config.json").write_text(json.dumps({**config, "vocab_size": size}, indent=2), encoding="utf-8")
