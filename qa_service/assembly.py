"""Which parts make a Pramen that searches and answers, and how do they fit together?

The one place where the embedder, the releases, the retriever and the answerer are chosen by the settings; the command
line and the service both take them from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from indexes.analysis import ANALYSIS_VERSION
from indexes.contract import PassageIndex, ReleaseShelf
from indexes.embedding import Embedder, open_embedder
from indexes.engines import open_shelf
from indexes.manifest import ModelIdentity, check_compatible
from indexes.settings import IndexSettings
from indexes.translation import bundled_translations
from qa_service.answering.answerer import Answerer
from qa_service.answering.calibrations import ShelfCalibrations
from qa_service.answering.extractive import ExtractiveAnswerer
from qa_service.glossary import glossary_of
from qa_service.retrieval import Retriever
from qa_service.settings import ServiceSettings
from qa_service.widening import Widening


@dataclass(frozen=True, slots=True)
class Assembly:
    """The parts of one Pramen; they live as long as the program runs."""

    embedder: Embedder
    shelf: ReleaseShelf
    retriever: Retriever
    answerer: Answerer

    @property
    def model(self) -> ModelIdentity:
        """The model whose vectors a release must hold to be searched by this program."""
        return model_identity(self.embedder)


def assemble(indexes: IndexSettings, service: ServiceSettings) -> Assembly:
    """Return the parts that the settings ask for. Raises ModelUnusable, EngineUnavailable."""
    embedder, shelf = open_embedder(indexes.model), open_shelf(indexes)
    retriever = open_retriever(embedder)
    return Assembly(embedder, shelf, retriever, open_answerer(service, embedder, retriever, shelf))


def open_retriever(embedder: Embedder) -> Retriever:
    """Return the retriever that asks `embedder`; the service brings one that gives up in time.

    It knows the bundled translations, and of each release the glossary with which it was built.
    """
    translations = bundled_translations()
    return Retriever(embedder, lambda index: Widening(translations, glossary_of(index)))


def open_extractive(retriever: Retriever, shelf: ReleaseShelf) -> ExtractiveAnswerer:
    """Return the answerer that quotes; it knows words as `retriever` does and calibrations as they stand on `shelf`."""
    return ExtractiveAnswerer(retriever.widen, ShelfCalibrations(shelf), retriever.embed)


def open_answerer(service: ServiceSettings, embedder: Embedder, retriever: Retriever, shelf: ReleaseShelf) -> Answerer:
    """Return the answerer that the settings ask for: extractive, or worded by the endpoint they name."""
    extractive = open_extractive(retriever, shelf)
    if service.llm_url is None:
        return extractive
    # Imported here: without an endpoint no HTTP client is loaded, and start-up stays short.
    from qa_service.answering.endpoint import Endpoint
    from qa_service.answering.generative import GenerativeAnswerer

    endpoint = Endpoint(service.llm_url, service.llm_model or "", service.llm_key)
    return GenerativeAnswerer(endpoint, extractive, embedder, widen=retriever.widen)


def model_identity(embedder: Embedder) -> ModelIdentity:
    """Return what the manifest of a release says about its embedder."""
    return ModelIdentity(embedder.name, embedder.fingerprint, embedder.dimension)


@contextmanager
def opened(shelf: ReleaseShelf, model: ModelIdentity, release_id: str | None = None) -> Iterator[PassageIndex]:
    """Lend a release, by default the published sound one, to one piece of work. Raises ReleaseError."""
    index = shelf.open(release_id or shelf.last_sound())
    try:
        check_compatible(index.manifest, model, ANALYSIS_VERSION)
        yield index
    finally:
        index.close()
