"""Does the service do what its description says, whatever it is asked and whoever asks?

Cases are made from the OpenAPI description by schemathesis, valid and invalid ones, and sent over a socket. `make chaos`
runs the long form with FUZZ_EXAMPLES=140, which makes some 20,000 cases; FUZZ_SEED repeats a run.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS
from schemathesis.generation import GenerationMode

from qa_service.keys import KeyRing
from tests.qa_service.api.running import Running, start

TOKEN = "an-invented-admin-token-of-the-fuzz-tests"
IS_LONG = "FUZZ_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))
# A red run of the short form shall be about the change, not about the dice; the long form throws them.
SEED = int(os.environ.get("FUZZ_SEED", secrets.randbelow(10**6) if IS_LONG else 2026))
FLOOD = "1000000 per second"
RATES = {f"{name}_rate": FLOOD for name in ("search", "answer", "feedback", "admin", "failed_sign_in")}

NOT_DESCRIBED = {
    "GET /api/v1/documents": "that a cursor was given by a page before cannot be said in a schema",
    "GET /api/v1/search": "that year_from lies before year_to, and that q holds a letter, cannot be said in a schema",
    "POST /api/v1/answer": "the same",
    "POST /api/v1/admin/documents": "what the bytes of a file must be cannot be said in a schema",
    "PATCH /api/v1/admin/documents/{document_id}": "types of metadata depend on the key",
    "POST /api/v1/admin/glossary": "that a term holds a telling word cannot be said in a schema",
    "PUT /api/v1/admin/glossary/{entry_id}": "the same",
    "PUT /api/v1/admin/glossary.tsv": "what a line of the file must be cannot be said in a schema",
}
"""Where a value that fits the schema may be refused with 422, and why."""


NOT_REFUSED = {
    "GET /api/v1/search": "an empty value counts as absent, so a wrong value that is written as nothing is none",
    "POST /api/v1/answer": "the length of a question counts after trimming, its control characters taken out",
    "POST /api/v1/admin/documents": "a list without members is written as no part at all",
}
"""Where a value that does not fit the schema may be taken, and why."""

SLOWEST_S = 5
CONFIG = schemathesis.Config.from_dict(
    {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", 401, 403, 404, 409, 410, 429]}}}
)
"""410: an id of a release can be valid and gone."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service whose rates let everything in."""
    running = start(tmp_path_factory.mktemp("service"), admin_token=TOKEN, anonymous_search=False, **RATES)
    yield running
    running.process.terminate()
    running.process.wait(600)


def secret(running: Running, role: str) -> str | None:
    """Return a key of a role, or None for nobody."""
    if role in {"nobody", "admin"}:
        return TOKEN if role == "admin" else None
    return KeyRing(running.folder / "state").create(role, role)[1]


@pytest.mark.slow
@pytest.mark.parametrize("role", ["nobody", "reader", "staff", "admin"])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["valid", "invalid"])
def test_no_case_made_from_the_description_breaks_it(running, role, mode) -> None:
    """No 5xx, no undescribed status or body, no invalid value taken, no valid one refused; and the service is well."""
    key = secret(running, role)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{running.port}/openapi.json", config=CONFIG)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) >= 30
    statuses: Counter[int] = Counter()
    try:
        for operation in operations:
            statuses += asked(operation, mode, headers)
    finally:
        print(f"seed {SEED}: {statuses.total()} cases, statuses {dict(sorted(statuses.items()))}")  # noqa: T201
    assert running.process.poll() is None


def asked(operation: schemathesis.APIOperation, mode: GenerationMode, headers: dict[str, str]) -> Counter[int]:
    """Send cases of one operation, check each response against the description, and return how they were answered."""
    statuses: Counter[int] = Counter()
    excluded = [CHECKS.get_one("ignored_auth")]  # the matrix of roles and routes has its own test
    if operation.label in NOT_DESCRIBED:
        excluded.append(CHECKS.get_one("positive_data_acceptance"))
    if operation.label in NOT_REFUSED:
        excluded.append(CHECKS.get_one("negative_data_rejection"))

    @seed(SEED)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        response = case.call(headers=headers)
        statuses[response.status_code] += 1
        assert not IS_LONG or response.elapsed < SLOWEST_S
        case.validate_response(response, excluded_checks=excluded, headers=headers)

    with suppress(Unsatisfiable):  # an operation that takes nothing cannot be given anything invalid
        ask()
    return statuses
