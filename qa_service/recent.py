"""Which answers were given a moment ago?

A page that showed an answer as it came is drawn from the same one, and a question that is shared or asked again needs
no second thought. Only memory is used, and nothing is kept for long.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from threading import Lock

from qa_service.answering.answerer import Answer, Question

MOST_ANSWERS = 64
KEPT_S = 600.0
DEGRADED_KEPT_S = 10.0
"""Long enough for the page that has just been told; whoever asks later is better served by another try."""

Key = tuple[str, date, Question]


class RecentAnswers:
    """The latest answers by release, day (the validity of sources depends on it) and completed question."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, today: Callable[[], date] = date.today) -> None:
        """`clock` counts seconds."""
        self._clock = clock
        self._today = today
        self._lock = Lock()
        self._kept: OrderedDict[Key, tuple[float, Answer]] = OrderedDict()

    def find(self, release_id: str, question: Question) -> Answer | None:
        """Return the answer that a completed question was given lately, None if it was not."""
        with self._lock:
            until, answer = self._kept.get(self._key(release_id, question), (0.0, None))
        return answer if self._clock() < until else None

    def keep(self, question: Question, answer: Answer) -> None:
        """Keep the answer to a completed question; the oldest one goes where there are too many."""
        until = self._clock() + (DEGRADED_KEPT_S if answer.degraded else KEPT_S)
        with self._lock:
            self._kept[self._key(answer.release_id, question)] = (until, answer)
            if len(self._kept) > MOST_ANSWERS:
                self._kept.popitem(last=False)

    def _key(self, release_id: str, question: Question) -> Key:
        return release_id, self._today(), replace(question, conversation=())
