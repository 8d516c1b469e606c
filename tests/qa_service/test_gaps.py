"""Does the list of gaps show what several people asked in vain, and nothing that points to one of them?"""

from __future__ import annotations

import pytest

from indexes.errors import FeedbackError
from indexes.feedback import FEEDBACK_FILE, FeedbackStore, Rating
from qa_service.answering.answerer import Answer, Mode, Reason, Status
from qa_service.gaps import Listener, gaps
from tests.qa_service.answering.collection import EMBEDDER


def declined(question, reason=Reason.NOT_FOUND):
    """Return the answer to a question without evidence."""
    return Answer(question, "r1", Status.NO_ANSWER, Mode.EXTRACTIVE, 0.1, reason=reason)


@pytest.fixture
def store(tmp_path):
    """An empty store."""
    opened = FeedbackStore(tmp_path)
    yield opened
    opened.close()


def test_questions_of_one_meaning_are_counted_together(store) -> None:
    """Unanswered ones and poorly rated ones; the commonest wording leads."""
    listener = Listener(store)
    for question in ("Kolik stojí kurz češtiny?", "Kolik stojí kurz češtiny?", "kolik stoji kurz cestiny"):
        listener.heard(declined(question), "cs")
    listener.rated(Rating("r1", "Kolik stojí kurz češtiny?", None, False, None))
    listener.heard(declined("Kde se volí do zastupitelstva?"), "cs")
    (gap,) = gaps(store, EMBEDDER.embed_query)
    assert (gap.question, gap.count, gap.unanswered, gap.rated_poorly) == ("Kolik stojí kurz češtiny?", 4, 3, 1)
    assert gap.reasons == {"not_found": 3}
    assert gap.wordings == ("Kolik stojí kurz češtiny?", "kolik stoji kurz cestiny")


def test_answered_and_useful_questions_are_no_gaps(store) -> None:
    """However often they come."""
    listener = Listener(store)
    for _ in range(5):
        listener.heard(Answer("Kdo?", "r1", Status.ANSWERED, Mode.EXTRACTIVE, 0.9), "cs")
        listener.rated(Rating("r1", "Kdo?", None, True, None))
    assert gaps(store, EMBEDDER.embed_query) == ()


def test_what_was_asked_less_often_than_the_minimum_is_not_shown(store) -> None:
    """One person's question stays nobody's business; the minimum can be lowered."""
    Listener(store).heard(declined("Kolik stojí kurz?"), "cs")
    assert gaps(store, EMBEDDER.embed_query) == ()
    assert len(gaps(store, EMBEDDER.embed_query, least_count=1)) == 1


def test_nothing_that_points_to_a_person_reaches_the_disk(store, tmp_path) -> None:
    """Neither from questions nor from comments."""
    listener = Listener(store)
    listener.heard(declined("Jmenuji se Jan Tajný, rodné číslo 855412/1234, kdy skončí můj pobyt?"), "cs")
    listener.rated(Rating("r1", "Kdo?", None, False, "pište na jan.tajny@example.cz nebo 777 123 456"))
    written = b"".join(file.read_bytes() for file in tmp_path.glob(f"{FEEDBACK_FILE}*"))
    for secret in ("Tajn", "855412", "tajny@", "777 123"):
        assert secret.encode() not in written
    assert "kdy skončí můj pobyt".encode() in written


def test_a_fault_of_the_disk_costs_nobody_an_answer_but_a_rating_is_told(store) -> None:
    """A question is answered although it cannot be kept; whoever rates learns that it was lost."""
    listener = Listener(store)
    store.close()
    listener.heard(declined("Kolik stojí kurz?"), "cs")
    with pytest.raises(FeedbackError):
        listener.rated(Rating("r1", "Kdo?", None, True, None))
