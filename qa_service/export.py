"""How does everything leave Pramen in forms that other programs read?

A folder of ordinary files: original publications with TOML beside them, which are a corpus that `pramen build` reads
again, and JSON lines in UTF-8 for the rest. What can be made anew from these (vectors, word index, drawn pages) and the
secrets (keys, sessions) stay behind. `EXPLANATION` goes along as the README of the folder.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from corpus.catalog import read_catalog
from corpus.document import Document, Metadata, Publication
from corpus.sidecar import SIDECAR_NAME, as_table, write_sidecar
from indexes.contract import PassageIndex
from indexes.engines import open_shelf
from indexes.errors import NoReleasePublished
from indexes.feedback import FeedbackStore
from indexes.jobs import JobQueue
from indexes.settings import IndexSettings
from indexes.storage import sha256_of, storage_errors, sync_tree
from qa_service.audit import AUDIT_FILE
from qa_service.errors import ExportRefused

PAGE = 500
"""How many documents are taken from a release at once."""

EXPLANATION = """# Export z Pramene / Export of Pramen

Vše je v UTF-8; soubory .jsonl mají na každém řádku jeden objekt JSON.
Everything is in UTF-8; each line of a .jsonl file is one JSON object.

| soubor / file | co obsahuje / what it holds |
| --- | --- |
| documents/ID/ | původní soubor a document.toml; složka documents je sbírka pro PRAMEN_CORPUS / the original file and document.toml; the folder documents is a corpus for PRAMEN_CORPUS |
| documents.jsonl | co se o publikaci ví, i co bylo odvozeno (inferred) / what is known of a publication, and what was inferred |
| texts/ID.txt | vyčištěný text, na který ukazují pasáže (start, end ve znacích Unicode) / the cleaned text that passages point into (start, end in Unicode code points) |
| passages.jsonl | pasáže vydání s nadpisy a stranami / the passages of the release with headings and pages |
| receipts.jsonl | jak byla která publikace přečtena / how each publication was read |
| judgments/ | hodnocené otázky / judged questions |
| glossary.tsv | slovníček / glossary |
| questions.jsonl, ratings.jsonl | na co se lidé ptali a co hodnotili, bez osobních údajů / what people asked and rated, without personal data |
| jobs.jsonl, audit.jsonl | úlohy a záznam změn / jobs and the record of changes |
| release.json | z jakého vydání export je / which release this was taken from |
"""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export holds."""

    release_id: str | None
    document_count: int
    passage_count: int


def export(settings: IndexSettings, glossary: Path, folder: Path) -> ExportReport:
    """Write everything into the new folder `folder`, in one step, and return what it holds; the service may run.

    Raises ExportRefused where something stands there already, CorpusError, ReleaseError, DiskFull.
    """
    if folder.exists():
        raise ExportRefused(f"{folder} is there already: name a folder that is to be made")
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    with storage_errors(f"writing the export {folder}"):
        try:
            draft.mkdir(parents=True)
            report = _write(settings, glossary, draft)
            sync_tree(draft)
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return report


def _write(settings: IndexSettings, glossary: Path, folder: Path) -> ExportReport:
    (folder / "README.md").write_text(EXPLANATION, encoding="utf-8")
    shutil.copy(glossary, folder / "glossary.tsv")
    if settings.judgments.is_dir():
        shutil.copytree(settings.judgments, folder / "judgments")
    _write_state(settings.state, folder)
    shelf = open_shelf(settings)
    try:
        release_id = shelf.last_sound()
    except NoReleasePublished:
        return ExportReport(None, _write_documents(settings.corpus, None, folder), 0)
    with closing(shelf.open(release_id)) as index:
        record = shelf.evaluation(release_id)
        facts = {"id": release_id, "manifest": asdict(index.manifest), "evaluation": asdict(record) if record else None}
        (folder / "release.json").write_text(_json(facts), encoding="utf-8")
        documents = _write_documents(settings.corpus, index, folder)
        passages = _write_texts(index, folder)
        _write_lines(folder / "receipts.jsonl", index.receipts())
    return ExportReport(release_id, documents, passages)


def _write_documents(corpus: Path, index: PassageIndex | None, folder: Path) -> int:
    """Write the publications of the corpus, and those that only the release still holds; return how many."""
    in_corpus = {publication.id: publication for publication in read_catalog(corpus).publications}
    in_release = {document.id: document for document in _documents(index)} if index else {}

    def rows() -> Iterator[dict[str, Any]]:
        for name in sorted(in_corpus.keys() | in_release.keys()):
            publication, document = in_corpus.get(name), in_release.get(name)
            home = folder / "documents" / name
            home.mkdir(parents=True)
            if publication:
                file = home / publication.file.name
                shutil.copy(publication.file, file)
            elif index and document:
                file = home / PurePosixPath(document.file_name).name
                file.write_bytes(index.source(name) or b"")
            metadata = _metadata(publication, document)
            write_sidecar(home / SIDECAR_NAME, metadata)
            yield {
                "id": name,
                "file": file.relative_to(folder).as_posix(),
                "sha256": sha256_of(file),
                "media_type": document.media_type if document else None,
                "in_corpus": publication is not None,
                "in_release": document is not None,
                "inferred": sorted(document.inferred) if document else [],
                "metadata": as_table(metadata),
            }

    return _write_lines(folder / "documents.jsonl", rows())


def _metadata(publication: Publication | None, document: Document | None) -> Metadata:
    """Return what a person wrote of a publication, completed by what a build inferred; a title there always is."""
    given = publication.given if publication else Metadata()
    known = document.metadata if document else Metadata()
    completed = {name: value or getattr(known, name) for name, value in _fields(given)}
    title = completed["title"] or (document.title if document else publication.file.stem if publication else "")
    return replace(Metadata(**completed), title=title)


def _fields(metadata: Metadata) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(metadata, name)) for name in Metadata.__dataclass_fields__)


def _write_texts(index: PassageIndex, folder: Path) -> int:
    """Write the cleaned texts and all passages; return how many passages."""
    (folder / "texts").mkdir()

    def rows() -> Iterator[Mapping[str, Any]]:
        for document in _documents(index):
            text = index.document_text(document.id)
            (folder / "texts" / f"{document.id}.txt").write_text(
                text.text if text else "", encoding="utf-8", newline=""
            )
            yield from map(asdict, index.passages_of(document.id))

    return _write_lines(folder / "passages.jsonl", rows())


def _documents(index: PassageIndex) -> Iterator[Document]:
    after = ""
    while page := index.documents(PAGE, after):
        yield from page
        after = page[-1].id


def _write_state(state: Path, folder: Path) -> None:
    with closing(FeedbackStore(state)) as feedback:
        _write_lines(folder / "questions.jsonl", feedback.all_questions())
        _write_lines(folder / "ratings.jsonl", feedback.all_ratings())
    with closing(JobQueue(state)) as queue:
        jobs = reversed(queue.jobs(limit=None))
        rows = (asdict(job) | {"log": [asdict(line) for line in queue.lines(job.id)]} for job in jobs)
        _write_lines(folder / "jobs.jsonl", rows)
    if (state / AUDIT_FILE).is_file():
        shutil.copy(state / AUDIT_FILE, folder / AUDIT_FILE)


def _write_lines(file: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write one JSON object a line and return how many."""
    count = 0
    with file.open("w", encoding="utf-8", newline="\n") as lines:
        for row in rows:
            lines.write(_json(row) + "\n")
            count += 1
    return count


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
