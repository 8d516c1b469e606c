"""Do the commands lead from an English model to a folder that the program runs?"""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the extra [training] is not installed")
pytest.importorskip("onnx", reason="the extra [training] is not installed")

from typer.testing import CliRunner

from indexes.embedding.onnx import OnnxEmbedder
from indexes.training import recipe
from indexes.training.__main__ import app

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Folders of invented pairs and questions under the names that the recipe knows, and a glossary."""
    lines = [f"The office {n} opened in the year {n}.\tÚřad {n} otevřel v roce {n}." for n in range(60)]
    lines += [f"The fee {n}\tPoplatek {n}" for n in range(20)]
    for folder, names in (("parallel", {*recipe.PAIR_FILES, *recipe.RUNNING}), ("questions", recipe.QUESTIONS)):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / f"{name}.tsv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "glossary.tsv").write_text("fee; charge\tpoplatek", encoding="utf-8")
    return tmp_path


def run(*arguments: object) -> str:
    """Run one command and return what it printed; the test fails where the command does."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_every_step_hands_on_to_the_next(tiny_model: Path, data: Path) -> None:
    """Vocabulary to export, in two steps of training each; what was mined and the snapshot between are taken up."""
    pairs = ("--pairs", data / "parallel")
    teacher = ("--teacher", tiny_model)
    run("vocabulary", *pairs, *teacher, "--out", data / "tokenizer.json")
    run("initialise", *pairs, *teacher, "--tokenizer", data / "tokenizer.json", "--out", data / "start")
    run("teach", *pairs, *teacher, "--out", data / "vectors")
    taught = ("--vectors", data / "vectors", "--steps", 2)
    run("distil", *pairs, *teacher, "--student", data / "start", "--out", data / "distilled", *taught)
    questions = ("--questions", data / "questions")
    run("mine", *pairs, *questions, "--model", data / "distilled" / "model", "--out", data / "mined")
    tuned = (*questions, "--glossary", data / "glossary.tsv", "--mined", data / "mined", "--snapshot", 1)
    student = ("--student", data / "distilled" / "model", "--out", data / "tuned")
    run("finetune", *pairs, *teacher, *tuned, *student, *taught)
    parts = (data / "distilled" / "model", data / "tuned" / "step-1", data / "tuned" / "model")
    run("average", *(word for part in parts for word in ("--model", part)), "--out", data / "mean")
    assert "MB" in run("export", "--model", data / "mean", "--out", data / "exported")
    embedder = OnnxEmbedder(data / "exported")
    assert embedder.dimension == 32
    assert embedder.token_counts(["poplatek"]) == [1], "the new pieces reach the exported tokenizer"


def test_a_finished_run_takes_no_further_step(tiny_model: Path, data: Path) -> None:
    """Started again, it delivers the same model at once."""
    arguments = ("--pairs", data / "parallel", "--teacher", tiny_model, "--student", tiny_model, "--steps", 2)
    run("distil", *arguments, "--out", data / "distilled")
    first = (data / "distilled" / "model" / "model.safetensors").read_bytes()
    run("distil", *arguments, "--out", data / "distilled")
    assert (data / "distilled" / "model" / "model.safetensors").read_bytes() == first


def test_a_snapshot_of_a_step_that_is_past_is_refused(tiny_model: Path, data: Path) -> None:
    """Rather than left out in silence; one that was kept is no error."""
    arguments = ("--pairs", data / "parallel", "--teacher", tiny_model, "--student", tiny_model, "--steps", 2)
    run("distil", *arguments, "--out", data / "distilled", "--snapshot", 2)
    run("distil", *arguments, "--out", data / "distilled", "--snapshot", 2)
    with pytest.raises(ValueError, match="past step 1"):
        run("distil", *arguments, "--out", data / "distilled", "--snapshot", 1)
