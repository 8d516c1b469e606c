"""How does a person drive Pramen from a terminal?

A thin coat over the verbs of the library: each command reads its words, calls one of them and shows what comes back.
This is the one place where the two sides of the disk meet: only here does `qa_service` import `ingest`. Heavy imports
stand inside the commands, so that `pramen --help` and `pramen search` start quickly.

Exit status: 0 done, 1 refused or failed with one line on stderr, 2 wrong usage.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from corpus.catalog import read_catalog
from corpus.document import DocumentKind, Metadata
from corpus.errors import PramenError
from corpus.shelf import add_publication, remove_publication
from indexes.contract import PassageIndex, ReleaseShelf
from indexes.embedding import open_embedder
from indexes.engines import open_shelf
from indexes.errors import NoReleasePublished
from indexes.feedback import FeedbackStore
from indexes.jobs import JobQueue, only_worker
from indexes.local.backup import back_up
from indexes.local.backup import restore as restore_backup
from indexes.manifest import EvaluationRecord
from indexes.settings import IndexSettings, SettingsSource, list_settings, open_settings, read_settings
from ingest.errors import NothingIndexed
from ingest.health import describe_reading
from ingest.publishing import GateSettings
from ingest.publishing import publish as publish_release
from ingest.rows import Row, write_rows
from ingest.settings import IngestSettings
from qa_service import console
from qa_service.answering.calibration import calibration_text, fit
from qa_service.api.presenter import Presenter
from qa_service.assembly import Assembly, assemble, open_extractive, opened
from qa_service.doctor import checked, examine
from qa_service.evaluation.answers import examples_of, figures, judge_answers
from qa_service.evaluation.judgments import Judgments, read_judgments, read_rows
from qa_service.evaluation.pairs import evaluate_pairs
from qa_service.evaluation.report import read_report, write_report
from qa_service.evaluation.run import SetScores, record_of
from qa_service.evaluation.run import evaluate as judge
from qa_service.gaps import gaps
from qa_service.keys import KeyRing
from qa_service.live import LiveIndex
from qa_service.logging import configure_logging
from qa_service.query import parse_query
from qa_service.settings import ServiceSettings
from qa_service.supervisor import WorkerSupervisor
from qa_service.tour import TOUR
from qa_service.verbs import Verbs, question_of

if TYPE_CHECKING:
    from ingest.pipeline import BuildReport, Progress

T = TypeVar("T")

KNOWN_SETTINGS = (IndexSettings, IngestSettings, GateSettings, ServiceSettings)
"""Everything that may be set; a variable of another name is a typing error."""

NICENESS = 10
"""How far the worker steps back: while people search, a build takes what processor time they leave."""

app = typer.Typer(
    name="pramen",
    help="Search and cited answers over Czech and English literature on migrant integration.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
keys = typer.Typer(help="Create, list and revoke the keys of staff, sites and programs.", no_args_is_help=True)
app.add_typer(keys, name="keys")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text for people.")]
Language = Annotated[
    str | None, typer.Option("--lang", help="Language of the question and of our own words: cs or en.")
]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of every package, read once."""

    index: IndexSettings
    ingest: IngestSettings
    gate: GateSettings
    service: ServiceSettings
    source: SettingsSource


def main() -> None:
    """Run the command line; an error of ours becomes one line on stderr and exit status 1."""
    configure_logging("CRITICAL")  # what went wrong is told once, as the line below
    try:
        app()
    except PramenError as error:
        sys.stderr.write(f"pramen: {error}\n")
        raise SystemExit(1) from error
    except BrokenPipeError:
        # The reader of a pipe went away (`pramen search … | head`); nothing of ours went wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


