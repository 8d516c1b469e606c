"""Does a step that was killed in the middle, and run again, write what it would have written undisturbed?

A real SIGKILL, at a place that a step reaches half-way: no handler runs, nothing is tidied up.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the extra [training] is not installed")
pytest.importorskip("onnx", reason="the extra [training] is not installed")

from typer.testing import CliRunner

from indexes.training import recipe
from indexes.training.__main__ import app

ROOT = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

KILL_AT = """
import os, signal, sys
import {module} as module

calls = 0
original = module.{name}

def counted(*arguments, **settings):
    global calls
    calls += 1
    if calls == {call}:
        os.kill(os.getpid(), signal.SIGKILL)
    return original(*arguments, **settings)

module.{name} = counted
from indexes.training.__main__ import app
app()
"""
"""A program that runs a command of training and is killed as it calls a function for the n-th time."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Path:
    """Invented texts under the names of the recipe, the tokenizer made of them, and the model it starts from."""
    folder = tmp_path_factory.mktemp("data")
    lines = [f"The office {n} opened in the year {n}.\tÚřad {n} otevřel v roce {n}." for n in range(290)]
    lines += [f"The fee {n}\tPoplatek {n}" for n in range(30)]
    for kind, names in (("parallel", {*recipe.PAIR_FILES, *recipe.RUNNING}), ("questions", recipe.QUESTIONS)):
        (folder / kind).mkdir()
        for name in names:
            (folder / kind / f"{name}.tsv").write_text("\n".join(lines), encoding="utf-8")
    run(arguments("vocabulary", folder, tiny_model, folder / "tokenizer.json"))
    return folder


def arguments(command: str, data: Path, tiny_model: Path, out: Path) -> list[str]:
    """What the command is called with."""
    pairs, questions = ("--pairs", data / "parallel"), ("--questions", data / "questions")
    teacher, student = ("--teacher", tiny_model), ("--student", tiny_model)
    given = {
        "vocabulary": (*pairs, *teacher),
        "initialise": (*pairs, *teacher, "--tokenizer", data / "tokenizer.json"),
        "teach": (*pairs, *teacher),
        "mine": (*pairs, *questions, "--model", tiny_model),
        "distil": (*pairs, *teacher, *student, "--steps", 30),
        "finetune": (*pairs, *questions, *teacher, *student, "--steps", 30),
    }
    return [command, *map(str, given[command]), "--out", str(out)]


def run(given: list[str]) -> None:
    """Run a command to its end."""
    result = CliRunner().invoke(app, given, catch_exceptions=False)
    assert result.exit_code == 0, result.output


def killed(given: list[str], module: str, name: str, call: int) -> int:
    """Run a command in a process of its own, kill it at that call, and return how it ended."""
    program = KILL_AT.format(module=module, name=name, call=call)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "default", "-c", program, *given]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=False).returncode


def contents(out: Path) -> dict[str, bytes]:
    """Every file of a folder, or the file itself, by its name."""
    files = [out] if out.is_file() else sorted(file for file in out.rglob("*") if file.is_file())
    return {file.name if file == out else str(file.relative_to(out)): file.read_bytes() for file in files}


@pytest.mark.parametrize(
    ("command", "module", "name", "call"),
    [
        ("vocabulary", "indexes.training.vocabulary", "WordPieceTrainer", 1),
        ("initialise", "indexes.training.initialise", "count_companions", 5),
        ("initialise", "indexes.training.initialise", "write_durably", len(recipe.PAIR_FILES) + 1),
        ("teach", "indexes.training.teacher", "embedded", 4),
        ("mine", "indexes.training.runs", "embedded", 3),
        ("distil", "indexes.training.trainer", "contrast", 40),
        ("finetune", "indexes.training.trainer", "contrast", 38),
    ],
)
def test_a_killed_step_writes_what_it_would_have_written(
    data: Path, tiny_model: Path, tmp_path: Path, command: str, module: str, name: str, call: int
) -> None:
    """To the byte, and not before it was run again."""
    straight, broken = tmp_path / "straight" / "out", tmp_path / "broken" / "out"
    run(arguments(command, data, tiny_model, straight))
    given = arguments(command, data, tiny_model, broken)
    assert killed(given, module, name, call) == -signal.SIGKILL
    assert bool(contents(broken)) == (command != "vocabulary"), "something was kept"
    assert contents(broken) != contents(straight)
    run(given)
    assert contents(broken) == contents(straight)


def test_the_comparison_sees_another_model(data: Path, tiny_model: Path, tmp_path: Path) -> None:
    """The negative control: one step more, and the folders differ."""
    for out, steps in ((tmp_path / "one", "2"), (tmp_path / "two", "3")):
        given = arguments("distil", data, tiny_model, out)
        given[given.index("--steps") + 1] = steps
        run(given)
    assert contents(tmp_path / "one").keys() == contents(tmp_path / "two").keys()
    assert contents(tmp_path / "one") != contents(tmp_path / "two")
