"""From a folder of files to a cited answer and back again, as a person does it on a terminal."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexes.jobs import JobKind, JobQueue, JobState

ROOT = Path(__file__).resolve().parents[2]
CZECH = (
    "Poradna pro cizince v Lounech\n\n"
    "Poradna pro cizince v Lounech funguje od března 2018 a sídlí v budově městského úřadu.\n\n"
    "Za první rok ji navštívilo 412 lidí, nejčastěji kvůli prodloužení pobytu a zápisu dětí do školy.\n"
)
ENGLISH = (
    "Volunteer mentors in Louny\n\n"
    "The town of Louny pairs newcomers with volunteer mentors. In 2019 there were 37 pairs, and 29 of them met weekly.\n"
)

Pramen = Callable[..., subprocess.CompletedProcess[str]]


def environment_of(place: Path) -> dict[str, str]:
    """Return an environment with corpus, releases and state below `place`."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PRAMEN_")},
        "PRAMEN_CORPUS": str(place / "corpus"),
        "PRAMEN_RELEASES": str(place / "releases"),
        "PRAMEN_STATE": str(place / "state"),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
    }


def runner(place: Path) -> Pramen:
    """Return a function that runs `pramen` with corpus, releases and state below `place`, and the bundled model."""
    environment = environment_of(place)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "qa_service", *arguments]
        return subprocess.run(
            command, cwd=place, env=environment, capture_output=True, text=True, timeout=1200, check=False
        )

    return run


def fill(corpus: Path) -> Path:
    """Put two publications without sidecars into a corpus folder, one in each language."""
    corpus.mkdir()
    (corpus / "poradna.txt").write_text(CZECH, encoding="cp1250")
    (corpus / "mentors.md").write_text(ENGLISH, encoding="utf-8")
    return corpus


