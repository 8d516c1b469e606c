"""What did reading a document take?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """Time and memory of one attempt to read a document."""

    seconds: float = 0.0
    cpu_s: float = 0.0
    memory_mb: float = 0.0
    """Largest resident memory of the child process."""
