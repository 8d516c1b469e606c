"""A small installation for the harnesses: a corpus, a state and releases below one folder, and a worker for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from corpus.catalog import read_catalog
from corpus.document import Metadata
from corpus.shelf import add_publication
from indexes.analysis import query_terms
from indexes.embedding.hashing import HashingEmbedder
from indexes.engines import open_shelf
from indexes.jobs import Job, JobKind, JobQueue
from indexes.manifest import EvaluationRecord
from indexes.passage import Filters
from indexes.settings import IndexSettings
from indexes.storage import storage_errors
from indexes.uploads import keep_upload, new_upload
from ingest.pipeline import BuildReport, Progress, build_release
from ingest.publishing import GateSettings
from ingest.settings import IngestSettings
from ingest.worker import Workshop

NEW = 5
"""Number of the publication that is uploaded while something fails."""
SENTENCE = "Cizinci žádají o povolení k pobytu na ministerstvu vnitra a číslo jejich spisu je {number}."


def settings_in(folder: Path) -> IndexSettings:
    """Return the settings of the installation below `folder`."""
    return IndexSettings(corpus=folder / "corpus", releases=folder / "releases", state=folder / "state")


def workshop_in(folder: Path) -> Workshop:
    """Return a worker's things for the installation below `folder`, with an embedder that needs no model."""
    settings = settings_in(folder)
    settings.corpus.mkdir(parents=True, exist_ok=True)
    embedder = HashingEmbedder()

    def build(progress: Callable[[Progress], None]) -> BuildReport:
        return build_release(read_catalog(settings.corpus), embedder, settings, IngestSettings(readers=1), progress)

    def evaluate(release_id: str) -> EvaluationRecord:
        passages = open_shelf(settings).manifest(release_id).passage_count
        return EvaluationRecord(release_id, datetime.now(UTC), passages, 0, 0)

    return Workshop(settings, GateSettings(), open_shelf(settings), JobQueue(settings.state), build, evaluate)


def text_of(number: int) -> str:
    """Return the text of the publication with this number, unlike every other."""
    return " ".join(SENTENCE.format(number=number * 10_000 + line) for line in range(30))


def add_directly(folder: Path, number: int) -> None:
    """Add a publication to the corpus without a job."""
    file = folder / f"zprava {number}.txt"
    file.write_text(text_of(number), encoding="utf-8")
    add_publication(folder / "corpus", file, Metadata(title=f"Zpráva {number}"))
    file.unlink()


def request_upload(queue: JobQueue, state: Path, number: int) -> Job:
    """Do what the service does with an upload: when this returns, the request is acknowledged."""
    upload, path = new_upload(state, f"zprava {number}.txt")
    with storage_errors("accepting an upload"):
        path.write_text(text_of(number), encoding="utf-8")
    keep_upload(state, upload)
    parameters = {"upload": upload, "id": f"zprava-{number}", "metadata": {"title": f"Zpráva {number}"}}
    return queue.enqueue(JobKind.ADD, parameters)


def served(folder: Path) -> tuple[str, list[str]]:
    """Answer as the service does, from the last sound release; return its id and the ids of its documents.

    Fails where anything in the release does not fit the rest of it.
    """
    shelf = open_shelf(settings_in(folder))
    release_id = shelf.last_sound()
    index = shelf.open(release_id)
    try:
        documents = index.documents(10_000)
        passages = [passage for document in documents for passage in index.passages_of(document.id)]
        assert index.manifest.release_id == release_id
        assert len(documents) == index.manifest.document_count
        assert len(passages) == index.manifest.passage_count > 0
        found = index.matching(query_terms("povolení k pobytu", "cs"), len(passages), Filters())
        assert {hit.passage_id for hit in found} == {passage.id for passage in passages}
        near = index.nearest(index.vectors([passages[0].id])[0], len(passages), Filters())
        assert {hit.passage_id for hit in near} == {passage.id for passage in passages}
        assert all(index.source(document.id) for document in documents)
        return release_id, [document.id for document in documents]
    finally:
        index.close()
