"""Which few inputs of each matrix product are so wide that they spoil the rounding of all the others?

Some channels of a BERT encoder reach ten times as far as the rest, whatever the text (Dettmers et al., 2022, arXiv
2208.07339). Activations are rounded with one scale for a row, so a wide channel makes the steps of its neighbours coarse. It
is therefore multiplied in several equal parts (outlier channel splitting, Zhao et al., 2019, arXiv 1901.09504): the product
is the same, the extent of the row smaller, the weights are as they were.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper
from tokenizers import Tokenizer

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

SEED = 0
LENGTHS = (4, 8, 16, 32, 64, 128)
TEXTS_PER_LENGTH = 20
"""With twice as many texts, or with sentences of the pairs, the exported vectors were as near to fp32."""
WIDE = 0.99
"""The extent of a channel is this quantile of its absolute values over the tokens of the texts."""


def sample_texts(tokenizer: Tokenizer) -> list[str]:
    """Return texts of random words of the vocabulary: which channels are wide depends little on what is said."""
    rng = np.random.default_rng(SEED)
    words = sorted(piece for piece in tokenizer.get_vocab() if piece.isalpha())
    return [" ".join(rng.choice(words, length)) for length in LENGTHS for _ in range(TEXTS_PER_LENGTH)]


def channel_extents(encoder: onnx.ModelProto, tokenizer_file: Path, max_tokens: int) -> dict[str, FloatArray]:
    """Return the extent of every input channel of each product of an fp32 encoder, by the name of its matrix."""
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.enable_truncation(max_tokens)
    inputs = {node.input[1]: node.input[0] for node in encoder.graph.node if node.op_type == "MatMul"}
    values = list(dict.fromkeys(inputs.values()))
    session = _watched(encoder, values)
    rows: dict[str, list[FloatArray]] = {value: [] for value in values}
    for encoding in tokenizer.encode_batch(sample_texts(tokenizer)):
        for value, found in zip(values, session.run(values, {"input_ids": np.array([encoding.ids])}), strict=True):
            rows[value].append(np.abs(found))
    extent = {value: np.quantile(np.concatenate(rows[value]), WIDE, axis=0).astype(np.float32) for value in values}
    return {name: extent[value] for name, value in inputs.items()}


def parts(extents: FloatArray, added: int) -> IntArray:
    """Return int64[channels]: into how many equal parts each channel is cut, where `added` parts may be added in all.

    Each goes where the parts are widest, so the widest of all is as narrow as it can be.
    """
    counts = np.ones(len(extents), np.int64)
    for _ in range(added):
        counts[np.argmax(extents / counts)] += 1
    return counts


def _watched(encoder: onnx.ModelProto, values: list[str]) -> onnxruntime.InferenceSession:
    """Open the encoder with more outputs; unoptimised, because fused operators would not have these values."""
    probe = onnx.ModelProto()
    probe.CopyFrom(encoder)
    probe.graph.output.extend(helper.make_tensor_value_info(value, TensorProto.FLOAT, None) for value in values)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(probe.SerializeToString(), options, providers=["CPUExecutionProvider"])
