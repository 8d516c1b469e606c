"""What does a run need on disk to go on as if it had never been killed?"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer

MOMENTS = ("exp_avg", "exp_avg_sq", "step")
"""What AdamW remembers of each weight."""


@dataclass(slots=True)
class TrainingState:
    """How far a run has come."""

    run: str
    """Fingerprint of what decides its steps."""
    step: int = 0
    averaged: int = 0
    """How many sets of weights `average` is the mean of."""
    average: dict[str, torch.Tensor] = field(default_factory=dict)


class ForeignState(ValueError):
    """A folder holds the state of another run, which would end as neither of the two."""


def save_state(
    folder: Path, state: TrainingState, student: SentenceTransformer, optimizer: torch.optim.Optimizer
) -> None:
    """Write the state to `folder/state.safetensors`, replacing the last one in one step."""
    tensors = {f"weight/{name}": value for name, value in student.state_dict().items()}
    tensors |= {f"average/{name}": value for name, value in state.average.items()}
    for number, moments in optimizer.state_dict()["state"].items():
        tensors |= {f"moment/{number}/{name}": torch.as_tensor(moments[name]) for name in MOMENTS}
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / "state.unfinished"
    copies = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    progress = json.dumps({"run": state.run, "step": state.step, "averaged": state.averaged})
    save_file({**copies, "progress": torch.frombuffer(bytearray(progress.encode()), dtype=torch.uint8)}, unfinished)
    unfinished.replace(folder / "state.safetensors")


def load_state(
    folder: Path, run: str, student: SentenceTransformer, optimizer: torch.optim.Optimizer
) -> TrainingState | None:
    """Set student and optimiser to the state in `folder` and return how far it had come; None where there is none.

    Raises ForeignState for the state of another `run`.
    """
    file = folder / "state.safetensors"
    if not file.is_file():
        return None
    tensors = load_file(file)
    progress = json.loads(bytes(tensors.pop("progress").tolist()))
    if progress.get("run") != run:
        raise ForeignState(
            f"{file} is of a run with other texts, another teacher, recipe or number of processes:"
            " write to another folder, or remove the file to begin anew"
        )
    student.load_state_dict(_below(tensors, "weight/"))
    moments: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in _below(tensors, "moment/").items():
        number, moment = name.split("/")
        moments.setdefault(int(number), {})[moment] = value
    optimizer.load_state_dict({**optimizer.state_dict(), "state": moments})
    average = {name: value.to(student.device) for name, value in _below(tensors, "average/").items()}
    return TrainingState(run, progress["step"], progress["averaged"], average)


def _below(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
