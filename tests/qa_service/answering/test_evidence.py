"""What is searched for a question, and does a comparison get the passages of each of its sides?"""

from __future__ import annotations

import pytest

from qa_service.answering.answerer import Question
from qa_service.answering.evidence import evidence
from tests.qa_service.answering.collection import search


def test_each_side_of_a_comparison_is_searched_by_itself(collection) -> None:
    """The question is searched once as it is and once for each thing that it names."""
    collection.add("a", "Brno má koncepci.")
    index, searched = collection.index, []

    def searching(query):
        searched.append(query.text)
        return search(index, query.text)

    found = evidence(searching, Question("Porovnej koncepci v Brně a Plzni", "cs"))
    assert searched == [
        "Porovnej koncepci v Brně a Plzni?",
        "Porovnej koncepci v Brně a?",
        "Porovnej koncepci v a Plzni?",
    ]
    assert [hit.rank for hit in found.hits] == [1]


def test_another_question_is_searched_once(collection) -> None:
    """Also where it names two things."""
    collection.add("a", "Brno má koncepci.")
    index, searched = collection.index, []

    def searching(query):
        searched.append(query.text)
        return search(index, query.text)

    evidence(searching, Question("Kdo jel z Brna do Plzně?", "cs"))
    assert len(searched) == 1


@pytest.mark.parametrize("typed", ["kdo jel do brna", "kdo jel do brna?", "kdo jel do brna ? ", "kdo jel do brna."])
def test_a_question_is_searched_alike_whatever_stands_at_its_end(collection, typed) -> None:
    """Its vector decides whether it is answered, and a mark that was not typed must not; one within it stays."""
    collection.add("a", "Brno má koncepci.")
    index, searched = collection.index, []

    def searching(query):
        searched.append(query.text)
        return search(index, query.text)

    evidence(searching, Question(typed, "cs"))
    evidence(searching, Question(f"A co Plzeň? {typed}", "cs"))
    assert searched == ["kdo jel do brna?", "A co Plzeň? kdo jel do brna?"]
