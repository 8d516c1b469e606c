"""Does a finished answer turn into the events of a stream in the promised order?"""

from __future__ import annotations

from corpus.document import Document, Metadata
from indexes.passage import Passage
from qa_service.answering.answerer import (
    Answer,
    Claim,
    Evidence,
    Mode,
    Opening,
    QuotedSource,
    Reason,
    Refusal,
    Status,
    events_of,
)

DOCUMENT = Document("d", "D", Metadata(), "d.txt", "text/plain", "0" * 64)
PASSAGE = Passage("0" * 16, "d", "Jedna. Dvě.", "cs", (), None, 0, 11, ((0, 6), (7, 11)))
SOURCES = (
    QuotedSource(1, "Jedna.", PASSAGE, DOCUMENT, 0, 6, None),
    QuotedSource(2, "Dvě.", PASSAGE, DOCUMENT, 7, 11, None),
)


def test_each_source_comes_just_before_the_first_claim_that_cites_it() -> None:
    """A reader never sees a number whose source is still to come, and no source twice."""
    claims = (Claim("Jedna.", (1,)), Claim("Jedna. Dvě.", (1, 2)))
    answer = Answer("Kolik?", "r", Status.ANSWERED, Mode.EXTRACTIVE, 0.9, claims=claims, citations=SOURCES)
    assert list(events_of(answer)) == [
        Opening("Kolik?", "r", Mode.EXTRACTIVE),
        Evidence(()),
        SOURCES[0],
        claims[0],
        SOURCES[1],
        claims[1],
        answer,
    ]


def test_a_refusal_is_told_before_the_end() -> None:
    """The reason is an event of its own."""
    answer = Answer("Kolik?", "r", Status.NO_ANSWER, Mode.EXTRACTIVE, 0.1, reason=Reason.NEAR_MISS)
    assert list(events_of(answer))[2:] == [Refusal(Reason.NEAR_MISS), answer]
