"""Does an empty machine answer after a restore as the old one did?"""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.catalog import read_catalog
from corpus.document import Metadata
from corpus.shelf import add_publication
from indexes.analysis import query_terms
from indexes.errors import BackupUnusable, JobError
from indexes.jobs import JobKind, JobQueue, only_worker
from indexes.local.backup import back_up, restore
from indexes.local.shelf import LocalShelf
from indexes.local.writer import LocalWriter
from indexes.passage import Filters
from indexes.settings import IndexSettings
from tests.contracts.collection import MODEL, collection

ENTRIES = collection()


def settings_in(folder: Path) -> IndexSettings:
    """Return the settings of an installation below `folder`."""
    return IndexSettings(corpus=folder / "corpus", releases=folder / "releases", state=folder / "state")


@pytest.fixture
def old(tmp_path: Path) -> IndexSettings:
    """An installation with a publication, a waiting job, two releases of which the older is published, and its record."""
    settings = settings_in(tmp_path / "old")
    file = tmp_path / "Zpráva.txt"
    file.write_text("Cizinci žádají o povolení k pobytu.")
    add_publication(settings.corpus, file, Metadata(title="Zpráva"))
    shelf = LocalShelf(settings.releases)
    ids = []
    for count in (3, 5):
        writer = LocalWriter(settings.releases, MODEL)
        writer.add_glossary("asylum\tazyl\n")
        for item in ENTRIES[:count]:
            writer.add(item.document, item.text, item.source, item.passages)
        ids.append(writer.commit())
    shelf.publish(ids[0])
    (settings.releases / f"{ids[0]}.calibration.json").write_text("{}")
    queue = JobQueue(settings.state)
    queue.enqueue(JobKind.BUILD, {"publish": True})
    (settings.state / "feedback.jsonl").write_text("{}\n")
    (settings.state / "glossary.tsv").write_text("asylum\tazyl\nhousing\tbydlení\n")
    return settings


def test_an_empty_machine_answers_as_before(tmp_path: Path, old: IndexSettings) -> None:
    """Publications, jobs, answers and original files are there again, from a backup made beside open readers."""
    published = LocalShelf(old.releases).published()
    assert published is not None
    index = LocalShelf(old.releases).open(published)
    report = back_up(old, tmp_path / "backup.tar.gz")
    assert report.release_id == published
    new = settings_in(tmp_path / "new")
    restored = restore(new, tmp_path / "backup.tar.gz")
    assert (restored.release_id, restored.file_count, restored.set_aside) == (published, report.file_count, ())
    assert [publication.id for publication in read_catalog(new.corpus).publications] == ["zprava"]
    assert [job.kind for job in JobQueue(new.state).jobs()] == [JobKind.BUILD]
    assert (new.state / "feedback.jsonl").read_text() == "{}\n"
    assert (new.state / "glossary.tsv").read_text() == "asylum\tazyl\nhousing\tbydlení\n"
    again = LocalShelf(new.releases).open(published)
    terms = query_terms("povolení k pobytu", "cs")
    assert again.glossary() == "asylum\tazyl\n"
    assert again.matching(terms, 9, Filters()) == index.matching(terms, 9, Filters())
    assert [again.source(document.id) for document in again.documents(9)] == [item.source for item in ENTRIES[:3]]
    assert LocalShelf(new.releases).ids() == [published]
    assert (new.releases / f"{published}.calibration.json").exists()
    index.close()
    again.close()


def test_a_backup_says_which_originals_it_could_not_take(tmp_path: Path, old: IndexSettings) -> None:
    """One that is gone and one that was changed: everything else is saved, and nobody takes the backup for whole."""
    gone, changed, *_ = sorted((old.releases / "sources").iterdir())
    whole = back_up(old, tmp_path / "whole.tar.gz")
    gone.unlink()
    changed.write_bytes(b"x")
    report = back_up(old, tmp_path / "backup.tar.gz")
    assert (whole.lost, report.lost) == ((), (gone.name, changed.name))
    assert report.file_count == whole.file_count - 1
    assert restore(settings_in(tmp_path / "new"), tmp_path / "backup.tar.gz").release_id == report.release_id


