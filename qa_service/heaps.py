"""How is the memory of a process that lives long and starts threads anew kept from growing?"""

from __future__ import annotations

import ctypes
from contextlib import suppress

HEAPS = 2
"""With as many heaps as the C library likes, eight for each core, the worker grew by 5 MB with every build."""
M_ARENA_MAX = -8
"""mallopt(3) of the GNU C library."""


def share_heaps() -> None:
    """Let all threads that begin from now on share two heaps of the C library.

    Otherwise each gets one of its own, and the pieces that a build leaves in them are of no use to the threads of the next.
    Does nothing where the C library knows no such heaps (musl, macOS).
    """
    with suppress(AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS)
