"""What does a batch cost the student?"""

from __future__ import annotations

import torch
from torch.nn import functional

from indexes.training.processes import gathered, rows_before

SAME = 0.98
"""From this likeness on two texts count as one: a duplicate of the right answer is no wrong one."""


def contrast(
    queries: torch.Tensor,
    passages: torch.Tensor,
    temperature: float,
    wrong_passages: torch.Tensor | None = None,
    wrong_queries: torch.Tensor | None = None,
) -> torch.Tensor:
    """Return the mean cross-entropy of finding each one's partner among the batch, in both directions.

    All are float[n, d] of unit length, partners in the same row of `queries` and `passages`. The wrong answers are those of
    all processes; `wrong_passages` and `wrong_queries` of any number are nobody's partners and make the search harder.
    """
    all_queries, all_passages, first = gathered(queries), gathered(passages), rows_before(len(queries))
    if wrong_passages is not None:
        all_passages = torch.cat([all_passages, gathered(wrong_passages)])
    if wrong_queries is not None:
        all_queries = torch.cat([all_queries, gathered(wrong_queries)])
    partners = torch.arange(first, first + len(queries), device=queries.device)
    forth = _wrong_alone(queries @ all_passages.T, passages @ all_passages.T, partners) / temperature
    back = _wrong_alone(passages @ all_queries.T, queries @ all_queries.T, partners) / temperature
    return (functional.cross_entropy(forth, partners) + functional.cross_entropy(back, partners)) / 2


def _wrong_alone(scores: torch.Tensor, to_right: torch.Tensor, partners: torch.Tensor) -> torch.Tensor:
    """Return the scores with those out of the count whose text is the right answer once more."""
    again = to_right.detach() > SAME
    again[torch.arange(len(partners), device=partners.device), partners] = False
    return scores.masked_fill(again, -torch.inf)


def unlikeness(student: torch.Tensor, teacher: torch.Tensor) -> torch.Tensor:
    """Return the mean of 1 - cos over the rows of two float[n, d] of unit length."""
    return (1 - (student * teacher).sum(dim=1)).mean()
