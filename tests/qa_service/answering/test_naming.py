"""Is it seen whether a passage speaks of the very things that a question names?"""

from __future__ import annotations

import pytest

from corpus.document import Metadata
from qa_service.answering.naming import NamedThings
from qa_service.answering.understanding import understand
from qa_service.answering.wording import plain_words
from tests.qa_service.answering.collection import search

TEXT = "V Praze se sešlo Konsorcium nevládních organizací. Jednalo se o vzdělávání."


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Kdo se sešel v Praze?", ()),
        ("Who met in Prague?", ()),
        ("kdo se sesel v praze 2019", ()),
        ("Kdo se sešel v Brně?", ("Brně",)),
        ("Kdo se sešel v Praze v roce 2018?", ("2018",)),
        ("Proč se sešla organizace META?", ("META",)),
        ("Co dělalo Konsorcium v Praze a Ostravě?", ("Ostravě",)),
        ("Co se stalo?", ()),
    ],
)
def test_what_neither_passage_nor_title_nor_date_mentions_is_missing(collection, question, missing) -> None:
    """Inflected, without diacritics, and in the other language."""
    collection.add("a", TEXT, metadata=Metadata(title="Setkání", year=2019))
    index = collection.index
    (hit,) = search(index, question).hits
    things = NamedThings(index, understand(question, None), plain_words)
    assert things.missing_around(hit) == missing
    assert things.missing_from([hit]) == missing


def test_a_thing_that_one_of_several_passages_mentions_is_not_missing(collection) -> None:
    """Two sides of a comparison stand in two passages."""
    collection.add("a", "V Praze je koncepce.")
    collection.add("b", "V Brně je koncepce.")
    index, question = collection.index, "Porovnej koncepci v Praze, Brně a Zlíně"
    things = NamedThings(index, understand(question, "cs"), plain_words)
    assert things.missing_from(search(index, question).hits) == ("Zlíně",)
