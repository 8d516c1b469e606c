"""Is nothing left of a publication that was erased, whenever the erasure is interrupted, and everything else still there?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import StillInCollection, UnknownPublication
from corpus.shelf import removed_publications
from indexes.engines import open_shelf
from indexes.errors import BuildRunning, JobError, StillPublished
from indexes.jobs import Job, JobKind, JobState
from indexes.manifest import ModelIdentity
from indexes.uploads import keep_upload, new_upload
from ingest.erasure import Erased, erase_publication
from ingest.settings import IngestSettings
from ingest.worker import Workshop, run_next_job
from tests.reliability.installation import add_directly, served, settings_in, text_of, workshop_in

SECRET = "Miloslava Vokurkova"
"""Stands in the metadata and the text of the publication that is erased."""
NAME = "svedectvi"
TEXT = f"{SECRET} vypovídá o svém pobytu. {text_of(77)}"


def run(shop: Workshop, kind: JobKind, **parameters: Any) -> Job:
    """Ask for something, let it be done, and return how it ended."""
    shop.queue.enqueue(kind, parameters)
    job = run_next_job(shop)
    assert job is not None
    assert job.state is JobState.SUCCEEDED, job.error
    return job


def upload(shop: Workshop, text: str = TEXT) -> str:
    """Put a file where the service puts it, and return the id of the upload."""
    identifier, path = new_upload(shop.settings.state, f"{NAME}.txt")
    path.write_text(text, encoding="utf-8")
    keep_upload(shop.settings.state, identifier)
    return identifier


def add(shop: Workshop, kind: JobKind = JobKind.ADD, text: str = TEXT, title: str = SECRET) -> None:
    """Let a publication be added."""
    run(shop, kind, upload=upload(shop, text), id=NAME, metadata={"title": title})


def build(shop: Workshop) -> str:
    """Build and publish a release and return its id."""
    return str(run(shop, JobKind.BUILD, publish=True).result["release"])


def erase(folder: Path, name: str = NAME) -> Erased:
    """Erase a publication of the installation below `folder`."""
    shop = workshop_in(folder)
    try:
        caches = [folder / "state" / "pictures"]
        return erase_publication(name, shop.settings, IngestSettings(readers=1), shop.shelf, shop.queue, caches=caches)
    finally:
        shop.queue.close()


def left_of(folder: Path) -> set[str]:
    """Return where something of the publication is still found."""
    state, shelf = folder / "state", open_shelf(settings_in(folder))
    found = {"versions"} if list((state / "removed").glob(f"{NAME}-*")) else set()
    for release_id in shelf.ids():
        index = shelf.open(release_id)
        found |= {"releases"} if index.document(NAME) or index.receipt(NAME) else set()
        index.close()
    for place in ("removed", "readings", "uploads", "pictures", "vectors"):
        texts = [file.read_bytes() for file in (state / place).rglob("*") if file.is_file()]
        found |= {place} if any(SECRET.encode() in text for text in texts) else set()
    originals = [file.read_bytes() for file in (folder / "releases" / "sources").iterdir()]
    found |= {"originals"} if TEXT.encode() in originals else set()
    jobs = b"".join(file.read_bytes() for file in state.glob("jobs.sqlite*"))
    found |= {"jobs"} if SECRET.encode() in jobs or NAME.encode() in jobs else set()
    found |= {"corpus"} if any(TEXT.encode() == f.read_bytes() for f in (folder / "corpus").rglob("*.txt")) else set()
    return found


@pytest.fixture(scope="module")
def removed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation that has removed a publication and published a release without it; to be copied.

    Something of it stands everywhere where anything can be left, also by interrupted uploads, additions and builds.
    """
    folder = tmp_path_factory.mktemp("removed")
    shop = workshop_in(folder)
    add_directly(folder, 1)
    add(shop)
    build(shop)
    run(shop, JobKind.REMOVE, id=NAME)
    build(shop)
    state = folder / "state"
    upload(shop)  # never acknowledged
    for place in ("readings/1-abcd", "pictures", "vectors/0123"):
        (state / place).mkdir(parents=True, exist_ok=True)
        (state / place / "left.png").write_text(TEXT, encoding="utf-8")
    (folder / "corpus" / ".incoming-killed").mkdir()
    (folder / "corpus" / ".incoming-killed" / f"{NAME}.txt").write_text(TEXT, encoding="utf-8")
    shop.queue.close()
    return folder


@pytest.fixture
def folder(removed: Path, tmp_path: Path) -> Path:
    """A copy of the installation."""
    return Path(shutil.copytree(removed, tmp_path / "installation"))


