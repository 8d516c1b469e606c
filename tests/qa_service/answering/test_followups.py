"""Are questions that lean on the conversation completed, and others left alone?"""

from __future__ import annotations

import pytest

from qa_service.answering.answerer import Question, Turn
from qa_service.answering.followups import completed


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("Kolik stojí kurz češtiny v Praze?", "A v Brně?", "Kolik stojí kurz češtiny v Brně?"),
        ("kolik stoji kurz cestiny v praze", "a v brne", "kolik stoji kurz cestiny v brne"),
        (
            "How many people came to the forum in Prague?",
            "And in Vienna?",
            "How many people came to the forum in Vienna?",
        ),
        (
            "How many people came to the forum in Prague?",
            "What about Vienna?",
            "How many people came to the forum in Vienna?",
        ),
        ("Kdo pořádal konferenci v roce 2019?", "A v roce 2017?", "Kdo pořádal konferenci v roce 2017?"),
        ("Kdo pořádal konferenci v roce 2019?", "A 2017?", "Kdo pořádal konferenci v roce 2017?"),
        ("Kdo pořádal konferenci o městech?", "A kdy?", "Kdo pořádal konferenci o městech, a kdy?"),
        ("Who organised the conference?", "and when?", "Who organised the conference, and when?"),
        ("Who organised the conference?", "Where?", "Who organised the conference, and where?"),
        ("Co je kurz češtiny pro cizince?", "A kolik to stojí?", "Kolik to stojí (kurz češtiny pro cizince)?"),
        ("Kdy byla konference o městech?", "Kolik lidí přišlo?", "Kolik lidí přišlo (konference o městech)?"),
        ("Kdy byla konference o městech?", "kolik lidi prislo", "Kolik lidi prislo (konference o městech)?"),
        ("When was the workshop?", "Who attended?", "Who attended (workshop)?"),
        ("What is the buddy programme?", "Who pays for it?", "Who pays for it (buddy programme)?"),
    ],
)
def test_a_follow_up_is_completed_from_the_question_before(before, now, expected) -> None:
    """By the place or year that it exchanges, the question word that it adds, or the subject that it points to."""
    question = Question(now, conversation=(Turn(before, "..."),))
    assert completed(question).text == expected


@pytest.mark.parametrize(
    "now",
    [
        "Jaké povinnosti má zaměstnavatel cizinců vůči úřadu práce?",
        "Which cities belong to the Eurocities network?",
        "Kdo je ředitelem Integračního centra v Liberci?",
        "A kdo je ředitelem organizace pro pomoc uprchlíkům v Plzni?",
        "Kolik lidí přišlo do Turína?",
        "Co je mainstreaming?",
    ],
)
def test_a_question_that_stands_by_itself_is_left_alone(now) -> None:
    """Whatever was said before."""
    question = Question(now, conversation=(Turn("Kolik stojí kurz češtiny v Praze?", "..."),))
    assert completed(question) == question


def test_without_a_conversation_nothing_is_completed() -> None:
    """There is nothing to complete it from."""
    assert completed(Question("A v Brně?")).text == "A v Brně?"


def test_the_newest_question_that_says_something_counts() -> None:
    """Empty turns are passed over."""
    turns = (Turn("Kolik stojí kurz v Praze?", ""), Turn("Kdo?", ""))
    assert completed(Question("A v Brně?", conversation=turns)).text == "Kolik stojí kurz v Brně?"


def test_a_completed_question_never_grows_beyond_the_limit_of_questions() -> None:
    """Otherwise the service would refuse what it made itself."""
    turns = (Turn("Kolik stojí kurz češtiny " + "pro cizince " * 50, ""),)
    assert completed(Question("A kdy?", conversation=turns)).text == "A kdy?"
