"""Are scanned pages read where tesseract is at hand, and set aside with the right reason where it is not?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexes.storage import sha256_of
from ingest import reading_pool
from ingest.readers import ocr
from ingest.readers.ocr import installed_languages, paragraphs, read_scan
from ingest.readers.pdf_lines import open_pdf
from ingest.reading_pool import ReaderPool
from ingest.reasons import Reason
from ingest.settings import IngestSettings
from ingest.store import ReadingStore
from tests.ingest.test_pdf import report, scores

SCAN = Path(__file__).resolve().parents[1] / "fixtures" / "pdf" / "scan.pdf"
DIGEST = sha256_of(SCAN)
SETTINGS = IngestSettings(readers=1)


def store_after_reading(folder: Path) -> ReadingStore:
    """Return the store after the pool has read the scan."""
    store = ReadingStore(folder, SETTINGS.limits)
    with ReaderPool(store, SETTINGS) as pool:
        assert list(pool.read_all({DIGEST: SCAN})) == [DIGEST]
    return store


def test_without_tesseract_a_scan_waits_for_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is that there is no text layer, and the file is read again as soon as OCR is installed."""
    monkeypatch.setattr(reading_pool, "installed_languages", lambda _: "")
    store = store_after_reading(tmp_path)
    summary = store.summary(DIGEST)
    assert summary is not None
    assert summary.refusal is not None
    assert summary.refusal.reason is Reason.NO_TEXT_LAYER
    assert not store.is_due(DIGEST, "")
    assert store.is_due(DIGEST, "ces+eng")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_with_tesseract_a_scanned_czech_page_is_read(tmp_path: Path) -> None:
    """At least 95 % of the words of the first page of the report, all on page 1, marked as read by OCR."""
    if "ces" not in installed_languages("ces+eng"):
        pytest.skip("tesseract has no Czech here")
    store = store_after_reading(tmp_path)
    reading = store.reading(DIGEST)
    assert reading.pages_by_ocr == (1,)
    assert {block.page for block in reading.blocks} == {1}
    text = " ".join(block.text for block in reading.blocks)
    first_page = [sentence for sentence in report.body_sentences() if sentence[:30] in text]
    assert len(first_page) >= 12
    words = " ".join(first_page).split()
    assert sum(word in text for word in words) >= 0.95 * len(words)
    assert scores(text, [])[0] > 0.15


def test_a_page_that_tesseract_never_ends_costs_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is left without text, and the pages behind it are still read."""
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nexec sleep 600\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(ocr, "_PAGE_S", 0.2)
    document = open_pdf(SCAN)
    assert read_scan(document[0], 1, "ces") == []
    document.close()


def test_the_words_of_tesseract_become_paragraphs() -> None:
    """Lines of a paragraph are joined, hyphens at their ends dropped, and doubtful words left out."""
    header = "level\tblock_num\tpar_num\tline_num\tconf\ttext\n"
    rows = [
        (1, 1, "96", "Inte-"),
        (1, 2, "95", "grace"),
        (1, 2, "12", "###"),
        (1, 2, "91", "cizinců"),
        (2, 1, "90", "Závěr"),
    ]
    table = header + "".join(f"5\t1\t{par}\t{line}\t{conf}\t{text}\n" for par, line, conf, text in rows)
    assert [(block.text, block.page) for block in paragraphs(table, 7)] == [("Integrace cizinců", 7), ("Závěr", 7)]
