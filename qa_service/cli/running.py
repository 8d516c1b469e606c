"""How does the administrator run the service, and keep and check what it holds?"""

from __future__ import annotations

import os
import signal
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from indexes.errors import NoReleasePublished
from indexes.jobs import JobQueue, only_worker
from indexes.local.backup import back_up
from indexes.local.backup import restore as restore_backup
from indexes.settings import list_settings
from ingest.health import describe_reading
from qa_service import console
from qa_service.assembly import assemble
from qa_service.cli.application import AsJson, app
from qa_service.cli.building import build_first, build_release_with, judge_release
from qa_service.cli.settings import KNOWN_SETTINGS, read_all_settings
from qa_service.doctor import checked, examine
from qa_service.export import export as write_export
from qa_service.heaps import share_heaps
from qa_service.logging import configure_logging
from qa_service.staff_glossary import StaffGlossary
from qa_service.supervisor import WorkerSupervisor

NICENESS = 10
"""How far the worker steps back: while people search, a build takes what processor time they leave."""


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

    settings = read_all_settings()
    parts = assemble(settings.index, settings.service)
    if parts.shelf.published() is None:
        build_first(settings, parts)
    configure_logging()
    worker = WorkerSupervisor([sys.executable, "-m", "qa_service", "work"]) if settings.service.start_worker else None
    service = open_service(settings.index, settings.service, parts, worker)
    service.live.refresh()
    if service.live.status.serving is None:
        raise service.live.status.fault or NoReleasePublished("no release can be served: run pramen doctor")
    with _running(worker):
        answer_requests(
            service,
            settings.service.host if host is None else host,
            settings.service.port if port is None else port,
        )


@app.command()
def work() -> None:
    """Take jobs (uploads, builds, publishing) until told to stop; `pramen serve` starts one of these.

    Example: `pramen work`
    """
    # Imported here: only the worker reads and builds, and a service is to start without its readers.
    from ingest.worker import Workshop, run_jobs

    settings = read_all_settings()
    configure_logging()
    os.nice(NICENESS)
    share_heaps()
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
                lambda tell: build_release_with(settings, parts, tell),
                lambda release_id: judge_release(settings, parts, release_id),
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
    settings = read_all_settings()
    if settings_only:
        lines = list_settings(KNOWN_SETTINGS, settings.source)
        if as_json:
            console.print_json({"settings": [asdict(line) for line in lines]})
        else:
            rows = [(line.variable, line.value, line.default, line.origin, line.description) for line in lines]
            console.print_table(["setting", "value", "default", "from", "what it is"], rows)
        return
    glossary = StaffGlossary(settings.index.state, settings.service.glossary)
    checks = [
        *examine(settings.index),
        checked("glossary", glossary.described, f"mend the line named, or remove {glossary.file}"),
        checked(
            "reading",
            lambda: describe_reading(settings.ingest),
            "reinstall Pramen, or raise PRAMEN_READER_MEMORY_MB",
        ),
    ]
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
    report = back_up(read_all_settings().index, file)
    console.print_line(f"{file}: {report.file_count} files, release {report.release_id or 'none'}")
    if report.lost:
        console.print_line(
            f"not in it, since they are gone or damaged: {len(report.lost)} original files of the release"
            f" (sources/{report.lost[0][:12]}…); keep the earlier backups"
        )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Archive made by pramen backup.", exists=True)],
) -> None:
    """Bring back corpus, state and release from an archive; what stood there is set aside, not lost.

    Example: `pramen restore pramen-2026-01-31.tar.gz`
    """
    report = restore_backup(read_all_settings().index, file)
    console.print_line(f"restored {report.file_count} files, release {report.release_id or 'none'}")
    for folder in report.set_aside:
        console.print_line(f"what stood there before is in {folder}")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder to make, as in pramen-export.")],
) -> None:
    """Write all data into a new folder in open formats: originals, TOML, JSON lines; the service may go on.

    Example: `pramen export pramen-export`
    """
    settings = read_all_settings()
    glossary = StaffGlossary(settings.index.state, settings.service.glossary)
    report = write_export(settings.index, glossary.file, folder)
    console.print_line(
        f"{folder}: {report.document_count} publications, {report.passage_count} passages of release "
        f"{report.release_id or 'none'}; README.md there says what is what"
    )


@contextmanager
def _running(worker: WorkerSupervisor | None) -> Iterator[None]:
    """Keep a worker alive, if there is to be one, beside what is done meanwhile."""
    if worker:
        worker.start()
    try:
        yield
    finally:
        if worker:
            worker.stop()


def _stop_with_parent(stop: threading.Event) -> None:
    """Stop when the pipe to standard input closes: the service that started this worker has ended.

    A worker that runs apart has a terminal or /dev/null there, which is at its end from the beginning.
    """
    with suppress(OSError):  # standard input may be closed altogether
        if stat.S_ISFIFO(os.fstat(0).st_mode):
            while os.read(0, 1024):  # not through a buffer, whose lock would outlive the end of the program
                pass
            stop.set()
