"""Is the model that the settings name opened, and its absence explained?"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from indexes.embedding import open_embedder
from indexes.errors import EngineUnavailable, ModelUnusable
from indexes.settings import BUNDLED_MODEL


@pytest.mark.model
def test_the_bundled_model_needs_no_extra() -> None:
    """The default install opens it."""
    assert open_embedder(str(BUNDLED_MODEL)).name == "pramen-minilm-cs-en"


def test_another_model_without_the_extra_names_the_extra_and_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sets PRAMEN_MODEL learns what to install, and that its vectors have to be made."""

    def refuse(name: str, *rest: Any) -> Any:
        raise ImportError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(importlib, "import_module", refuse)
    with pytest.raises(EngineUnavailable, match=r"pramen\[transformers\].*pramen build --publish"):
        open_embedder("intfloat/multilingual-e5-small")


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    """A foreign folder is refused by name of what is wrong, where the extra is installed."""
    pytest.importorskip("sentence_transformers", reason="the extra [transformers] is not installed")
    with pytest.raises(ModelUnusable, match=tmp_path.name):
        open_embedder(str(tmp_path))
