"""Does training change the model as it says, and go on after a kill as if nothing had happened?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra [training] is not installed")
pytest.importorskip("sentence_transformers", reason="the extra [training] is not installed")

from sentence_transformers import SentenceTransformer  # noqa: E402

from indexes.training.batches import BatchSource  # noqa: E402
from indexes.training.pairs import PairFile  # noqa: E402
from indexes.training.recipe import Recipe  # noqa: E402
from indexes.training.states import ForeignState  # noqa: E402
from indexes.training.teacher import Teacher  # noqa: E402
from indexes.training.trainer import Trainer  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")

RECIPE = Recipe(
    steps=12,
    tokens_per_batch=300,
    warmup_steps=2,
    max_tokens=48,
    body_rate=1e-3,
    average_from=0.5,
    average_every=2,
    sentences={"news": 1.0},
    running={"news": 1.0},
    questions={"asked": 1.0},
)
LINES = PairFile(
    "news", tuple((f"The office {n} opened in the year {n}.", f"Úřad {n} otevřel v roce {n}.") for n in range(200))
)
HEADINGS = tuple((f"The fee {n}", f"Poplatek {n}") for n in range(120))
ASKED = PairFile("asked", tuple((f"Who needs it {n}?", f"The office {n} needs it.") for n in range(60)))


def source(recipe: Recipe = RECIPE, mined: dict[str, tuple[str, ...]] | None = None) -> BatchSource:
    """Batches from invented lines of which every third is a heading."""
    running = PairFile("news", tuple(pair for pairs in zip(LINES.pairs, HEADINGS * 2, strict=False) for pair in pairs))
    return BatchSource(recipe, [LINES], [running], [ASKED], mined)


def load(folder: Path) -> SentenceTransformer:
    """The tiny model; the library draws its unused pooler at random."""
    torch.manual_seed(0)
    return SentenceTransformer(str(folder), device="cpu")


def train(
    tiny_model: Path,
    folder: Path,
    until: int | None = None,
    recipe: Recipe = RECIPE,
    mined: dict[str, tuple[str, ...]] | None = None,
) -> Trainer:
    """Train the tiny model as its own student, saving at every third step."""
    trainer = Trainer(load(tiny_model), Teacher(load(tiny_model)), source(recipe, mined), recipe, folder)
    trainer.run(lambda report: None, save_every=3, until=until)
    return trainer


def weights(trainer: Trainer) -> dict[str, np.ndarray]:
    """What the run delivers."""
    trainer.load_average()
    return {name: value.numpy() for name, value in trainer.student.state_dict().items()}


def test_a_killed_run_ends_with_the_weights_of_an_uninterrupted_one(tiny_model: Path, tmp_path: Path) -> None:
    """Killed after step 7 with the state of step 6 on disk, it does step 7 again and arrives at the same numbers."""
    straight = weights(train(tiny_model, tmp_path / "straight"))
    train(tiny_model, tmp_path / "killed", until=6)
    lost = Trainer(load(tiny_model), Teacher(load(tiny_model)), source(), RECIPE, tmp_path / "killed")
    lost.run(lambda report: None, save_every=100, until=7)
    (tmp_path / "killed" / "state.unfinished").write_bytes(b"half a file")
    resumed = weights(train(tiny_model, tmp_path / "killed"))
    for name, value in straight.items():
        np.testing.assert_array_equal(resumed[name], value, err_msg=name)


def test_the_state_of_another_run_is_not_taken_up(tiny_model: Path, tmp_path: Path) -> None:
    """Other numbers are refused by name of the file; more steps are not, and end as if they had been planned so."""
    train(tiny_model, tmp_path, until=3)
    with pytest.raises(ForeignState, match=r"state\.safetensors"):
        train(tiny_model, tmp_path, recipe=replace(RECIPE, seed=8))
    assert train(tiny_model, tmp_path, recipe=replace(RECIPE, steps=14)).step == 14


def test_mined_wrong_answers_change_what_is_learned(tiny_model: Path, tmp_path: Path) -> None:
    """And a run with them learns from all kinds of batches."""
    plain = weights(train(tiny_model, tmp_path / "plain"))
    mined = {f"Who needs it {n}?": (f"The office {n + 1} needs it.",) for n in range(60)}
    mined |= {czech: (LINES.pairs[n - 1][0],) for n, (_, czech) in enumerate(LINES.pairs)}
    harder = weights(train(tiny_model, tmp_path / "harder", mined=mined))
    assert any((plain[name] != harder[name]).any() for name in plain)


def test_another_seed_ends_with_other_weights(tiny_model: Path, tmp_path: Path) -> None:
    """The negative control of the test above."""
    first = weights(train(tiny_model, tmp_path / "first"))
    other = weights(train(tiny_model, tmp_path / "other", recipe=replace(RECIPE, seed=8)))
    assert any((first[name] != other[name]).any() for name in first)


def test_training_lowers_the_loss(tiny_model: Path, tmp_path: Path) -> None:
    """The last steps of a longer run cost less than the first ones of the same kind."""
    losses: list[float] = []
    recipe = replace(RECIPE, steps=60, task_shares=(1.0, 0.0, 0.0, 0.0))
    trainer = Trainer(load(tiny_model), Teacher(load(tiny_model)), source(recipe), recipe, tmp_path)
    trainer.run(lambda report: losses.append(report.loss), save_every=100)
    assert np.mean(losses[-10:]) < np.mean(losses[:10])


def test_vectors_of_the_teacher_are_taken_from_the_folder(tiny_model: Path, tmp_path: Path) -> None:
    """What was computed once is looked up, and is the same to the precision of half floats."""
    teacher = Teacher(load(tiny_model))
    assert list(teacher.save(tmp_path, LINES))[-1] == len(LINES.pairs)
    reader = Teacher(load(tiny_model))
    reader.load(tmp_path, [LINES])
    texts = [LINES.pairs[3][0], "a text that nobody computed", LINES.pairs[150][0]]
    assert reader.known_count == len(LINES.pairs)
    torch.testing.assert_close(reader.vectors(texts), teacher.vectors(texts), atol=2e-3, rtol=0)


def test_vectors_of_another_teacher_or_of_other_texts_are_not_taken(tiny_model: Path, tmp_path: Path) -> None:
    """They lie under other names, so the student is never held to the wrong vector of a text."""
    list(Teacher(load(tiny_model)).save(tmp_path, LINES))
    other = load(tiny_model)
    other[0].auto_model.embeddings.LayerNorm.bias.data += 1
    for teacher, file in (
        (Teacher(other), LINES),
        (Teacher(load(tiny_model)), PairFile(LINES.name, LINES.pairs[::-1])),
    ):
        teacher.load(tmp_path, [file])
        assert teacher.known_count == 0
