"""`python -m indexes.training COMMAND`: every step from the English model to the bundled folder.

    vocabulary -> initialise -> teach -> distil -> finetune -> average -> export -> evaluate

Several processes train together under `python -m torch.distributed.run --nproc-per-node N -m indexes.training ...`.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, track
from rich.table import Table

from indexes.training import recipe as recipes
from indexes.training.pairs import PairFile, expand_alternatives, read_folder, read_pairs

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
console = Console()
SAVE_EVERY = 25
"""Steps, a few minutes of a run on a CPU: what a kill may lose."""

Pairs = Annotated[Path, typer.Option(help="folder of pair files, <name>.tsv.gz: english<TAB>czech")]
Model = Annotated[Path, typer.Option(help="sentence-transformers folder to start from")]
Out = Annotated[Path, typer.Option(help="folder to write")]
Threads = Annotated[int, typer.Option(help="CPU threads of this process")]


@app.command()
def vocabulary(pairs: Pairs, teacher: Model, out: Out) -> None:
    """Append the Czech word pieces that the English vocabulary lacks."""
    from tokenizers import Tokenizer

    from indexes.training.vocabulary import czech_texts, widened_tokenizer, write_tokenizer

    english = Tokenizer.from_file(str(teacher / "tokenizer.json"))
    files = read_folder(pairs, recipes.PAIR_FILES)
    wide = widened_tokenizer(english, czech_texts(files, recipes.NATURAL))
    write_tokenizer(wide, out)
    console.print(f"{wide.get_vocab_size() - english.get_vocab_size():,} pieces appended: {out}")


@app.command()
def initialise(
    pairs: Pairs, teacher: Model, tokenizer: Annotated[Path, typer.Option(help="that `vocabulary` wrote")], out: Out
) -> None:
    """Give each new word piece the vector of the English pieces that stand opposite it."""
    from tokenizers import Tokenizer

    from indexes.training.initialise import initialise as initialised

    lines = [pair for file in read_folder(pairs, recipes.PAIR_FILES) for pair in file.pairs]
    found = initialised(teacher, Tokenizer.from_file(str(tokenizer)), lines, out)
    console.print(f"{found:,} new pieces start from their translations: {out}")


@app.command()
def teach(pairs: Pairs, teacher: Model, out: Out, threads: Threads = 1) -> None:
    """Compute the teacher's vectors of the English sides once; files that are there already are kept."""
    from indexes.training.teacher import Teacher

    english = Teacher(_load(teacher, threads))
    with Progress(console=console) as progress:
        for file in read_folder(pairs, recipes.PAIR_FILES):
            task = progress.add_task(file.name, total=len(file.pairs))
            for done in english.save(out, file):
                progress.update(task, completed=done)


@app.command()
def distil(
    *,
    pairs: Pairs,
    student: Model,
    teacher: Model,
    out: Out,
    vectors: Annotated[Path | None, typer.Option(help="folder that `teach` wrote")] = None,
    steps: int = recipes.DISTILLING.steps,
    threads: Threads = 1,
) -> None:
    """Learn from sentence pairs what the teacher makes of their English side."""
    recipe = replace(recipes.DISTILLING, steps=steps)
    _train(recipe, (student, teacher, out), (pairs, None, None), vectors, threads)


@app.command()
def finetune(
    *,
    pairs: Pairs,
    questions: Annotated[Path, typer.Option(help="folder of question files: question<TAB>passage")],
    student: Model,
    teacher: Model,
    out: Out,
    glossary: Annotated[Path | None, typer.Option(help="english<TAB>czech terms, alternatives by semicolons")] = None,
    vectors: Annotated[Path | None, typer.Option(help="folder that `teach` wrote")] = None,
    steps: int = recipes.FINETUNING.steps,
    threads: Threads = 1,
) -> None:
    """Learn to find: sections by their headings, openings and questions, in both languages, beside sentence pairs."""
    recipe = replace(recipes.FINETUNING, steps=steps)
    _train(recipe, (student, teacher, out), (pairs, questions, glossary), vectors, threads)


