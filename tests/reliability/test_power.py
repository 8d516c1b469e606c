"""Is everything there that was acknowledged, and is an old or a new release served, whenever the power goes?

A kill leaves to the system what was written; a power cut takes what was not synced. The process ends before its n-th
sync or rename, n = 1, 2, 3 ..., and chance decides what of the rest had reached the disk (see `power_runner`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.conftest import Effort
from tests.reliability.runner import Runner

pytestmark = pytest.mark.slow
BEYOND = 10**9


@pytest.fixture(scope="module")
def runner(library: Path, read: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """The process that runs the cases of this module."""
    runner = Runner("power_runner", library, read, tmp_path_factory.mktemp("power"))
    yield runner
    runner.close()


def cut(runner: Runner, moment: int, draws: list[int], *, guard: bool = True) -> list[dict[str, Any]]:
    """Cut the power before a moment and return what became of each draw."""
    outcomes: list[dict[str, Any]] = runner.run({"moment": moment, "draws": draws, "guard": guard})
    return outcomes


def test_a_power_cut_loses_nothing_that_was_acknowledged(runner: Runner, effort: Effort) -> None:
    """At every moment: a sound release served, acknowledged requests and documents there, the next build succeeds."""
    moments = cut(runner, BEYOND, [])[0]["count"]
    chosen = range(1, moments + 1) if effort.is_long else sorted(effort.chance.sample(range(1, moments + 1), 6))
    states, faults = 0, []
    for moment in chosen:
        outcomes = cut(runner, moment, [effort.chance.randrange(10**9) for _ in range(effort.of(1, 7))])
        states += len(outcomes)
        faults += [outcome for outcome in outcomes if "fault" in outcome]
        effort.tell(f"moment {moment} of {moments}: {states} states, {len(faults)} faults {faults[-1:]}")
    assert not faults, faults[0]


def test_the_harness_sees_folders_that_are_not_synced(runner: Runner, effort: Effort) -> None:
    """Negative control: where syncs of folders are forgotten, acknowledged requests are lost."""
    moments = cut(runner, BEYOND, [])[0]["count"]
    for moment in range(moments, 0, -3):
        draws = [effort.chance.randrange(10**9) for _ in range(3)]
        if any("fault" in outcome for outcome in cut(runner, moment, draws, guard=False)):
            return
    pytest.fail("nothing was lost")
