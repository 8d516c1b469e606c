"""How is a publication named, so that its name can stand in a URL unescaped?

Ids match `[a-z0-9-]+` and follow from the paths of all files of a corpus, never from the order in which they are found.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from hashlib import sha256
from pathlib import PurePosixPath

VALID_ID = re.compile(r"[a-z0-9-]+")

_OUTSIDE_ALPHABET = re.compile(r"[^a-z0-9]+")


def slug(name: str) -> str:
    """Return the id for a path below the corpus folder, without the suffix of the file, if no other path has the same.

    Marks are dropped after NFKD, and each run outside `[a-z0-9]` becomes `-`: `reports/Shrnutí 2019` gives
    `reports-shrnuti-2019`. Where nothing is left, `document-` and the first 8 digits of the name's SHA-256.
    """
    decomposed = unicodedata.normalize("NFKD", name)
    unmarked = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _OUTSIDE_ALPHABET.sub("-", unmarked.lower()).strip("-") or f"document-{_digest(name)[:8]}"


def assign_ids(paths: Sequence[PurePosixPath], homes: Collection[PurePosixPath] = ()) -> dict[PurePosixPath, str]:
    """Return the id of every path: of a file, or of a folder that is the home of one publication (`homes`).

    Ids that meet all get the suffix of their file (`zprava-pdf`, `zprava-docx`), then 4 digits of their path's SHA-256,
    and where hundreds meet and some still do, 16.
    """
    plain = {path: slug(str(path if path in homes else path.with_suffix(""))) for path in paths}
    return _parted(_parted(_parted(plain, _with_suffix), _with_digest), _with_more_digits)


def _parted(ids: dict[PurePosixPath, str], longer: Callable[[PurePosixPath, str], str]) -> dict[PurePosixPath, str]:
    counts = Counter(ids.values())
    return {path: longer(path, name) if counts[name] > 1 else name for path, name in ids.items()}


def _with_suffix(path: PurePosixPath, name: str) -> str:
    suffix = slug(path.suffix) if len(path.suffix) > 1 else ""
    return f"{name}-{suffix}" if suffix else name


def _with_digest(path: PurePosixPath, name: str) -> str:
    return f"{name}-{_digest(str(path))[:4]}"


def _with_more_digits(path: PurePosixPath, name: str) -> str:
    return f"{name}{_digest(str(path))[4:16]}"


def _digest(name: str) -> str:
    return sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
