"""What can go wrong with a corpus folder?

PramenError                      the root of every error of ours
└── CorpusError
    ├── UnknownPublication       no publication has this id
    ├── PublicationExists        the id is taken and no replacement was asked for
    ├── StillInCollection        what is to be erased was not removed first
    ├── FileRefused              this file cannot be a publication; its code says why
    └── InvalidSidecar           a document.toml that cannot be understood
"""

from __future__ import annotations


class PramenError(Exception):
    """The root of every error of ours: its text is one sentence that a person can act on.

    Attributes:
        code: A stable name in snake_case for programs, shown beside the sentence.
    """

    code = "internal"


class CorpusError(PramenError):
    """The corpus folder, or a publication in it, is not as asked."""

    code = "corpus"


class UnknownPublication(CorpusError):
    """No publication of the corpus has the id."""

    code = "unknown_publication"


class PublicationExists(CorpusError):
    """The id is taken and replacing was not asked for."""

    code = "publication_exists"


class StillInCollection(CorpusError):
    """A publication is to be erased that nobody has removed."""

    code = "still_in_collection"


class InvalidSidecar(CorpusError):
    """A `document.toml` holds an unknown key, a value of the wrong type, or no TOML at all."""

    code = "invalid_sidecar"


class FileRefused(CorpusError):
    """A file cannot be a publication.

    Attributes:
        code: The reason, one of those of the receipts: empty_file, type_mismatch, unsupported_type, ...
        detail: What exactly was met, in English.
    """

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"the file is refused ({code}): {detail}")
