"""How does the model look as an ONNX graph that a small CPU runs fast?

The graph is written node by node rather than traced, so that every matrix product can be weighed and quantised on its
own: one input (`input_ids`), one output (`embedding`), the pooling and the normalising inside. All texts of a batch
have the same number of tokens, so there is no padding, no mask, and no text that its neighbours could change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Array = npt.NDArray[np.generic]
IntArray = npt.NDArray[np.int64]

OPSET = 21
IR_VERSION = 10
CONTRIB = "com.microsoft"
"""Operators of onnxruntime beyond the ONNX standard: fused attention, normalisation and 8-bit products."""

MIDDLE = 128
"""The code of zero in rows quantised to unsigned bytes: x86 multiplies unsigned by signed bytes fastest."""
MIDDLE_BENT = 16
"""The same behind GELU, which reaches far above zero and never below -0.17: most codes are for what is above."""
LARGEST_CODE = 255


@dataclass(frozen=True, slots=True)
class BertShape:
    """The numbers of a BERT encoder that its weights alone do not tell."""

    layers: int
    heads: int
    epsilon: float


@dataclass(slots=True)
class Graph:
    """Nodes and weights as they are added; each method returns the name of the value that it makes."""

    quantised: bool
    parts: Mapping[str, IntArray]
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    weights: list[onnx.TensorProto] = field(default_factory=list)

    def weight(self, name: str, value: Array) -> str:
        """Keep the weight, once under its name."""
        if all(name != known.name for known in self.weights):
            self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, *inputs: str, domain: str = "", name: str = "", **attributes: object) -> str:
        """Add an operator with one output."""
        output = name or f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def product(self, name: str, value: str, matrix: Array, middle: int = MIDDLE) -> str:
        """Multiply `value`, float32[rows, inputs], by float32[inputs, outputs]; `middle` is the code of its zeros."""
        if not self.quantised:
            return self.node("MatMul", value, self.weight(name, matrix))
        value, matrix = self._in_parts(name, value, matrix)
        columns, column_scales = quantise_rows(matrix.T)
        rows, row_scales = self._quantised_rows(value, middle)
        product = self.node(
            "MatMulIntegerToFloat",
            rows,
            self.weight(name, columns.T),
            self.weight("one", np.float32([1])[0]),
            self.weight(f"{name}.scale", column_scales[:, 0]),
            self.weight(f"middle_{middle}", np.array(middle, np.uint8)),
            domain=CONTRIB,
        )
        return self.node("Mul", product, row_scales)

    def _in_parts(self, name: str, value: str, matrix: Array) -> tuple[str, Array]:
        """Cut the wide channels of a value into equal parts, each with the channel's row of the matrix."""
        if name not in self.parts:
            return value, matrix
        parts = self.parts[name]
        # Only the added parts are gathered: element by element that takes longer than the product of a whole row.
        added = np.repeat(np.arange(len(parts)), parts - 1)
        channels = np.concatenate([np.arange(len(parts)), added])
        sizes = self.weight(f"{name}.sizes", (1 / parts[channels]).astype(np.float32))
        gathered = self.node("Gather", value, self.weight(f"{name}.added", added), axis=1)
        return self.node("Mul", self.node("Concat", value, gathered, axis=1), sizes), matrix[channels]

    def _quantised_rows(self, value: str, middle: int) -> tuple[str, str]:
        """Round each row to 8 bits by a scale of its own, so that no row depends on what it is batched with."""
        axis = self.weight("last_axis", np.array([1]))
        above = self.weight(f"above_{middle}", np.float32([1 / (LARGEST_CODE - middle)])[0])
        below = self.weight(f"below_{middle}", np.float32([-1 / middle])[0])
        largest = self.node("Mul", self.node("ReduceMax", value, axis, keepdims=1), above)
        smallest = self.node("Mul", self.node("ReduceMin", value, axis, keepdims=1), below)
        scales = self.node("Max", largest, smallest)
        flat = self.node("Squeeze", scales, axis)
        filled = numpy_helper.from_array(np.array([middle], np.uint8))
        middles = self.node("ConstantOfShape", self.node("Shape", flat), value=filled)
        return self.node("QuantizeLinear", value, flat, middles, axis=0), scales


def quantise_rows(table: Array) -> tuple[Array, Array]:
    """Return the codes int8[rows, columns] and scales float32[rows, 1] of a table: a row is its codes times its scale."""
    rows = table.astype(np.float32)
    scales = np.maximum(np.abs(rows).max(axis=1, keepdims=True) / 127, np.finfo(np.float32).tiny)
    return np.rint(rows / scales).astype(np.int8), scales.astype(np.float32)


