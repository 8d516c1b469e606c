"""How does the bundled model turn texts into vectors, without PyTorch, on one small CPU?"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

# Before the library is loaded: from 1.31 it otherwise writes an identifier of the machine into the home folder and
# sends figures on its use to its maker (its Privacy.md, "Disabling Telemetry").
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime
from tokenizers import Encoding, Tokenizer

from indexes.embedding.embedder import FloatArray, readable
from indexes.errors import ModelUnusable

GRAPH_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
SETTINGS_FILE = "pramen.json"
"""`name`, `dimension` and `max_tokens` of the model, and `graph_sha256`, by which a damaged graph is known."""
TOKENIZER_DIGEST = "tokenizer_sha256"
"""Under this name the graph keeps the SHA-256 of the tokenizer whose word pieces it was trained on."""
DECIDING_FILES = (GRAPH_FILE, SETTINGS_FILE, TOKENIZER_FILE)
"""The files that decide the vectors, and so the fingerprint."""

CPU_DESCRIPTION = Path("/proc/cpuinfo")
"""Where Linux lists what the processor can do; absent elsewhere."""
CHARS_PER_TOKEN = 16
"""Text beyond `max_tokens` times this is cut before it is split into word pieces: no language comes near it."""
TOKENS_PER_RUN = 1024
"""Texts of equal length run together up to this many tokens; beyond, larger batches were no faster."""


class OnnxEmbedder:
    """Runs a model folder made by `python -m indexes.training export`; an `Embedder`.

    Only texts of equally many tokens run together. So nothing is padded, and no vector depends on its neighbours.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Load the model. Raises ModelUnusable, naming the file of `folder` that is missing, damaged or foreign."""
        contents = {name: _read(folder / name) for name in DECIDING_FILES}
        settings = _settings(folder / SETTINGS_FILE, contents[SETTINGS_FILE])
        self.name, self.dimension, self.max_tokens, graph_digest = settings
        _require_whole(folder / GRAPH_FILE, contents[GRAPH_FILE], graph_digest)
        self.fingerprint = _fingerprint(contents)
        self._tokenizer = _tokenizer(folder / TOKENIZER_FILE, contents[TOKENIZER_FILE])
        self._session = _session(folder / GRAPH_FILE, contents[GRAPH_FILE], threads)
        self._prove(folder, sha256(contents[TOKENIZER_FILE]).hexdigest())

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many word pieces each text has, without special tokens and without cutting."""
        encodings = self._tokenizer.encode_batch([readable(text) for text in texts], add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        """Return float32[n, dimension]: one unit vector for each text, in order."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        ids = [self._ids(text) for text in texts]
        for rows in _runs_of_equal_length(ids):
            vectors[rows] = self._run(np.array([ids[row] for row in rows], dtype=np.int64))
        return vectors

    def embed_query(self, text: str) -> FloatArray:
        """Return float32[dimension]: the unit vector of a query."""
        vector: FloatArray = self._run(np.array([self._ids(text)], dtype=np.int64))[0]
        return vector

    def _ids(self, text: str) -> list[int]:
        encoding: Encoding = self._tokenizer.encode(readable(text)[: self.max_tokens * CHARS_PER_TOKEN])
        ids = encoding.ids
        return ids if len(ids) <= self.max_tokens else [*ids[: self.max_tokens - 1], ids[-1]]

    def _run(self, ids: np.ndarray) -> FloatArray:
        (vectors,) = self._session.run(None, {"input_ids": ids})
        result: FloatArray = vectors
        return result

    def _prove(self, folder: Path, tokenizer_digest: str) -> None:
        """Embed one word, so that a model that cannot is found when it is loaded and not by the first reader."""
        if self._session.get_modelmeta().custom_metadata_map.get(TOKENIZER_DIGEST) != tokenizer_digest:
            raise ModelUnusable(
                f"{folder / TOKENIZER_FILE} is not the tokenizer that {GRAPH_FILE} was trained with: {_ADVICE}"
            )
        try:
            vector = self.embed_query("zkouška")
        except Exception as error:
            raise ModelUnusable(f"{folder / GRAPH_FILE} does not run ({error}): {_ADVICE}") from error
        if vector.shape != (self.dimension,) or not np.isclose(np.linalg.norm(vector), 1, atol=1e-3):
            raise ModelUnusable(
                f"{folder / GRAPH_FILE} gives vectors of shape {vector.shape} where {SETTINGS_FILE} promises"
                f" unit vectors of {self.dimension} numbers: {_ADVICE}"
            )


_ADVICE = "restore the model folder from the program's release, or set PRAMEN_MODEL to another"


def _runs_of_equal_length(ids: Sequence[Sequence[int]]) -> Iterable[list[int]]:
    by_length: dict[int, list[int]] = {}
    for row, tokens in enumerate(ids):
        by_length.setdefault(len(tokens), []).append(row)
    for length, rows in by_length.items():
        size = max(1, TOKENS_PER_RUN // length)
        yield from (rows[start : start + size] for start in range(0, len(rows), size))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ModelUnusable(f"the model folder lacks {file} ({error.strerror}): {_ADVICE}") from error


def _require_whole(file: Path, content: bytes, digest: str | None) -> None:
    """Refuse a graph of which a byte has changed: it might load, and give wrong vectors. Older exports have no digest."""
    if digest is not None and sha256(content).hexdigest() != digest:
        raise ModelUnusable(f"{file} is damaged or of another model: {SETTINGS_FILE} names another SHA-256: {_ADVICE}")


def _settings(file: Path, content: bytes) -> tuple[str, int, int, str | None]:
    try:
        settings = json.loads(content)
        name, dimension, max_tokens = settings["name"], settings["dimension"], settings["max_tokens"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUnusable(f"{file} does not give name, dimension and max_tokens ({error!r}): {_ADVICE}") from error
    if not (isinstance(name, str) and isinstance(dimension, int) and isinstance(max_tokens, int) and max_tokens > 2):  # noqa: PLR2004 (two special tokens)
        raise ModelUnusable(f"{file} gives values that make no sense ({settings}): {_ADVICE}")
    return name, dimension, max_tokens, settings.get("graph_sha256")


def _tokenizer(file: Path, content: bytes) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_buffer(content)
    except Exception as error:
        raise ModelUnusable(f"{file} is no tokenizer ({error}): {_ADVICE}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _session(file: Path, content: bytes, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if _may_saturate(CPU_DESCRIPTION):
        # Sums of products of unsigned and signed bytes overflow there; products of unsigned bytes are slower but exact.
        options.add_session_config_entry("session.x64quantprecision", "1")
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelUnusable(f"{file} is no graph that onnxruntime can load ({error}): {_ADVICE}") from error


def _may_saturate(description: Path) -> bool:
    """Say whether this is an x86 processor without VNNI, as far as the system describes its processors."""
    try:
        flags = set(description.read_text(encoding="utf-8").split())
    except OSError:
        return False
    return "avx2" in flags and not flags & {"avx512_vnni", "avx_vnni"}


def _fingerprint(contents: dict[str, bytes]) -> str:
    digest = sha256()
    for name, content in sorted(contents.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
