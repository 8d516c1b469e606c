"""Which JSON goes between the service and its staff?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import Field

from corpus.sidecar import KEYS
from indexes.feedback import Rating
from indexes.jobs import Job, JobFailure, JobKind, JobState, LogLine
from qa_service.api.inputs import Input
from qa_service.api.wire import Body
from qa_service.curation import Accepted
from qa_service.staff_glossary import COLUMN_CHARS, GlossaryEntry

TOKEN_CHARS = 500
LONGEST_COLUMN = 10 * COLUMN_CHARS
"""What is longer is no slip of a person; below it, the glossary itself says what is wrong."""


class ProgressBody(Body):
    """How far a running job is: `done` of `total` in its present step."""

    step: str
    done: int
    total: int | None
    seconds_left: float | None = None


FAILURES: Mapping[str, Mapping[str, str]] = json.loads(
    (Path(__file__).parent / "failures.json").read_text(encoding="utf-8")
)
"""What a failure means and what staff can do, by its code and language."""


class FailureBody(Body):
    """Why a job failed: `message` exactly and in English for administrators, `sentences` for staff by language."""

    code: str
    message: str
    sentences: dict[str, str]

    @classmethod
    def of(cls, failure: JobFailure) -> FailureBody:
        """Return the body of a failure."""
        sentences = FAILURES.get(failure.code, FAILURES["other"])
        return cls(code=failure.code, message=failure.message, sentences=dict(sentences))


class LogLineBody(Body):
    """One line of the log of a job."""

    at: datetime
    line: str

    @classmethod
    def of(cls, line: LogLine) -> LogLineBody:
        """Return the body of a line."""
        return cls(at=line.at, line=line.line)


class JobBody(Body):
    """A wish of staff and what became of it."""

    id: str
    kind: JobKind
    state: JobState
    progress: ProgressBody | None
    error: FailureBody | None
    created: datetime
    started: datetime | None
    finished: datetime | None
    attempts: int
    document_id: str | None
    """The publication that it is about, if it is about one."""
    result: dict[str, Any]

    @classmethod
    def of(cls, job: Job) -> JobBody:
        """Return the body of a job."""
        return cls(
            id=job.id,
            kind=job.kind,
            state=job.state,
            progress=ProgressBody(**asdict(job.progress)) if job.progress else None,
            error=FailureBody.of(job.error) if job.error else None,
            created=job.created,
            started=job.started,
            finished=job.finished,
            attempts=job.attempts,
            document_id=job.parameters.get("id"),
            result={key: value for key, value in job.result.items() if key != "documents"},
        )


class JobDetailsBody(JobBody):
    """A job with its log."""

    log: list[LogLineBody]


class JobsBody(Body):
    """One page of jobs, newest first; `next` is the cursor of the next page."""

    jobs: list[JobBody]
    next: str | None


class AcceptedBody(Body):
    """A file that will not be lost, and the job that will add it."""

    id: str
    file_name: str
    job: str

    @classmethod
    def of(cls, accepted: Accepted) -> AcceptedBody:
        """Return the body of an accepted file."""
        return cls(id=accepted.id, file_name=accepted.file_name, job=accepted.job.id)


class UploadsBody(Body):
    """The answer to an upload."""

    documents: list[AcceptedBody]


class PublicationsBody(Body):
    """The publications of the corpus, and what is wrong with their descriptions."""

    documents: list[dict[str, Any]]
    findings: list[dict[str, Any]]


class RemovedBody(Body):
    """A publication that was taken out of the corpus or replaced; under `name` it can be brought back."""

    name: str
    id: str
    title: str | None
    file_name: str
    removed: datetime


class RemovedListBody(Body):
    """What was removed, newest first."""

    removed: list[RemovedBody]


class ReleasesBody(Body):
    """All releases, newest first."""

    releases: list[dict[str, Any]]


class ReceiptsBody(Body):
    """What the newest build says of all publications."""

    receipts: list[dict[str, Any]]


class GapBody(Body):
    """Questions on one subject that were not answered well; `question` is the commonest wording."""

    question: str
    count: int
    unanswered: int
    rated_poorly: int
    reasons: dict[str, int]
    wordings: list[str]


class GapsBody(Body):
    """What the collection lacks, the most asked first."""

    gaps: list[GapBody]


class RatingBody(Body):
    """What somebody thought of an answer, or of one passage of it; scrubbed of personal data before it was kept."""

    release: str
    question: str
    passage_id: str | None
    useful: bool
    comment: str | None

    @classmethod
    def of(cls, rating: Rating) -> RatingBody:
        """Return the body of a rating."""
        return cls(
            release=rating.release_id,
            question=rating.question,
            passage_id=rating.passage_id,
            useful=rating.is_useful,
            comment=rating.comment,
        )


class RatingsBody(Body):
    """The newest ratings first."""

    ratings: list[RatingBody]


class EntryBody(Body):
    """Terms that mean the same; `id` changes with every change of the entry."""

    id: str
    english: str
    czech: str

    @classmethod
    def of(cls, entry: GlossaryEntry) -> EntryBody:
        """Return the body of an entry."""
        return cls(id=entry.id, english=entry.english, czech=entry.czech)


class GlossaryBody(Body):
    """The glossary as it stands; `is_published` tells whether readers are answered by exactly these entries."""

    entries: list[EntryBody]
    version: str
    is_published: bool


class EntryInput(Input):
    """The columns of an entry; variants are separated by semicolons."""

    english: str = Field(max_length=LONGEST_COLUMN)
    czech: str = Field(max_length=LONGEST_COLUMN)


class ImportBody(Body):
    """How many entries an import adds, takes out and leaves."""

    added: int
    removed: int
    unchanged: int


class AuditBody(Body):
    """The newest actions of staff."""

    actions: list[dict[str, Any]]


class SessionBody(Body):
    """Who is signed in; `csrf` goes into the header X-CSRF-Token of every change."""

    name: str
    role: str
    csrf: str | None


class SignInInput(Input):
    """A token, shown once to sign in."""

    token: str = Field(min_length=1, max_length=TOKEN_CHARS)


class BuildInput(Input):
    """Whether the release is published where it passes the gate."""

    publish: bool = False


def metadata_schema() -> dict[str, Any]:
    """Return the JSON schema of what can be said about a publication."""
    return {"type": "object", "properties": {key: {} for key in KEYS}, "additionalProperties": False}
