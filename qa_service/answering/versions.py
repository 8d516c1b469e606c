"""Does a release hold a newer version of a document?

Two documents are versions of one text where their titles differ in numbers alone ("Zpráva 2018", "Zpráva 2019"), in one
language and of one publisher. What `superseded_by` says goes before this guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Lock
from weakref import WeakKeyDictionary

from corpus.document import Document
from indexes.analysis import fold
from indexes.contract import PassageIndex

_PAGE = 500
_NUMBERS = re.compile(r"\d+|\W+")

Key = tuple[str, str | None, str | None]


_newest_of: WeakKeyDictionary[PassageIndex, dict[Key, Document]] = WeakKeyDictionary()
"""The newest dated document of each title, for each open release: reading them means reading all documents."""
_turn = Lock()


def newer_version(index: PassageIndex, document: Document) -> str | None:
    """Return the id of the newest later version of a document in the same release, or None."""
    newest = _newest(index).get(_key(document))
    if newest is None or newest.id == document.id or not document.metadata.year:
        return None
    return newest.id if _age(newest) > _age(document) else None


def _newest(index: PassageIndex) -> dict[Key, Document]:
    with _turn:
        if index not in _newest_of:
            newest: dict[Key, Document] = {}
            for document in _all(index):
                if document.metadata.year and _age(document) > _age(newest.get(_key(document))):
                    newest[_key(document)] = document
            _newest_of[index] = newest
        return _newest_of[index]


def _all(index: PassageIndex) -> Iterator[Document]:
    page = index.documents(_PAGE)
    while page:
        yield from page
        page = index.documents(_PAGE, after=page[-1].id)


def _key(document: Document) -> Key:
    title = " ".join(_NUMBERS.sub(" ", fold(document.title)).split())
    return title, document.metadata.language, document.metadata.publisher


def _age(document: Document | None) -> tuple[int, str]:
    """Return year and day of a document, in the order of time."""
    if document is None:
        return (0, "")
    day = document.metadata.date
    return (document.metadata.year or 0, day.isoformat() if day else "")
