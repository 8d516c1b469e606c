"""How are many texts of unlike lengths embedded, with gradients, without computing padding?"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from sentence_transformers import SentenceTransformer
from torch.nn import functional

SMALL_GROUP = 6
"""Texts that go through the encoder together even where their lengths differ."""
LIKE_LENGTH = 1.25
"""A longer text than this many times the shortest of a group begins a new group."""


def embedded(model: SentenceTransformer, texts: Sequence[str]) -> torch.Tensor:
    """Return float32[n, d] of unit length, computed in groups of texts of like length."""
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    parts = [_group_embedded(model, [texts[row] for row in group]) for group in _groups(order, texts)]
    places = torch.empty(len(order), dtype=torch.long)
    places[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(parts)[places]


def _groups(order: Sequence[int], texts: Sequence[str]) -> list[list[int]]:
    groups: list[list[int]] = [[]]
    for row in order:
        group = groups[-1]
        if len(group) >= SMALL_GROUP and len(texts[row]) > LIKE_LENGTH * len(texts[group[0]]) + 8:
            groups.append(group := [])
        group.append(row)
    return groups


def _group_embedded(model: SentenceTransformer, texts: Sequence[str]) -> torch.Tensor:
    features = model.preprocess(list(texts))
    moved = {name: value.to(model.device) for name, value in features.items() if isinstance(value, torch.Tensor)}
    embedding: torch.Tensor = model(moved)["sentence_embedding"]
    return functional.normalize(embedding.float(), dim=1)
