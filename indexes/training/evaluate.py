"""How well does a model find what it should? `pramen evaluate` says, here asked once for each model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PROGRAM = "from qa_service.cli import main; main()"
"""What the command `pramen` runs; a child process, because training stands outside the layers of the program."""
LEG = "dense"

Figures = Mapping[str, float]


class EvaluationFailed(RuntimeError):
    """`pramen evaluate` ended with an error; the message is its own."""


def evaluate_model(model: Path, folder: Path) -> dict[str, Figures]:
    """Return, for each set in `folder`, the figures of the dense leg alone as fractions.

    A set is a BEIR folder (nDCG@10, R@1, R@5, R@10, MRR) or a file `<name>.tsv` of English and Czech sentences (accuracy
    both ways). Raises EvaluationFailed.
    """
    run = subprocess.run(  # noqa: S603 - our own program with folders the caller named
        [sys.executable, "-c", PROGRAM, "evaluate", "--json", *set_arguments(folder)],
        env={**os.environ, "PRAMEN_MODEL": str(model.resolve())},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise EvaluationFailed(f"pramen evaluate on {model} ended with {run.returncode}: {run.stderr.strip()}")
    return {name: figures.get(LEG, figures) for name, figures in json.loads(run.stdout)["sets"].items()}


def set_arguments(folder: Path) -> list[str]:
    """Return the options that name every BEIR folder and pair file in `folder`. Raises EvaluationFailed for none."""
    beir = [str(entry) for entry in sorted(folder.iterdir()) if (entry / "corpus.jsonl").is_file()]
    pairs = [str(entry) for entry in sorted(folder.glob("*.tsv"))]
    if not beir and not pairs:
        raise EvaluationFailed(f"{folder} holds neither a BEIR folder nor a .tsv file of pairs")
    return [part for path in beir for part in ("--beir", path)] + [part for path in pairs for part in ("--pairs", path)]
