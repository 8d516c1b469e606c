"""Is every acknowledged document there after kill -9 at random moments, and every answer of one sound release?"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.conftest import Effort

ROOT = Path(__file__).resolve().parents[2]


def after_kills(prepared: Path, tmp_path: Path, kills: int, seed: int, manner: str) -> dict[str, Any]:
    """Return what is left of an installation after so many kills."""
    folder = shutil.copytree(prepared, tmp_path / "installation")
    done = subprocess.run(
        [sys.executable, "-m", "tests.reliability.kill_runner", str(folder), str(kills), str(seed), manner],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(json.dumps(result, indent=1))  # noqa: T201 - figures of the README
    return result


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_no_answer_is_mixed(prepared: Path, tmp_path: Path, effort: Effort) -> None:
    """Worker, service and both killed: no document lost, no mixed answer, every job ends, the next build succeeds."""
    left = after_kills(prepared, tmp_path, effort.of(40, 300), effort.seed, "careful")
    assert left["acknowledged"] > left["kills"] / 4
    assert left["answers"] > left["kills"] / 4
    expected = {"lost": [], "wrong": [], "unfinished": [], "failed without a reason": [], "not searchable": []}
    assert {name: left[name] for name in expected} == expected
    assert left["last"] == "succeeded"
    assert left["strays"] == []


@pytest.mark.slow
def test_the_harness_sees_a_promise_made_too_early(prepared: Path, tmp_path: Path, effort: Effort) -> None:
    """Negative control: a service that acknowledges before the request is durable loses documents."""
    assert after_kills(prepared, tmp_path, 30, effort.seed, "careless")["lost"]
