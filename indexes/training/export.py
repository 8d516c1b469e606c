"""How does a trained model become the folder that is bundled?"""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import numpy as np
import onnx
from safetensors.numpy import load_file

from indexes.embedding.onnx import GRAPH_FILE, SETTINGS_FILE, TOKENIZER_DIGEST, TOKENIZER_FILE
from indexes.training.extents import channel_extents, parts
from indexes.training.graph import BertShape, encoder_graph

MAX_TOKENS = 384
"""A passage has up to 300 tokens; its title and headings stand before it."""
ADDED_PARTS = 16
"""To the 384 inputs of a product: of 8, 16, 32 and 64 the nearest to fp32."""
NARROW = "output.dense"
"""Ends the names of the products that read no normalised values; cutting the channels of these changed nothing."""
BUNDLED_NAME = "pramen-minilm-cs-en"


class ForeignModel(ValueError):
    """A folder does not hold the kind of encoder that the graph is written for."""


def export_model(source: Path, target: Path, *, quantised: bool, name: str = BUNDLED_NAME) -> int:
    """Write the sentence-transformers folder `source` as a model folder and return its size in bytes.

    `quantised` is the form that is bundled, else everything stays fp32. Other files in `target` (its model card) stay.
    Raises ForeignModel for anything but a BERT encoder with mean pooling and normalised vectors.
    """
    shape, dimension, positions = _shape(source)
    weights = {key: value.astype(np.float32) for key, value in load_file(source / "model.safetensors").items()}
    graph = encoder_graph(weights, shape, quantised=False)
    if quantised:
        extents = channel_extents(graph, source / "tokenizer.json", min(MAX_TOKENS, positions))
        cut = {name: parts(extents[name], ADDED_PARTS) for name in extents if not name.endswith(NARROW)}
        graph = encoder_graph(weights, shape, quantised=True, parts=cut)
    digest = sha256((source / "tokenizer.json").read_bytes()).hexdigest()
    onnx.helper.set_model_props(graph, {TOKENIZER_DIGEST: digest})
    onnx.checker.check_model(graph)
    target.mkdir(parents=True, exist_ok=True)
    onnx.save_model(graph, target / GRAPH_FILE)
    shutil.copyfile(source / "tokenizer.json", target / TOKENIZER_FILE)
    settings = {
        "name": name,
        "dimension": dimension,
        "max_tokens": min(MAX_TOKENS, positions),
        "graph_sha256": sha256((target / GRAPH_FILE).read_bytes()).hexdigest(),
    }
    (target / SETTINGS_FILE).write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    return sum((target / file).stat().st_size for file in (GRAPH_FILE, TOKENIZER_FILE, SETTINGS_FILE))


def _shape(source: Path) -> tuple[BertShape, int, int]:
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    kinds = [module["type"].rsplit(".", 1)[-1] for module in json.loads((source / "modules.json").read_text())]
    pooling = json.loads((source / "1_Pooling" / "config.json").read_text())
    is_mean = pooling.get("pooling_mode_mean_tokens", pooling.get("pooling_mode") == "mean")
    if config["model_type"] != "bert" or config["hidden_act"] != "gelu":
        raise ForeignModel(
            f"{source} is {config['model_type']} with {config['hidden_act']}; only BERT with gelu exports"
        )
    if kinds != ["Transformer", "Pooling", "Normalize"] or not is_mean:
        raise ForeignModel(f"{source} is made of {kinds}; only an encoder, mean pooling and normalising export")
    shape = BertShape(config["num_hidden_layers"], config["num_attention_heads"], config["layer_norm_eps"])
    return shape, config["hidden_size"], config["max_position_embeddings"]
