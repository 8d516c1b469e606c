"""Does the script that runs before a change lands do all that it knows how to do?"""

from __future__ import annotations

import re
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / ".ci/run"


def never_called(script: str) -> set[str]:
    """Return the functions of a shell script that it defines and does not call."""
    defined = set(re.findall(r"^(\w+)\(\) \{$", script, re.MULTILINE))
    return {name for name in defined if not re.search(rf"^\s*{name}$", script, re.MULTILINE)}


def test_every_step_of_the_full_check_is_taken() -> None:
    """A step that is written and not called would look like a check and be none."""
    assert never_called(SCRIPT.read_text(encoding="utf-8")) == set()


def test_a_step_that_is_not_taken_would_be_seen() -> None:
    """Negative control: without its last line, the script lacks a step."""
    script = SCRIPT.read_text(encoding="utf-8").rstrip().rsplit("\n", 1)[0]
    assert never_called(script) == {"smoke_of_a_fresh_clone"}
