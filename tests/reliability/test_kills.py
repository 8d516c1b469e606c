"""Is every acknowledged document there after kill -9 at random moments, and every answer of one sound release?

Worker and service are killed while staff upload, remove and build; and builds of the command line by themselves.
"""

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


def left_by(runner: str, prepared: Path, tmp_path: Path, kills: int, seed: int, manner: str) -> dict[str, Any]:
    """Return what a runner finds in a copy of an installation after so many kills."""
    folder = shutil.copytree(prepared, tmp_path / "installation")
    done = subprocess.run(
        [sys.executable, "-m", f"tests.reliability.{runner}", str(folder), str(kills), str(seed), manner],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    print(done.stderr[-3000:])  # noqa: T201 - why a process ended by itself
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(json.dumps(result, indent=1))  # noqa: T201 - figures of the README
    return result


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_no_answer_is_mixed(prepared: Path, tmp_path: Path, effort: Effort) -> None:
    """Worker, service and both killed: no document lost, no mixed answer, every job ends, the next build succeeds."""
    left = left_by("kill_runner", prepared, tmp_path, effort.of(40, 300), effort.seed, "careful")
    assert left["acknowledged"] > left["kills"] / 4
    assert left["answers"] > left["kills"] / 4
    nothing = ("lost", "wrong", "unfinished", "failed without a reason", "not searchable", "ended by themselves")
    assert {name: left[name] for name in nothing if left[name]} == {}
    assert left["last"] == "succeeded"
    assert left["strays"] == []


@pytest.mark.slow
def test_the_harness_sees_a_promise_made_too_early(prepared: Path, tmp_path: Path, effort: Effort) -> None:
    """Negative control: a service that acknowledges before the request is durable loses documents."""
    assert left_by("kill_runner", prepared, tmp_path, 3, effort.seed, "careless")["lost"]


@pytest.mark.slow
def test_a_killed_build_harms_no_release_and_the_next_one_goes_on(
    prepared: Path, tmp_path: Path, effort: Effort
) -> None:
    """After each kill the release before, or the new one, is served whole; what was read is not read again."""
    left = left_by("build_kill_runner", prepared, tmp_path, effort.of(12, 200), effort.seed, "safe")
    assert left["completed"] >= left["kills"] / 8
    assert {name: left[name] for name in ("wrong", "missing", "strays")} == {"wrong": [], "missing": [], "strays": []}
    assert left["readings lost"] == 0


@pytest.mark.slow
def test_the_harness_sees_a_release_published_too_early(prepared: Path, tmp_path: Path, effort: Effort) -> None:
    """Negative control: a build that names its release before it is committed leaves what cannot be served."""
    assert left_by("build_kill_runner", prepared, tmp_path, 5, effort.seed, "bare")["wrong"]