@app.command()
def average(
    model: Annotated[list[Path], typer.Option(help="sentence-transformers folder; give several")], out: Out
) -> None:
    """Write the mean of the weights of several models of one training."""
    from indexes.training.averaging import average_models

    average_models(model, out)
    console.print(f"mean of {len(model)} models: {out}")


@app.command()
def export(
    model: Model,
    out: Out,
    name: str = "pramen-minilm-cs-en",
    fp32: Annotated[bool, typer.Option(help="keep 32 bits: 130 MB, for comparing")] = False,
) -> None:
    """Write the folder that the program runs; its model card stays."""
    from indexes.training.export import export_model

    size = export_model(model, out, quantised=not fp32, name=name)
    console.print(f"{size / 1e6:.1f} MB: {out}")


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Option(help="folder of BEIR folders and of pair files")],
    model: Annotated[list[Path], typer.Option(help="model folder; give several to compare them")],
) -> None:
    """Print the figures of the dense leg alone, in per cent, as `pramen evaluate` makes them."""
    from indexes.training.evaluate import evaluate_model

    results = {name: evaluate_model(name, folder) for name in track(model, console=console)}
    table = Table("set", "figure", *(name.name for name in model))
    for name, figures in results[model[0]].items():
        for figure in figures:
            table.add_row(name, figure, *(f"{100 * results[other][name][figure]:.1f}" for other in model))
    console.print(table)


def _load(folder: Path, threads: int, max_tokens: int | None = None):
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    # Weights that a folder lacks (an unused pooler) are drawn at random; the same draw keeps runs equal.
    torch.manual_seed(0)
    model = SentenceTransformer(str(folder), local_files_only=True).float()
    if max_tokens:
        model.max_seq_length = max_tokens
    return model


def _train(
    recipe: recipes.Recipe,
    models: tuple[Path, Path, Path],
    texts: tuple[Path, Path | None, Path | None],
    vectors: Path | None,
    threads: int,
) -> None:
    from torch import distributed

    from indexes.training.batches import BatchSource
    from indexes.training.export import MAX_TOKENS
    from indexes.training.teacher import Teacher
    from indexes.training.trainer import StepReport, Trainer, worker

    if "WORLD_SIZE" in os.environ:
        distributed.init_process_group("gloo")
    student_folder, teacher_folder, out = models
    pairs, questions, glossary = texts
    sentences = _sentences(recipe, pairs, glossary)
    running = read_folder(pairs, recipe.running)
    asked = read_folder(questions, recipe.questions) if questions else []
    student = _load(student_folder, threads)
    teacher = Teacher(_load(teacher_folder, threads, recipe.max_tokens))
    if vectors:
        teacher.load(vectors, sentences)
    trainer = Trainer(student, teacher, BatchSource(recipe, sentences, running, asked), recipe, out)
    with Progress(console=console, disable=worker() > 0) as progress:
        task = progress.add_task("training", total=recipe.steps, completed=trainer.step)

        def report(done: StepReport) -> None:
            progress.update(task, completed=done.step, description=f"{done.task} {done.loss:.2f}")
            if not console.is_terminal and worker() == 0:
                console.print(f"{datetime.now(UTC):%H:%M:%S} step {done.step}: {done.task} {done.loss:.3f}")

        trainer.run(report, save_every=SAVE_EVERY)
    if worker() == 0:
        trainer.load_average()
        student.max_seq_length = MAX_TOKENS
        student.save(str(out / "model"))
        console.print(f"trained model: {out / 'model'}")


def _sentences(recipe: recipes.Recipe, pairs: Path, glossary: Path | None) -> list[PairFile]:
    files = read_folder(pairs, [name for name in recipe.sentences if name != recipes.GLOSSARY])
    if glossary:
        terms = expand_alternatives(read_pairs(glossary).pairs)
        files.append(PairFile(recipes.GLOSSARY, tuple(terms)))
    return files


if __name__ == "__main__":
    app()
