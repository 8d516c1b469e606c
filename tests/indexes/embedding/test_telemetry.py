"""Does the library that runs the model keep to itself what it is used for?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
EMBED = """
from indexes.embedding import open_embedder
from indexes.settings import BUNDLED_MODEL
open_embedder(str(BUNDLED_MODEL)).embed_query("integrace cizinců")
"""


def written_to_home(home: Path, program: str) -> list[str]:
    """Run a program with an empty home folder and return the files that it leaves there."""
    names = ("ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME", "CI", "PYTEST_CURRENT_TEST", "PYTEST_VERSION")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    environment |= {"HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, cwd=ROOT)
    return sorted(path.name for path in home.rglob("*") if path.is_file())


@pytest.mark.model
def test_embedding_leaves_no_trace_outside_our_folders(tmp_path: Path) -> None:
    """No identifier of the machine, no queue of figures to be sent."""
    assert written_to_home(tmp_path, EMBED) == []


@pytest.mark.model
def test_the_test_sees_what_the_library_would_write(tmp_path: Path) -> None:
    """Negative control: loaded without us, the library keeps an identifier; a version that does not may go unwatched."""
    if not written_to_home(tmp_path, "import onnxruntime"):
        pytest.skip("this version of the library keeps nothing of itself")
