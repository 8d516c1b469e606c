"""Does everything leave in forms that other programs read, and come in again?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from corpus.catalog import read_catalog
from corpus.document import Metadata
from corpus.shelf import add_publication, remove_publication
from indexes.errors import DiskFull
from indexes.feedback import AskedQuestion, FeedbackStore, Rating
from indexes.jobs import JobKind, JobQueue
from indexes.local.shelf import LocalShelf
from indexes.local.writer import LocalWriter
from indexes.settings import IndexSettings
from qa_service.audit import AuditLog
from qa_service.errors import ExportRefused
from qa_service.export import export
from qa_service.glossary import GLOSSARY
from qa_service.keys import KeyRing
from tests.contracts.collection import MODEL, collection

ENTRIES = collection()


@pytest.fixture
def settings(tmp_path: Path) -> IndexSettings:
    """An installation with a publication that no release holds yet, a release, questions, a job, an action and a key."""
    settings = IndexSettings(*(tmp_path / name for name in ("corpus", "judgments", "releases", "state")))
    file = tmp_path / "Zpráva.txt"
    file.write_text("Cizinci žádají o povolení k pobytu.", encoding="utf-8")
    add_publication(settings.corpus, file, Metadata(title="Zpráva", authors=("Jana Nováková",)))
    writer = LocalWriter(settings.releases, MODEL)
    for entry in ENTRIES:
        writer.add(entry.document, entry.text, entry.source, entry.passages)
        writer.add_receipt(entry.document.id, {"document_id": entry.document.id, "outcome": "indexed"})
    LocalShelf(settings.releases).publish(writer.commit())
    settings.judgments.mkdir()
    (settings.judgments / "queries.jsonl").write_text("{}\n")
    store = FeedbackStore(settings.state)
    store.add_question(AskedQuestion("r1", "Kde je kurz?", "cs", "not_found"))
    store.add_rating(Rating("r1", "Kde je kurz?", "00ff", False, "nic to neříká"))
    store.close()
    queue = JobQueue(settings.state)
    job = queue.enqueue(JobKind.BUILD, {"publish": True})
    queue.log(job.id, "attempt 1")
    queue.close()
    AuditLog(settings.state).write("admin", "POST /builds")
    KeyRing(settings.state).create("Web města", "reader")
    return settings


def lines(file: Path) -> list[dict]:
    """Return the objects of a file of JSON lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_every_document_leaves_with_its_original_bytes_and_its_metadata(
    tmp_path: Path, settings: IndexSettings
) -> None:
    """Those of the corpus and those that only the release still holds; what was inferred is named."""
    report = export(settings, GLOSSARY, tmp_path / "out")
    rows = {row["id"]: row for row in lines(tmp_path / "out" / "documents.jsonl")}
    assert report.document_count == len(rows) == len(ENTRIES) + 1
    assert (rows["zprava"]["in_corpus"], rows["zprava"]["in_release"]) == (True, False)
    assert rows["zprava"]["metadata"] == {"title": "Zpráva", "authors": ["Jana Nováková"]}
    for entry in ENTRIES:
        row = rows[entry.document.id]
        assert (tmp_path / "out" / row["file"]).read_bytes() == entry.source
        assert row["inferred"] == sorted(entry.document.inferred)
        assert row["metadata"]["title"] == entry.document.title


def test_the_exported_documents_are_a_corpus(tmp_path: Path, settings: IndexSettings) -> None:
    """Read again, they have the same ids, files and metadata, and no sidecar is refused."""
    export(settings, GLOSSARY, tmp_path / "out")
    catalog = read_catalog(tmp_path / "out" / "documents")
    assert catalog.findings == ()
    assert {one.id for one in catalog.publications} == {"zprava", *(entry.document.id for entry in ENTRIES)}
    given = {one.id: one.given for one in catalog.publications}
    for entry in ENTRIES:
        assert given[entry.document.id].year == entry.document.metadata.year
        assert given[entry.document.id].valid_to == entry.document.metadata.valid_to