def _settings() -> Settings:
    source = open_settings(os.environ, Path.cwd(), KNOWN_SETTINGS)
    return Settings(
        read_settings(IndexSettings, source),
        read_settings(IngestSettings, source),
        read_settings(GateSettings, source),
        read_settings(ServiceSettings, source),
        source,
    )


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="Files to copy into the corpus.", exists=True, dir_okay=False)],
    title: Annotated[str | None, typer.Option(help="Title; for one file only.")] = None,
    author: Annotated[list[str] | None, typer.Option(help="Author; repeat for several.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    year: Annotated[int | None, typer.Option(help="Year of publication.", min=1, max=9999)] = None,
    kind: Annotated[DocumentKind | None, typer.Option(help="Kind of publication.")] = None,
    language: Annotated[str | None, typer.Option(help="Language, as in cs, en, uk.")] = None,
    url: Annotated[str | None, typer.Option(help="Address at its publisher.")] = None,
    license: Annotated[str | None, typer.Option(help="Licence.")] = None,  # noqa: A002 - the contract names the option
    id: Annotated[str | None, typer.Option(help="Id; for one file only.")] = None,  # noqa: A002 - the same
    replace: Annotated[bool, typer.Option("--replace", help="Replace the publication that has the id.")] = False,
) -> None:
    """Copy files into the corpus, each with a `document.toml`.

    Example: `pramen add zprava.pdf --publisher "Město Příklad" --year 2024 --kind report`
    """
    if len(files) > 1 and (title or id):
        raise typer.BadParameter("--title and --id describe one file; add the files one by one")
    settings = _settings()
    given = Metadata(
        title=title,
        authors=tuple(author or ()),
        publisher=publisher,
        year=year,
        kind=kind,
        language=language,
        url=url,
        license=license,
    )
    for file in files:
        added = add_publication(
            settings.index.corpus,
            file,
            given,
            identifier=id,
            replace_existing=replace,
            removed=settings.index.state / "removed",
        )
        console.print_line(f"added {added.id}: {added.given.title}")
        missing = [name for name in ("publisher", "year", "kind") if getattr(given, name) is None]
        if missing:
            console.print_line(f"  not given, to be inferred by the next build or left empty: {', '.join(missing)}")
    console.print_line("Run pramen build --publish to make the change searchable.")


@app.command()
def remove(identifier: Annotated[str, typer.Argument(metavar="ID", help="Id of the publication.")]) -> None:
    """Move a publication out of the corpus; search forgets it at the next release.

    Example: `pramen remove zprava-2019`
    """
    settings = _settings()
    kept = remove_publication(settings.index.corpus, identifier, settings.index.state / "removed")
    console.print_line(f"moved to {kept}; run pramen build --publish so that search forgets it")


@app.command()
def build(
    publish: Annotated[bool, typer.Option("--publish", help="Publish the release if it passes the gate.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read the corpus and write a new release; what has not changed is neither read nor embedded again.

    Example: `pramen build --publish`
    """
    settings = _settings()
    parts = assemble(settings.index, settings.service)
    report = _built_in_sight(settings, parts)
    published = bool(report.release_id and publish)
    if published:
        _published(settings, parts, report.release_id)
    receipts = [receipt.to_json() for receipt in report.receipts]
    if as_json:
        console.print_json({"release": report.release_id, "published": published, "documents": receipts})
    else:
        console.print_receipts(receipts)
    if not report.release_id:
        raise NothingIndexed(_why_nothing(settings, receipts))
    if not as_json:
        console.print_line(f"release {report.release_id} is {'published' if published else 'built, not published'}")


@app.command()
def publish(
    release: Annotated[str | None, typer.Argument(help="Id of the release; by default the newest.")] = None,
) -> None:
    """Publish a release that passes the evaluation gate; a running service switches without a pause.

    Example: `pramen publish 20260131T101500Z-1a2b`
    """
    settings = _settings()
    parts = assemble(settings.index, settings.service)
    _published(settings, parts, release)
    console.print_line(f"published {parts.shelf.published()}")


@app.command()
def rollback() -> None:
    """Publish the release that was published before the present one.

    Example: `pramen rollback`
    """
    settings = _settings()
    back, findings = open_shelf(settings.index).roll_back()
    for finding in findings:
        console.print_line(f"passed over {finding.release_id}: {finding.message}")
    console.print_line(f"published {back} again")


@app.command()
def releases(as_json: AsJson = False) -> None:
    """List the releases with their counts and scores; the published one is marked.

    Example: `pramen releases --json`
    """
    shelf = open_shelf(_settings().index)
    current = shelf.published()
    rows = [_release_line(shelf, one, is_published=one == current) for one in shelf.ids()]
    if as_json:
        console.print_json({"releases": rows})
    elif rows:
        console.print_table(list(rows[0]), [list(row.values()) for row in rows])
    else:
        console.print_line("There is no release yet: run pramen build --publish")


@app.command()
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What to look for, in Czech or English.")],
    k: Annotated[int, typer.Option("-k", help="How many passages.")] = 5,
    language: Language = None,
    filters: Annotated[
        list[str] | None, typer.Option("--filter", metavar="KEY=VALUE", help="Narrow the search; repeat for several.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show what each leg contributed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the passages that fit best, each with its citation.

    Example: `pramen search "kurzy cestiny pro cizince" --lang cs --filter kind=conference`
    """
    settings = _settings()
    parts = assemble(settings.index, settings.service)
    wanted = parse_query(query, language=language, k=k, filters=_filters(filters or []))
    with _verbs(parts) as verbs:
        started = time.perf_counter()
        result = verbs.search(wanted)
        took_ms = (time.perf_counter() - started) * 1000
    presenter = Presenter(result.release_id, result.language or language, settings.service.public_url)
    body = presenter.search(result, took_ms)
    if as_json:
        console.print_json(body.model_dump(mode="json", by_alias=True))
    else:
        console.print_hits(body, [hit.explanation for hit in result.hits] if explain else None)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="A question in Czech or English.")],
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Answer with verbatim, cited quotations, or say honestly that the collection does not tell.

    Example: `pramen ask "Kdy se konala konference Města, migrace a integrace?"`
    """
    settings = _settings()
    parts = assemble(settings.index, settings.service)
    asked = question_of(question, language, {}, ())
    with _verbs(parts) as verbs:
        answer = verbs.answer(asked)
    body = Presenter(answer.release_id, language, settings.service.public_url).answer(answer)
    if as_json:
        console.print_json(body.model_dump(mode="json", by_alias=True))
    else:
        console.print_answer(body)


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
    settings = _settings()
    parts = assemble(settings.index, settings.service)
    chosen = release or parts.shelf.published()
    if answers:
        _evaluate_answers(settings, parts, beir or [], release, as_json=as_json)
        return
    scores = [_scores_of_folder(settings, parts, folder) for folder in beir or []]
    paired = [evaluate_pairs(parts.embedder, file) for file in pairs or []]
    if not beir and not pairs:
        with opened(parts.shelf, parts.model, release) as index:
            chosen = index.manifest.release_id
            scored = judge(index, parts.retriever, _judgments(settings))
            parts.shelf.write_evaluation(record_of(scored, index.manifest.passage_count))
        scores = [scored] if scored.judged_count else []
        if not scores:
            sys.stderr.write(f"{settings.index.judgments} judges no document of release {chosen}: nothing to measure\n")
    if report:
        write_report(report, scores, read_report(compare) if compare else None)
    sets: dict[str, Any] = {one.name: one.legs for one in scores}
    sets |= {one.name: {"en->cs": one.english_to_czech, "cs->en": one.czech_to_english} for one in paired}
    if as_json:
        console.print_json({"release": chosen, "sets": sets})
        return
    by_pair = {f"{one.name} {pair}": legs for one in scores for pair, legs in one.pairs.items()}
    console.print_figures(sets | by_pair)
    for lost in (query for one in scores for query in one.lost):
        console.print_line(
            f"lost {lost.id}: {lost.text} (wanted {', '.join(lost.wanted)}; found {', '.join(lost.found)})"
        )


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
    answer at all (`"answerable": false`) help too.

    Example: `pramen calibrate --judgments my-questions`
    """
    settings = _settings()
    parts = assemble(settings.index, settings.service)
    asked = read_judgments(judgments) if judgments else _judgments(settings)
    with opened(parts.shelf, parts.model, release) as index:
        answerer = open_extractive(parts.retriever, parts.shelf)
        seen = examples_of(index, parts.retriever.search, answerer, asked)
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
    least: Annotated[int, typer.Option(help="How often a subject must have been asked to be shown.", min=1)] = 3,
    days: Annotated[int, typer.Option(help="How far to look back.", min=1)] = 180,
    as_json: AsJson = False,
) -> None:
    """Show what people asked and the collection did not answer well, grouped by meaning.

    Example: `pramen gaps --least 5 --days 30`
    """
    settings = _settings()
    embedder = open_embedder(settings.index.model)
    with closing(FeedbackStore(settings.index.state)) as store:
        found = gaps(store, embedder, least_count=least, days=days)
    if as_json:
        console.print_json({"gaps": [asdict(gap) for gap in found]})
    else:
        rows = [(str(gap.count), str(gap.unanswered), str(gap.rated_poorly), gap.question) for gap in found]
        console.print_table(["asked", "unanswered", "rated poorly", "question"], rows)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = None,
) -> None:
    """Serve the search page, the widget and the API; builds a first release where none is published.

    Example: `pramen serve --host 0.0.0.0 --port 8000`
    """
    # Imported here: no other command needs a web server.
    from qa_service.api.app import open_service
    from qa_service.api.server import serve as answer_requests

    settings = _settings()
    parts = assemble(settings.index, settings.service)
    if parts.shelf.published() is None:
        _build_first(settings, parts)
    configure_logging()
    service = open_service(settings.index, settings.service, parts)
    service.live.refresh()
    if service.live.status.serving is None:
        raise service.live.status.fault or NoReleasePublished("no release can be served: run pramen doctor")
    worker = WorkerSupervisor([sys.executable, "-m", "qa_service", "work"])
    worker.start()
    try:
        answer_requests(
            service,
            settings.service.host if host is None else host,
            settings.service.port if port is None else port,
        )
    finally:
        worker.stop()


