"""What can go wrong between a file and a published release?

PramenError
└── IngestError
    ├── UnreadableDocument       this file cannot be searched; its `reason` says why, the build goes on
    ├── ReaderUnavailable        the process that reads files cannot be started at all
    ├── NothingIndexed           a build found no document that can be searched
    └── PublishRefused           a release does not pass the gate
"""

from __future__ import annotations

from corpus.errors import PramenError
from ingest.cost import Cost
from ingest.reasons import QUARANTINE, SENTENCES, Outcome, Reason


class IngestError(PramenError):
    """A step from the corpus to a release failed."""

    code = "ingest"


class UnreadableDocument(IngestError):
    """One file cannot be made searchable. It costs that document alone: the build notes it and goes on.

    Attributes:
        reason: Why; its value is also the `code` of this error.
        detail: What exactly was met, in English, for the receipt and the log ("page 3: ..."); may be empty.
        outcome: QUARANTINED where a person can mend the document, else REJECTED.
        cost: What was spent on the attempt, where it ran in a child process.
    """

    def __init__(self, reason: Reason, detail: str = "", outcome: Outcome | None = None) -> None:
        super().__init__(SENTENCES[reason].en + (f" ({detail})" if detail else ""))
        self.reason = reason
        self.detail = detail
        self.code = reason.value
        self.outcome = outcome or (Outcome.QUARANTINED if reason in QUARANTINE else Outcome.REJECTED)
        self.cost = Cost()


def changed_meanwhile() -> UnreadableDocument:
    """Return the error for a file that was replaced or removed during a build: it waits for the next."""
    detail = "the file was changed or removed during the build: build again"
    return UnreadableDocument(Reason.CORRUPT, detail, Outcome.QUARANTINED)


class ReaderUnavailable(IngestError):
    """The process that reads files cannot be started, so no document can be read."""

    code = "reader_unavailable"


class NothingIndexed(IngestError):
    """A build found no document that can be searched, so there is no release; the receipts say why."""

    code = "nothing_indexed"


class PublishRefused(IngestError):
    """A release does not pass the gate; the published one stays."""

    code = "publish_refused"
