"""How does long work, and what comes of it, look on a terminal and in a log?

Progress is a bar where a person watches and plain lines elsewhere; both go to stderr, so that stdout holds results.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

OUT = Console(highlight=False, soft_wrap=True)
ERR = Console(stderr=True, highlight=False)

PLAIN_LINES = 10
"""How many lines a stage prints at most where nobody watches a bar."""


class Step(Protocol):
    """Told how far a stage of long work has come."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note that `done` of `total` parts of `stage` are ready."""
        ...


@contextmanager
def progress() -> Iterator[Step]:
    """Yield a function that shows how far each stage has come: bars on a terminal, plain lines elsewhere."""
    if not ERR.is_terminal:
        yield _PlainLines()
        return
    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=ERR, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show


class _PlainLines:
    """Writes at most PLAIN_LINES lines for each stage."""

    def __init__(self) -> None:
        self._told: dict[str, int] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        part = PLAIN_LINES if done >= total else PLAIN_LINES * done // total
        if part > self._told.get(stage, 0):
            self._told[stage] = part
            sys.stderr.write(f"{stage}: {done} of {total}\n")
            sys.stderr.flush()


def print_json(value: Any) -> None:
    """Print `value` as one JSON text in UTF-8, readable by people."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]], title: str | None = None) -> None:
    """Print rows under their columns; numbers are set to the right."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for number, name in enumerate(columns):
        is_figure = all(isinstance(row[number], int | float) for row in rows)
        table.add_column(name, justify="right" if is_figure and rows else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    OUT.print(table)


def print_line(text: str = "", style: str | None = None) -> None:
    """Print one line of text as it is: no markup in a title or a passage is ever obeyed."""
    OUT.print(text, style=style, markup=False)


def print_figures(sets: Mapping[str, Mapping[str, Any]]) -> None:
    """Print evaluation figures (fractions 0..1) in per cent: a row for each set and leg, or for each set of pairs."""
    legs = [(name, leg, figures) for name, by_leg in sets.items() for leg, figures in by_leg.items()]
    ranked = [row for row in legs if isinstance(row[2], Mapping)]
    paired = [row for row in legs if not isinstance(row[2], Mapping)]
    if ranked:
        measures = list(ranked[0][2])
        print_table(
            ["set", "leg", *measures],
            [[name, leg, *(100 * figures[m] for m in measures)] for name, leg, figures in ranked],
        )
    if paired:
        print_table(["pairs", "direction", "accuracy"], [[name, leg, 100 * figure] for name, leg, figure in paired])


def _cell(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else "" if value is None else str(value)
