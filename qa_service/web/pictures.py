"""Where do the pictures of PDF pages come from? A child process draws each one once; the folder keeps it.

The child is `python -m ingest.page_picture`: a file that makes a PDF library crash takes down the child alone, and the
serving code never loads that library.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore

from indexes.storage import write_durably

PICTURES = "pictures"
"""Folder of drawn pages below the state folder: a cache that may be emptied at any time."""
CHILDREN = 2
"""So many pages are drawn at once; more wait for `WAIT_S` and are then refused."""
WAIT_S = 10.0
WALL_S = 20.0
WIDTH = 1000
"""In pixels: legible on a screen of double density at the width of the margin."""
MOST_BYTES = 256 * 2**20
"""Above this the pictures that were drawn first are dropped."""


class PagePictures:
    """Draws pages of PDF files and keeps what was drawn; of a page that cannot be drawn it keeps that.

    What took too long is tried again for the next reader: the machine may have been busy.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._slots = BoundedSemaphore(CHILDREN)

    def picture(self, pdf: bytes, page: int, quote: str) -> bytes | None:
        """Return the PNG of a page (counted from 1) with the quote marked; None where it cannot be drawn."""
        name = sha256(json.dumps([sha256(pdf).hexdigest(), page, quote, WIDTH]).encode()).hexdigest()
        kept = self._folder / f"{name}.png"
        with suppress(OSError):
            return kept.read_bytes() or None
        if not self._slots.acquire(timeout=WAIT_S):
            return None
        try:
            drawn = _drawn(pdf, page, quote)
            if drawn is not None:
                self._keep(kept, drawn)
        finally:
            self._slots.release()
        return drawn or None

    def _keep(self, file: Path, content: bytes) -> None:
        """Keep a picture if that can be done: the folder is a cache, which others may empty, on a disk that may be full."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_durably(file, content)
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        files = sorted(((f.stat().st_mtime, f.stat().st_size, f) for f in self._folder.glob("*.png")), reverse=True)
        total = 0
        for _, size, file in files:
            total += size
            if total > MOST_BYTES:
                file.unlink(missing_ok=True)


def _drawn(pdf: bytes, page: int, quote: str) -> bytes | None:
    """Return the PNG that a child draws, empty where it refuses or dies, None where it takes too long."""
    asked = json.dumps({"page": page, "width": WIDTH, "quote": quote}).encode() + b"\n"
    command = [sys.executable, "-m", "ingest.page_picture"]
    try:
        child = subprocess.run(command, input=asked + pdf, capture_output=True, timeout=WALL_S, check=False)  # noqa: S603 - our own module, nothing of the request in the command line
    except subprocess.TimeoutExpired:
        return None
    return child.stdout if child.returncode == 0 else b""
