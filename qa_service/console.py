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
from rich.text import Text

from qa_service.api.wire import AnswerBody, HitBody, SearchBody
from qa_service.retrieval import Explanation

PLAIN_WIDTH = 160
"""Characters of a line where nobody watches: a file or a pipe has no width of its own."""

OUT = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PLAIN_WIDTH)
ERR = Console(stderr=True, highlight=False)

PLAIN_LINES = 10
"""How many lines a stage prints at most where nobody watches a bar."""
NEAREST_DOCUMENTS = 3
"""How many documents a refusal names."""
INDENT = 3
"""Spaces before the text of a passage."""


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
        table.add_row(*(Text(_cell(value)) for value in row))  # as it is: no markup is obeyed
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


def print_hits(body: SearchBody, explanations: Sequence[Explanation] | None = None) -> None:
    """Print the passages of a search with their highlights and citations."""
    for item in body.query.also_searched:
        print_line(f"also searched ({item.source}): {item.source_word} -> {item.term}", style="dim")
    for suggestion in body.query.suggestions:
        print_line(f"did you mean: {suggestion}", style="dim")
    for number, hit in enumerate(body.hits):
        print_line(f"\n{hit.rank}. {hit.document.title}  [{hit.score:.2f}]", style="bold")
        if hit.heading:
            print_line("   " + " > ".join(hit.heading), style="dim")
        OUT.print(_highlighted(hit))
        print_line(f"   {hit.citation.text}", style="dim")
        print_line(f"   {hit.citation.url}", style="dim")
        if explanations:
            _print_explanation(explanations[number])
    count = f"{len(body.hits)} of {body.total} passages, release {body.release}, {body.took_ms:.0f} ms"
    print_line("\n" + count + (", DEGRADED: a part of search failed" if body.degraded else ""), style="dim")


def print_answer(body: AnswerBody) -> None:
    """Print an answer with its quotations, or a refusal with the documents that came nearest."""
    if body.degraded:
        print_line("A part of the service failed; this answer was made in a simpler way.", style="yellow")
    if body.reason:
        print_line(f"No answer in the collection ({body.reason}).", style="bold")
        if body.missing:
            print_line(f"The passages found do not mention: {', '.join(body.missing)}")
        nearest: dict[str, HitBody] = {}
        for hit in body.hits:
            nearest.setdefault(hit.document.id, hit)
        for hit in list(nearest.values())[:NEAREST_DOCUMENTS]:
            print_line(f"  nearest: {hit.citation.text} {hit.citation.url}", style="dim")
        return
    for claim in body.claims:
        numbers = "".join(f"[{number}]" for number in claim.citations)
        print_line(f"{claim.text} {numbers}" + ("  (sources differ)" if claim.differs else ""))
    print_line()
    for source in body.citations:
        print_line(f"[{source.number}] {source.text}", style="dim")
        print_line(f"    {source.url}", style="dim")
        for note in source.notes:
            print_line(f"    note: {note.kind}" + (f", see {note.document}" if note.document else ""), style="yellow")


def print_receipts(receipts: Sequence[Mapping[str, Any]]) -> None:
    """Print what was read of each publication, what was left out, and why something was refused."""
    columns = ("document", "outcome", "pages", "passages", "languages", "what staff should know")
    rows = [
        (
            receipt["document_id"],
            receipt["outcome"],
            receipt["pages"],
            receipt["passages"],
            " ".join(f"{language} {share:.0%}" for language, share in receipt["languages"].items()),
            _remarks(receipt),
        )
        for receipt in receipts
    ]
    print_table(columns, rows)


def _remarks(receipt: Mapping[str, Any]) -> str:
    if receipt["outcome"] != "indexed":
        return f"{', '.join(receipt['reasons'])}: {receipt['messages']['en']} {receipt['detail']}".strip()
    findings = [_told(finding) for finding in receipt["findings"]]
    missing = [f"missing: {', '.join(receipt['missing'])}"] if receipt["missing"] else []
    return "; ".join([*findings, *missing])


def _told(finding: Mapping[str, Any]) -> str:
    """Return the sentence of a finding; of a description that cannot be used also what is wrong with it."""
    sentence = str(finding["messages"]["en"])
    return f"{sentence} ({finding['sample']})" if finding["code"] == "sidecar" else sentence


def _highlighted(hit: HitBody) -> Text:
    text = Text("   ")
    text.append(hit.text)
    for start, end in hit.highlights:
        text.stylize("bold cyan", start + INDENT, end + INDENT)
    return text


def _print_explanation(why: Explanation) -> None:
    sentence = "" if why.sentence is None else f", nearest sentence {why.sentence:.3f}"
    legs = f"dense {why.dense:.2f} (cosine {_raw(why.cosine)}{sentence}) x {why.dense_weight:.2f}"
    other = f"lexical {why.lexical:.2f} (BM25 {_raw(why.bm25)}) x {1 - why.dense_weight:.2f}"
    later = "".join(f", {name} ×{value:.3f}" for name, value in why.adjustments)
    print_line(f"   why: {legs}, {other}{later}", style="dim")


def _raw(score: float | None) -> str:
    return "not found" if score is None else f"{score:.3f}"


def _cell(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else "" if value is None else str(value)
