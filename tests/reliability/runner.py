"""How is a process with `faults.so` given one case after another?"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Runner:
    """One process that runs the cases of a module, each on its own copy of the installation."""

    def __init__(self, module: str, library: Path, prepared: Path, scratch: Path) -> None:
        """Start the process, with the library loaded before any other."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.reliability.{module}", str(prepared), str(scratch)],
            env={"LD_PRELOAD": str(library), "PATH": "/usr/bin:/bin", "HOME": str(scratch)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def run(self, case: dict[str, Any]) -> Any:
        """Return the outcome of a case."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(case) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        self._process.communicate()
