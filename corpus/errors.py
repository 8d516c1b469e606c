"""What can go wrong with a corpus folder?

PramenError                      the root of every error of ours
└── CorpusError
    ├── UnknownPublication       no publication has this id
    ├── PublicationExists        the id is taken and no replacement was asked for
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


class InvalidSidecar(CorpusError):
    """A `document.toml` holds an unknown key, a value of the wrong type, or no TOML at all."""

    code = "invalid_sidecar"