def encoder_graph(
    weights: Mapping[str, Array], shape: BertShape, *, quantised: bool, parts: Mapping[str, IntArray] | None = None
) -> onnx.ModelProto:
    """Return the encoder as a model from `input_ids` int64[batch, tokens] to `embedding` float32[batch, dimension].

    `weights` carry the names of the transformers library (BertModel). Where `quantised`, the products and the table of word
    pieces are in 8 bits: one scale for each word piece, each column of a matrix, and each row of activations. There
    `parts` tell into how many equal parts the input channels of a product, by the name of its matrix, are cut.
    """
    graph = Graph(quantised, parts or {})
    dimension = weights["embeddings.word_embeddings.weight"].shape[1]
    hidden = _embeddings(graph, weights, shape)
    for layer in range(shape.layers):
        hidden = _layer(graph, weights, shape, layer, hidden)
    by_text = graph.node("Reshape", hidden, "text_shape")
    mean = graph.node("ReduceMean", by_text, graph.weight("token_axis", np.array([1])), keepdims=0)
    graph.node("LpNormalization", mean, name="embedding", axis=1, p=2)
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])
    embedding = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", dimension])
    body = helper.make_graph(graph.nodes, "encoder", [ids], [embedding], graph.weights)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=IR_VERSION, producer_name="pramen")


def _embeddings(graph: Graph, weights: Mapping[str, Array], shape: BertShape) -> str:
    # The second sentence of BERT's pairs never occurs here, so its type is a constant of every position.
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][:1]
    words = weights["embeddings.word_embeddings.weight"]
    if not graph.quantised:
        looked_up = graph.node("Gather", graph.weight("words", words), "input_ids")
    else:
        codes, scales = quantise_rows(words)
        rows = graph.node("Gather", graph.weight("words", codes), "input_ids")
        scale = graph.node("Gather", graph.weight("words_scale", scales), "input_ids")
        looked_up = graph.node("Mul", graph.node("Cast", rows, to=TensorProto.FLOAT), scale)
    width = graph.weight("width", np.array([words.shape[1]]))
    graph.node("Concat", graph.node("Shape", "input_ids"), width, name="text_shape", axis=0)
    count = graph.node("Shape", "input_ids", start=1, end=2)
    zero = graph.weight("zero", np.array([0]))
    placed = graph.node("Slice", graph.weight("places", places), zero, count, zero)
    added = graph.node("Add", looked_up, placed)
    every_token = graph.weight("every_token", np.array([-1, words.shape[1]]))
    return _normalised(graph, weights, "embeddings.LayerNorm", graph.node("Reshape", added, every_token), shape)


def _normalised(graph: Graph, weights: Mapping[str, Array], name: str, value: str, shape: BertShape) -> str:
    gain = graph.weight(f"{name}.weight", weights[f"{name}.weight"])
    shift = graph.weight(f"{name}.bias", weights[f"{name}.bias"])
    return graph.node("LayerNormalization", value, gain, shift, axis=-1, epsilon=shape.epsilon)


def _added_and_normalised(
    graph: Graph, weights: Mapping[str, Array], names: tuple[str, str], values: tuple[str, str], shape: BertShape
) -> str:
    """Add the bias of the product `names[0]` and the skipped value, then normalise by `names[1]`, in one operator."""
    product, norm = names
    return graph.node(
        "SkipLayerNormalization",
        *values,
        graph.weight(f"{norm}.weight", weights[f"{norm}.weight"]),
        graph.weight(f"{norm}.bias", weights[f"{norm}.bias"]),
        graph.weight(f"{product}.bias", weights[f"{product}.bias"]),
        domain=CONTRIB,
        epsilon=shape.epsilon,
    )


def _layer(graph: Graph, weights: Mapping[str, Array], shape: BertShape, layer: int, hidden: str) -> str:
    name = f"encoder.layer.{layer}"
    attended = _attention(graph, weights, shape, f"{name}.attention.self", hidden)
    output = f"{name}.attention.output"
    projected = graph.product(f"{output}.dense", attended, weights[f"{output}.dense.weight"].T)
    names = (f"{output}.dense", f"{output}.LayerNorm")
    middle = _added_and_normalised(graph, weights, names, (projected, hidden), shape)
    inner = f"{name}.intermediate.dense"
    wide = graph.product(inner, middle, weights[f"{inner}.weight"].T)
    bias = graph.weight(f"{inner}.bias", weights[f"{inner}.bias"])
    bent = graph.node("BiasGelu", wide, bias, domain=CONTRIB)
    narrow = graph.product(f"{name}.output.dense", bent, weights[f"{name}.output.dense.weight"].T, MIDDLE_BENT)
    names = (f"{name}.output.dense", f"{name}.output.LayerNorm")
    return _added_and_normalised(graph, weights, names, (narrow, middle), shape)


def _attention(graph: Graph, weights: Mapping[str, Array], shape: BertShape, name: str, hidden: str) -> str:
    parts = [f"{name}.{part}" for part in ("query", "key", "value")]
    matrix = np.concatenate([weights[f"{part}.weight"].T for part in parts], axis=1)
    bias = graph.weight(f"{name}.bias", np.concatenate([weights[f"{part}.bias"] for part in parts]))
    joined = graph.product(f"{name}.joined", hidden, matrix)
    split = [f"{part}.rows" for part in parts]
    graph.nodes.append(helper.make_node("Split", [joined], split, name=f"{name}.split", axis=-1, num_outputs=3))
    by_text = [graph.node("Reshape", rows, "text_shape") for rows in split]
    attended = graph.node("MultiHeadAttention", *by_text, bias, domain=CONTRIB, num_heads=shape.heads)
    return graph.node("Reshape", attended, "every_token")
