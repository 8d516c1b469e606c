"""`python -m indexes.training COMMAND`: every step from the English model to the bundled folder.

    vocabulary -> initialise -> teach -> distil -> mine -> finetune -> average -> export -> evaluate

Several processes train together under `python -m torch.distributed.run --nproc-per-node N -m indexes.training ...`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, track
from rich.table import Table

from indexes.storage import write_durably
from indexes.training import recipe as recipes
from indexes.training.pairs import read_folder

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
console = Console()

Pairs = Annotated[Path, typer.Option(help="folder of pair files, <name>.tsv.gz: english<TAB>czech")]
Questions = Annotated[Path, typer.Option(help="folder of question files: question<TAB>passage")]
Model = Annotated[Path, typer.Option(help="sentence-transformers folder to start from")]
Out = Annotated[Path, typer.Option(help="folder to write")]
Vectors = Annotated[Path | None, typer.Option(help="folder that `teach` wrote")]
Snapshots = Annotated[list[int] | None, typer.Option(help="step whose weights are kept as they are; give several")]
Threads = Annotated[int, typer.Option(help="CPU threads of this process")]


@app.command()
def vocabulary(
    pairs: Pairs, teacher: Model, out: Annotated[Path, typer.Option(help="tokenizer file to write")]
) -> None:
    """Append the Czech word pieces that the English vocabulary lacks. A kill leaves nothing, and costs a minute or two."""
    from tokenizers import Tokenizer

    from indexes.training.vocabulary import czech_texts, letters_of, text_count, widened_tokenizer

    english = Tokenizer.from_file(str(teacher / "tokenizer.json"))
    files = read_folder(pairs, recipes.PAIR_FILES)
    texts, total = czech_texts(files, recipes.NATURAL), text_count(files, recipes.NATURAL)
    counted = track(texts, "words counted, then joined", total, console=console)
    wide = widened_tokenizer(english, counted, letters_of(files))
    out.parent.mkdir(parents=True, exist_ok=True)
    write_durably(out, wide.to_str(pretty=True).encode())
    console.print(f"{wide.get_vocab_size() - english.get_vocab_size():,} pieces appended: {out}")


@app.command()
def initialise(
    pairs: Pairs, teacher: Model, tokenizer: Annotated[Path, typer.Option(help="that `vocabulary` wrote")], out: Out
) -> None:
    """Give each new word piece the vector of the English pieces that stand opposite it."""
    from tokenizers import Tokenizer

    from indexes.training.initialise import initialise as initialised

    files = read_folder(pairs, recipes.PAIR_FILES)
    with Progress(console=console) as progress:
        task = progress.add_task("pairs counted", total=sum(len(file.pairs) for file in files))
        wide = Tokenizer.from_file(str(tokenizer))
        found = initialised(teacher, wide, files, out, lambda file: progress.advance(task, len(file.pairs)))
    console.print(f"{found:,} new pieces start from their translations: {out}")


@app.command()
def teach(pairs: Pairs, teacher: Model, out: Out, threads: Threads = 1) -> None:
    """Compute the teacher's vectors of the English sides once; those that are there already are kept."""
    from indexes.training.runs import load_model
    from indexes.training.teacher import Teacher

    english = Teacher(load_model(teacher, threads, recipes.MAX_TOKENS))
    _follow((file.name, len(file.pairs), english.save(out, file)) for file in read_folder(pairs, recipes.PAIR_FILES))


@app.command()
def mine(
    pairs: Pairs,
    questions: Questions,
    model: Annotated[Path, typer.Option(help="sentence-transformers folder whose mistakes are looked for")],
    out: Out,
    threads: Threads = 1,
) -> None:
    """Find wrong answers that the model takes for right ones, for `finetune --mined`; what is there already is kept."""
    from indexes.training.mining import MiningRule, both_ways, mined_text_count
    from indexes.training.mining import mine as mined
    from indexes.training.runs import load_model, mined_model

    judge = mined_model(load_model(model, threads, recipes.MAX_TOKENS))
    sentences = [way for file in read_folder(pairs, recipes.MINED) for way in both_ways(file)]
    files = [*read_folder(questions, recipes.QUESTIONS), *sentences]
    _follow((file.name, mined_text_count(file), mined(judge, file, out, MiningRule())) for file in files)


@app.command()
def distil(
    *,
    pairs: Pairs,
    student: Model,
    teacher: Model,
    out: Out,
    vectors: Vectors = None,
    steps: int = recipes.DISTILLING.steps,
    snapshot: Snapshots = None,
    threads: Threads = 1,
) -> None:
    """Learn from sentence pairs what the teacher makes of their English side."""
    from indexes.training.runs import RunFolders, train

    folders = RunFolders(pairs, student, teacher, out, vectors)
    train(replace(recipes.DISTILLING, steps=steps), folders, threads, snapshot or (), console)


@app.command()
def finetune(
    *,
    pairs: Pairs,
    questions: Questions,
    student: Model,
    teacher: Model,
    out: Out,
    glossary: Annotated[Path | None, typer.Option(help="english<TAB>czech terms, alternatives by semicolons")] = None,
    mined: Annotated[Path | None, typer.Option(help="folder that `mine` wrote")] = None,
    vectors: Vectors = None,
    steps: int = recipes.FINETUNING.steps,
    snapshot: Snapshots = None,
    threads: Threads = 1,
) -> None:
    """Learn to find: sections by their headings, openings and questions, in both languages, beside sentence pairs."""
    from indexes.training.runs import RunFolders, train

    folders = RunFolders(pairs, student, teacher, out, vectors, questions, glossary, mined)
    train(replace(recipes.FINETUNING, steps=steps), folders, threads, snapshot or (), console)


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


def _follow(files: Iterable[tuple[str, int, Iterator[int]]]) -> None:
    """Show how far each file is, which yields the number of its texts done so far."""
    with Progress(console=console) as progress:
        for name, total, steps in files:
            task = progress.add_task(name, total=total)
            for done in steps:
                progress.update(task, completed=done)


if __name__ == "__main__":
    app()
