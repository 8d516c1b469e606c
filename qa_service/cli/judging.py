"""How does a person measure the collection: its search, its answers, its gaps?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, TypeVar

import typer

from indexes.contract import PassageIndex
from indexes.embedding import open_embedder
from indexes.engines import open_shelf
from indexes.feedback import FeedbackStore
from ingest.rows import Row, write_rows
from qa_service import console
from qa_service.answering.calibration import UNLEARNT, calibration_text, fit
from qa_service.answering.extractive import ExtractiveAnswerer
from qa_service.assembly import Assembly, assemble, open_extractive, opened
from qa_service.cli.application import AsJson, app
from qa_service.cli.building import judgments_of_collection
from qa_service.cli.settings import Settings, read_all_settings
from qa_service.evaluation.answers import examples_of, figures, judge_answers
from qa_service.evaluation.judgments import Judgments, read_judgments, read_rows
from qa_service.evaluation.pairs import evaluate_pairs
from qa_service.evaluation.report import read_report, write_report
from qa_service.evaluation.run import SetScores, record_of
from qa_service.evaluation.run import evaluate as judge
from qa_service.gaps import DAYS, LEAST_COUNT, gaps
from qa_service.staff_glossary import StaffGlossary

T = TypeVar("T")


@app.command()
def evaluate(
    beir: Annotated[
        list[Path] | None, typer.Option("--beir", help="BEIR folder to judge by; repeat for several.", exists=True)
    ] = None,
    pairs: Annotated[
        list[Path] | None,
        typer.Option("--pairs", help="File of `english<TAB>czech` lines.", exists=True, dir_okay=False),
    ] = None,
    release: Annotated[str | None, typer.Option(help="Release to judge; by default the published one.")] = None,
    answers: Annotated[bool, typer.Option("--answers", help="Judge the extractive answers instead.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write a report here: Markdown, and JSON beside it.")] = None,
    compare: Annotated[
        Path | None, typer.Option(help="Earlier report (JSON) to compare the new one with.", exists=True)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Judge search: each leg and the fused ranking, for each language pair; or the answers.

    Without `--beir` or `--pairs` the judgments of the collection are used, and the release keeps its scores.

    Example: `pramen evaluate --json`, `pramen evaluate --answers`
    """
    if answers and (pairs or report):
        raise typer.BadParameter("--answers judges what --beir names; --pairs and --report are for search")
    if compare and not report:
        raise typer.BadParameter("--compare goes into a report: say with --report where to write it")
    settings = read_all_settings()
    parts = assemble(settings.index, settings.service)
    chosen = release or parts.shelf.published()
    if answers:
        _evaluate_answers(settings, parts, beir or [], release, as_json=as_json)
        return
    scores = [_scores_of_folder(settings, parts, folder) for folder in beir or []]
    paired = [evaluate_pairs(parts.embedder, file) for file in pairs or []]
    if not beir and not pairs:
        chosen, scores = _scores_of_collection(settings, parts, release)
    if report:
        write_report(report, scores, read_report(compare) if compare else None)
    sets: dict[str, Any] = {one.name: one.legs for one in scores}
    sets |= {one.name: {"en->cs": one.english_to_czech, "cs->en": one.czech_to_english} for one in paired}
    if as_json:
        console.print_json({"release": chosen, "sets": sets})
        return
    _show_scores(scores, sets)


