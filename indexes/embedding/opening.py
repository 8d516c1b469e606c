"""Which embedder runs the model that the settings name?"""

from __future__ import annotations

from pathlib import Path

from indexes.embedding.embedder import Embedder
from indexes.embedding.onnx import SETTINGS_FILE, OnnxEmbedder
from indexes.embedding.sentence_transformer import SentenceTransformerEmbedder
from indexes.settings import BUNDLED_MODEL


def open_embedder(model: str, threads: int = 1) -> Embedder:
    """Return the embedder of a model folder or of a sentence-transformers model by name; `threads` run one text.

    Raises ModelUnusable, naming what is wrong, and EngineUnavailable, naming the extra that is not installed.
    """
    folder = Path(model)
    if folder == BUNDLED_MODEL or (folder / SETTINGS_FILE).is_file():
        return OnnxEmbedder(folder, threads)
    return SentenceTransformerEmbedder(model, threads)
