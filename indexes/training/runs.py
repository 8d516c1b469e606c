"""How does a run of training get its texts and models, and where does it leave what it learned?"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import Progress
from sentence_transformers import SentenceTransformer
from torch import distributed

from indexes.embedding.sentence_transformer import model_fingerprint
from indexes.training.batches import BatchSource
from indexes.training.encoding import embedded
from indexes.training.export import MAX_TOKENS
from indexes.training.mining import MinedModel, both_ways, read_wrong_answers
from indexes.training.pairs import PairFile, expand_alternatives, read_folder, read_pairs
from indexes.training.processes import worker
from indexes.training.recipe import GLOSSARY, MINED, Recipe
from indexes.training.teacher import Teacher
from indexes.training.trainer import StepReport, Trainer

SAVE_EVERY = 25
"""Steps, a few minutes of a run on a CPU: what a kill may lose."""


@dataclass(frozen=True, slots=True)
class RunFolders:
    """What a run reads, and `out`, where it writes; what is None has no part in it."""

    pairs: Path
    student: Path
    teacher: Path
    out: Path
    vectors: Path | None = None
    questions: Path | None = None
    glossary: Path | None = None
    mined: Path | None = None


def load_model(folder: Path, threads: int, max_tokens: int) -> SentenceTransformer:
    """Return the model of a folder in fp32, on `threads` of the CPU or on the GPU that is there.

    Up to `max_tokens` of a text take part, as far as the model has positions for them.
    """
    torch.set_num_threads(threads)
    # Weights that a folder lacks (an unused pooler) are drawn at random; the same draw keeps runs equal.
    torch.manual_seed(0)
    model = SentenceTransformer(str(folder), local_files_only=True).float()
    model.max_seq_length = min(max_tokens, model[0].auto_model.config.max_position_embeddings)
    return model


def mined_model(model: SentenceTransformer) -> MinedModel:
    """Return the model as `mine` asks it."""

    def embed(texts: Sequence[str]):
        with torch.no_grad():
            return embedded(model, texts).cpu().numpy()

    return MinedModel(embed, model.get_embedding_dimension(), model_fingerprint(model))


def train(recipe: Recipe, folders: RunFolders, threads: int, snapshots: Sequence[int], console: Console) -> None:
    """Take the steps that are missing and write what was learned to `out/model`.

    The weights as they are after each step of `snapshots` go to `out/step-<step>`. Raises ValueError for a snapshot of a step
    that was taken without it, ForeignState where `out` holds another run.
    """
    if "WORLD_SIZE" in os.environ:
        distributed.init_process_group("gloo")
    sentences = _sentences(recipe, folders)
    student = load_model(folders.student, threads, recipe.max_tokens)
    teacher = Teacher(load_model(folders.teacher, threads, recipe.max_tokens))
    if folders.vectors:
        teacher.load(folders.vectors, sentences)
    trainer = Trainer(student, teacher, _source(recipe, folders, sentences), recipe, folders.out)
    for step in snapshots:
        if step <= trainer.step and not _snapshot(folders, step).is_dir():
            raise ValueError(f"the run in {folders.out} is past step {step}, whose weights were not kept")
    with Progress(console=console, disable=worker() > 0) as progress:
        task = progress.add_task("training", total=recipe.steps, completed=trainer.step)

        def report(done: StepReport) -> None:
            progress.update(task, completed=done.step, description=f"{done.task} {done.loss:.2f}")
            if not console.is_terminal and worker() == 0:
                console.print(f"{datetime.now(UTC):%H:%M:%S} step {done.step}: {done.task} {done.loss:.3f}")
            if done.step in snapshots:
                _write(student, _snapshot(folders, done.step))

        trainer.run(report, save_every=SAVE_EVERY)
    trainer.load_average()
    _write(student, folders.out / "model")
    if worker() == 0:
        console.print(f"trained model: {folders.out / 'model'}")


def _snapshot(folders: RunFolders, step: int) -> Path:
    return folders.out / f"step-{step}"


def _write(student: SentenceTransformer, folder: Path) -> None:
    if worker() == 0:
        in_training, student.max_seq_length = student.max_seq_length, MAX_TOKENS
        student.save(str(folder))
        student.max_seq_length = in_training


def _sentences(recipe: Recipe, folders: RunFolders) -> list[PairFile]:
    files = read_folder(folders.pairs, [name for name in recipe.sentences if name != GLOSSARY])
    if folders.glossary:
        files.append(PairFile(GLOSSARY, tuple(expand_alternatives(read_pairs(folders.glossary).pairs))))
    return files


def _source(recipe: Recipe, folders: RunFolders, sentences: Sequence[PairFile]) -> BatchSource:
    running = read_folder(folders.pairs, recipe.running)
    asked = read_folder(folders.questions, recipe.questions) if folders.questions else []
    ways = [way.name for file in sentences if file.name in MINED for way in both_ways(file)]
    mined = read_wrong_answers(folders.mined, [*(file.name for file in asked), *ways]) if folders.mined else {}
    return BatchSource(recipe, sentences, running, asked, mined)
