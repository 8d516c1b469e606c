"""Is a file that kills its reader tried twice and then never again?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from indexes.reading_journal import MAX_DEATHS, ReadingJournal

ROOT = Path(__file__).resolve().parents[2]
KILLED = (
    "import os, signal, sys; from pathlib import Path; from indexes.reading_journal import ReadingJournal\n"
    "journal = ReadingJournal(Path(sys.argv[1]))\n"
    "if journal.begin('bomb'): os.kill(os.getpid(), signal.SIGKILL)"
)


def test_a_file_whose_readers_were_killed_twice_is_set_aside(tmp_path: Path) -> None:
    """The third process leaves the file alone, and so does every later one."""
    codes = [
        subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, cwd=ROOT).returncode
        for _ in range(4)
    ]
    assert codes == [-9] * MAX_DEATHS + [0, 0]
    journal = ReadingJournal(tmp_path)
    assert not journal.begin("bomb")
    assert journal.begin("other")


def test_a_reading_that_ends_leaves_no_trace(tmp_path: Path) -> None:
    """However often a sound file is read, and whatever its reader found, it may be read again."""
    journal = ReadingJournal(tmp_path)
    for _ in range(5):
        assert journal.begin("sound")
        journal.end("sound")
    assert journal.deaths("sound") == 0
