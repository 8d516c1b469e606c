"""Are the questions made of judged ones really such as the document does not answer?"""

from __future__ import annotations

from qa_service.evaluation.judgments import JudgedQuery
from qa_service.evaluation.near_misses import near_misses

TEXT = "V roce 2017 byla cesta do Drážďan. V roce 2018 se v Brně sešli úředníci. V Plzni nebyl nikdo. Mluvilo se o Ostravě."


def query(text: str, answer: str) -> JudgedQuery:
    """Return a judged question."""
    return JudgedQuery("1", text, "cs", "cs-cs", (answer,), True)


def test_a_year_is_exchanged_for_another_one_of_the_document() -> None:
    """The rest of the question stays as it is."""
    assert list(near_misses(query("Kam byla cesta v roce 2017?", "do Drážďan"), [TEXT])) == [
        "Kam byla cesta v roce 2018?"
    ]


def test_what_stands_beside_the_answer_is_no_rival() -> None:
    """Brno does in the answering sentence, Dresden, Pilsen and Ostrava do not; two of them are enough."""
    made = list(near_misses(query("Kdo se sešel v Praze?", "v Brně sešli úředníci"), [TEXT]))
    assert made == ["Kdo se sešel v Drážďan?", "Kdo se sešel v Plzni?"]


def test_a_question_that_names_neither_place_nor_year_makes_none() -> None:
    """There is nothing to exchange."""
    assert list(near_misses(query("Kdo mluvil s Janem Novákem?", "úředníci"), [TEXT])) == []
