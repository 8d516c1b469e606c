"""Parsers that misbehave, each in one way: they stand for a fault in a real one, inside the child process."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import sys
import time
from pathlib import Path

from ingest.readers.reading import Block, BlockKind, Reading
from ingest.settings import ReaderLimits


def sound(path: Path, limits: ReaderLimits) -> Reading:
    """Read one line."""
    return Reading("text/plain", (Block(BlockKind.PARAGRAPH, path.read_text()),))


def by_content(path: Path, limits: ReaderLimits) -> Reading:
    """Do what the text of the file names."""
    name = path.read_text().split()[0]
    reader = {"sound": sound, "hang": hang, "spin": spin, "swell": swell, "leave": leave, "abort": abort}.get(name)
    reader = reader or {"flood": flood, "shout": shout, "breed": breed, "call": call, "fill": fill}[name]
    return reader(path, limits)


def hang(path: Path, limits: ReaderLimits) -> Reading:
    """Sleep for ever."""
    while True:
        time.sleep(60)


def spin(path: Path, limits: ReaderLimits) -> Reading:
    """Compute for ever."""
    while True:
        pass


def swell(path: Path, limits: ReaderLimits) -> Reading:
    """Take all memory there is."""
    pieces = []
    while True:
        pieces.append(bytearray(1 << 24))


def leave(path: Path, limits: ReaderLimits) -> Reading:
    """End the process without a word."""
    os._exit(0)


def abort(path: Path, limits: ReaderLimits) -> Reading:
    """Die in native code, as PDFium does on nested forms."""
    ctypes.string_at(0)
    raise AssertionError


def flood(path: Path, limits: ReaderLimits) -> Reading:
    """Return more text than the limit of the output."""
    return Reading("text/plain", tuple(Block(BlockKind.PARAGRAPH, "x" * 1000) for _ in range(limits.output_mb * 1100)))


def shout(path: Path, limits: ReaderLimits) -> Reading:
    """Write to standard output and error, which must not disturb the talk of server and builder."""
    for _ in range(10_000):
        sys.stdout.write("noise " * 100)
        os.write(1, b"noise" * 100)
        os.write(2, b"noise" * 100)
    return sound(path, limits)


def breed(path: Path, limits: ReaderLimits) -> Reading:
    """Leave children behind, one of them in a session of its own."""
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            time.sleep(600)
            os._exit(0)
    return sound(path, limits)


def call(path: Path, limits: ReaderLimits) -> Reading:
    """Try to reach a server on this machine: the port stands in the file."""
    port = int(path.read_text().split()[1])
    with socket.create_connection(("127.0.0.1", port), timeout=2):
        return sound(path, limits)


def fill(path: Path, limits: ReaderLimits) -> Reading:
    """Find no room on the disk, as when pages are drawn for OCR."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
