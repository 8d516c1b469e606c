"""How much does the service add to the search itself, how fast is it ready, and how much memory does it hold?

A release of PASSAGES passages of made-up sentences with random vectors (the time of a search does not depend on what
they mean) is served by `pramen serve` on one core. The same queries are asked over HTTP, in process, and of the three
libraries by themselves: one embedding, one FAISS search, one tantivy search, which is the floor. On a machine that does
other things too, believe the CPU time rather than the wall clock.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import numpy as np

from corpus.document import DocumentKind, Metadata
from indexes.analysis import query_terms
from indexes.contract import EmbeddedPassage
from indexes.embedding import Embedder, open_embedder
from indexes.engines import open_shelf
from indexes.passage import Filters
from indexes.settings import IndexSettings
from qa_service.assembly import model_identity, open_retriever, opened
from qa_service.query import Query
from tests.contracts.collection import entry

PASSAGES = int(os.environ.get("BENCH_PASSAGES", "10000"))
PASSAGES_OF_A_DOCUMENT = 50
SENTENCES = 8
SEARCHES = int(os.environ.get("BENCH_SEARCHES", "300"))
WARM_UP = 20
CANDIDATES = 200
WORDS = [
    "integrace",
    "cizinec",
    "obec",
    "škola",
    "kurz",
    "čeština",
    "pobyt",
    "povolení",
    "město",
    "úřad",
    "rodina",
    "práce",
    "zdraví",
    "pojištění",
    "tlumočník",
    "integration",
    "foreigner",
    "municipality",
    "school",
    "course",
    "Czech",
    "residence",
    "permit",
    "city",
    "office",
    "family",
    "work",
    "health",
    "insurance",
]
QUERIES = [
    "jazykové kurzy pro cizince",
    "zdravotni pojisteni cizincu",
    "how do towns cooperate",
    "residence permit of a family",
    "tlumočník ve škole",
]


def main() -> None:
    """Print the report."""
    folder = Path(tempfile.mkdtemp(prefix="pramen-bench-"))
    try:
        settings = IndexSettings(corpus=folder / "corpus", releases=folder / "releases", state=folder / "state")
        embedder = open_embedder(settings.model)
        _write_release(settings, embedder)
        tell(f"{PASSAGES} passages, {SEARCHES} searches, one core; load average {os.getloadavg()[0]:.1f}")
        floor, process = _measured_in_process(settings, embedder)
        _report_service(folder, floor, process)
    finally:
        shutil.rmtree(folder)


def _write_release(settings: IndexSettings, embedder: Embedder) -> None:
    rng, words = np.random.default_rng(1), random.Random(1)
    shelf = open_shelf(settings)
    writer = shelf.begin(model_identity(embedder))
    for number in range(PASSAGES // PASSAGES_OF_A_DOCUMENT):
        texts = [
            [f"{' '.join(words.choices(WORDS, k=14)).capitalize()} {words.randrange(10**6)}." for _ in range(SENTENCES)]
            for _ in range(PASSAGES_OF_A_DOCUMENT)
        ]
        metadata = Metadata(title=f"Zpráva {number}", year=2000 + number % 25, kind=DocumentKind.REPORT, language="cs")
        made = entry(f"zprava-{number:05}", texts, metadata)
        vectors = rng.normal(size=(len(made.passages), embedder.dimension)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        of_sentences = rng.integers(-20, 20, (SENTENCES, embedder.dimension), dtype=np.int8)
        passages = [
            EmbeddedPassage(each.passage, each.input_hash, vector, of_sentences)
            for each, vector in zip(made.passages, vectors, strict=True)
        ]
        writer.add(made.document, made.text, made.source, passages)
    shelf.publish(writer.commit())


def _measured_in_process(settings: IndexSettings, embedder: Embedder) -> tuple[Times, Times]:
    """Return the times in ms of the bare libraries and of the retriever, asked in turn."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    retriever = open_retriever(embedder)
    floor, process = Times([], 0), Times([], 0)
    with opened(open_shelf(settings), model_identity(embedder)) as index:

        def bare(text: str) -> None:
            index.nearest(embedder.embed_query(text), CANDIDATES, Filters())
            index.matching(query_terms(text, None), CANDIDATES, Filters())

        for number in range(SEARCHES + WARM_UP):
            text = f"{QUERIES[number % len(QUERIES)]} {number}"
            is_warm = number >= WARM_UP
            floor.add(lambda text=text: bare(text), is_kept=is_warm)
            process.add(lambda text=text: retriever.search(index, Query(text)), is_kept=is_warm)
    return floor, process


