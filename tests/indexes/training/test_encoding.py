"""Does embedding without padding give the library's vectors and gradients?"""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the extra [training] is not installed")
pytest.importorskip("sentence_transformers", reason="the extra [training] is not installed")

from sentence_transformers import SentenceTransformer  # noqa: E402

from indexes.training.encoding import embedded  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")

TEXTS = ["the office " * size for size in (9, 1, 5, 2, 8, 3, 30, 4, 6, 1)] + ["Kdo to potřebuje?", ""]


@pytest.fixture
def model(tiny_model: Path) -> SentenceTransformer:
    """The tiny model without dropout; 40 tokens of a text take part."""
    torch.manual_seed(0)
    loaded = SentenceTransformer(str(tiny_model), device="cpu").eval()
    loaded.max_seq_length = 40
    return loaded


def by_library(model: SentenceTransformer) -> torch.Tensor:
    """What the library makes of the texts, one at a time."""
    rows = [model(model.preprocess([text]))["sentence_embedding"] for text in TEXTS]
    return torch.nn.functional.normalize(torch.cat(rows), dim=1)


def test_the_vectors_are_those_of_the_library_in_the_order_of_the_texts(model: SentenceTransformer) -> None:
    """Lengths of all kinds in one call, one text longer than the model reads."""
    with torch.no_grad():
        torch.testing.assert_close(embedded(model, TEXTS), by_library(model), atol=1e-5, rtol=0)


def test_the_gradients_are_those_of_the_library(model: SentenceTransformer) -> None:
    """Of every weight that takes part, for a loss that weighs each number of each vector differently."""
    factors = torch.arange(len(TEXTS) * 32, dtype=torch.float32).reshape(len(TEXTS), 32).sin()
    found = []
    for embed in (lambda: embedded(model, TEXTS), lambda: by_library(model)):
        model.zero_grad(set_to_none=True)
        (embed() * factors).sum().backward()
        found.append(
            {name: weight.grad.clone() for name, weight in model.named_parameters() if weight.grad is not None}
        )
    assert found[0].keys() == found[1].keys()
    for name, gradient in found[1].items():
        torch.testing.assert_close(found[0][name], gradient, atol=1e-4, rtol=1e-3, msg=name)
