"""What do people ask that the collection does not answer well?

Questions are kept scrubbed, and the list shows only what was asked several times, grouped by meaning, so that staff see
what to look for and not who asked.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indexes.analysis import fold
from indexes.embedding.embedder import FloatArray
from indexes.errors import IndexesError
from indexes.feedback import AskedQuestion, FeedbackStore, Rating
from qa_service.answering.answerer import Answer
from qa_service.scrubbing import scrubbed

SAME_SUBJECT = 0.75
"""Questions of at least this cosine to the commonest of a group join it."""
LEAST_COUNT = 3
"""How often the questions of a group must have been asked to be shown: what one person asked is nobody's business."""
DAYS = 180
"""How long questions and ratings are kept."""
SHOWN_WORDINGS = 5
LONGEST_TEXT_CHARS = 1000

Embed = Callable[[str], FloatArray]
"""Gives float32[dimension], the unit vector of a question. Raises EmbeddingError."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Gap:
    """A group of questions on one subject; `question` is its commonest wording."""

    question: str
    count: int
    unanswered: int
    rated_poorly: int
    reasons: Mapping[str, int]
    wordings: tuple[str, ...]


class Listener:
    """Keeps questions and ratings, scrubbed of personal data; a fault of its disk never costs anybody an answer."""

    def __init__(self, store: FeedbackStore) -> None:
        """`store` is where both go."""
        self._store = store

    def heard(self, answer: Answer, language: str | None) -> None:
        """Keep a question with what became of it."""
        reason = answer.reason.value if answer.reason else None
        asked = AskedQuestion(answer.release_id, _kept(answer.question), language, reason)
        self._try(lambda: self._store.add_question(asked))

    def rated(self, rating: Rating) -> None:
        """Keep a rating. Raises FeedbackError and DiskFull: its author is told that it was not kept."""
        comment = _kept(rating.comment) if rating.comment else None
        self._store.add_rating(
            Rating(rating.release_id, _kept(rating.question), rating.passage_id, rating.is_useful, comment)
        )

    def _try(self, keep: Callable[[], None]) -> None:
        try:
            keep()
        except IndexesError as error:
            log.warning("a question was not kept: %s", error)


def gaps(store: FeedbackStore, embed: Embed, *, least_count: int = LEAST_COUNT, days: int = DAYS) -> tuple[Gap, ...]:
    """Return what was asked at least `least_count` times without a good answer, the commonest first.

    Raises EmbeddingError, FeedbackError.
    """
    unanswered = store.unanswered(days)
    poor = [rating for rating in store.ratings(days) if not rating.is_useful]
    counts = Counter([asked.question for asked in unanswered] + [rating.question for rating in poor])
    groups = _grouped(counts, embed)
    found = [_gap(group, counts, unanswered, poor) for group in groups]
    shown = [gap for gap in found if gap.count >= least_count]
    return tuple(sorted(shown, key=lambda gap: (-gap.count, gap.question)))


def _grouped(counts: Mapping[str, int], embed: Embed) -> list[list[str]]:
    """Return the questions in groups of one subject: the commonest leads, others join the nearest leader."""
    questions = sorted(counts, key=lambda question: (-counts[question], fold(question)))
    vectors = np.array([embed(question) for question in questions], dtype=np.float32)
    leaders = np.empty_like(vectors)
    groups: list[list[str]] = []
    for question, vector in zip(questions, vectors, strict=True):
        cosines = leaders[: len(groups)] @ vector
        if groups and float(cosines.max()) >= SAME_SUBJECT:
            groups[int(cosines.argmax())].append(question)
        else:
            leaders[len(groups)] = vector
            groups.append([question])
    return groups


def _gap(
    group: Sequence[str], counts: Mapping[str, int], unanswered: Sequence[AskedQuestion], poor: Sequence[Rating]
) -> Gap:
    members = frozenset(group)
    declined = [asked for asked in unanswered if asked.question in members]
    return Gap(
        question=group[0],
        count=sum(counts[question] for question in group),
        unanswered=len(declined),
        rated_poorly=sum(rating.question in members for rating in poor),
        reasons=dict(Counter(asked.reason for asked in declined if asked.reason)),
        wordings=tuple(group[:SHOWN_WORDINGS]),
    )


def _kept(text: str) -> str:
    return scrubbed(text[:LONGEST_TEXT_CHARS])
