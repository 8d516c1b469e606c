"""What does the English teacher make of a text?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from indexes.training.encoding import embedded
from indexes.training.pairs import ENGLISH, PairFile


class Teacher:
    """Gives the teacher's vectors: those that were computed before by look-up, the others afresh."""

    def __init__(self, model: SentenceTransformer) -> None:
        # The wrapped model is no submodule of the student: it is never trained nor saved.
        self._model = model.eval()
        self._known: dict[str, np.ndarray] = {}

    @property
    def known_count(self) -> int:
        """Number of texts whose vectors need no computing."""
        return len(self._known)

    def load(self, folder: Path, files: Iterable[PairFile]) -> None:
        """Take over the vectors that `save` wrote to `folder` for those of the files that it holds."""
        for file in files:
            vectors = folder / f"{file.name}.npy"
            if vectors.is_file():
                rows = np.load(vectors, mmap_mode="r")
                self._known.update(zip((pair[ENGLISH] for pair in file.pairs), rows, strict=True))

    def save(self, folder: Path, file: PairFile, texts_per_call: int = 256) -> Iterable[int]:
        """Write float16[n, d], the vectors of the English side of a file, yielding the number of pairs done so far.

        A file that is there already stays as it is.
        """
        target = folder / f"{file.name}.npy"
        if target.is_file():
            yield len(file.pairs)
            return
        folder.mkdir(parents=True, exist_ok=True)
        parts = []
        for start in range(0, len(file.pairs), texts_per_call):
            texts = [pair[ENGLISH] for pair in file.pairs[start : start + texts_per_call]]
            parts.append(self.vectors(texts).cpu().numpy().astype(np.float16))
            yield start + len(texts)
        unfinished = target.with_suffix(".unfinished.npy")
        np.save(unfinished, np.concatenate(parts))
        unfinished.replace(target)

    def vectors(self, texts: Sequence[str]) -> torch.Tensor:
        """Return float32[n, d] of unit length, on the device of the model."""
        unknown = list(dict.fromkeys(text for text in texts if text not in self._known))
        with torch.no_grad():
            fresh = embedded(self._model, unknown) if unknown else torch.empty(0)
        found = dict(zip(unknown, fresh, strict=True))
        rows = [found[text] if text in found else torch.tensor(self._known[text]).float() for text in texts]
        stacked = torch.stack([row.to(self._model.device) for row in rows])
        return torch.nn.functional.normalize(stacked, dim=1)
