"""What does the English teacher make of a text?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from indexes.embedding.sentence_transformer import model_fingerprint
from indexes.training.encoding import embedded
from indexes.training.kept import fingerprint, keep_vectors
from indexes.training.pairs import ENGLISH, PairFile


class Teacher:
    """Gives the teacher's vectors: those that were computed before by look-up, the others afresh."""

    def __init__(self, model: SentenceTransformer) -> None:
        # The wrapped model is no submodule of the student: it is never trained nor saved.
        self._model = model.eval()
        self._known: dict[str, np.ndarray] = {}
        self.fingerprint = model_fingerprint(model)
        """Tells whose vectors those in a folder are."""

    @property
    def known_count(self) -> int:
        """Number of texts whose vectors need no computing."""
        return len(self._known)

    def load(self, folder: Path, files: Iterable[PairFile]) -> None:
        """Take over the vectors that `save` wrote to `folder`; of other texts or of another teacher there are none."""
        for file in files:
            vectors = self._file(folder, file)
            if vectors.is_file():
                rows = np.load(vectors, mmap_mode="r")
                self._known.update(zip((pair[ENGLISH] for pair in file.pairs), rows, strict=True))

    def save(self, folder: Path, file: PairFile) -> Iterator[int]:
        """Write float16[n, d], the vectors of the English side of a file, yielding the number of pairs done so far.

        What an earlier run wrote is kept, that of a killed one up to the block it was at.
        """
        texts = [pair[ENGLISH] for pair in file.pairs]
        dimension = self._model.get_embedding_dimension()
        yield from keep_vectors(
            self._file(folder, file), texts, lambda block: self.vectors(block).cpu().numpy(), dimension
        )

    def _file(self, folder: Path, file: PairFile) -> Path:
        return folder / f"{file.name}-{fingerprint(self.fingerprint, file.digest)}.npy"

    def vectors(self, texts: Sequence[str]) -> torch.Tensor:
        """Return float32[n, d] of unit length, on the device of the model."""
        if not texts:
            return embedded(self._model, texts)
        unknown = list(dict.fromkeys(text for text in texts if text not in self._known))
        with torch.no_grad():
            fresh = embedded(self._model, unknown) if unknown else torch.empty(0)
        found = dict(zip(unknown, fresh, strict=True))
        rows = [found[text] if text in found else torch.tensor(self._known[text]).float() for text in texts]
        stacked = torch.stack([row.to(self._model.device) for row in rows])
        return torch.nn.functional.normalize(stacked, dim=1)
