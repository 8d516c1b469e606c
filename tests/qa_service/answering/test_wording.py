"""How much of a question does a text say, in whatever words and language?"""

from __future__ import annotations

import pytest

from qa_service.answering.understanding import understand
from qa_service.answering.wording import plain_words, terms_of, wording_of


@pytest.mark.parametrize(
    ("question", "text", "language", "coverage"),
    [
        ("Dresden?", "Cesta do saských Drážďan.", "cs", 1.0),
        ("drazdany?", "A trip to Dresden.", "en", 1.0),
        ("Vietnamese?", "Den o Vietnamcích.", "cs", 1.0),
        ("Dresden?", "Cesta do Lipska.", "cs", 0.0),
    ],
)
def test_a_place_is_said_by_any_of_its_names(collection, question, text, language, coverage) -> None:
    """No table of translations knows that Dresden is Drážďany."""
    collection.add("a", text, language=language)
    wording = wording_of(collection.index, understand(question, None), plain_words)
    assert wording.coverage(terms_of(text, language)) == coverage


def test_a_question_without_some_of_its_words_is_said_by_the_others(collection) -> None:
    """So it can be told what would be found if a place had not been named."""
    collection.add("a", "Konference byla v Praze.")
    understood = understand("konference v Ostravě", "cs")
    wording = wording_of(collection.index, understood, plain_words)
    said = terms_of("Konference byla v Praze.", "cs")
    assert wording.coverage(said) < 1.0
    assert wording.without(frozenset({understood.words[-1].start})).coverage(said) == 1.0
