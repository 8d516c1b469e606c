"""Is nobody cut off when the service is told to stop, and does search go on while a re-index runs?"""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from corpus.document import Document, Metadata
from indexes.contract import EmbeddedPassage
from indexes.embedding import open_embedder
from indexes.jobs import JobQueue
from indexes.local.writer import LocalWriter
from indexes.manifest import ModelIdentity
from indexes.passage import DocumentText, Passage, passage_id
from indexes.settings import BUNDLED_MODEL
from tests.reliability.conftest import Effort
from tests.reliability.installation import add_directly, text_of
from tests.reliability.service import Answer, Load, Service, assert_answered, load, percentile, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.model]
CORES = "0,1"
PASSAGES = 20_000
REINDEXED = 600
"""How many publications the long form re-indexes under load, so that builds run all the time."""
UNLIMITED = "100000 per second"
SMALL_QUEUE = {"PRAMEN_SEARCH_QUEUE": "8"}


@pytest.fixture(scope="module")
def served_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation that the real command has built and published with the bundled model; to be copied."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "corpus").mkdir()
    for number in range(1, 6):
        add_directly(folder, number)
    assert Service(folder).stop() == 0
    return folder


@pytest.fixture
def folder(served_folder: Path, tmp_path: Path) -> Path:
    """A copy of the installation."""
    return Path(shutil.copytree(served_folder, tmp_path / "installation"))


def test_no_accepted_request_is_cut_off_by_sigterm(folder: Path, effort: Effort) -> None:
    """Stopped at random moments under ten searches a second: every request that was taken got its whole answer."""
    outcomes: Counter[int] = Counter()
    faults: list[str] = []
    slowest_s = 0.0
    for number in range(effort.of(10, 200)):
        service = Service(folder)
        searches = Load(service, 10, 4.0)
        with ThreadPoolExecutor(1) as beside:
            loading = beside.submit(searches.run)
            wait_until(lambda searches=searches: searches.answers)
            time.sleep(effort.chance.random() * 2)
            began = time.monotonic()
            assert service.stop() == 0
            slowest_s = max(slowest_s, time.monotonic() - began)
            answers = loading.result()
        outcomes.update(answer.status for answer in answers)
        faults += [f"{answer.fault} after {answer.took_s:.2f} s" for answer in answers if answer.fault]
        effort.tell(
            f"stop {number + 1}: answers by status (0: asked after the end, -1: cut off) {dict(outcomes)} {faults}; "
            f"slowest stop {slowest_s:.1f} s"
        )
    assert faults == []
    assert set(outcomes) <= {0, 200, 503}
    assert outcomes[200] > 0


def test_the_harness_sees_requests_that_are_cut_off(folder: Path) -> None:
    """Negative control: a service that is killed with requests in its hands, instead of stopped, cuts them off."""
    service = Service(folder)
    searches = Load(service, 100, 0.2)
    os.kill(service.process.pid, signal.SIGSTOP)  # what it is asked from now on it takes and cannot answer
    with ThreadPoolExecutor(1) as beside:
        loading = beside.submit(searches.run)
        wait_until(lambda: searches.sent == 20)
        service.kill()
        answers = loading.result()
    assert {answer.status for answer in answers} == {-1}


def test_search_goes_on_while_releases_are_built_and_published(folder: Path, effort: Effort) -> None:
    """Every request answered, each from one release that was published, while staff re-index again and again.

    The long form searches 20,000 passages and re-indexes hundreds of changed publications beside them.
    """
    rate, seconds = effort.of(8, 25), effort.of(12, 600)
    if effort.is_long:
        fill(folder, PASSAGES)
        for number in range(6, REINDEXED + 1):
            add_directly(folder, number)
    service = Service(folder, CORES, PRAMEN_KEEP_RELEASES="2", PRAMEN_SEARCH_RATE=UNLIMITED)
    try:
        warm(service)
        idle = load(service, 2, effort.of(4, 60))
        ended = threading.Event()
        publishing = threading.Thread(target=reindex, args=(service, folder, ended, effort.is_long))
        publishing.start()
        busy = load(service, rate, seconds)
        while publishing.is_alive() and not effort.is_long and len(releases_of(busy)) < 2:
            busy += load(service, rate, 1)  # until a release has been published: a busy machine builds slowly
        ended.set()
        publishing.join()
    finally:
        service.stop()
    ratio = percentile(busy, 0.99) / percentile(idle, 0.99)
    releases = releases_of(busy)
    builds = [job for job in JobQueue(folder / "state").jobs(limit=1000) if job.kind == "build" and job.started]
    effort.tell(
        f"{len(busy)} searches at {rate} a second, {len(releases)} releases seen, {len(builds)} builds; "
        f"p50 {percentile(busy, 0.5):.0f} ms, p99 {percentile(busy, 0.99):.0f} ms, "
        f"idle p50 {percentile(idle, 0.5):.0f} ms, p99 {percentile(idle, 0.99):.0f} ms, ratio of p99 {ratio:.1f}; "
        f"statuses {dict(Counter(answer.status for answer in busy))}"
    )
    assert_answered([answer.status for answer in busy], is_strict=effort.is_long)
    assert builds
    if effort.is_long:
        assert ratio <= 4
    else:
        assert len(releases) > 1


