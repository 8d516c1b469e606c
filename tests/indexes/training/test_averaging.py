"""Is the average of models their mean, and of like models alone?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("safetensors", reason="the extra [training] is not installed")

from safetensors.numpy import load_file, save_file

from indexes.training.averaging import average_models


def model(folder: Path, **weights: object) -> Path:
    """A folder with these weights and a settings file."""
    folder.mkdir()
    save_file(
        {name: np.array(value, dtype=np.float16) for name, value in weights.items()}, folder / "model.safetensors"
    )
    (folder / "config.json").write_text(folder.name)
    return folder


def test_every_weight_is_the_mean(tmp_path: Path) -> None:
    """Of three models, in 32 bits; the settings are those of the first."""
    folders = [model(tmp_path / name, a=[size, 0.0], b=[[1.0]]) for name, size in (("x", 1), ("y", 2), ("z", 6))]
    average_models(folders, tmp_path / "mean")
    weights = load_file(tmp_path / "mean" / "model.safetensors")
    np.testing.assert_array_equal(weights["a"], np.array([3, 0], dtype=np.float32))
    assert weights["b"].dtype == np.float32
    assert (tmp_path / "mean" / "config.json").read_text() == "x"


@pytest.mark.parametrize("other", [{"a": [1.0, 2.0, 3.0]}, {"c": [1.0, 2.0]}])
def test_unlike_models_are_refused(tmp_path: Path, other: dict[str, object]) -> None:
    """Another shape or another name: their mean would be of nothing."""
    folders = [model(tmp_path / "one", a=[1.0, 2.0]), model(tmp_path / "two", **other)]
    with pytest.raises(ValueError, match="two"):
        average_models(folders, tmp_path / "mean")
