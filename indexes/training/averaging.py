"""What lies between several sets of weights of one training?"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

WEIGHTS = "model.safetensors"


def average_models(sources: Sequence[Path], target: Path) -> None:
    """Write the sentence-transformers folder whose weights are the mean, in equal parts, of those of `sources`.

    All else is copied from the first. Raises ValueError where the folders do not hold the same weights by name and shape.
    """
    loaded = [load_file(source / WEIGHTS) for source in sources]
    shapes = [{name: weight.shape for name, weight in weights.items()} for weights in loaded]
    for source, shape in zip(sources, shapes, strict=True):
        if shape != shapes[0]:
            raise ValueError(f"{source} holds other weights than {sources[0]}: they cannot be averaged")
    mean = {
        name: np.mean([weights[name].astype(np.float32) for weights in loaded], axis=0, dtype=np.float32)
        for name in shapes[0]
    }
    shutil.copytree(sources[0], target, dirs_exist_ok=True)
    save_file(mean, target / WEIGHTS, metadata={"format": "pt"})
