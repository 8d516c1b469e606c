"""What does a newcomer see: does the bundled collection answer its tour, and does search find what was judged?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.catalog import read_catalog
from indexes.contract import PassageIndex
from indexes.settings import IndexSettings
from ingest.pipeline import build_release
from ingest.settings import IngestSettings
from qa_service.answering.answerer import Answer, Question
from qa_service.assembly import Assembly, assemble
from qa_service.evaluation.judgments import read_judgments
from qa_service.evaluation.run import SetScores, evaluate
from qa_service.query import Query
from qa_service.settings import ServiceSettings
from qa_service.tour import TOUR
from qa_service.web.messages import messages
from qa_service.web.search_page import EXAMPLE_SOURCES

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.model]

ANSWERS = (
    ("drazdany-a-kulate-stoly", "Plzeňského, Královéhradeckého a Pardubického", None),
    ("drazdany-a-kulate-stoly", "Ke stolu usedá", None),
    ("mesta-migrace-integrace-2019", "Vít Rakušan", None),
    ("guests-from-abroad", "without academic degrees", "iii"),
    None,
)
"""For each stop of the tour: the document quoted first, words of the quotation, the page as printed; None declines."""


@dataclass(frozen=True)
class Opened:
    """The starter collection, built and opened."""

    parts: Assembly
    index: PassageIndex

    def answer(self, text: str, language: str) -> Answer:
        """Return what is answered to a question that stands alone."""
        query = Query(text, language)
        found = self.parts.retriever.search(self.index, query)
        return self.parts.answerer.answer(self.index, Question(text, language, query.filters, ()), found)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """A release of the starter collection with the bundled model."""
    place = tmp_path_factory.mktemp("starter")
    settings = IndexSettings(
        corpus=ROOT / "corpus" / "publications", releases=place / "releases", state=place / "state"
    )
    settings.releases.mkdir()
    settings.state.mkdir()
    parts = assemble(settings, ServiceSettings())
    report = build_release(read_catalog(settings.corpus), parts.embedder, settings, IngestSettings())
    assert report.release_id is not None
    index = parts.shelf.open(report.release_id)
    yield Opened(parts, index)
    index.close()


@pytest.fixture(scope="module")
def scores(opened: Opened) -> SetScores:
    """How the release does on its judged questions."""
    return evaluate(opened.index, opened.parts.retriever, read_judgments(ROOT / "corpus" / "judgments"))


@pytest.mark.parametrize("number", range(5), ids=[stop.strength for stop in TOUR])
def test_each_stop_of_the_tour_shows_its_strength(opened: Opened, number: int) -> None:
    """The first quotation holds the answer and names its page; the last question is declined."""
    answer = opened.answer(TOUR[number].question, TOUR[number].language)
    expected = ANSWERS[number]
    if expected is None:
        assert answer.claims == ()
        return
    document, words, page = expected
    first = answer.citations[0]
    assert first.document.id == document
    assert words in first.quote
    assert (first.pages.labels if first.pages else None) == ((page,) if page else None)


@pytest.mark.parametrize(
    ("language", "number", "source"),
    [(code, number, source) for code, sources in EXAMPLE_SOURCES.items() for number, source in enumerate(sources, 1)],
)
def test_each_example_of_the_first_page_is_answered_by_its_source(
    opened: Opened, language: str, number: int, source: str
) -> None:
    """Whoever follows one sees what Pramen can do, not what this collection lacks."""
    answer = opened.answer(messages(language)(f"search.example.{number}"), language)
    assert source in [citation.document.id for citation in answer.citations]


def test_every_judged_document_is_in_the_release(scores: SetScores) -> None:
    """No publication of the collection was put aside, so all questions count."""
    assert (scores.judged_count, scores.skipped_count) == (180, 0)


@pytest.mark.parametrize("pair", ["cs-cs", "en-en", "cs-en", "en-cs"])
def test_the_first_five_places_hold_the_answer(scores: SetScores, pair: str) -> None:
    """At most one question of ten of a pair is missed, whichever languages meet."""
    assert scores.pairs[pair]["fused"]["R@5"] >= 0.9


def test_both_legs_together_are_better_than_either(scores: SetScores) -> None:
    """Fusion earns its place on the collection as a whole."""
    fused, dense, lexical = (scores.legs[leg]["nDCG@10"] for leg in ("fused", "dense", "lexical"))
    assert fused > max(dense, lexical)