def test_passages_point_into_the_exported_texts(tmp_path: Path, settings: IndexSettings) -> None:
    """Each passage is the stretch of its document's text that it says, with its pages and headings."""
    report = export(settings, GLOSSARY, tmp_path / "out")
    rows = {row["id"]: row for row in lines(tmp_path / "out" / "passages.jsonl")}
    expected = {each.passage.id: each.passage for entry in ENTRIES for each in entry.passages}
    assert report.passage_count == len(rows)
    assert rows.keys() == expected.keys()
    for name, row in rows.items():
        text = (tmp_path / "out" / "texts" / f"{row['document_id']}.txt").read_bytes().decode()
        assert text[row["start"] : row["end"]] == row["text"] == expected[name].text
        pages = expected[name].pages
        assert (row["pages"] or {}).get("labels") == (list(pages.labels) if pages else None)
        assert row["heading"] == list(expected[name].heading)


def test_what_people_and_staff_did_leaves_too(tmp_path: Path, settings: IndexSettings) -> None:
    """Questions, ratings, jobs with their log, receipts, judgments, glossary and the record of changes."""
    export(settings, GLOSSARY, tmp_path / "out")
    out = tmp_path / "out"
    assert [row["question"] for row in lines(out / "questions.jsonl")] == ["Kde je kurz?"]
    assert [(row["useful"], row["comment"]) for row in lines(out / "ratings.jsonl")] == [(False, "nic to neříká")]
    assert [row["log"][0]["line"] for row in lines(out / "jobs.jsonl")] == ["attempt 1"]
    assert [row["actor"] for row in lines(out / "audit.jsonl")] == ["admin"]
    assert len(lines(out / "receipts.jsonl")) == len(ENTRIES)
    assert (out / "judgments" / "queries.jsonl").is_file()
    assert (out / "glossary.tsv").read_bytes() == GLOSSARY.read_bytes()


def test_every_file_is_explained_and_no_secret_leaves(tmp_path: Path, settings: IndexSettings) -> None:
    """The README names each file of the folder; the hashes of keys are in none."""
    export(settings, GLOSSARY, tmp_path / "out")
    explanation = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    for path in (tmp_path / "out").iterdir():
        assert path.name in explanation or path.name == "README.md"
    secret = KeyRing(settings.state).keys()[0].secret_hash
    assert not [
        path for path in (tmp_path / "out").rglob("*") if path.is_file() and secret.encode() in path.read_bytes()
    ]


def test_an_installation_without_a_release_leaves_with_its_corpus(tmp_path: Path, settings: IndexSettings) -> None:
    """Nothing published is no reason to keep the rest."""
    shutil.rmtree(settings.releases)
    report = export(settings, GLOSSARY, tmp_path / "out")
    assert (report.release_id, report.document_count, report.passage_count) == (None, 1, 0)


def test_a_removed_publication_leaves_as_long_as_it_is_searched(tmp_path: Path, settings: IndexSettings) -> None:
    """Its original comes from the release that still holds it; it is no longer in the corpus."""
    remove_publication(settings.corpus, "zprava", settings.state / "removed")
    export(settings, GLOSSARY, tmp_path / "out")
    assert {row["in_corpus"] for row in lines(tmp_path / "out" / "documents.jsonl")} == {False}


def test_nothing_is_overwritten_and_nothing_half_written_stays(
    tmp_path: Path, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is there is refused; one that could not be finished is gone."""
    (tmp_path / "out").mkdir()
    with pytest.raises(ExportRefused):
        export(settings, GLOSSARY, tmp_path / "out")

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("qa_service.export.sync_tree", full)
    with pytest.raises(DiskFull):
        export(settings, GLOSSARY, tmp_path / "other")
    assert not list(tmp_path.glob("*other*"))
