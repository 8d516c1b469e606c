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
from tempfile import NamedTemporaryFile
from threading import BoundedSemaphore

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
    """Draws pages of PDF files and keeps what was drawn. A page that could not be drawn is remembered as such."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._slots = BoundedSemaphore(CHILDREN)

    def picture(self, pdf: bytes, page: int, quote: str) -> bytes | None:
        """Return the PNG of a page (counted from 1) with the quote marked; None where it cannot be drawn."""
        name = sha256(json.dumps([sha256(pdf).hexdigest(), page, quote, WIDTH]).encode()).hexdigest()
        kept = self._folder / f"{name}.png"
        if not kept.exists():
            if not self._slots.acquire(timeout=WAIT_S):
                return None
            try:
                self._keep(kept, _drawn(pdf, page, quote))
            finally:
                self._slots.release()
        return kept.read_bytes() or None

    def _keep(self, file: Path, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._folder, delete=False) as temporary:
            temporary.write(content)
        Path(temporary.name).replace(file)
        self._drop_oldest()

    def _drop_oldest(self) -> None:
        files = sorted(((f.stat().st_mtime, f.stat().st_size, f) for f in self._folder.glob("*.png")), reverse=True)
        total = 0
        for _, size, file in files:
            total += size
            if total > MOST_BYTES:
                with suppress(FileNotFoundError):
                    file.unlink()


def _drawn(pdf: bytes, page: int, quote: str) -> bytes:
    """Return the PNG that a child draws, empty where it refuses, dies or takes too long."""
    asked = json.dumps({"page": page, "width": WIDTH, "quote": quote}).encode() + b"\n"
    command = [sys.executable, "-m", "ingest.page_picture"]
    try:
        child = subprocess.run(command, input=asked + pdf, capture_output=True, timeout=WALL_S, check=False)  # noqa: S603 - our own module, nothing of the request in the command line
    except subprocess.TimeoutExpired:
        return b""
    return child.stdout if child.returncode == 0 else b""
