"""Does the bundled model give the vectors that its users rely on, whatever the text and whatever happens to its files?"""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from indexes.embedding import onnx
from indexes.embedding.onnx import GRAPH_FILE, SETTINGS_FILE, TOKENIZER_FILE, OnnxEmbedder
from indexes.errors import ModelUnusable
from indexes.settings import BUNDLED_MODEL

pytestmark = pytest.mark.model

ODD_TEXTS = {
    "empty": "",
    "spaces": "   \n\t ",
    "control characters": "\x00\x01\x1f\x7f\u200b\ufeff",
    "emoji": "👩🏽‍🚀🔥",
    "other script": "移民の統合 الهجرة міграція",
    "lone surrogate": "cizinec \ud83d bez páru",
    "one endless word": "a" * 100_000,
    "a long text": "Cizinec žádá o povolení k pobytu. " * 3_000,
}


@pytest.fixture(scope="module")
def embedder() -> OnnxEmbedder:
    """The bundled model on one thread."""
    return OnnxEmbedder(BUNDLED_MODEL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled model, for damaging."""
    return Path(shutil.copytree(BUNDLED_MODEL, tmp_path / "model"))


def test_a_sentence_is_nearer_to_its_translation_than_to_another_sentence(embedder: OnnxEmbedder) -> None:
    """Meaning crosses from Czech to English."""
    query = embedder.embed_query("Jak požádat o trvalý pobyt?")
    same, other = embedder.embed_passages(["How to apply for permanent residence?", "The train leaves at noon."])
    assert query @ same > query @ other + 0.3


def test_diacritics_and_capitals_change_nothing(embedder: OnnxEmbedder) -> None:
    """People type as they like, and the tokenizer folds both."""
    plain, typed = embedder.embed_passages(["žádost o azyl cizinců", "ZADOST o azyl cizincu"])
    np.testing.assert_array_equal(plain, typed)


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_any_text_gives_a_finite_unit_vector(embedder: OnnxEmbedder, text: str) -> None:
    """No text, however odd or long, gives NaN or an exception."""
    vector = embedder.embed_query(text)
    assert vector.shape == (384,)
    assert vector.dtype == np.float32
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_an_empty_text_counts_as_a_space(embedder: OnnxEmbedder) -> None:
    """The promise of the protocol for text without content."""
    np.testing.assert_array_equal(embedder.embed_query(""), embedder.embed_query(" "))


def test_a_vector_does_not_depend_on_its_neighbours(embedder: OnnxEmbedder) -> None:
    """Alone, in a batch, as a query: the same to 1e-4. Among the neighbours are a very long and an odd text."""
    texts = ["azyl", "integrace cizinců", "a word", *ODD_TEXTS.values(), "azyl"] * 3
    together = embedder.embed_passages(texts)
    alone = np.stack([embedder.embed_query(text) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-4)
    assert np.abs(together[0] - together[1]).max() > 1e-2, "texts that differ must not pass for equal"


def test_no_texts_give_no_vectors(embedder: OnnxEmbedder) -> None:
    """The shape holds even for nothing."""
    assert embedder.embed_passages([]).shape == (0, 384)


def test_text_beyond_the_limit_is_cut(embedder: OnnxEmbedder) -> None:
    """Words beyond max_tokens take no part; words just inside it do."""
    inside = ["slovo"] * (embedder.max_tokens - 2)
    (count,) = embedder.token_counts([" ".join(inside)])
    assert count == embedder.max_tokens - 2
    full, longer, changed = embedder.embed_passages(
        [" ".join(inside), " ".join([*inside, "azyl", "vízum"]), " ".join([*inside[:-1], "azyl"])]
    )
    np.testing.assert_array_equal(full, longer)
    assert np.abs(full - changed).max() > 1e-5


def test_token_counts_leave_out_special_tokens_and_are_never_cut(embedder: OnnxEmbedder) -> None:
    """Chunking measures passages with these counts."""
    assert embedder.token_counts(["", "azyl", "azyl " * 1000]) == [0, 1, 1000]


@pytest.mark.parametrize("flags", ["avx2 fma", "avx2 avx512_vnni", "avx2 avx_vnni"])
def test_older_processors_get_the_same_vectors(
    embedder: OnnxEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str
) -> None:
    """Bytes are multiplied in another way where sums could overflow, and the sums are the same."""
    description = tmp_path / "cpuinfo"
    description.write_text(f"flags : fpu {flags}\n", encoding="utf-8")
    monkeypatch.setattr(onnx, "CPU_DESCRIPTION", description)
    text = "Cizinec hlásí změnu místa pobytu do tří pracovních dnů."
    np.testing.assert_allclose(OnnxEmbedder(BUNDLED_MODEL).embed_query(text), embedder.embed_query(text), atol=1e-5)


def test_the_folder_stays_within_forty_megabytes() -> None:
    """The model travels with the program."""
    assert sum(file.stat().st_size for file in BUNDLED_MODEL.iterdir()) < 40e6


def test_the_fingerprint_follows_every_deciding_file(folder: Path, embedder: OnnxEmbedder) -> None:
    """The same files have the same fingerprint; one other setting has another."""
    assert OnnxEmbedder(folder).fingerprint == embedder.fingerprint
    settings = json.loads((folder / SETTINGS_FILE).read_text())
    (folder / SETTINGS_FILE).write_text(json.dumps({**settings, "max_tokens": 128}))
    assert OnnxEmbedder(folder).fingerprint != embedder.fingerprint


@pytest.mark.parametrize("name", [GRAPH_FILE, TOKENIZER_FILE, SETTINGS_FILE])
@pytest.mark.parametrize("content", [None, b"", b"neither graph nor JSON"])
def test_a_missing_or_damaged_file_is_named(folder: Path, name: str, content: bytes | None) -> None:
    """Whoever restores the folder learns which file to look at."""
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(ModelUnusable, match=name):
        OnnxEmbedder(folder)


def test_a_truncated_graph_is_refused(folder: Path) -> None:
    """A copy that broke off half-way does not load."""
    graph = folder / GRAPH_FILE
    graph.write_bytes(graph.read_bytes()[:1_000_000])
    with pytest.raises(ModelUnusable, match=GRAPH_FILE):
        OnnxEmbedder(folder)


def test_a_single_changed_byte_of_the_graph_is_found(folder: Path) -> None:
    """In the weights it would load and give wrong vectors; without the digest in the settings it does."""
    graph, settings_file = folder / GRAPH_FILE, folder / SETTINGS_FILE
    content = bytearray(graph.read_bytes())
    settings = json.loads(settings_file.read_text())
    settings_file.write_text(json.dumps({**settings, "graph_sha256": sha256(content).hexdigest()}))
    OnnxEmbedder(folder)
    content[len(content) // 2] ^= 0x40
    graph.write_bytes(content)
    with pytest.raises(ModelUnusable, match=rf"{GRAPH_FILE} is damaged"):
        OnnxEmbedder(folder)
    settings.pop("graph_sha256", None)
    settings_file.write_text(json.dumps(settings))
    OnnxEmbedder(folder)


def test_the_tokenizer_of_another_model_is_refused(folder: Path) -> None:
    """One word piece renamed: the graph would run, and take one word for another."""
    settings = json.loads((folder / TOKENIZER_FILE).read_text())
    vocabulary = settings["model"]["vocab"]
    vocabulary["neznámé"] = vocabulary.pop("azyl")
    (folder / TOKENIZER_FILE).write_text(json.dumps(settings))
    with pytest.raises(ModelUnusable, match=TOKENIZER_FILE):
        OnnxEmbedder(folder)


def test_settings_of_another_model_are_refused(folder: Path) -> None:
    """A graph and settings that do not belong together are found when loading, not by the first reader."""
    settings = json.loads((folder / SETTINGS_FILE).read_text())
    (folder / SETTINGS_FILE).write_text(json.dumps({**settings, "dimension": 768}))
    with pytest.raises(ModelUnusable, match="768"):
        OnnxEmbedder(folder)


def test_settings_without_sense_are_refused(folder: Path) -> None:
    """A limit too small for any word is no limit."""
    settings = json.loads((folder / SETTINGS_FILE).read_text())
    (folder / SETTINGS_FILE).write_text(json.dumps({**settings, "max_tokens": 2}))
    with pytest.raises(ModelUnusable, match=SETTINGS_FILE):
        OnnxEmbedder(folder)
