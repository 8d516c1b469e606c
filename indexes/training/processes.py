"""How do several processes share one training run?

Each has a copy of the student and, in every step, texts of its own. Several processes of one thread each lose less on a
busy machine than one process of several threads, which waits for the slowest of them in every operator.
"""

from __future__ import annotations

import torch
from torch import distributed


def worker() -> int:
    """Return the number of this process, counted from 0, among those that `torchrun` started together."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def worker_count() -> int:
    """Return how many processes train together: each takes a batch of its own in every step."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def share_gradients(student: torch.nn.Module) -> None:
    """Replace every gradient by its mean over the processes, so that all take the same step."""
    if worker_count() == 1:
        return
    for weight in student.parameters():
        if weight.grad is not None:
            distributed.all_reduce(weight.grad)
            weight.grad /= worker_count()


def gathered(rows: torch.Tensor) -> torch.Tensor:
    """Return the rows of all processes, one after the other; a gradient reaches only those of this one."""
    if worker_count() == 1:
        return rows
    counts = _row_counts(len(rows))
    if not any(counts):
        return rows
    padded = torch.zeros(max(counts), rows.shape[1], device=rows.device)
    padded[: len(rows)] = rows.detach()
    parts = [torch.empty_like(padded) for _ in counts]
    distributed.all_gather(parts, padded)
    kept = [part[:count] for part, count in zip(parts, counts, strict=True)]
    kept[worker()] = rows
    return torch.cat(kept)


def _row_counts(count: int) -> list[int]:
    counts = [torch.zeros(1, dtype=torch.long) for _ in range(worker_count())]
    distributed.all_gather(counts, torch.tensor([count]))
    return [int(each) for each in counts]


def rows_before(count: int) -> int:
    """Return where in what `gathered` returns the `count` rows of this process begin."""
    return sum(_row_counts(count)[: worker()]) if worker_count() > 1 else 0
