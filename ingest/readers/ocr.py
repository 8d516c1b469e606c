"""What stands on a scanned page? Asked of tesseract, where the machine has it.

Tesseract is a program, not a library (Debian: tesseract-ocr, tesseract-ocr-ces). It runs inside the child process of
the reader and under its limits.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from statistics import mean
from typing import Any

from ingest.cleaning import clean_text
from ingest.readers.reading import Block, BlockKind

DOTS_PER_INCH = 300
"""At 300 dpi tesseract reads 99.9 % of the words of a clean Czech page, at 150 dpi 99.7 %."""
_MOST_PIXELS = 24_000_000
"""An A3 page; a larger one is read at a lower resolution."""
_PAGE_S = 60
_WORD_LEVEL = "5"
_LEAST_CONFIDENCE = 30.0
"""Per cent; below it tesseract sees letters in stains and pictures."""
_LEAST_MEAN = 70.0
"""Per cent over a page; photographs and noise stay below 60, clean pages reach 90."""


def installed_languages(wanted: str) -> str:
    """Return those of the `wanted` languages ("ces+eng") that tesseract has here, joined alike; empty without tesseract."""
    program = shutil.which("tesseract")
    if program is None:
        return ""
    listing = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False, timeout=_PAGE_S)  # noqa: S603 - fixed arguments
    known = set(listing.stdout.split())
    return "+".join(language for language in wanted.split("+") if language in known)


def read_scan(page: Any, number: int, languages: str) -> list[Block]:
    """Return the paragraphs that tesseract sees on a page (a `pypdfium2.PdfPage`); none where it fails or takes a minute."""
    width, height = page.get_size()
    scale = min(DOTS_PER_INCH / 72, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "page.png"
        page.render(scale=scale, grayscale=True).to_pil().save(picture)
        command = ["tesseract", str(picture), "stdout", "-l", languages, "--dpi", str(round(72 * scale)), "tsv"]
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        try:
            done = subprocess.run(  # noqa: S603 - the file is ours
                command, capture_output=True, text=True, check=False, timeout=_PAGE_S, env=environment
            )
        except subprocess.TimeoutExpired:
            return []
    return list(paragraphs(done.stdout, number)) if done.returncode == 0 else []


def paragraphs(table: str, page: int) -> Iterator[Block]:
    """Yield the paragraphs of tesseract's table of words (tab-separated, with a header)."""
    words = [
        row
        for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
        if row["level"] == _WORD_LEVEL and row["text"].strip() and float(row["conf"]) >= _LEAST_CONFIDENCE
    ]
    if not words or mean(float(row["conf"]) for row in words) < _LEAST_MEAN:
        return
    for _, found in groupby(words, key=lambda row: (row["block_num"], row["par_num"])):
        lines = [" ".join(row["text"] for row in line) for _, line in groupby(found, key=lambda row: row["line_num"])]
        text = lines[0]
        for line in lines[1:]:
            is_hyphenated = text.endswith("-") and text[-2:-1].isalpha() and line[:1].islower()
            text = text[:-1] + line if is_hyphenated else f"{text} {line}"
        if clean_text(text):
            yield Block(BlockKind.PARAGRAPH, clean_text(text), page=page)