@pytest.fixture
def pramen(tmp_path: Path) -> Pramen:
    """Run `pramen` in an empty place of its own."""
    return runner(tmp_path)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two publications, not indexed yet."""
    return fill(tmp_path / "corpus")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Pramen:
    """Run `pramen` where the two publications are published; for tests that only read."""
    place = tmp_path_factory.mktemp("published")
    fill(place / "corpus")
    run = runner(place)
    body(run("build", "--publish", "--json"))
    return run


def body(finished: subprocess.CompletedProcess[str]) -> Any:
    """Return the JSON that a command printed; it must have ended well."""
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


@pytest.mark.model
def test_a_folder_of_files_becomes_searchable_in_one_command(pramen: Pramen, corpus: Path) -> None:
    """The receipt names every document, and a question finds the right one with its words as they stand there."""
    before = {file.name: file.read_bytes() for file in corpus.iterdir()}
    built = body(pramen("build", "--publish", "--json"))
    assert built["published"] is True
    assert {d["document_id"]: d["outcome"] for d in built["documents"]} == {"mentors": "indexed", "poradna": "indexed"}
    found = body(pramen("search", "kolik lidí přišlo do poradny v Lounech", "--lang", "cs", "--json"))
    assert ("poradna", built["release"]) == (found["hits"][0]["document"]["id"], found["release"])
    assert found["hits"][0]["text"] in CZECH.replace("\n\n", "\n")
    assert found["hits"][0]["pages"] is None
    assert before == {file.name: file.read_bytes() for file in corpus.iterdir()}


@pytest.mark.model
def test_a_damaged_release_gives_way_to_the_last_sound_one_and_stderr_says_so(
    pramen: Pramen, corpus: Path, tmp_path: Path
) -> None:
    """The hits are those of the earlier release; a sound one is searched without a word."""
    sound, newer = (body(pramen("build", "--publish", "--json"))["release"] for _ in range(2))
    search = ("search", "poradna v Lounech", "--json")
    before = pramen(*search)
    assert (body(before)["release"], before.stderr) == (newer, "")
    vectors = tmp_path / "releases" / newer / "vectors.faiss"
    vectors.write_bytes(vectors.read_bytes()[:-1])
    after = pramen(*search)
    assert body(after)["release"] == sound
    assert body(after)["hits"]
    assert f"searching release {sound} instead" in after.stderr


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "language", "document", "fact"),
    [
        ("Kolik lidí navštívilo poradnu v Lounech?", "cs", "poradna", "412"),
        ("Kolik lidi navstivilo poradnu v Lounech?", "cs", "poradna", "412"),
        ("How many pairs of newcomers and mentors were there in Louny?", "en", "mentors", "37"),
        ("Kolik dvojic s dobrovolnými mentory bylo v Lounech v roce 2019?", "cs", "mentors", "37"),
    ],
)
def test_a_question_is_answered_by_a_verbatim_quote(
    published: Pramen, question: str, language: str, document: str, fact: str
) -> None:
    """With and without diacritics, in both languages and across them."""
    answer = body(published("ask", question, "--lang", language, "--json"))
    assert answer["status"] == "answered"
    cited = {source["quote"]: source["document"]["id"] for source in answer["citations"]}
    assert [document] == [cited[quote] for quote in cited if fact in quote]
    assert all(quote in CZECH + ENGLISH for quote in cited)


@pytest.mark.model
def test_a_question_beyond_the_collection_is_declined(published: Pramen) -> None:
    """A refusal is a good answer: exit status 0, no claim, and the nearest passages to look at."""
    answer = body(published("ask", "Jak se pěstují rajčata ve skleníku?", "--lang", "cs", "--json"))
    assert (answer["status"], answer["claims"], answer["citations"]) == ("no_answer", [], [])


@pytest.mark.model
def test_publishing_and_rolling_back_change_what_is_found(pramen: Pramen, corpus: Path) -> None:
    """A removed publication is forgotten by the next release and comes back with the one before it."""
    body(pramen("build", "--publish", "--json"))
    assert pramen("remove", "mentors").returncode == 0
    body(pramen("build", "--publish", "--json"))
    ids = {hit["document"]["id"] for hit in body(pramen("search", "mentors Louny", "--json"))["hits"]}
    assert "mentors" not in ids
    assert pramen("rollback").returncode == 0
    ids = {hit["document"]["id"] for hit in body(pramen("search", "mentors Louny", "--json"))["hits"]}
    assert "mentors" in ids


@pytest.mark.model
def test_an_unpublished_build_changes_nothing_for_readers(pramen: Pramen, corpus: Path) -> None:
    """Until somebody publishes, search answers from the release before; then from the new one."""
    first = body(pramen("build", "--publish", "--json"))["release"]
    (corpus / "third.txt").write_text("Třetí zpráva mluví o komunitní zahradě v Žatci a jejích sousedech.", "utf-8")
    second = body(pramen("build", "--json"))
    assert second["published"] is False
    assert first == body(pramen("search", "komunitní zahrada v Žatci", "--json"))["release"]
    assert pramen("publish", second["release"]).returncode == 0
    found = body(pramen("search", "komunitni zahrada v zatci", "--json"))
    assert (second["release"], "third") == (found["release"], found["hits"][0]["document"]["id"])


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("search", "integrace"), 1, "pramen build --publish"),
        (("build", "--publish"), 1, "PRAMEN_CORPUS"),
        (("publish",), 1, "pramen build"),
        (("rollback",), 1, "release"),
        (("remove", "nic"), 1, "PRAMEN_CORPUS"),
        (("search",), 2, "QUERY"),
        (("serch", "x"), 2, "serch"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    pramen: Pramen, arguments: tuple[str, ...], status: int, words: str
) -> None:
    """The exit status tells refusal from wrong usage, and no traceback is ever shown."""
    finished = pramen(*arguments)
    assert status == finished.returncode, finished.stderr
    assert words in finished.stderr
    assert "Traceback" not in finished.stderr
    if status == 1:
        assert finished.stderr.strip().count("\n") == 0


def test_a_folder_that_cannot_be_written_to_is_told_in_one_line(pramen: Pramen, tmp_path: Path) -> None:
    """Staff read which folder it is, and no traceback; here a file stands in its place."""
    (tmp_path / "corpus").touch()
    (tmp_path / "zprava.txt").write_text("Text.", encoding="utf-8")
    finished = pramen("add", "zprava.txt")
    assert (finished.returncode, finished.stderr.count("\n")) == (1, 1)
    assert str(tmp_path / "corpus") in finished.stderr


@pytest.mark.model
def test_an_empty_corpus_publishes_nothing(pramen: Pramen, tmp_path: Path) -> None:
    """Zero documents are a refusal, and what was published before stays published."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    finished = pramen("build", "--publish")
    assert finished.returncode == 1
    assert not (tmp_path / "releases" / "CURRENT").exists()


@pytest.mark.model
def test_a_broken_file_costs_itself_alone(pramen: Pramen, corpus: Path) -> None:
    """The receipt says which file was refused and why; the others are searchable."""
    (corpus / "empty.pdf").write_bytes(b"")
    (corpus / "torn.pdf").write_bytes(b"%PDF-1.7\n1 0 obj")
    built = body(pramen("build", "--publish", "--json"))
    outcomes = {receipt["document_id"]: (receipt["outcome"], receipt["reasons"]) for receipt in built["documents"]}
    assert outcomes["empty"] == ("rejected", ["empty_file"])
    assert outcomes["torn"] == ("rejected", ["corrupt"])
    assert outcomes["poradna"] == ("indexed", [])


