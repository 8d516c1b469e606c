"""The worker's threads share two heaps."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from qa_service.heaps import HEAPS

THREADS = 8
COUNT_HEAPS = """
import ctypes, sys, threading
from qa_service.heaps import share_heaps

file, threads, is_shared = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "shared"
if is_shared:
    share_heaps()
met = threading.Barrier(threads + 1)

def allocate():
    kept = bytearray(50_000)  # too large for Python's own heap, too small for a mapping of its own
    met.wait()
    met.wait()

for _ in range(threads):
    threading.Thread(target=allocate).start()
met.wait()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
report = ctypes.c_void_p(libc.fopen(file.encode(), b"w"))
libc.malloc_info(0, report)
libc.fclose(report)
met.wait()
"""

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only the GNU C library has several heaps")


def heaps_of_threads(file: Path, sharing: str) -> int:
    """Return in how many heaps eight threads of one process allocate."""
    subprocess.run([sys.executable, "-c", COUNT_HEAPS, str(file), str(THREADS), sharing], check=True)
    return file.read_text().count("<heap nr=")


def test_threads_share_two_heaps(tmp_path: Path) -> None:
    """Eight threads that allocate at the same time, counted by the C library itself."""
    assert heaps_of_threads(tmp_path / "heaps.xml", "shared") <= HEAPS


def test_without_sharing_threads_take_heaps_of_their_own(tmp_path: Path) -> None:
    """Negative control: the C library gives them more."""
    assert heaps_of_threads(tmp_path / "heaps.xml", "apart") > HEAPS