@dataclass
class Times:
    """Wall times in ms, one for each search, and the CPU time in ms of all of them."""

    wall: list[float]
    cpu: float

    def add(self, work: Callable[[], object], *, is_kept: bool) -> None:
        """Do some work and note how long it took."""
        cpu, began = time.process_time(), time.perf_counter()
        work()
        if is_kept:
            self.wall.append((time.perf_counter() - began) * 1000)
            self.cpu += (time.process_time() - cpu) * 1000


def _report_service(folder: Path, floor: Times, process: Times) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PRAMEN_")}
    paths = {f"PRAMEN_{name.upper()}": str(folder / name) for name in ("corpus", "releases", "state")}
    command = [sys.executable, "-m", "qa_service", "serve", "--port", str(port)]
    began = time.perf_counter()
    with (folder / "log").open("wb") as log:
        service = subprocess.Popen(command, env=environment | paths, stderr=log)
    try:
        while not _is_ready(port):
            if service.poll() is not None:
                raise RuntimeError((folder / "log").read_text(encoding="utf-8"))
            time.sleep(0.005)
        ready, ready_cpu = time.perf_counter() - began, _cpu_ms(service.pid) / 1000
        http = _measured_over_http(port, service.pid)
        memory = _resident_mb(service.pid)
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(20)
    tell("\n| | CPU ms a search | p50 ms | p95 ms |\n| --- | --- | --- | --- |")
    for name, times in (("floor: embedding, FAISS, tantivy", floor), ("in process", process), ("over HTTP", http)):
        p95 = statistics.quantiles(times.wall, n=20)[-1]
        tell(f"| {name} | {times.cpu / SEARCHES:.1f} | {statistics.median(times.wall):.1f} | {p95:.1f} |")
    tell(f"\nthe service's own share of the CPU time over HTTP: {1 - floor.cpu / http.cpu:.0%}")
    tell(
        f"process start to ready: {ready:.2f} s, of it {ready_cpu:.2f} s of CPU; resident after the searches: {memory:.0f} MB"
    )


def tell(line: str) -> None:
    """Write a line of the report."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _is_ready(port: int) -> bool:
    try:
        return _get(port, "/readyz")[0] == 200
    except OSError:
        return False


def _get(port: int, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _measured_over_http(port: int, process: int) -> Times:
    """Return the times over one connection that is kept, as a browser keeps it; the CPU time is the service's."""
    connection, times = HTTPConnection("127.0.0.1", port, timeout=20), Times([], 0)
    for number in range(SEARCHES + WARM_UP):
        path = f"/api/v1/search?q={quote(f'{QUERIES[number % len(QUERIES)]} {number}')}"

        def ask(path: str = path) -> None:
            connection.request("GET", path)
            assert "hits" in json.loads(connection.getresponse().read())

        cpu = _cpu_ms(process)
        times.add(ask, is_kept=number >= WARM_UP)
        if number == WARM_UP:
            before = cpu
        time.sleep(0.02)  # under the rate that one address may ask at
    connection.close()
    return Times(times.wall, _cpu_ms(process) - before)


def _cpu_ms(process: int) -> float:
    """Return the CPU time that a process has used (proc(5): utime and stime, fields 14 and 15)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _resident_mb(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
