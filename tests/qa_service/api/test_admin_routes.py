"""Is what staff ask for written down before it is acknowledged, and refused at the door with a code where it must be?"""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from corpus.shelf import remove_publication
from indexes.jobs import JobFailure, JobKind, JobProgress, JobState
from indexes.uploads import uploaded_file

ADMIN = "/api/v1/admin"
TEXT = "Zpráva o integraci cizinců v obci.".encode()


def upload(client, *files, metadata=None):
    """Send files (name, content) with what is said about them."""
    data = {} if metadata is None else {"metadata": json.dumps(metadata)}
    return client.post(f"{ADMIN}/documents", files=[("file", file) for file in files], data=data)


def test_an_upload_is_on_the_disk_and_in_the_queue_before_it_is_acknowledged(admin, bench) -> None:
    """202 with the future id, the name it came under, and the job; the file waits under a name of ours."""
    answer = upload(admin, ("Zpráva 2019.txt", TEXT))
    accepted = answer.json()["documents"][0]
    job = bench.service.curation.queue.get(accepted["job"])
    assert answer.status_code == 202
    assert (accepted["id"], accepted["file_name"]) == ("zprava-2019", "Zpráva 2019.txt")
    assert (job.kind, job.state) == (JobKind.ADD, JobState.ENQUEUED)
    assert job.parameters["metadata"] == {}
    waiting = uploaded_file(bench.service.state, job.parameters["upload"])
    assert (waiting.name, waiting.read_bytes()) == ("zprava-2019.txt", TEXT)


def test_what_is_said_about_a_file_goes_with_it(admin, bench) -> None:
    """One object for all files, or a list with one for each."""
    upload(admin, ("a.txt", TEXT), ("b.txt", TEXT), metadata=[{"title": "A", "year": 2019}, {"id": "be", "tags": []}])
    jobs = bench.service.curation.queue.jobs()
    assert [(job.parameters["id"], job.parameters["metadata"]) for job in reversed(jobs)] == [
        ("a", {"title": "A", "year": 2019}),
        ("be", {"title": "b"}),
    ]


def test_files_of_one_name_get_ids_of_their_own(admin) -> None:
    """Nothing that was accepted is overwritten by what comes later."""
    ids = [upload(admin, ("zprava.txt", TEXT)).json()["documents"][0]["id"] for _ in range(3)]
    assert ids == ["zprava", "zprava-2", "zprava-3"]