@pytest.mark.model
def test_another_model_than_the_release_was_made_with_is_refused_by_name(
    pramen: Pramen, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`serve` says which command makes a fitting release instead of answering from foreign vectors."""
    body(pramen("build", "--publish", "--json"))
    manifest = next((tmp_path / "releases").glob("*/manifest.json"))
    other = tmp_path / "other"
    shutil.copytree(tmp_path / "releases", other)
    changed = json.loads(manifest.read_text(encoding="utf-8"))
    changed["model"]["fingerprint"] = "0" * 64
    (other / manifest.parent.name / "manifest.json").write_text(json.dumps(changed), encoding="utf-8")
    (tmp_path / "pramen.toml").write_text("log_questions = false\n", encoding="utf-8")
    shutil.rmtree(tmp_path / "releases")
    other.rename(tmp_path / "releases")
    finished = pramen("serve", "--port", "0")
    assert finished.returncode == 1
    assert "pramen build --publish" in finished.stderr


@pytest.mark.model
def test_a_collection_that_nobody_judged_is_not_said_to_be_bad(published: Pramen) -> None:
    """There are no figures rather than zeros, and a line on stderr says why."""
    finished = published("evaluate", "--json")
    assert body(finished)["sets"] == {}
    assert "nothing to measure" in finished.stderr


@pytest.mark.model
def test_what_was_exported_is_searched_elsewhere(published: Pramen, tmp_path: Path) -> None:
    """The documents of an export are a corpus: another installation builds them and finds the same."""
    told = published("export", str(tmp_path / "out"))
    assert (told.returncode, "2 publications" in told.stdout) == (0, True), told.stderr
    shutil.copytree(tmp_path / "out" / "documents", tmp_path / "corpus")
    elsewhere = runner(tmp_path)
    body(elsewhere("build", "--publish", "--json"))
    question = ("search", "kolik lidí přišlo do poradny v Lounech", "--lang", "cs", "--json")
    here, there = (body(each(*question))["hits"][0] for each in (published, elsewhere))
    assert (here["document"]["id"], here["text"]) == (there["document"]["id"], there["text"])
    again = published("export", str(tmp_path / "out"))
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)


@pytest.mark.model
def test_a_removed_publication_is_deleted_for_good(pramen: Pramen, corpus: Path, tmp_path: Path) -> None:
    """Not before a release without it is published; the record of changes says what was asked for and what became of it."""
    body(pramen("build", "--publish", "--json"))
    assert pramen("remove", "poradna").returncode == 0
    refused = pramen("erase", "poradna", "--yes")
    assert (refused.returncode, "pramen build --publish" in refused.stderr) == (1, True)
    release = body(pramen("build", "--publish", "--json"))["release"]
    assert pramen("erase", "poradna").returncode == 1  # nobody is there to say that it is meant
    erased = pramen("erase", "poradna", "--yes")
    assert (erased.returncode, erased.stderr) == (0, "")
    assert [row["id"] for row in body(pramen("releases", "--json"))["releases"]] == [release]
    assert list((tmp_path / "state" / "removed").iterdir()) == []
    again = pramen("erase", "poradna", "--yes")
    assert (again.returncode, "nothing is kept" in again.stderr) == (1, True)
    lines = (tmp_path / "state" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    outcomes = [json.loads(line)["outcome"] for line in lines]
    assert outcomes == ["begun", "still_published", "begun", "erased", "begun", "unknown_publication"]


@pytest.mark.model
def test_a_worker_runs_apart_from_the_service(tmp_path: Path) -> None:
    """Under a service manager, with nothing on its standard input, it takes jobs until it is told to stop."""
    queue = JobQueue(tmp_path / "state")
    job = queue.enqueue(JobKind.PRUNE)
    command = [sys.executable, "-m", "qa_service", "work"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment_of(tmp_path), stdin=subprocess.DEVNULL) as worker:
        deadline = time.monotonic() + 600
        while queue.get(job.id).state is not JobState.SUCCEEDED and time.monotonic() < deadline:
            time.sleep(0.1)
        assert worker.poll() is None
        worker.terminate()
        assert worker.wait(600) == 0
    assert queue.get(job.id).state is JobState.SUCCEEDED
    queue.close()
