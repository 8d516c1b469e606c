"""How do texts become vectors?"""

from indexes.embedding.embedder import Embedder
from indexes.embedding.opening import open_embedder

__all__ = ["Embedder", "open_embedder"]