def test_nothing_is_left_of_an_erased_publication(folder: Path) -> None:
    """Neither original nor text, receipt, reading, picture or title; the rest is served as before."""
    before = served(folder)
    gone = erase(folder)
    assert left_of(folder) == set()
    assert (gone.version_count, len(gone.releases), gone.job_count) == (1, 1, 2)
    assert served(folder) == before
    shop = workshop_in(folder)
    assert removed_publications(shop.settings.removed) == []
    assert [job.kind for job in shop.queue.jobs()] == [JobKind.BUILD, JobKind.BUILD]
    build(shop)
    assert served(folder)[1] == ["zprava-1"]
    shop.queue.close()


def test_the_test_would_see_whatever_is_left(folder: Path) -> None:
    """Negative control: before the erasure something is found in every place."""
    places = {"versions", "releases", "removed", "readings", "uploads", "pictures", "vectors", "originals", "jobs"}
    assert left_of(folder) == places | {"corpus"}


class Killed(BaseException):
    """The process ends here."""


def killed_before(number: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Let the process end before its n-th change of the disk; return a function that tells whether it did."""
    count = 0

    def counting(change: Callable[..., Any]) -> Callable[..., Any]:
        def changed(*arguments: Any, **named: Any) -> Any:
            nonlocal count
            count += 1
            if count >= number:  # nothing happens any more, also where somebody cleans up
                raise Killed
            return change(*arguments, **named)

        return changed

    for name in ("unlink", "rmdir", "rename", "replace", "fsync"):
        monkeypatch.setattr(os, name, counting(getattr(os, name)))
    return lambda: count >= number


def test_an_erasure_that_is_killed_is_finished_by_asking_again(removed: Path, tmp_path: Path) -> None:
    """Before every change of the disk: the published release is served whole, and what is left can be found and erased."""
    served_before = served(removed)
    for number in range(1, 1000):
        folder = Path(shutil.copytree(removed, tmp_path / "installation"))
        with pytest.MonkeyPatch.context() as patch:
            was_killed = killed_before(number, patch)
            with suppress(Killed):
                erase(folder)
        assert served(folder) == served_before
        if not was_killed():
            break
        left = left_of(folder)
        assert not left or "versions" in left, number
        if left:
            erase(folder)
        assert left_of(folder) == set(), number
        shutil.rmtree(folder)
    assert number > 20


def test_what_readers_still_find_is_not_erased(tmp_path: Path) -> None:
    """In the collection, or removed but still in the published release: nothing happens before both are past."""
    shop = workshop_in(tmp_path)
    add_directly(tmp_path, 1)
    add(shop)
    with_it = build(shop)
    with pytest.raises(StillInCollection, match="pramen remove"):
        erase(tmp_path)
    run(shop, JobKind.REMOVE, id=NAME)
    with pytest.raises(StillPublished, match="pramen build --publish"):
        erase(tmp_path)
    assert shop.shelf.published() == with_it
    assert {"versions", "releases", "originals", "jobs"} <= left_of(tmp_path)
    shop.queue.close()


def test_an_earlier_version_is_erased_and_the_present_one_stays(tmp_path: Path) -> None:
    """A publication that was replaced by one without the names: only what was before goes."""
    shop = workshop_in(tmp_path)
    add(shop)
    with_names = build(shop)
    add(shop, JobKind.REPLACE, text_of(78), "Svědectví")
    with pytest.raises(StillPublished):
        erase(tmp_path)
    without = build(shop)
    assert erase(tmp_path).releases == (with_names,)
    assert served(tmp_path) == (without, [NAME])
    assert left_of(tmp_path) == {"releases", "jobs"}  # of the present version, by its id
    assert shop.queue.jobs(1)[0].result["documents"][0]["document_id"] == NAME
    assert not any(SECRET.encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    with pytest.raises(StillInCollection):
        erase(tmp_path)
    shop.queue.close()


def test_an_unknown_id_is_told(folder: Path) -> None:
    """Also one that only resembles another."""
    for name in ("svedectv", "svedectvi-2"):
        with pytest.raises(UnknownPublication, match=name):
            erase(folder, name)
    assert "versions" in left_of(folder)


def test_nothing_is_erased_while_a_job_or_a_build_is_about_it(folder: Path) -> None:
    """A version that is being brought back, and a build that began before the removal."""
    shop = workshop_in(folder)
    job = shop.queue.enqueue(JobKind.BRING_BACK, {"id": NAME, "name": "x"})
    with pytest.raises(JobError, match=f"job {job.id}"):
        erase(folder)
    assert len(shop.shelf.ids()) == 2
    shop.queue.cancel(job.id)
    writer = shop.shelf.begin(ModelIdentity("m", "f", 4))
    with pytest.raises(BuildRunning):
        erase(folder)
    writer.abort()
    assert "versions" in left_of(folder)
    erase(folder)
    assert left_of(folder) == set()
    shop.queue.close()
