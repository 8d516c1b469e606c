"""Short forms run with every test run; `--long` runs the figures of README.md, with the seed printed."""

from __future__ import annotations

import random
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from indexes.jobs import JobKind, JobState
from ingest.worker import run_next_job
from tests.reliability.installation import NEW, add_directly, request_upload, workshop_in

T = TypeVar("T")
SHORT_SEED = 2026


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the long forms."""
    parser.addoption("--long", action="store_true", help="run the long forms of the reliability harnesses")
    parser.addoption("--figures", type=Path, default=None, help="a file to write figures to as they are taken")
    parser.addoption("--seed", type=int, default=None, help="seed of all chance in the reliability harnesses")


@dataclass(frozen=True)
class Effort:
    """How much a harness does, and all its chance."""

    is_long: bool
    seed: int
    chance: random.Random
    figures: Path | None = None
    """Where figures are written as they are taken, so that a run that is cut short has told what it saw."""

    def of(self, short: T, long: T) -> T:
        """Return how often, by the form that runs."""
        return long if self.is_long else short

    def tell(self, line: str) -> None:
        """Print a figure, and write it down at once where `--figures` names a file."""
        print(line)  # noqa: T201 - figures of README.md
        if self.figures:
            with self.figures.open("a", encoding="utf-8") as file:
                file.write(line + "\n")


@pytest.fixture
def effort(request: pytest.FixtureRequest) -> Effort:
    """The form that runs, with its seed, which a failing test prints."""
    is_long = bool(request.config.getoption("--long", False))
    seed = request.config.getoption("--seed", None)
    if seed is None:
        # A red run of the short form shall be about the change, not about the dice; the long form throws them.
        seed = secrets.randbelow(10**6) if is_long else SHORT_SEED
    print(f"seed {seed}")  # noqa: T201 - shown where the test fails, and in the long form
    return Effort(is_long, seed, random.Random(seed), request.config.getoption("--figures", None))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with two published releases, the second of four publications; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("installation")
    shop = workshop_in(folder)
    for numbers in ((1, 2, 3), (4,)):
        for number in numbers:
            add_directly(folder, number)
        shop.queue.enqueue(JobKind.BUILD, {"publish": True})
        job = run_next_job(shop)
        assert job is not None
        assert job.state is JobState.SUCCEEDED, job.error
    shop.queue.close()
    return folder


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that makes operations fail, compiled."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("making operations fail needs Linux and a C compiler")
    library = tmp_path_factory.mktemp("faults") / "faults.so"
    source = Path(__file__).parent / "faults.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(source), "-ldl"], check=True)
    return library


@pytest.fixture(scope="session")
def read(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The prepared installation, in which the publication to come has been read before: reading takes a second."""
    folder = Path(shutil.copytree(prepared, tmp_path_factory.mktemp("read") / "installation"))
    other = Path(shutil.copytree(prepared, tmp_path_factory.mktemp("other") / "installation"))
    shop = workshop_in(other)
    request_upload(shop.queue, shop.settings.state, NEW)
    shop.queue.enqueue(JobKind.BUILD, {})
    while run_next_job(shop):
        pass
    shutil.copytree(other / "state" / "readings", folder / "state" / "readings", dirs_exist_ok=True)
    return folder
