"""What did an earlier run, killed perhaps, leave that still holds?

A result is kept under a name that has the fingerprint of all it was made from, so that a file of other texts or of another
model is never taken for it. Long lists of vectors grow block by block, and a kill costs the block at hand.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexes.storage import write_durably

FloatArray = npt.NDArray[np.floating]

HALF = np.dtype(np.float16)
"""What vectors are kept in: half the space, and an error of a thousandth."""
TEXTS_PER_BLOCK = 256


def fingerprint(*parts: bytes | str) -> str:
    """Return 16 hexadecimal digits of the SHA-256 of the parts, told apart by their lengths."""
    digest = sha256()
    for part in parts:
        data = part.encode("utf-8", "replace") if isinstance(part, str) else part
        digest.update(f"{len(data)} ".encode())
        digest.update(data)
    return digest.hexdigest()[:16]


def keep_vectors(
    target: Path, texts: Sequence[str], embed: Callable[[Sequence[str]], FloatArray], dimension: int
) -> Iterator[int]:
    """Write float16[texts, dimension] to the `.npy` file `target`, yielding how many rows are there so far.

    `embed` returns the vectors of some texts. A file that is there already stays as it is. After a kill, the blocks before
    it are kept and the others computed from the same texts together, so the file has the bytes of an uninterrupted run.
    """
    unfinished = target.with_suffix(".unfinished")
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("ab") as rows:
            row_bytes = dimension * HALF.itemsize
            rows.truncate(rows.tell() // (TEXTS_PER_BLOCK * row_bytes) * TEXTS_PER_BLOCK * row_bytes)
            for start in range(rows.tell() // row_bytes, len(texts), TEXTS_PER_BLOCK):
                yield start
                rows.write(embed(texts[start : start + TEXTS_PER_BLOCK]).astype(HALF).tobytes())
                rows.flush()
        whole = io.BytesIO()
        np.save(whole, np.fromfile(unfinished, HALF).reshape(len(texts), dimension))
        write_durably(target, whole.getvalue())
    unfinished.unlink(missing_ok=True)
    yield len(texts)
