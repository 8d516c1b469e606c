"""Fixtures that every room's tests may use."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The read-only material beside the project; the test is skipped where it is absent, as it is at every user's."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("the shared material is not beside the project")
    return folder