@app.command()
def calibrate(
    release: Annotated[str | None, typer.Option(help="Release to calibrate; by default the published one.")] = None,
    judgments: Annotated[
        Path | None, typer.Option(help="Folder of judged questions, by default that of the collection.", exists=True)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Learn from judged questions from which probability on a question is answered; kept beside the release.

    Each question is asked once more without the documents that answer it; questions that the collection does not
    answer at all (`"answerable": false`) help too. Nothing is learnt from those marked `"part": "held-out"`.

    Example: `pramen calibrate --judgments my-questions`
    """
    settings = read_all_settings()
    parts = assemble(settings.index, settings.service)
    asked = read_judgments(judgments) if judgments else judgments_of_collection(settings)
    with opened(parts.shelf, parts.model, release) as index:
        answerer = ExtractiveAnswerer(parts.retriever.widen, lambda _: UNLEARNT, parts.retriever.embed)
        seen = examples_of(index, parts.retriever.search, answerer, asked.part(held_out=False))
        learnt = fit(seen, index.manifest.model.fingerprint)
        text = calibration_text(learnt)
        parts.shelf.write_calibration(index.manifest.release_id, text)
    if as_json:
        sys.stdout.write(text)
    else:
        rows = [(pair, f"{yes} + {no}", f"{learnt.threshold(pair):.2f}") for pair, (yes, no) in learnt.examples.items()]
        console.print_table(["languages", "answerable + not", "answered from"], rows)


@app.command("gaps")
def list_gaps(
    least: Annotated[
        int, typer.Option(help="How often a subject must have been asked to be shown.", min=1)
    ] = LEAST_COUNT,
    days: Annotated[int, typer.Option(help="How many days to look back.", min=1)] = DAYS,
    as_json: AsJson = False,
) -> None:
    """Show what people asked and the collection did not answer well, grouped by meaning.

    Example: `pramen gaps --least 5 --days 30`
    """
    settings = read_all_settings()
    embedder = open_embedder(settings.index.model)
    with closing(FeedbackStore(settings.index.state)) as store:
        found = gaps(store, embedder.embed_query, least_count=least, days=days)
    if as_json:
        console.print_json({"gaps": [asdict(gap) for gap in found]})
    else:
        rows = [(str(gap.count), str(gap.unanswered), str(gap.rated_poorly), gap.question) for gap in found]
        console.print_table(["asked", "unanswered", "rated poorly", "question"], rows)


def _scores_of_collection(settings: Settings, parts: Assembly, release: str | None) -> tuple[str, list[SetScores]]:
    """Return which release was judged and its scores, which it keeps; none where the judgments are of other documents."""
    with opened(parts.shelf, parts.model, release) as index:
        judged = index.manifest.release_id
        scored = judge(index, parts.retriever, judgments_of_collection(settings))
        parts.shelf.write_evaluation(record_of(scored, index.manifest.passage_count))
    if not scored.judged_count:
        sys.stderr.write(f"{settings.index.judgments} judges no document of release {judged}: nothing to measure\n")
        return judged, []
    return judged, [scored]


def _show_scores(scores: Sequence[SetScores], sets: Mapping[str, Any]) -> None:
    """Print the figures of all sets and language pairs, and the queries that were lost."""
    by_pair = {f"{one.name} {pair}": legs for one in scores for pair, legs in one.pairs.items()}
    console.print_figures({**sets, **by_pair})
    for lost in (query for one in scores for query in one.lost):
        console.print_line(
            f"lost {lost.id}: {lost.text} (wanted {', '.join(lost.wanted)}; found {', '.join(lost.found)})"
        )


def _evaluate_answers(
    settings: Settings, parts: Assembly, folders: Sequence[Path], release: str | None, *, as_json: bool
) -> None:
    """Show how well the extractive answers answer judged questions."""
    answerer = open_extractive(parts.retriever, parts.shelf)

    def judged(index: PassageIndex, judgments: Judgments) -> dict[str, Any]:
        return figures(judge_answers(index, parts.retriever.search, answerer, judgments))

    sets = {folder.name: _of_folder(settings, parts, folder, judged) for folder in folders}
    if not folders:
        whole = judgments_of_collection(settings)
        halves = [half for half in (whole.part(held_out=False), whole.part(held_out=True)) if half.queries]
        with opened(parts.shelf, parts.model, release) as index:
            sets = {half.name: judged(index, half) for half in halves}
    if as_json:
        console.print_json({"release": release or parts.shelf.published(), "answers": sets})
        return
    flat = {name: {key: value for key, value in found.items() if key != "pairs"} for name, found in sets.items()}
    for name, shares in flat.items():
        console.print_table([name, ""], [(key, "" if value is None else f"{value:g}") for key, value in shares.items()])


def _scores_of_folder(settings: Settings, parts: Assembly, folder: Path) -> SetScores:
    """Return the scores of a BEIR folder."""
    return _of_folder(settings, parts, folder, lambda index, judgments: judge(index, parts.retriever, judgments))


def _of_folder(settings: Settings, parts: Assembly, folder: Path, judging: Callable[[PassageIndex, Judgments], T]) -> T:
    """Return what `judging` makes of a BEIR folder, indexed in a release that is gone afterwards."""
    judgments = read_judgments(folder)
    rows = list(read_rows(folder))
    names = {row.id: f"row-{number}" for number, row in enumerate(rows)}
    with TemporaryDirectory() as scratch, console.progress() as step:
        shelf = open_shelf(replace(settings.index, releases=Path(scratch)))
        writer = shelf.begin(parts.model)
        writer.add_glossary(StaffGlossary(settings.index.state, settings.service.glossary).sound_text())
        release_id = write_rows(
            [Row(names[row.id], row.title, row.text) for row in rows],
            parts.embedder,
            writer,
            settings.ingest.passages,
            lambda done: step(folder.name, done, len(rows)),
        )
        with opened(shelf, parts.model, release_id) as index:
            return judging(index, judgments.renamed(names))
