"""A service over a release in memory, with stand-ins for searching and answering that do what they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from corpus.document import Document, DocumentKind, Metadata
from indexes.analysis import ANALYSIS_VERSION
from indexes.errors import DiskFull, EmbeddingError, UnknownRelease
from indexes.manifest import Manifest, ModelIdentity
from indexes.passage import PageSpan, Passage
from indexes.settings import IndexSettings
from qa_service.answering.answerer import Answer, Claim, Mode, QuotedSource, Reason, Status, events_of
from qa_service.api.app import build_service, create_app
from qa_service.logging import configure_logging
from qa_service.retrieval import AlsoSearched, Explanation, RankedPassage, SearchResult
from qa_service.settings import ServiceSettings
from qa_service.supervisor import WorkerSupervisor

MODEL = ModelIdentity("stand-in", "f" * 64, 4)
EXPLANATION = Explanation(0.5, 1.0, 0.5, 0.5, 0.7)
SOURCE = b"%PDF-1.7 the original"
PATIENCE = {"embedding_timeout_s": 600.0, "search_wait_s": 600.0, "request_timeout_s": 600.0}
"""Where a limit of time is not what is tested, a slow machine reaches none."""


def document(identity: str, title: str, file_name: str = "") -> Document:
    """Return a document with everything that a reader may be shown."""
    metadata = Metadata(
        title=title,
        authors=("Jana Nováková",),
        publisher="Město Brno",
        year=2019,
        kind=DocumentKind.REPORT,
        language="cs",
    )
    return Document(identity, title, metadata, file_name or f"{identity}.pdf", "application/pdf", "0" * 64)


def passage(identity: str, document_id: str, text: str) -> Passage:
    """Return a passage of one sentence on the printed page iv."""
    pages = PageSpan(4, 4, ("iv",))
    return Passage(identity, document_id, text, "cs", ("Úvod",), pages, 0, len(text), ((0, len(text)),))


class MemoryRelease:
    """A release with two documents; using it after it was closed is a fault of the service."""

    def __init__(self, release_id: str, model: ModelIdentity = MODEL) -> None:
        self.manifest = Manifest(release_id, datetime.now(UTC), model, ANALYSIS_VERSION, "memory", 2, 2, {})
        self.is_closed = False
        self.glossary_text: str | None = None
        brno = document("zprava-brno", "Zpráva o integraci v Brně", 'zpráva "Brno".pdf')
        praha = document("zprava-praha", "Zpráva o integraci v Praze")
        self._documents = {each.id: each for each in (brno, praha)}
        self._passages = {
            "a" * 16: passage("a" * 16, "zprava-brno", "V Brně žije čtyřicet tisíc cizinců."),
            "b" * 16: passage("b" * 16, "zprava-praha", "V Praze žijí cizinci ze sta zemí."),
        }

    def document(self, document_id: str) -> Document | None:
        self._require_open()
        return self._documents.get(document_id)

    def documents(self, limit: int, after: str = "") -> list[Document]:
        self._require_open()
        return [each for identity, each in sorted(self._documents.items()) if identity > after][:limit]

    def passages(self, ids: list[str]) -> list[Passage]:
        self._require_open()
        return [self._passages[identity] for identity in ids if identity in self._passages]

    def passages_of(self, document_id: str) -> list[Passage]:
        return [each for each in self._passages.values() if each.document_id == document_id]

    def document_text(self, document_id: str) -> None:
        return None

    def receipts(self) -> Iterator[dict[str, Any]]:
        yield {
            "document_id": "zprava-brno",
            "outcome": "indexed",
            "reasons": [],
            "message": "",
            "pages": 4,
            "passages": 1,
        }

    def glossary(self) -> str | None:
        self._require_open()
        return self.glossary_text

    def source(self, document_id: str) -> bytes | None:
        return SOURCE if document_id in self._documents else None

    def close(self) -> None:
        self._require_open()
        self.is_closed = True

    def _require_open(self) -> None:
        assert not self.is_closed, "the release was closed under a reader"


@dataclass
class MemoryShelf:
    """Releases by id; `broken` ones raise what stands there when they are opened."""

    current: str | None = "r1"
    releases: dict[str, MemoryRelease] = field(default_factory=lambda: {"r1": MemoryRelease("r1")})
    broken: dict[str, Exception] = field(default_factory=dict)

    free_space: bool = True

    def published(self) -> str | None:
        return self.current

    def ids(self) -> list[str]:
        return list(self.releases)

    def manifest(self, release_id: str) -> Manifest:
        return self.open(release_id).manifest

    def evaluation(self, release_id: str) -> None:
        return None

    def require_room(self, byte_count: int = 0) -> None:
        if not self.free_space:
            raise DiskFull("the disk is full")

    def last_sound(self) -> str:
        return next(identity for identity in reversed(self.releases) if identity not in self.broken)

    def open(self, release_id: str) -> MemoryRelease:
        if release_id in self.broken:
            raise self.broken[release_id]
        if release_id not in self.releases:
            raise UnknownRelease(f"no release {release_id!r}")
        return self.releases[release_id]


@dataclass
class StandInEmbedder:
    """Gives one unit vector for every text, or fails as told."""

    name: str = MODEL.name
    fingerprint: str = MODEL.fingerprint
    dimension: int = MODEL.dimension
    max_tokens: int = 128
    fault: Callable[[], Any] | None = None

    def embed_query(self, text: str) -> Any:
        return self.fault() if self.fault else np.array([1, 0, 0, 0], dtype=np.float32)


@dataclass
class StandInSearcher:
    """Finds the passages that hold a word of the query, said in `copies` too and outdone by `newer`.

    `fault` happens instead, if there is one.
    """

    embedder: Any = None
    fault: Callable[[], Any] | None = None
    copies: tuple[str, ...] = ()
    newer: str = ""

    def search(self, index: MemoryRelease, query: Any) -> SearchResult:
        if self.fault:
            self.fault()
        try:
            self.embedder.embed_query(query.text)
            degraded = False
        except EmbeddingError:
            degraded = True
        words = query.text.lower().rstrip("?").split()
        found = [each for each in index.passages(["a" * 16, "b" * 16]) if any(w in each.text.lower() for w in words)]
        copies = tuple(index.document(name) for name in self.copies)
        newer = index.document(self.newer)
        hits = tuple(
            RankedPassage(n, 1 / n, each, index.document(each.document_id), ((0, 1),), EXPLANATION, copies, newer)
            for n, each in enumerate(found, 1)
        )
        facets = {name: {} for name in ("kind", "source_lang", "publisher", "year")}
        also = (AlsoSearched("foreigner", "cizinec", "glossary"),)
        shown = hits[query.offset : query.offset + query.k]
        return SearchResult(
            query, query.language, index.manifest.release_id, shown, facets, len(hits), also, (), degraded, None
        )


class StandInAnswerer:
    """Quotes the best passage whole, or declines where there is none."""

    def answer(self, index: MemoryRelease, question: Any, result: SearchResult) -> Answer:
        answer = Answer(question.text, result.release_id, Status.ANSWERED, Mode.EXTRACTIVE, 0.9, hits=result.hits)
        if not result.hits:
            return replace(answer, status=Status.NO_ANSWER, reason=Reason.NOT_FOUND, probability=0.1)
        hit = result.hits[0]
        best = hit.passage
        source = QuotedSource(1, best.text, best, hit.document, 0, len(best.text), best.pages, newer=hit.newer)
        return replace(answer, claims=(Claim(best.text, (1,)),), citations=(source,))

    def stream(self, index: MemoryRelease, question: Any, result: SearchResult) -> Iterator[Any]:
        yield from events_of(self.answer(index, question, result))


@dataclass
class Bench:
    """A service with its stand-ins within reach."""

    folder: Path
    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    embedder: StandInEmbedder = field(default_factory=StandInEmbedder)
    searcher: StandInSearcher = field(default_factory=StandInSearcher)
    answerer: StandInAnswerer = field(default_factory=StandInAnswerer)
    worker: WorkerSupervisor | None = None
    service: Any = None

    def app(self, **settings: Any) -> Any:
        """Return an app with these settings over the stand-ins."""
        indexes = IndexSettings(
            corpus=self.folder / "corpus", releases=self.folder / "releases", state=self.folder / "state"
        )

        def searcher(embedder: Any) -> StandInSearcher:
            self.searcher.embedder = embedder
            return self.searcher

        self.service = build_service(
            indexes,
            ServiceSettings(**PATIENCE | settings),
            embedder=self.embedder,
            shelf=self.shelf,
            searcher=searcher,
            answerer=self.answerer,
            worker=self.worker,
        )
        return create_app(self.service)


@pytest.fixture(scope="session", autouse=True)
def _logged_as_in_the_service() -> None:
    configure_logging()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """The parts of a service that has not been started."""
    return Bench(tmp_path)


@pytest.fixture
def start(bench: Bench) -> Iterator[Callable[..., TestClient]]:
    """Start the service with some settings and return a client of it."""
    clients: list[TestClient] = []

    def started(**settings: Any) -> TestClient:
        client = TestClient(bench.app(**settings), raise_server_exceptions=False)
        client.__enter__()
        clients.append(client)
        return client

    yield started
    for client in clients:
        client.__exit__(None, None, None)


ADMIN_TOKEN = "an-invented-admin-token"


@pytest.fixture
def admin(start: Callable[..., TestClient]) -> TestClient:
    """A client with the admin token, of a service that has one."""
    client = start(admin_token=ADMIN_TOKEN)
    client.headers["Authorization"] = f"Bearer {ADMIN_TOKEN}"
    return client


@pytest.fixture
def client(start: Callable[..., TestClient]) -> TestClient:
    """A client of a service with default settings."""
    return start()
