"""Is it worth asking the model endpoint again so soon after it failed?"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

FAILURES = 5
PAUSE_S = 30.0


class Breaker:
    """Opens after FAILURES faults in a row; after PAUSE_S seconds lets one attempt through and closes if it succeeds.

    Safe to use from several threads.
    """

    def __init__(
        self, failures: int = FAILURES, pause_s: float = PAUSE_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` gives seconds that never run backwards."""
        self._failures = failures
        self._pause_s = pause_s
        self._clock = clock
        self._lock = Lock()
        self._in_a_row = 0
        self._closed_again_at = 0.0

    def allows(self) -> bool:
        """Tell whether an attempt may be made now; while open, one attempt after each pause."""
        with self._lock:
            if self._in_a_row < self._failures:
                return True
            if self._clock() < self._closed_again_at:
                return False
            self._closed_again_at = self._clock() + self._pause_s
            return True

    @property
    def is_open(self) -> bool:
        """Whether the last attempts all failed."""
        with self._lock:
            return self._in_a_row >= self._failures

    def succeeded(self) -> None:
        """Close after an attempt that went well."""
        with self._lock:
            self._in_a_row = 0

    def failed(self) -> None:
        """Count a fault; the last one allowed opens."""
        with self._lock:
            self._in_a_row += 1
            if self._in_a_row >= self._failures:
                self._closed_again_at = self._clock() + self._pause_s
