"""Do people at a terminal read what they have to do?"""

from __future__ import annotations

import pytest

from ingest.readers.reading import Finding
from ingest.reasons import Outcome
from ingest.receipt import Receipt
from qa_service.console import print_receipts


def test_what_is_wrong_with_a_description_is_told_beside_its_publication(capsys: pytest.CaptureFixture[str]) -> None:
    """Other samples are text of the document, of which a list of many documents has no need."""
    findings = (Finding("sidecar", sample="year is '2020'"), Finding("menus", sample="Úvod Kontakt"))
    print_receipts([Receipt("zprava", "zprava/a.txt", Outcome.INDEXED, findings=findings).to_json()])
    shown = " ".join(capsys.readouterr().out.split())
    assert "year is '2020'" in shown
    assert "Kontakt" not in shown