@app.command()
def work() -> None:
    """Take jobs (uploads, builds, publishing) until told to stop; `pramen serve` starts one of these.

    Example: `pramen work`
    """
    # Imported here: only the worker reads and builds, and a service is to start without its readers.
    from ingest.worker import Workshop, run_jobs

    settings = _settings()
    configure_logging()
    os.nice(NICENESS)
    stop = threading.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stop.set())
    threading.Thread(target=_stop_with_parent, args=(stop,), daemon=True).start()
    parts = assemble(settings.index, settings.service)
    with only_worker(settings.index.state), closing(JobQueue(settings.index.state)) as queue:
        run_jobs(
            Workshop(
                settings.index,
                settings.gate,
                parts.shelf,
                queue,
                lambda tell: _built(settings, parts, tell),
                lambda release_id: _record(settings, parts, release_id),
            ),
            stop,
        )


@app.command()
def doctor(
    settings_only: Annotated[bool, typer.Option("--settings", help="List all settings with their defaults.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check the model, the releases, free disk space, reading and settings, and say how to mend what is wrong.

    Example: `pramen doctor --settings`
    """
    settings = _settings()
    if settings_only:
        lines = list_settings(KNOWN_SETTINGS, settings.source)
        if as_json:
            console.print_json({"settings": [asdict(line) for line in lines]})
        else:
            rows = [(line.variable, line.value, line.default, line.origin, line.description) for line in lines]
            console.print_table(["setting", "value", "default", "from", "what it is"], rows)
        return
    remedy = "reinstall Pramen, or raise PRAMEN_READER_MEMORY_MB"
    checks = [*examine(settings.index), checked("reading", lambda: describe_reading(settings.ingest), remedy)]
    if as_json:
        console.print_json({"checks": [asdict(check) for check in checks]})
    else:
        console.print_table(
            ["", "check", "found", "what to do"],
            [("ok" if check.is_sound else "!!", check.name, check.found, check.remedy) for check in checks],
        )
    if not all(check.is_sound for check in checks):
        raise typer.Exit(1)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Archive to write, as in pramen.tar.gz.")],
) -> None:
    """Write corpus, state and the published release into one archive, while the service goes on.

    Example: `pramen backup pramen-2026-01-31.tar.gz`
    """
    report = back_up(_settings().index, file)
    console.print_line(f"{file}: {report.file_count} files, release {report.release_id or 'none'}")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Archive made by pramen backup.", exists=True)],
) -> None:
    """Bring back corpus, state and release from an archive; what stood there is set aside, not lost.

    Example: `pramen restore pramen-2026-01-31.tar.gz`
    """
    report = restore_backup(_settings().index, file)
    console.print_line(f"restored {report.file_count} files, release {report.release_id or 'none'}")
    for folder in report.set_aside:
        console.print_line(f"what stood there before is in {folder}")


@app.command()
def demo() -> None:
    """Ask five questions of the starter collection, each showing one strength.

    Example: `pramen demo`
    """
    settings = _settings()
    parts = assemble(settings.index, settings.service)
    with _verbs(parts) as verbs:
        for stop in TOUR:
            console.print_line(f"\n{stop.strength}", style="bold green")
            console.print_line(f"? {stop.question}", style="bold")
            answer = verbs.answer(question_of(stop.question, stop.language, {}, ()))
            console.print_answer(
                Presenter(answer.release_id, stop.language, settings.service.public_url).answer(answer)
            )


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    role: Annotated[str, typer.Option(help="reader, staff or admin.")] = "reader",
) -> None:
    """Make a key and show it once.

    Example: `pramen keys create "Web města" --role reader`
    """
    key, secret = KeyRing(_settings().index.state).create(name, role)
    console.print_line(secret)
    console.print_line(f"key {key.id} of {key.name} with the role {key.role}; it is not shown again", style="dim")


@keys.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List the keys; secrets are not kept and cannot be shown.

    Example: `pramen keys list`
    """
    rows = [
        {"id": key.id, "name": key.name, "role": key.role, "created": key.created}
        for key in KeyRing(_settings().index.state).keys()  # noqa: SIM118 - no mapping
    ]
    if as_json:
        console.print_json({"keys": rows})
    else:
        console.print_table(["id", "name", "role", "created"], [list(row.values()) for row in rows])


@keys.command("revoke")
def revoke_key(identity: Annotated[str, typer.Argument(metavar="ID", help="Id of the key.")]) -> None:
    """Revoke a key; requests with it are refused from now on.

    Example: `pramen keys revoke 1a2b3c4d`
    """
    key = KeyRing(_settings().index.state).revoke(identity)
    console.print_line(f"revoked {key.id} of {key.name}")


@contextmanager
def _verbs(parts: Assembly) -> Iterator[Verbs]:
    """Lend the verbs over the published release, or over the last sound one, which stderr says.

    Raises the ReleaseError that keeps every release from being searched.
    """
    live = LiveIndex(parts.shelf, parts.model)
    live.refresh()
    fault, serving = live.status.fault, live.status.serving
    if fault and serving is None:
        raise fault
    if fault:
        sys.stderr.write(f"pramen: {fault}; searching release {serving} instead\n")
    try:
        yield Verbs(live, parts.retriever, parts.answerer)
    finally:
        live.close()


def _filters(pairs: Sequence[str]) -> Mapping[str, Sequence[str]]:
    filters: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f"{pair!r} is no filter: write KEY=VALUE, as in kind=report")
        filters.setdefault(name, []).append(value)
    return filters


def _built(settings: Settings, parts: Assembly, tell: Callable[[Progress], None]) -> BuildReport:
    # Imported here: the readers and what finds duplicates cost more than the rest of the start of a service together.
    from ingest.pipeline import build_release

    catalog = read_catalog(settings.index.corpus)
    return build_release(catalog, parts.embedder, settings.index, settings.ingest, tell)


def _built_in_sight(settings: Settings, parts: Assembly) -> BuildReport:
    with console.progress() as step:
        return _built(settings, parts, lambda now: step(now.stage, now.done, now.total))


def _build_first(settings: Settings, parts: Assembly) -> None:
    """Build and publish a release so that the very first command ends in a page that answers."""
    sys.stderr.write(f"no release is published yet: building one of {settings.index.corpus}\n")
    report = _built_in_sight(settings, parts)
    if report.release_id is None:
        raise NothingIndexed(_why_nothing(settings, [receipt.to_json() for receipt in report.receipts]))
    _published(settings, parts, report.release_id)


def _why_nothing(settings: Settings, receipts: Sequence[Mapping[str, Any]]) -> str:
    if not receipts:
        return f"{settings.index.corpus} holds no publication: add one with pramen add FILE, or set PRAMEN_CORPUS"
    refused = "; ".join(f"{one['document_id']}: {', '.join(one['reasons'])}" for one in receipts[:3])
    return f"none of {len(receipts)} publications could be indexed ({refused}): nothing was published"


def _published(settings: Settings, parts: Assembly, release_id: str | None) -> None:
    done = publish_release(parts.shelf, release_id, settings.gate, lambda chosen: _record(settings, parts, chosen))
    for note in done.notes:
        sys.stderr.write(f"{note}\n")
    parts.shelf.prune(settings.index.keep_releases)


def _record(settings: Settings, parts: Assembly, release_id: str) -> EvaluationRecord:
    """Return how a release scores on the judgments of the collection, those of its own or the bundled ones."""
    with opened(parts.shelf, parts.model, release_id) as index:
        scores = judge(index, parts.retriever, _judgments(settings))
        return record_of(scores, index.manifest.passage_count)


def _judgments(settings: Settings) -> Judgments:
    """Return the judgments of the collection; none where it has no such folder, which the gate will say."""
    folder = settings.index.judgments
    return read_judgments(folder) if folder.is_dir() else Judgments(folder.name, (), {})


def _evaluate_answers(
    settings: Settings, parts: Assembly, folders: Sequence[Path], release: str | None, *, as_json: bool
) -> None:
    """Show how well the extractive answers answer judged questions."""
    answerer = open_extractive(parts.retriever, parts.shelf)

    def judged(index: PassageIndex, judgments: Judgments) -> dict[str, Any]:
        return figures(judge_answers(index, parts.retriever.search, answerer, judgments))

    sets = {folder.name: _of_folder(settings, parts, folder, judged) for folder in folders}
    if not folders:
        with opened(parts.shelf, parts.model, release) as index:
            sets = {"judgments": judged(index, _judgments(settings))}
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
        release_id = write_rows(
            [Row(names[row.id], row.title, row.text) for row in rows],
            parts.embedder,
            shelf.begin(parts.model),
            settings.ingest.passages,
            lambda done: step(folder.name, done, len(rows)),
        )
        with opened(shelf, parts.model, release_id) as index:
            return judging(index, judgments.renamed(names))


def _stop_with_parent(stop: threading.Event) -> None:
    """Stop when the pipe to standard input closes: the service that started this worker has ended."""
    if not sys.stdin.isatty():
        while os.read(
            sys.stdin.fileno(), 1024
        ):  # not through a buffer, whose lock would outlive the end of the program
            pass
        stop.set()


def _release_line(shelf: ReleaseShelf, release_id: str, *, is_published: bool) -> dict[str, Any]:
    manifest, record = shelf.manifest(release_id), shelf.evaluation(release_id)
    fused = record.scores.get("fused", {}) if record else {}
    return {
        "id": release_id,
        "published": is_published,
        "created": manifest.created.isoformat(timespec="seconds"),
        "documents": manifest.document_count,
        "passages": manifest.passage_count,
        "nDCG@10": fused.get("nDCG@10"),
        "R@5": fused.get("R@5"),
    }
