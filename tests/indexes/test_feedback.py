"""Are questions and ratings kept over restarts, and forgotten when they are old?"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from indexes.errors import FeedbackError
from indexes.feedback import FEEDBACK_FILE, AskedQuestion, FeedbackStore, Rating

LOST = AskedQuestion("r1", "Kde je kurz?", "cs", "not_found")
FOUND = AskedQuestion("r1", "Kdo je kdo?", "cs", None)
POOR = Rating("r1", "Kde je kurz?", "00ff", False, "nic to neříká")


def test_entries_survive_closing(tmp_path) -> None:
    """What was kept is there for the next process; answered questions are no gaps."""
    store = FeedbackStore(tmp_path / "state")
    store.add_question(LOST)
    store.add_question(FOUND)
    store.add_rating(POOR)
    store.close()
    again = FeedbackStore(tmp_path / "state")
    assert (again.unanswered(30), again.ratings(30)) == ([LOST], [POOR])
    again.close()


def test_old_entries_are_forgotten_and_new_ones_kept(tmp_path) -> None:
    """By the day on which they came."""
    store = FeedbackStore(tmp_path)
    store.add_question(LOST)
    old = (datetime.now(UTC).date() - timedelta(days=200)).isoformat()
    database = sqlite3.connect(tmp_path / FEEDBACK_FILE)
    with database:
        database.execute("INSERT INTO questions (day, release, question, reason) VALUES (?, 'r', 'q', 'x')", (old,))
    database.close()
    assert store.forget(180) == 1
    assert store.unanswered(1000) == [LOST]
    store.close()


def test_a_damaged_store_is_an_error_and_not_an_empty_list(tmp_path) -> None:
    """Staff must not take damage for silence."""
    (tmp_path / FEEDBACK_FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(FeedbackError):
        FeedbackStore(tmp_path)