def test_too_much_is_refused_at_once_and_the_rest_is_answered(folder: Path, effort: Effort) -> None:
    """At four times the rate that it holds: no error but 429 and 503, each within a second, the rest answered."""
    held, seconds = 25, effort.of(4, 60)
    if effort.is_long:
        fill(folder, PASSAGES)
    service = Service(folder, CORES, PRAMEN_SEARCH_RATE=UNLIMITED, **effort.of(SMALL_QUEUE, {}))
    try:
        warm(service)
        idle = load(service, 2, effort.of(2, 30))
        answers = load(service, effort.of(6, 4) * held, seconds)
        time.sleep(effort.of(0, 30))
        after = load(service, 2, effort.of(2, 30))
    finally:
        service.stop()
    statuses = Counter(answer.status for answer in answers)
    refused = [answer for answer in answers if answer.status != 200]
    shed_ms = percentile(refused, 0.99) if refused else 0.0
    goodput = statuses[200] / seconds / held
    recovered = percentile(after, 0.99) / percentile(idle, 0.99)
    effort.tell(
        f"{len(answers)} searches in {seconds} s, statuses {dict(statuses)}: {goodput:.2f} of the rate that is held; "
        f"refusals p99 {shed_ms:.0f} ms; afterwards p99 {recovered:.1f} times that before"
    )
    assert set(statuses) <= {200, 429, 503}
    assert statuses[200] > 0
    if effort.is_long:
        assert shed_ms <= 1000
        assert goodput >= 0.8
        assert recovered <= 1.5


def test_the_harness_sees_a_service_that_refuses_nobody(folder: Path) -> None:
    """Negative control: with a queue without an end nobody is refused, and at some rate the last wait for seconds."""
    endless = {"PRAMEN_SEARCH_QUEUE": "100000", "PRAMEN_SEARCH_WAIT_S": "600", "PRAMEN_REQUEST_TIMEOUT_S": "600"}
    service = Service(folder, CORES, PRAMEN_SEARCH_RATE=UNLIMITED, **endless)
    try:
        warm(service)
        for rate in (300, 600, 1200):  # until it is more than this machine can do
            answers = load(service, rate, 2.0)
            assert {answer.status for answer in answers} == {200}
            if percentile(answers, 0.99) > 1000:
                return
    finally:
        service.stop()
    pytest.fail("nobody had to wait")


def releases_of(answers: list[Answer]) -> set[str]:
    """Return the releases from which answers came."""
    return {answer.release for answer in answers if answer.release}


def warm(service: Service) -> None:
    """Let the first searches load what later ones find loaded."""
    load(service, 5, 2.0)


def reindex(service: Service, folder: Path, ended: threading.Event, is_long: bool) -> None:
    """Change a publication and ask for a build, again and again, as staff would."""
    number = 0
    while not ended.is_set():
        number += 1
        for changed in range(1, REINDEXED + 1 if is_long else 2):
            file = folder / "corpus" / f"zprava-{changed}" / f"zprava {changed}.txt"
            file.write_text(text_of(REINDEXED * number + changed), encoding="utf-8")
        status, body = service.ask("/api/v1/admin/builds", "POST", {"publish": not is_long})
        assert status == 202, body
        job = json.loads(body).get("id") or json.loads(body)["job"]
        while not ended.wait(0.2):
            state = json.loads(service.ask(f"/api/v1/admin/jobs/{job}")[1])["state"]
            if state in {"succeeded", "failed", "canceled"}:
                assert state == "succeeded"
                break


def fill(folder: Path, passages: int) -> None:
    """Publish a release of so many passages of random words and vectors, as large as a real one to search."""
    embedder = open_embedder(str(BUNDLED_MODEL))
    model = ModelIdentity(embedder.name, embedder.fingerprint, embedder.dimension)
    random = np.random.default_rng(1)
    words = np.array(sorted({word.strip(".,") for number in range(400) for word in text_of(number).split()}))
    writer = LocalWriter(folder / "releases", model)
    for number in range(passages // 10):
        writer.add(*made_document(number, random, words, model.dimension))
    release_id = writer.commit()
    from indexes.local.pointer import publish_release

    publish_release(folder / "releases", release_id)


def made_document(
    number: int, random: np.random.Generator, words: np.ndarray, dimension: int
) -> tuple[Document, DocumentText, bytes, list[EmbeddedPassage]]:
    """Return a document of ten passages of eighty words."""
    name = f"dokument-{number}"
    texts = [" ".join(random.choice(words, 80)) + f" {number} {place}" for place in range(10)]
    source = "\n".join(texts).encode()
    embedded, start = [], 0
    for text in texts:
        vector = random.normal(size=dimension).astype(np.float32)
        vector /= np.linalg.norm(vector)
        passage = Passage(
            passage_id(name, None, text, 0), name, text, "cs", (), None, start, start + len(text), ((0, len(text)),)
        )
        digest = sha256(text.encode()).hexdigest()
        embedded.append(EmbeddedPassage(passage, digest, vector, np.rint(vector[None] * 127).astype(np.int8)))
        start += len(text) + 1
    document = Document(name, name, Metadata(), f"{name}.txt", "text/plain", sha256(source).hexdigest())
    return document, DocumentText(name, source.decode()), source, embedded
