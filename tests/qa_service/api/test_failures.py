"""Do staff read in their own language why a job failed?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import ingest.errors  # noqa: F401 - its errors are to be known here
import qa_service.errors  # noqa: F401 - the same
from corpus.errors import CorpusError, PramenError
from indexes.errors import IndexesError
from indexes.jobs import JobFailure
from ingest.errors import IngestError
from qa_service.api.admin.wire import FAILURES, FailureBody

OF_THE_WORKER = ("internal", "storage", "worker_died")
"""Codes that are no error of ours."""


def codes(kind: type[PramenError]) -> Iterator[str]:
    """Yield the codes of an error and of all that are of its kind."""
    yield kind.code
    for each in kind.__subclasses__():
        yield from codes(each)


@pytest.mark.parametrize(
    "code", sorted({*codes(CorpusError), *codes(IndexesError), *codes(IngestError), *OF_THE_WORKER})
)
def test_every_failure_has_a_sentence_in_both_languages(code: str) -> None:
    """Whatever corpus, indexes and ingest can raise, staff are told what it means and what to do."""
    body = FailureBody.of(JobFailure(code, "release r1 reaches 0.1"))
    assert body.sentences == FAILURES[code]
    assert set(body.sentences) == {"cs", "en"}
    assert body.message == "release r1 reaches 0.1"


def test_a_failure_that_nobody_foresaw_has_a_sentence_too() -> None:
    """An older worker may have written a code that is gone."""
    assert FailureBody.of(JobFailure("gone", "x")).sentences == FAILURES["other"]
