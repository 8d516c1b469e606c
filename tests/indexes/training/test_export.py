"""Does the exported folder say what the trained model says?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the extra [training] is not installed")

from indexes.embedding.onnx import OnnxEmbedder
from indexes.embedding.sentence_transformer import SentenceTransformerEmbedder
from indexes.training.export import ForeignModel, export_model
from indexes.training.graph import quantise_rows

pytestmark = pytest.mark.filterwarnings("default")

TEXTS = ["the office opened in 1999", "who needs it?", "úřad", "x" * 300, "fee, deadline. " * 30]


def test_the_fp32_form_agrees_with_the_library(tiny_model: Path, tmp_path: Path) -> None:
    """Texts beyond the limit of positions included."""
    export_model(tiny_model, tmp_path, quantised=False)
    exported, library = OnnxEmbedder(tmp_path), SentenceTransformerEmbedder(str(tiny_model))
    np.testing.assert_allclose(exported.embed_passages(TEXTS), library.embed_passages(TEXTS), atol=1e-5)


def test_the_quantised_form_is_near_the_fp32_form_and_smaller(tiny_model: Path, tmp_path: Path) -> None:
    """A quarter of the size in weights, and a cosine above 0.99 even with 32 dimensions."""
    large = export_model(tiny_model, tmp_path / "fp32", quantised=False)
    small = export_model(tiny_model, tmp_path / "int8", quantised=True)
    assert small < large
    exact, rounded = (OnnxEmbedder(tmp_path / form).embed_passages(TEXTS) for form in ("fp32", "int8"))
    cosines = (exact * rounded).sum(axis=1)
    assert 0.99 < cosines.min() < 1.0


def test_the_model_card_outlives_an_export(tiny_model: Path, tmp_path: Path) -> None:
    """Replacing the bundled model is one command."""
    (tmp_path / "README.md").write_text("card")
    export_model(tiny_model, tmp_path, quantised=True, name="tiny")
    assert (tmp_path / "README.md").read_text() == "card"
    assert OnnxEmbedder(tmp_path).name == "tiny"


@pytest.mark.parametrize(("key", "value"), [("model_type", "roberta"), ("hidden_act", "relu")])
def test_another_architecture_is_refused(tiny_model: Path, tmp_path: Path, key: str, value: str) -> None:
    """The graph is written for one encoder; a like one would give vectors, and wrong ones."""
    foreign = Path(shutil.copytree(tiny_model, tmp_path / "foreign"))
    config = json.loads((foreign / "config.json").read_text())
    (foreign / "config.json").write_text(json.dumps({**config, key: value}))
    with pytest.raises(ForeignModel, match=value):
        export_model(foreign, tmp_path / "out", quantised=True)


def test_rows_are_rounded_to_half_a_step_of_their_own_scale() -> None:
    """A row of large numbers does not coarsen a row of small ones; a row of zeros stays one."""
    table = np.array([[1000.0, -3.0, 1.0], [0.001, -0.002, 0.0], [0.0, 0.0, 0.0]], dtype=np.float32)
    codes, scales = quantise_rows(table)
    assert codes.dtype == np.int8
    assert (np.abs(codes * scales - table) <= scales / 2 + 1e-12).all()
    np.testing.assert_array_equal(codes[2], 0)
