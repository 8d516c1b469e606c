"""Are the wide channels found, and does cutting them leave the product as it was?"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the extra [training] is not installed")
pytest.importorskip("safetensors", reason="the extra [training] is not installed")

import onnx
import onnxruntime
from onnx import TensorProto, helper
from safetensors.numpy import load_file, save_file

from indexes.training.export import export_model
from indexes.training.extents import channel_extents, parts
from indexes.training.graph import CONTRIB, IR_VERSION, OPSET, BertShape, Graph, encoder_graph

WIDE_CHANNEL = 5


@pytest.fixture
def wide_model(tiny_model: Path, tmp_path: Path) -> Path:
    """The tiny model with one channel of its word pieces, after normalising, forty times as wide as the others."""
    folder = Path(shutil.copytree(tiny_model, tmp_path / "wide"))
    weights = load_file(folder / "model.safetensors")
    weights["embeddings.LayerNorm.weight"][WIDE_CHANNEL] *= 40
    save_file(weights, folder / "model.safetensors")
    return folder


def test_parts_go_where_the_channels_are_widest() -> None:
    """By hand: 9 is cut in three, 4 in two; without parts to add nothing is cut."""
    np.testing.assert_array_equal(parts(np.array([1.0, 9.0, 4.0, 2.5]), 3), [1, 3, 2, 1])
    np.testing.assert_array_equal(parts(np.array([1.0, 9.0]), 0), [1, 1])


def test_the_wide_channel_is_found_in_every_product_that_reads_it(wide_model: Path) -> None:
    """Beside the values themselves: the extents of the first product are those of the normalised word pieces."""
    weights = load_file(wide_model / "model.safetensors")
    encoder = encoder_graph(weights, BertShape(2, 4, 1e-12), quantised=False)
    extents = channel_extents(encoder, wide_model / "tokenizer.json", 64)
    assert len(extents) == 2 * 4, "four products in each of two layers"
    first = extents["encoder.layer.0.attention.self.joined"]
    assert first.argmax() == WIDE_CHANNEL
    assert first[WIDE_CHANNEL] > 10 * np.median(first)


def product(matrix: np.ndarray, rows: np.ndarray, counts: np.ndarray | None) -> np.ndarray:
    """The rounded product of the graph, its channels cut into so many parts."""
    graph = Graph(quantised=True, parts={} if counts is None else {"matrix": counts})
    result = graph.product("matrix", "rows", matrix)
    kinds = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("rows", result)]
    body = helper.make_graph(graph.nodes, "product", kinds[:1], kinds[1:], graph.weights)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
    model = helper.make_model(body, opset_imports=opsets, ir_version=IR_VERSION)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"rows": rows})[0]


def test_a_cut_channel_leaves_the_product_and_spoils_its_neighbours_less() -> None:
    """Beside the exact product; the negative control is the product with nothing cut, which errs three times as far."""
    rng = np.random.default_rng(1)
    matrix, rows = rng.standard_normal((64, 48)).astype(np.float32), rng.standard_normal((20, 64)).astype(np.float32)
    rows[:, WIDE_CHANNEL] += 40
    counts = parts(np.abs(rows).max(axis=0), 16)
    assert counts[WIDE_CHANNEL] > 10
    exact = rows @ matrix
    cut, whole = (np.abs(product(matrix, rows, given) - exact).mean() for given in (counts, None))
    assert 3 * cut < whole < 0.1 * np.abs(exact).mean()


def test_the_bundled_form_has_its_wide_channels_cut(wide_model: Path, tmp_path: Path) -> None:
    """In both products of each layer that read normalised values; the fp32 form has none cut."""
    export_model(wide_model, tmp_path / "cut", quantised=True)
    export_model(wide_model, tmp_path / "fp32", quantised=False)
    names = [
        [weight.name for weight in onnx.load(tmp_path / form / "model.onnx").graph.initializer]
        for form in ("cut", "fp32")
    ]
    assert [sum(name.endswith(".added") for name in form) for form in names] == [2 * 2, 0]
