"""How does a person add publications and make them searchable?"""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from corpus.document import DocumentKind, Metadata
from corpus.errors import PramenError
from corpus.shelf import add_publication, remove_publication
from indexes.contract import ReleaseShelf
from indexes.engines import open_shelf
from indexes.jobs import JobQueue
from ingest.errors import NothingIndexed
from qa_service import console
from qa_service.assembly import assemble
from qa_service.audit import AuditLog
from qa_service.cli.application import AsJson, app
from qa_service.cli.building import build_in_sight, publish_judged, why_nothing
from qa_service.cli.settings import read_all_settings
from qa_service.web.pictures import PICTURES


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
    settings = read_all_settings()
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
            removed=settings.index.removed,
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
    settings = read_all_settings()
    kept = remove_publication(settings.index.corpus, identifier, settings.index.removed)
    console.print_line(f"moved to {kept}; run pramen build --publish so that search forgets it")


@app.command()
def erase(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Id of a publication that was removed or replaced.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False,
) -> None:
    """Delete for good what was removed or replaced under an id: originals, text, receipts, releases that hold it.

    A publication is removed first, and a release without it published. Asked again, an interrupted erasure goes on.
    Example: `pramen erase zprava-2019`
    """
    # Imported here: it knows the readers, which cost more than the rest of the start of a service together.
    from ingest.erasure import erase_publication

    settings = read_all_settings()
    if not yes:
        typer.confirm(f"Delete everything kept of {identifier!r}? It cannot be had back.", abort=True)
    audit = AuditLog(settings.index.state)
    note = partial(audit.write, "command line", "pramen erase", key=None, subject={"document_id": identifier})
    note(outcome="begun")
    with closing(JobQueue(settings.index.state)) as queue:
        try:
            gone = erase_publication(
                identifier,
                settings.index,
                settings.ingest,
                open_shelf(settings.index),
                queue,
                caches=[settings.index.state / PICTURES],
            )
        except PramenError as error:
            note(outcome=error.code)
            raise
    note(outcome="erased")
    console.print_line(
        f"erased {identifier}: {gone.version_count} versions of its original, {gone.job_count} jobs,"
        f" releases {', '.join(gone.releases) or 'none'}"
    )
    console.print_line("Backups and exports made before still hold it: make new ones and delete those.")


@app.command()
def build(
    publish: Annotated[bool, typer.Option("--publish", help="Publish the release if it passes the gate.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read the corpus and write a new release; what has not changed is neither read nor embedded again.

    Example: `pramen build --publish`
    """
    settings = read_all_settings()
    parts = assemble(settings.index, settings.service)
    report = build_in_sight(settings, parts)
    published = bool(report.release_id and publish)
    if published:
        publish_judged(settings, parts, report.release_id)
    receipts = [receipt.to_json() for receipt in report.receipts]
    if as_json:
        console.print_json({"release": report.release_id, "published": published, "documents": receipts})
    else:
        console.print_receipts(receipts)
    if not report.release_id:
        raise NothingIndexed(why_nothing(settings, receipts))
    if not as_json:
        console.print_line(f"release {report.release_id} is {'published' if published else 'built, not published'}")


@app.command()
def publish(
    release: Annotated[str | None, typer.Argument(help="Id of the release; by default the newest.")] = None,
) -> None:
    """Publish a release that passes the evaluation gate; a running service switches without a pause.

    Example: `pramen publish 20260131-101500123-1a2b`
    """
    settings = read_all_settings()
    parts = assemble(settings.index, settings.service)
    publish_judged(settings, parts, release)
    console.print_line(f"published {parts.shelf.published()}")


@app.command()
def rollback() -> None:
    """Publish the release that was published before the present one.

    Example: `pramen rollback`
    """
    settings = read_all_settings()
    back, findings = open_shelf(settings.index).roll_back()
    for finding in findings:
        console.print_line(f"passed over {finding.release_id}: {finding.message}")
    console.print_line(f"published {back} again")


@app.command()
def releases(as_json: AsJson = False) -> None:
    """List the releases with their counts and scores; the published one is marked.

    Example: `pramen releases --json`
    """
    shelf = open_shelf(read_all_settings().index)
    current = shelf.published()
    rows = [_release_line(shelf, one, is_published=one == current) for one in shelf.ids()]
    if as_json:
        console.print_json({"releases": rows})
    elif rows:
        console.print_table(list(rows[0]), [list(row.values()) for row in rows])
    else:
        console.print_line("There is no release yet: run pramen build --publish")


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
