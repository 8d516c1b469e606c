"""Do results show a text once that several documents hold, in the preferred one, and lose none?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest

from corpus.document import Document, Metadata
from indexes.contract import PassageIndex
from indexes.passage import DocumentFacts, Passage, PassagePlace
from qa_service.folding import without_copies
from qa_service.ordering import Candidate

TEXT = "Kurz češtiny pro cizince stojí 500 Kč za pololetí a koná se v úterý a ve čtvrtek odpoledne v městské knihovně"
OTHER = "Komunitní zahrada spojuje sousedy z různých zemí a nabízí jim záhony, nářadí i společné sobotní grilování"


class Shelf:
    """Holds nothing but passages."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Return the passages of the ids in their order."""
        return [
            Passage(name, name, self._texts[name], "cs", (), None, 0, len(self._texts[name]), ((0, 1),)) for name in ids
        ]


def candidate(name: str, score: float, *, copy_of: str | None = None, newer: str | None = None) -> Candidate:
    """Return the one passage of a document of the same name."""
    about = Document(
        name, name, Metadata(superseded_by=newer), f"{name}.txt", "text/plain", "0" * 64, frozenset(), copy_of
    )
    return Candidate(PassagePlace(name, "cs", DocumentFacts.of(about)), score)


def folded(texts: dict[str, str], candidates: Sequence[Candidate], query: str = "kurz češtiny") -> list[Candidate]:
    """Return what is left of the candidates, whose texts these are."""
    return without_copies(cast("PassageIndex", Shelf(texts)), candidates, query)


@pytest.mark.parametrize("link", ["copy_of", "newer"])
def test_a_copy_is_shown_once_in_the_preferred_document(link: str) -> None:
    """Near copies and older editions alike; the one that stays takes the better place and names the other."""
    old = candidate("old", 0.9, **{link: "new"})  # type: ignore[arg-type]
    left = folded({"old": TEXT + ".", "new": TEXT + " a v sobotu."}, [old, candidate("new", 0.5)])
    assert [(found.place.id, found.score, found.copies) for found in left] == [("new", 0.9, ("old",))]


def test_a_copy_that_says_something_else_stays() -> None:
    """Only passages are folded, not documents: another paragraph of the older edition can still be found."""
    old = candidate("old", 0.9, newer="new")
    left = folded({"old": OTHER, "new": TEXT}, [old, candidate("new", 0.5)])
    assert [(found.place.id, found.copies) for found in left] == [("old", ()), ("new", ())]


def test_a_changed_figure_is_folded_unless_it_is_asked_for() -> None:
    """The newest price is the answer, but who asks for the old price finds it."""
    candidates = [candidate("old", 0.9, newer="new"), candidate("new", 0.5)]
    texts = {"old": TEXT, "new": TEXT.replace("500", "600")}
    assert [found.place.id for found in folded(texts, candidates)] == ["new"]
    assert [found.place.id for found in folded(texts, candidates, "kurz češtiny 500 Kč")] == ["old", "new"]


@pytest.mark.parametrize("query", ["kurz v Brně", "kurzy v brne", "Brno kurz češtiny"])
def test_a_place_that_only_the_copy_names_is_found_in_any_inflection(query: str) -> None:
    """Two towns publish one leaflet, each under its own name: who asks for a town gets its leaflet."""
    texts = {"brno": TEXT + " v Brně.", "praha": TEXT + " v Praze."}
    candidates = [candidate("brno", 0.9, copy_of="praha"), candidate("praha", 0.5)]
    assert [found.place.id for found in folded(texts, candidates, query)] == ["brno", "praha"]
    assert [found.place.id for found in folded(texts, candidates, "kolik stojí kurz")] == ["praha"]


def test_where_the_preferred_document_was_not_found_its_copy_stays() -> None:
    """A filter may leave the copy alone; it is shown like any other document."""
    alone = [candidate("old", 0.9, copy_of="new"), candidate("third", 0.4)]
    assert folded({"old": TEXT, "third": TEXT}, alone) == alone


def test_unrelated_documents_with_the_same_words_both_stay() -> None:
    """Negative control: only what the build has linked is folded."""
    assert len(folded({"a": TEXT, "b": TEXT}, [candidate("a", 0.9), candidate("b", 0.5)])) == 2
