"""What did people ask, what did they get, and was it useful? Kept for staff who look for what the collection lacks.

The texts come already scrubbed of personal data; nothing here says who asked. Old entries are forgotten.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from indexes.errors import FeedbackError
from indexes.storage import storage_errors

FEEDBACK_FILE = "feedback.sqlite"
"""Name of the store below the folder of the state."""
MOST_ENTRIES = 100_000
"""How many questions are kept; the oldest go first. About 40 MB."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS questions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    day TEXT NOT NULL,
    release TEXT NOT NULL,
    question TEXT NOT NULL,
    language TEXT,
    reason TEXT
);
CREATE TABLE IF NOT EXISTS ratings (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    day TEXT NOT NULL,
    release TEXT NOT NULL,
    question TEXT NOT NULL,
    passage TEXT,
    useful INTEGER NOT NULL,
    comment TEXT
);
"""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it was asked; `reason` says why it was not answered, None where it was."""

    release_id: str
    question: str
    language: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Rating:
    """What somebody thought of an answer, or of one passage of it."""

    release_id: str
    question: str
    passage_id: str | None
    is_useful: bool
    comment: str | None


class FeedbackStore:
    """The questions and ratings of one installation; safe to use from several threads and processes."""

    def __init__(self, state: Path) -> None:
        """Open the store in the folder of the state, which is made where absent. Raises FeedbackError, DiskFull."""
        self._turn = threading.Lock()
        with storage_errors("opening the feedback", FeedbackError):
            state.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(
                state / FEEDBACK_FILE, timeout=5, isolation_level=None, check_same_thread=False
            )
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        with self._turn:
            self._database.close()

    def add_question(self, asked: AskedQuestion) -> None:
        """Keep a question. Only the day is kept, so that no visit can be told from the time."""
        values = (_today(), asked.release_id, asked.question, asked.language, asked.reason)
        with self._open() as database:
            row = database.execute(
                "INSERT INTO questions (day, release, question, language, reason) VALUES (?, ?, ?, ?, ?)", values
            )
            database.execute("DELETE FROM questions WHERE number <= ?", ((row.lastrowid or 0) - MOST_ENTRIES,))

    def add_rating(self, rating: Rating) -> None:
        """Keep a rating."""
        values = (_today(), rating.release_id, rating.question, rating.passage_id, rating.is_useful, rating.comment)
        with self._open() as database:
            row = database.execute(
                "INSERT INTO ratings (day, release, question, passage, useful, comment) VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
            database.execute("DELETE FROM ratings WHERE number <= ?", ((row.lastrowid or 0) - MOST_ENTRIES,))

    def unanswered(self, days: int) -> list[AskedQuestion]:
        """Return the questions of the last days that were not answered, oldest first."""
        with self._open() as database:
            rows = database.execute(
                "SELECT release, question, language, reason FROM questions"
                " WHERE reason IS NOT NULL AND day >= ? ORDER BY number",
                (_day(days),),
            )
            return [AskedQuestion(*row) for row in rows]

    def ratings(self, days: int) -> list[Rating]:
        """Return the ratings of the last days, oldest first."""
        with self._open() as database:
            rows = database.execute(
                "SELECT release, question, passage, useful, comment FROM ratings WHERE day >= ? ORDER BY number",
                (_day(days),),
            )
            return [
                Rating(release, question, passage, bool(useful), text)
                for release, question, passage, useful, text in rows
            ]

    def all_questions(self) -> list[dict[str, Any]]:
        """Return every kept question as JSON values, oldest first: day, release, question, language, reason."""
        return self._rows("questions")

    def all_ratings(self) -> list[dict[str, Any]]:
        """Return every kept rating as JSON values, oldest first: day, release, question, passage, useful, comment."""
        return [row | {"useful": bool(row["useful"])} for row in self._rows("ratings")]

    def forget(self, days: int) -> int:
        """Remove what is older than so many days and return how many entries that were."""
        with self._open() as database:
            return sum(
                database.execute(f"DELETE FROM {table} WHERE day < ?", (_day(days),)).rowcount  # noqa: S608 - our names
                for table in ("questions", "ratings")
            )

    def _rows(self, table: str) -> list[dict[str, Any]]:
        with self._open() as database:
            found = database.execute(f"SELECT * FROM {table} ORDER BY number")  # noqa: S608 - our names
            names = [column[0] for column in found.description]
            return [{name: value for name, value in zip(names, row, strict=True) if name != "number"} for row in found]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._turn, storage_errors("keeping feedback", FeedbackError):
            yield self._database


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _day(days_ago: int) -> str:
    return (datetime.now(UTC).date() - timedelta(days=days_ago)).isoformat()
