"""How much does the service add to the search itself, how fast is it ready, and how much memory does it hold?

The synthetic collection and queries of the report `search`, served by `pramen serve` on one core. The same queries are
asked over HTTP, in process, and of the three libraries by themselves, which is the floor: one embedding, one FAISS search
and one tantivy search; once for the words as typed, once for all the weighted terms (translations, glossary) that a search
across languages asks tantivy for. Each query is asked ROUNDS times and its best time counts, so that other programs on the
machine disturb little; believe the CPU time rather than the wall clock all the same.
BENCH_PASSAGES=100000 in the environment asks ten times as many passages.
"""

from __future__ import annotations

import json
import os
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

import faiss
import numpy as np
import tantivy

from indexes.analysis import query_terms
from indexes.contract import PassageIndex
from indexes.embedding import Embedder, open_embedder
from indexes.embedding.embedder import FloatArray
from indexes.engines import open_shelf
from indexes.language import detect_query_language
from indexes.passage import WeightedTerm
from indexes.settings import IndexSettings
from qa_service.assembly import model_identity, open_retriever, opened
from qa_service.query import Query
from qa_service.retrieval import Retriever
from tests.benchmarks.bench_search import ask, build, vocabulary

PASSAGES = int(os.environ.get("BENCH_PASSAGES", "10000"))
SEARCHES = 60
ROUNDS = 5
CANDIDATES = 200


def main() -> None:
    """Print the report."""
    folder = Path(tempfile.mkdtemp(prefix="pramen-bench-"))
    try:
        settings = IndexSettings(corpus=folder / "corpus", releases=folder / "releases", state=folder / "state")
        embedder = open_embedder(settings.model)
        words = vocabulary()
        build(settings.releases, embedder, PASSAGES, words, np.random.default_rng(0)).close()
        shelf = open_shelf(settings)
        shelf.publish(shelf.ids()[-1])
        queries = list(ask(words, np.random.default_rng(1)))
        tell(f"{PASSAGES:,} passages, {SEARCHES} searches, one core; load average {os.getloadavg()[0]:.1f}")
        rows = _measured_in_process(settings, embedder, queries)
        _report_service(folder, queries, rows)
    finally:
        shutil.rmtree(folder)


class Floor:
    """The libraries by themselves, over the files of one release."""

    def __init__(self, release: Path, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors = faiss.read_index(str(release / "vectors.faiss"), faiss.IO_FLAG_MMAP_IFC)
        self._terms = tantivy.Index.open(str(release / "lexical"))
        self._searcher = self._terms.searcher()
        faiss.omp_set_num_threads(1)

    def search(self, query: Query, terms: list[WeightedTerm]) -> None:
        """Embed the query, scan the vectors, and look for any of the terms."""
        vector: FloatArray = self._embedder.embed_query(query.text)
        self._vectors.search(vector[np.newaxis], CANDIDATES)
        clauses = [
            (
                tantivy.Occur.Should,
                _boosted(tantivy.Query.term_query(self._terms.schema, "terms", one.term, "freq"), one),
            )
            for one in terms
        ]
        self._searcher.search(tantivy.Query.boolean_query(clauses), CANDIDATES)


def _boosted(query: tantivy.Query, term: WeightedTerm) -> tantivy.Query:
    return query if term.weight == 1 else tantivy.Query.boost_query(query, term.weight)


def _measured_in_process(settings: IndexSettings, embedder: Embedder, queries: list[Query]) -> dict[str, Times]:
    """Return the times of the bare libraries and of the retriever, asked in turn on one core."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    retriever = open_retriever(embedder)
    names = ("floor: the words as typed", "floor: all terms of the search", "in process")
    typed, widened, process = rows = [Times([], []) for _ in names]
    with opened(open_shelf(settings), model_identity(embedder)) as index:
        floor = Floor(settings.releases / index.manifest.release_id, embedder)
        for query in queries[:SEARCHES]:
            terms, own = _asked_for(retriever, index, query), query_terms(query.text, None)
            typed.add(lambda query=query, own=own: floor.search(query, own), time.process_time)
            widened.add(lambda query=query, terms=terms: floor.search(query, terms), time.process_time)
            process.add(lambda query=query: retriever.search(index, query), time.process_time)
    return dict(zip(names, rows, strict=True))


def _asked_for(retriever: Retriever, index: PassageIndex, query: Query) -> list[WeightedTerm]:
    """Return the terms that a search asks the lexical leg for."""
    _, lexical, _ = retriever._asked(index, query, query.language or detect_query_language(query.text))
    return list(lexical.terms)


@dataclass(frozen=True)
class Times:
    """The best wall time and the best CPU time of each search, in ms."""

    wall: list[float]
    cpu: list[float]

    def add(self, work: Callable[[], object], cpu_seconds: Callable[[], float]) -> None:
        """Do some work ROUNDS times and note its best times; `cpu_seconds` is the clock of who does it."""
        walls, cpus = [], []
        for _ in range(ROUNDS):
            cpu, began = cpu_seconds(), time.perf_counter()
            work()
            walls.append((time.perf_counter() - began) * 1000)
            cpus.append((cpu_seconds() - cpu) * 1000)
        self.wall.append(min(walls))
        self.cpu.append(min(cpus))


def _report_service(folder: Path, queries: list[Query], rows: dict[str, Times]) -> None:
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
        ready, ready_cpu = time.perf_counter() - began, _cpu_seconds(service.pid)
        rows["over HTTP"] = _measured_over_http(port, service.pid, queries)
        memory, peak = (_memory_mb(service.pid, field) for field in ("VmRSS", "VmHWM"))
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(20)
    cpu = {name: statistics.fmean(times.cpu) for name, times in rows.items()}
    floor = cpu["floor: all terms of the search"]
    tell("\n| | CPU ms a search | p50 ms | p95 ms | times the floor |\n| --- | --- | --- | --- | --- |")
    for name, times in rows.items():
        p95 = statistics.quantiles(times.wall, n=20)[-1]
        shown = f"{cpu[name]:.1f} | {statistics.median(times.wall):.1f} | {p95:.1f}"
        tell(f"| {name} | {shown} | {cpu[name] / floor:.2f} |")
    for name in ("in process", "over HTTP"):
        tell(f"the service's own share of the CPU time {name}: {1 - floor / cpu[name]:.0%}")
    tell(f"process start to ready: {ready:.2f} s, of it {ready_cpu:.2f} s of CPU")
    tell(f"resident after the searches: {memory:.0f} MB, at most {peak:.0f} MB")


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


def _measured_over_http(port: int, process: int, queries: list[Query]) -> Times:
    """Return the times over one connection that is kept, as a browser keeps it; the CPU time is the service's."""
    connection, times = HTTPConnection("127.0.0.1", port, timeout=20), Times([], [])
    for query in queries[:SEARCHES]:

        def ask(path: str = f"/api/v1/search?q={quote(query.text)}") -> None:
            connection.request("GET", path)
            assert "hits" in json.loads(connection.getresponse().read())

        times.add(ask, lambda: _cpu_seconds(process))
        time.sleep(0.02 * ROUNDS)  # under the rate that one address may ask at
    connection.close()
    return times


def _cpu_seconds(process: int) -> float:
    """Return the CPU time that the threads of a process have used (its first figure in schedstat, in nanoseconds)."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(thread.read_text(encoding="ascii").split()[0]) for thread in threads) / 1e9


def _memory_mb(process: int, field: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024
