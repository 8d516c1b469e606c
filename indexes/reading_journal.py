"""Which files were being read when the program last died?

Reading happens in a child process, but a file may still take the whole worker with it (memory, power). An attempt is
therefore written down before it starts, so that a file that has killed its reader twice is set aside for ever.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from indexes.errors import JobError
from indexes.storage import storage_errors

READING_FILE = "reading.sqlite"
"""Name of the journal below the folder of the state."""
MAX_DEATHS = 2
"""So many unfinished attempts set a file aside: one may be chance, two are the file."""


class ReadingJournal:
    """Unfinished attempts at reading, by the SHA-256 of the file; for one thread of one worker."""

    def __init__(self, state: Path) -> None:
        """Open the journal in the folder of the state, which is made where absent. Raises JobError, DiskFull."""
        with storage_errors("opening the journal of readings", JobError):
            state.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(state / READING_FILE, timeout=30, isolation_level=None)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.execute("CREATE TABLE IF NOT EXISTS deaths (sha256 TEXT PRIMARY KEY, count INTEGER)")

    def begin(self, sha256: str) -> bool:
        """Count an attempt, durably, and return True; False where the file is set aside and must not be read."""
        with storage_errors("writing the journal of readings", JobError):
            if self.deaths(sha256) >= MAX_DEATHS:
                return False
            self._database.execute(
                "INSERT INTO deaths VALUES (?, 1) ON CONFLICT (sha256) DO UPDATE SET count = count + 1", (sha256,)
            )
        return True

    def end(self, sha256: str) -> None:
        """Take back the attempt: the reader came to an end, whatever it found."""
        with storage_errors("writing the journal of readings", JobError):
            self._database.execute("UPDATE deaths SET count = count - 1 WHERE sha256 = ?", (sha256,))
            self._database.execute("DELETE FROM deaths WHERE sha256 = ? AND count < 1", (sha256,))

    def deaths(self, sha256: str) -> int:
        """Return how many attempts at a file have not come to an end."""
        row = self._database.execute("SELECT count FROM deaths WHERE sha256 = ?", (sha256,)).fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Close the file."""
        self._database.close()
