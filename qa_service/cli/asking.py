"""How does a person search and ask from a terminal?"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from qa_service import console
from qa_service.api.presenter import Presenter
from qa_service.assembly import Assembly, assemble
from qa_service.cli.application import AsJson, Language, app
from qa_service.cli.settings import read_all_settings
from qa_service.live import LiveIndex
from qa_service.query import parse_query
from qa_service.tour import TOUR
from qa_service.verbs import Verbs, question_of


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
    settings = read_all_settings()
    parts = assemble(settings.index, settings.service)
    wanted = parse_query(query, language=language, k=k, filters=_filters(filters or []))
    with lent_verbs(parts) as verbs:
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
    settings = read_all_settings()
    parts = assemble(settings.index, settings.service)
    asked = question_of(question, language, {}, ())
    with lent_verbs(parts) as verbs:
        answer = verbs.answer(asked)
    body = Presenter(answer.release_id, language, settings.service.public_url).answer(answer)
    if as_json:
        console.print_json(body.model_dump(mode="json", by_alias=True))
    else:
        console.print_answer(body)


@app.command()
def demo() -> None:
    """Ask five questions of the starter collection, each showing one strength.

    Example: `pramen demo`
    """
    settings = read_all_settings()
    parts = assemble(settings.index, settings.service)
    with lent_verbs(parts) as verbs:
        for stop in TOUR:
            console.print_line(f"\n{stop.strength}", style="bold green")
            console.print_line(f"? {stop.question}", style="bold")
            answer = verbs.answer(question_of(stop.question, stop.language, {}, ()))
            console.print_answer(
                Presenter(answer.release_id, stop.language, settings.service.public_url).answer(answer)
            )


@contextmanager
def lent_verbs(parts: Assembly) -> Iterator[Verbs]:
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