def test_an_id_that_is_taken_needs_replace(admin, bench) -> None:
    """Without it the upload is refused; with it the job replaces."""
    assert upload(admin, ("a.txt", TEXT), metadata={"id": "zprava"}).status_code == 202
    refused = upload(admin, ("b.txt", TEXT), metadata={"id": "zprava"})
    replaced = upload(admin, ("b.txt", TEXT), metadata={"id": "zprava", "replace": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "publication_exists")
    assert bench.service.curation.queue.get(replaced.json()["documents"][0]["job"]).kind is JobKind.REPLACE


def test_what_was_removed_is_listed_and_can_be_asked_back(admin, bench) -> None:
    """By the name under which it is kept, unless its id is taken again."""
    corpus, removed = bench.folder / "corpus", bench.service.state / "removed"
    corpus.mkdir()
    (corpus / "zprava.txt").write_bytes(TEXT)
    remove_publication(corpus, "zprava", removed)
    (gone,) = admin.get("/api/v1/admin/removed").json()["removed"]
    assert (gone["id"], gone["title"], gone["file_name"]) == ("zprava", None, "zprava.txt")
    begun = admin.post(f"/api/v1/admin/removed/{gone['name']}/bring-back")
    assert (begun.status_code, begun.json()["kind"]) == (202, "bring_back")
    again = admin.post(f"/api/v1/admin/removed/{gone['name']}/bring-back")
    assert (again.status_code, again.json()["code"]) == (409, "publication_exists")
    assert admin.post("/api/v1/admin/removed/nowhere/bring-back").json()["code"] == "unknown_publication"


def archive() -> bytes:
    """Return an archive that is no Office file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("a.txt", "a")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.txt", b"", (422, "empty_file")),
        ("a.png", b"\x89PNG\r\n\x1a\n", (415, "unsupported_type")),
        ("a.zip", archive(), (415, "unsupported_type")),
        ("a.docx", TEXT, (415, "type_mismatch")),
        ("a.txt", b"%PDF-1.7", (415, "type_mismatch")),
        ("..", TEXT, (422, "bad_filename")),
        ("a/..", TEXT, (422, "bad_filename")),
        ("a\x1b[31m.txt", TEXT, (422, "bad_filename")),
        ("a" * 1100 + ".txt", TEXT, (422, "bad_filename")),
        ("a.docx", b"PK\x03\x04 broken", (422, "corrupt")),
    ],
)
def test_what_cannot_be_a_publication_is_refused_at_the_door(admin, bench, name, content, refusal) -> None:
    """The code is the reason code of the receipts; nothing is kept, no job is made."""
    answer = upload(admin, (name, content))
    assert (answer.status_code, answer.json()["code"]) == refusal
    assert bench.service.curation.queue.jobs() == []
    assert not list((bench.service.state / "uploads").glob("*"))


def test_files_are_taken_all_or_none(admin, bench) -> None:
    """One bad file among good ones leaves nothing behind."""
    answer = upload(admin, ("a.txt", TEXT), ("b.txt", b""))
    assert answer.json()["code"] == "empty_file"
    assert bench.service.curation.queue.jobs() == []
    assert not list((bench.service.state / "uploads").glob("*"))


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ({"colour": "red"}, "invalid_sidecar"),
        ({"year": "last"}, "invalid_sidecar"),
        ({"kind": "novel"}, "invalid_sidecar"),
        ({"id": "../etc"}, "invalid_id"),
        ({"replace": "false"}, "invalid_sidecar"),
        ([{}], None),
        ([{}, {}], "invalid_body"),
        ("text", "invalid_body"),
    ],
)
def test_a_description_that_cannot_be_taken_is_refused(admin, metadata, code) -> None:
    """Unknown keys, wrong types and foreign ids are told before anything is kept."""
    answer = upload(admin, ("a.txt", TEXT), metadata=metadata)
    assert answer.json().get("code") == code


def test_a_form_with_something_else_is_refused(admin) -> None:
    """No file, an unknown part, another kind of body."""
    assert admin.post(f"{ADMIN}/documents", data={"metadata": "{}"}, files={}).status_code == 415
    assert upload(admin, metadata={}).status_code in {415, 422}
    unknown = admin.post(f"{ADMIN}/documents", files={"file": ("a.txt", TEXT)}, data={"owner": "x"})
    assert unknown.json()["errors"][0] == {
        "parameter": "owner",
        "code": "unknown_parameter",
        "message": "Takový údaj neznáme.",
    }


def test_too_many_files_and_too_large_a_body_are_refused(start) -> None:
    """413 for the body, 400 for the count, both as problems."""
    client = start(admin_token="t" * 20, max_upload_mb=1, max_upload_files=2)
    client.headers["Authorization"] = f"Bearer {'t' * 20}"
    large = upload(client, ("a.txt", b"a" * 2_000_000))
    many = upload(client, *[(f"{n}.txt", TEXT) for n in range(3)])
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    assert (many.status_code, many.json()["code"]) == (400, "malformed")


def test_a_full_disk_refuses_uploads_and_builds_but_not_removals(admin, bench) -> None:
    """507; what makes room is always allowed."""
    folder = bench.folder / "corpus" / "stara"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_bytes(TEXT)
    (folder / "document.toml").write_text('title = "Stará"')
    bench.shelf.free_space = False
    assert upload(admin, ("a.txt", TEXT)).json()["code"] == "insufficient_storage"
    assert admin.post(f"{ADMIN}/builds", json={"publish": True}).status_code == 507
    assert admin.delete(f"{ADMIN}/documents/stara").status_code == 202


def test_changes_and_removals_become_jobs(admin, bench) -> None:
    """A change is laid over what is written; null takes a fact away; an unknown publication is 404."""
    folder = bench.folder / "corpus" / "zprava"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_bytes(TEXT)
    (folder / "document.toml").write_text('title = "Zpráva"\nyear = 2019\npublisher = "Město"')
    changed = admin.patch(f"{ADMIN}/documents/zprava", json={"year": 2020, "publisher": None})
    assert (changed.status_code, changed.json()["kind"]) == (202, "describe")
    assert changed.headers["location"] == f"{ADMIN}/jobs/{changed.json()['id']}"
    job = bench.service.curation.queue.get(changed.json()["id"])
    assert job.parameters == {"id": "zprava", "metadata": {"title": "Zpráva", "year": 2020}}
    assert admin.delete(f"{ADMIN}/documents/zprava").json()["kind"] == "remove"
    assert admin.delete(f"{ADMIN}/documents/none").json()["code"] == "unknown_publication"
    assert admin.patch(f"{ADMIN}/documents/zprava", json={"colour": "red"}).json()["code"] == "invalid_sidecar"


def test_a_build_is_asked_for_and_can_be_followed(admin, bench) -> None:
    """202 with Location; the job tells its state, progress, error and log."""
    answer = admin.post(f"{ADMIN}/builds", json={"publish": True})
    queue = bench.service.curation.queue
    assert answer.status_code == 202
    claimed = queue.claim()
    queue.report(claimed.id, JobProgress("embed", 3, 10))
    queue.log(claimed.id, "attempt 1")
    body = admin.get(answer.headers["location"]).json()
    assert (body["kind"], body["state"], body["error"]) == ("build", "running", None)
    assert (body["progress"]["step"], body["progress"]["done"], body["progress"]["total"]) == ("embed", 3, 10)
    assert body["log"][-1]["line"] == "attempt 1"
    queue.fail(claimed.id, JobFailure("nothing_indexed", "no document could be read"))
    assert admin.get(answer.headers["location"]).json()["error"]["code"] == "nothing_indexed"


def test_a_job_that_has_ended_is_told_as_one_event(admin, bench) -> None:
    """The stream ends with the job."""
    queue = bench.service.curation.queue
    job = queue.enqueue(JobKind.BUILD)
    queue.cancel(job.id)
    answer = admin.get(f"{ADMIN}/jobs/{job.id}", headers={"Accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith("event: done")
    assert json.loads(answer.text.split("data: ")[1].split("\r\n")[0])["state"] == "canceled"


def test_jobs_are_listed_newest_first_and_canceled(admin, bench) -> None:
    """With a cursor; a finished job cannot be canceled; an unknown one is 404."""
    queue = bench.service.curation.queue
    ids = [queue.enqueue(JobKind.BUILD).id for _ in range(3)]
    page = admin.get(f"{ADMIN}/jobs", params={"limit": 2}).json()
    assert [job["id"] for job in page["jobs"]] == ids[:0:-1]
    assert [job["id"] for job in admin.get(f"{ADMIN}/jobs", params={"cursor": page["next"]}).json()["jobs"]] == ids[:1]
    assert admin.delete(f"{ADMIN}/jobs/{ids[0]}").json()["state"] == "canceled"
    assert admin.delete(f"{ADMIN}/jobs/{ids[0]}").status_code == 409
    assert admin.get(f"{ADMIN}/jobs/none").json()["code"] == "unknown_job"


def test_releases_are_listed_and_published_by_a_job(admin, bench) -> None:
    """An unknown release is gone; publishing and rolling back are jobs."""
    listed = admin.get(f"{ADMIN}/releases").json()["releases"]
    assert [(release["id"], release["is_published"]) for release in listed] == [("r1", True)]
    assert admin.post(f"{ADMIN}/releases/r1/publish").json()["kind"] == "publish"
    gone = admin.post(f"{ADMIN}/releases/r0/publish")
    assert (gone.status_code, gone.json()["code"]) == (410, "release_gone")
    assert "zvolte jiné" in gone.json()["detail"]
    assert admin.post(f"{ADMIN}/rollback").json()["kind"] == "roll_back"


def test_receipts_come_from_the_newest_build(admin, bench) -> None:
    """Those of the release, and those of a later build that could index nothing."""
    assert admin.get(f"{ADMIN}/receipts/zprava-brno").json()["outcome"] == "indexed"
    assert admin.get(f"{ADMIN}/receipts/none").json()["code"] == "unknown_receipt"
    queue = bench.service.curation.queue
    queue.enqueue(JobKind.BUILD)
    receipt = {"document_id": "sken", "outcome": "quarantined", "reasons": ["no_text_layer"]}
    queue.fail(queue.claim().id, JobFailure("nothing_indexed", ""), {"documents": [receipt]})
    assert admin.get(f"{ADMIN}/receipts/sken").json()["reasons"] == ["no_text_layer"]
    assert [each["document_id"] for each in admin.get(f"{ADMIN}/receipts").json()["receipts"]] == ["sken"]


def test_every_change_is_written_down_with_who_asked_for_it(admin) -> None:
    """Also one that was refused; never the token."""
    upload(admin, ("a.txt", TEXT))
    upload(admin, ("a.txt", b""))
    admin.delete(f"{ADMIN}/documents/none")
    admin.post(f"{ADMIN}/builds", json={"publish": "yes"})
    actions = admin.get(f"{ADMIN}/audit").json()["actions"]
    assert [(each["action"], each["outcome"], each["actor"]) for each in actions] == [
        (f"POST {ADMIN}/builds", "invalid_body", "admin"),
        (f"DELETE {ADMIN}/documents/{{document_id}}", "unknown_publication", "admin"),
        (f"POST {ADMIN}/documents", "empty_file", "admin"),
        (f"POST {ADMIN}/documents", 202, "admin"),
    ]
    assert actions[1]["subject"] == {"document_id": "none"}
    assert "an-invented-admin-token" not in json.dumps(actions)


def test_a_sign_in_is_written_down_with_who_signed_in(admin) -> None:
    """Before it, nobody knows who asks; a wrong token names nobody."""
    nobody = {"Authorization": ""}
    right = {"token": admin.headers["Authorization"].removeprefix("Bearer ")}
    assert admin.post(f"{ADMIN}/session", json=right, headers=nobody).status_code == 200
    admin.cookies.clear()
    assert admin.post(f"{ADMIN}/session", json={"token": "wrong"}, headers=nobody).status_code == 401
    refused, signed_in = admin.get(f"{ADMIN}/audit").json()["actions"]
    assert (signed_in["actor"], signed_in["subject"]) == ("anonymous", {"name": "admin"})
    assert (refused["actor"], refused["subject"]) == ("anonymous", {})


def test_publications_are_listed_with_how_their_reading_went(admin, bench) -> None:
    """What was written, and whether search finds it."""
    folder = bench.folder / "corpus" / "zprava-brno"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_bytes(TEXT)
    (folder / "document.toml").write_text('title = "Zpráva"')
    (bench.folder / "corpus" / "nova.txt").write_bytes(TEXT)
    listed = admin.get(f"{ADMIN}/documents").json()["documents"]
    told = {each["id"]: (each["given"].get("title"), each["outcome"], each["is_searchable"]) for each in listed}
    assert told == {"zprava-brno": ("Zpráva", "indexed", True), "nova": (None, None, False)}
