"""Does an installation whose only release has lost its manifest say what to do, and does that help?"""

from __future__ import annotations

from pathlib import Path

from indexes.jobs import JobKind, JobState
from ingest.worker import run_next_job
from qa_service.doctor import examine
from tests.reliability.installation import add_directly, served, settings_in, workshop_in


def test_the_remedy_that_the_doctor_names_brings_search_back(tmp_path: Path) -> None:
    """The published release is named with its remedy; the next build publishes one that is sound."""
    shop = workshop_in(tmp_path)
    add_directly(tmp_path, 1)
    shop.queue.enqueue(JobKind.BUILD, {"publish": True})
    run_next_job(shop)
    lost = shop.shelf.published()
    (shop.settings.releases / str(lost) / "manifest.json").unlink()
    check = next(check for check in examine(settings_in(tmp_path)) if check.name == "published release")
    assert (check.is_sound, str(lost) in check.found) == (False, True)
    assert "pramen build --publish" in check.remedy
    shop.queue.enqueue(JobKind.BUILD, {"publish": True})
    job = run_next_job(shop)
    assert job is not None
    assert job.state is JobState.SUCCEEDED, job.error
    assert served(tmp_path) == (shop.shelf.published(), ["zprava-1"])
    shop.queue.close()