def test_a_backup_without_a_release_keeps_the_corpus(tmp_path: Path) -> None:
    """A machine on which nothing was built yet can be moved too."""
    settings = settings_in(tmp_path / "old")
    assert back_up(settings, tmp_path / "b.tar.gz").release_id is None
    assert restore(settings_in(tmp_path / "new"), tmp_path / "b.tar.gz").file_count == 0


def test_what_stands_in_the_way_is_set_aside_and_not_lost(tmp_path: Path, old: IndexSettings) -> None:
    """Restoring over a running collection keeps the files that were there, out of sight."""
    back_up(old, tmp_path / "backup.tar.gz")
    new = settings_in(tmp_path / "new")
    file = tmp_path / "Jiná.txt"
    file.write_text("Jiný text.")
    add_publication(new.corpus, file, Metadata(title="Jiná"))
    (aside,) = restore(new, tmp_path / "backup.tar.gz").set_aside
    assert (aside / "jina" / "Jiná.txt").read_text() == "Jiný text."
    assert [publication.id for publication in read_catalog(new.corpus).publications] == ["zprava"]
    back_up(new, tmp_path / "second.tar.gz")
    with tarfile.open(tmp_path / "second.tar.gz") as archive:
        assert not [name for name in archive.getnames() if "Jin" in name]


def test_a_damaged_backup_restores_nothing(tmp_path: Path, old: IndexSettings, subtests: pytest.Subtests) -> None:
    """Cut short, changed in one bit, or another file altogether: refused, and the machine stays as it was."""
    file = tmp_path / "backup.tar.gz"
    back_up(old, file)
    sound = file.read_bytes()
    faults = {
        "cut": sound[: len(sound) // 2],
        "cut near the end": sound[: len(sound) * 95 // 100],
        "bit": sound[:3000] + bytes([sound[3000] ^ 4]) + sound[3001:],
        "other": b"PK\x03\x04 not a tar",
        "empty": b"",
    }
    for name, data in faults.items():
        with subtests.test(name):
            file.write_bytes(data)
            new = settings_in(tmp_path / f"new {name}")
            with pytest.raises(BackupUnusable):
                restore(new, file)
            assert LocalShelf(new.releases).published() is None
            assert not list(new.corpus.iterdir())


def test_a_backup_cannot_write_outside_its_folders(tmp_path: Path) -> None:
    """An archive made by somebody else that climbs out of its folder is refused."""
    file = tmp_path / "evil.tar.gz"
    (tmp_path / "payload").write_text("x")
    with tarfile.open(file, "w:gz") as archive:
        archive.add(tmp_path / "payload", "../../../escaped")
    with pytest.raises(BackupUnusable):
        restore(settings_in(tmp_path / "a" / "b" / "new"), file)
    assert not list(tmp_path.rglob("escaped"))


def test_nothing_is_restored_under_a_running_worker(tmp_path: Path, old: IndexSettings) -> None:
    """The worker writes to the corpus and the releases, so it must be stopped first."""
    back_up(old, tmp_path / "backup.tar.gz")
    with only_worker(old.state), pytest.raises(JobError, match="another worker"):
        restore(old, tmp_path / "backup.tar.gz")


def test_an_interrupted_backup_leaves_the_former_one(
    tmp_path: Path, old: IndexSettings, monkeypatch: pytest.MonkeyPatch, build: Callable[..., str]
) -> None:
    """The file appears whole or not at all."""
    file = tmp_path / "backup.tar.gz"
    back_up(old, file)
    before = file.read_bytes()
    monkeypatch.setattr("indexes.local.backup._copy", lambda *_: (_ for _ in ()).throw(OSError(5, "gone")))
    with pytest.raises(Exception, match="gone"):
        back_up(old, file)
    assert file.read_bytes() == before
    assert not list(tmp_path.glob(".backup*"))
