"""Does the ONNX form of the model say the same as the sentence-transformers library?"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from indexes.embedding.onnx import OnnxEmbedder
from indexes.embedding.sentence_transformer import SentenceTransformerEmbedder

pytest.importorskip("sentence_transformers", reason="the extra [transformers] is not installed")
onnx = pytest.importorskip("onnx", reason="the extra [training] is not installed")

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.filterwarnings("default")]

TEXTS = [
    "Kdo může požádat o trvalý pobyt?",
    "Integration of third-country nationals",
    "Cizinec je povinen hlásit změnu místa pobytu do tří pracovních dnů.",
    "x",
]


def test_the_fp32_form_agrees_with_the_library(shared: Path, tmp_path: Path) -> None:
    """Cosine above 0.999 on short and long texts, and the same counts of tokens and fingerprint of a second load."""
    from indexes.training.export import export_model

    checkpoint = shared / "data" / "model" / "checkpoint"
    export_model(checkpoint, tmp_path, quantised=False)
    library, exported = SentenceTransformerEmbedder(str(checkpoint)), OnnxEmbedder(tmp_path)
    passages = [json.loads(line)["text"] for line in _lines(shared, "news-context-cs-cs")[:20]]
    texts = [*TEXTS, *passages]
    cosines = (library.embed_passages(texts) * exported.embed_passages(texts)).sum(axis=1)
    assert cosines.min() > 0.999
    assert library.token_counts(texts) == exported.token_counts(texts)
    np.testing.assert_allclose(library.embed_query(TEXTS[0]), library.embed_passages(TEXTS)[0], atol=1e-4)
    assert SentenceTransformerEmbedder(str(checkpoint)).fingerprint == library.fingerprint


def test_parity_would_notice_another_model(shared: Path, tmp_path: Path) -> None:
    """The negative control: the quantised form does not reach the figure that the fp32 form is held to."""
    from indexes.training.export import export_model

    checkpoint = shared / "data" / "model" / "checkpoint"
    export_model(checkpoint, tmp_path, quantised=True)
    library, exported = SentenceTransformerEmbedder(str(checkpoint)), OnnxEmbedder(tmp_path)
    cosines = (library.embed_passages(TEXTS) * exported.embed_passages(TEXTS)).sum(axis=1)
    assert 0.98 < cosines.min() < 0.999


def _lines(shared: Path, name: str) -> list[str]:
    return (shared / "data" / "eval" / name / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
