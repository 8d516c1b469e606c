"""How does one step change the model, and how does a killed run go on?

Two losses. Likeness: 1 - cos between what the student makes of a text, in whichever language, and what the teacher
makes of it in English (Reimers and Gurevych, 2020). Contrast: cross-entropy of finding the right passage among those
of the batch and the mined ones, and the right query (InfoNCE). Sentences are held to the teacher's vectors; documents
and questions learn from each other, some of them held to the teacher so that it is not forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer

from indexes.training.batches import Batch, BatchSource, Task
from indexes.training.encoding import embedded
from indexes.training.kept import fingerprint
from indexes.training.losses import contrast, unlikeness
from indexes.training.processes import share_gradients, worker, worker_count
from indexes.training.recipe import Recipe
from indexes.training.states import TrainingState, load_state, save_state
from indexes.training.teacher import Teacher

WORDS = "word_embeddings"
"""Part of the name of the table of word pieces."""


@dataclass(frozen=True, slots=True)
class StepReport:
    """What one step did."""

    step: int
    task: Task
    loss: float


class Trainer:
    """A student, its teacher, and the optimiser between them; `folder` keeps the state of the run.

    Raises ForeignState where the folder holds the state of another run.
    """

    def __init__(
        self,
        student: SentenceTransformer,
        teacher: Teacher,
        source: BatchSource,
        recipe: Recipe,
        folder: Path,
    ) -> None:
        self.student = student
        """Changed in place; `load_average` makes it what the run delivers."""
        self._teacher, self._source = teacher, source
        self._recipe, self._folder = recipe, folder
        student.max_seq_length = min(recipe.max_tokens, student.max_seq_length)
        # Without dropout: the run is short, sees few texts twice, and must be the same when it is taken up again.
        student.eval()
        self._optimizer = _optimizer(student, recipe)
        run = _run_fingerprint(recipe, source, teacher)
        self._state = load_state(folder, run, student, self._optimizer) or TrainingState(run)

    @property
    def step(self) -> int:
        """Number of steps done, those of an earlier process included."""
        return self._state.step

    def run(self, report: Callable[[StepReport], None], save_every: int = 100, until: int | None = None) -> None:
        """Take the remaining steps (up to `until`, counted from 0 and excluded), saving the state now and then."""
        end = min(self._recipe.steps, until or self._recipe.steps)
        while self._state.step < end:
            batch = self._source.batch(self._state.step, worker(), worker_count())
            loss = self._take_step(batch)
            self._state.step += 1
            self._average()
            report(StepReport(self._state.step, batch.task, loss))
            if worker() == 0 and (self._state.step % save_every == 0 or self._state.step == end):
                save_state(self._folder, self._state, self.student, self._optimizer)

    def load_average(self) -> None:
        """Set the student to the mean of the weights seen late in the run, where there are any."""
        if self._state.averaged:
            weights = self.student.state_dict()
            self.student.load_state_dict({**weights, **self._state.average})

    def _take_step(self, batch: Batch) -> float:
        factor = _rate_factor(self._state.step, self._recipe)
        for group in self._optimizer.param_groups:
            group["lr"] = group["peak"] * factor
        loss = self._loss(batch)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        share_gradients(self.student)
        torch.nn.utils.clip_grad_norm_(self.student.parameters(), 1.0)
        self._optimizer.step()
        return float(loss.detach())

    def _loss(self, batch: Batch) -> torch.Tensor:
        if batch.task is Task.SENTENCES:
            return self._sentence_loss(batch)
        queries, passages = self._embed(batch.queries), self._embed(batch.passages)
        loss = contrast(queries, passages, self._recipe.temperature, self._embed(batch.wrong_passages))
        if batch.english_queries or (self._state.step * self._recipe.taught_share) % 1 < self._recipe.taught_share:
            loss = loss + self._recipe.likeness * unlikeness(passages, self._teacher.vectors(batch.english))
        if batch.english_queries:
            taught = self._teacher.vectors(batch.english_queries)
            loss = loss + self._recipe.likeness * unlikeness(queries, taught)
        return loss

    def _sentence_loss(self, batch: Batch) -> torch.Tensor:
        taught, czech = self._teacher.vectors(batch.english), self._embed(batch.queries)
        wrong = self._teacher.vectors(batch.wrong_passages), self._embed(batch.wrong_queries)
        loss = self._recipe.likeness * unlikeness(czech, taught)
        loss = loss + contrast(czech, taught, self._recipe.temperature, *wrong)
        if self._state.step % 2 == 0:
            english = self._embed(batch.passages)
            loss = loss + self._recipe.likeness * unlikeness(english, taught)
            loss = loss + contrast(czech, english, self._recipe.temperature, *wrong)
        return loss

    def _embed(self, texts: Sequence[str]) -> torch.Tensor:
        return embedded(self.student, texts)

    def _average(self) -> None:
        late = self._state.step > self._recipe.average_from * self._recipe.steps
        if not late or self._state.step % self._recipe.average_every:
            return
        self._state.averaged += 1
        for name, weight in self.student.state_dict().items():
            if weight.is_floating_point():
                mean = self._state.average.setdefault(name, torch.zeros_like(weight))
                mean.lerp_(weight, 1 / self._state.averaged)


def _run_fingerprint(recipe: Recipe, source: BatchSource, teacher: Teacher) -> str:
    """Return what tells runs apart. Not by the number of steps: a run may be planned longer while it goes on."""
    return fingerprint(str(replace(recipe, steps=0)), source.digest, teacher.fingerprint, str(worker_count()))


def _rate_factor(step: int, recipe: Recipe) -> float:
    rising = (step + 1) / recipe.warmup_steps
    falling = (recipe.steps - step) / (recipe.steps * recipe.falling_share)
    return max(0.0, min(1.0, rising, falling))


def _optimizer(student: SentenceTransformer, recipe: Recipe) -> torch.optim.AdamW:
    words = [weight for name, weight in student.named_parameters() if WORDS in name]
    body = [weight for name, weight in student.named_parameters() if WORDS not in name]
    groups = [{"params": body, "peak": recipe.body_rate}, {"params": words, "peak": recipe.words_rate}]
    return torch.optim.AdamW(groups, lr=recipe.body_rate, weight_decay=0.0, fused=True)
