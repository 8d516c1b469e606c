"""How does any model of the sentence-transformers library serve in place of the bundled one?"""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from indexes.embedding.embedder import FloatArray, readable
from indexes.errors import EngineUnavailable, ModelUnusable

EXTRA = "transformers"
"""The optional extra that installs the library and PyTorch."""
WITHOUT_LIMIT = 512
"""Tokens of a text that take part where the model does not say."""


class SentenceTransformerEmbedder:
    """Runs a sentence-transformers model, by folder or by the name under which it lies in the library's cache.

    An `Embedder`. Queries and passages get the prompts that the model's settings name `query` and `passage` (or
    `document`), if it has any. Nothing is ever downloaded.
    """

    def __init__(self, model: str, threads: int = 1) -> None:
        """Load the model. Raises EngineUnavailable without the extra, ModelUnusable where there is no such model."""
        torch, library = _libraries()
        torch.set_num_threads(threads)
        # Weights that a folder lacks (an unused pooler) are drawn at random; the fingerprint needs the same draw.
        torch.manual_seed(0)
        try:
            self._model: Any = library.SentenceTransformer(model, device="cpu", local_files_only=True)
        except Exception as error:
            raise ModelUnusable(
                f"PRAMEN_MODEL is {model!r}, which sentence-transformers cannot load ({error}):"
                " name a folder of such a model, or one already in the library's cache, and run `pramen build --publish`"
            ) from error
        self._model.float()
        self.name = Path(model).name if Path(model).is_dir() else model
        self.dimension = int(self._model.get_embedding_dimension())
        self.max_tokens = int(self._model.max_seq_length or WITHOUT_LIMIT)
        self.fingerprint = model_fingerprint(self._model)

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has, without special tokens and without cutting."""
        ids = self._model.tokenizer(
            [readable(text) for text in texts], add_special_tokens=False, truncation=False, verbose=False
        )["input_ids"]
        return [len(tokens) for tokens in ids]

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        """Return float32[n, dimension]: one unit vector for each text, in order."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return self._embed(texts, ("passage", "document"))

    def embed_query(self, text: str) -> FloatArray:
        """Return float32[dimension]: the unit vector of a query."""
        vector: FloatArray = self._embed([text], ("query",))[0]
        return vector

    def _embed(self, texts: Sequence[str], prompts: tuple[str, ...]) -> FloatArray:
        prompt = next((self._model.prompts[name] for name in prompts if self._model.prompts.get(name)), "")
        vectors: FloatArray = self._model.encode(
            [prompt + readable(text) for text in texts],
            prompt="",
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return np.asarray(vectors, dtype=np.float32)


def _libraries() -> tuple[Any, Any]:
    try:
        return importlib.import_module("torch"), importlib.import_module("sentence_transformers")
    except ImportError as error:
        raise EngineUnavailable(
            f"a sentence-transformers model needs a library that is not installed ({error.name}):"
            f" install the extra with pip install 'pramen[{EXTRA}]' and run `pramen build --publish`, or unset PRAMEN_MODEL"
        ) from error


def model_fingerprint(model: Any) -> str:
    """Return the hexadecimal SHA-256 of what decides the vectors of a sentence-transformers model.

    Not of its files, of which a model by name may have several layouts.
    """
    digest = sha256()
    for name, weight in sorted(model.state_dict().items()):
        digest.update(f"{name}{tuple(weight.shape)}".encode())
        digest.update(weight.cpu().contiguous().numpy().tobytes())
    words = model.tokenizer.get_vocab()
    deciding = {"words": words, "prompts": model.prompts, "max_tokens": model.max_seq_length}
    digest.update(json.dumps(deciding, sort_keys=True).encode("utf-8", "replace"))
    return digest.hexdigest()
