"""Is an answer that was just given given again, and no other?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from indexes.passage import Filters
from qa_service.answering.answerer import Answer, Mode, Question, Status, Turn
from qa_service.recent import DEGRADED_KEPT_S, KEPT_S, MOST_ANSWERS, RecentAnswers

QUESTION = Question("Kdo platí koordinátora?", "cs")
ANSWER = Answer(QUESTION.text, "r1", Status.ANSWERED, Mode.EXTRACTIVE, 0.9)


class Time:
    """A clock and a calendar that a test sets."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.day = date(2026, 11, 21)

    def recent(self) -> RecentAnswers:
        """Return recent answers that live by this time."""
        return RecentAnswers(lambda: self.seconds, lambda: self.day)


def test_the_same_question_to_the_same_release_finds_its_answer() -> None:
    """What was said before does not matter: the question is complete."""
    recent = Time().recent()
    recent.keep(replace(QUESTION, conversation=(Turn("a", "b"),)), ANSWER)
    assert recent.find("r1", QUESTION) is ANSWER


def test_another_release_language_or_filter_is_another_question() -> None:
    """Nothing is found that could differ."""
    recent = Time().recent()
    recent.keep(QUESTION, ANSWER)
    assert recent.find("r2", QUESTION) is None
    assert recent.find("r1", replace(QUESTION, language=None)) is None
    assert recent.find("r1", replace(QUESTION, filters=Filters(year_from=2019))) is None


def test_an_answer_is_forgotten_after_its_time_a_degraded_one_soon_and_all_by_the_next_day() -> None:
    """The validity of sources depends on the day; what failed is worth another try."""
    time = Time()
    recent = time.recent()
    recent.keep(QUESTION, ANSWER)
    recent.keep(Question("jiná"), replace(ANSWER, degraded=True))
    time.seconds = DEGRADED_KEPT_S
    assert recent.find("r1", QUESTION) is ANSWER
    assert recent.find("r1", Question("jiná")) is None
    time.day += timedelta(days=1)
    assert recent.find("r1", QUESTION) is None
    time.day, time.seconds = date(2026, 11, 21), KEPT_S
    assert recent.find("r1", QUESTION) is None


def test_no_more_than_a_few_are_kept() -> None:
    """The oldest goes first."""
    recent = Time().recent()
    for number in range(MOST_ANSWERS + 1):
        recent.keep(Question(str(number)), ANSWER)
    assert recent.find("r1", Question("0")) is None
    assert recent.find("r1", Question("1")) is ANSWER
