"""Are pages drawn once, by somebody else, and never for ever?"""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa_service.web import pictures
from qa_service.web.pictures import PagePictures
from tests.scripted_service import HANDBOOK_ID, HANDBOOK_PASSAGES, ScriptedService, scripted_app

PDF = Path(__file__).parents[3] / "corpus/publications/guests-from-abroad/guests-from-abroad.pdf"
PNG = b"\x89PNG\r\n\x1a\n"


def test_a_page_is_drawn_by_a_child_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second reader gets the picture that the first one waited for."""
    drawn = PagePictures(tmp_path).picture(PDF.read_bytes(), 1, "")
    assert drawn is not None and drawn.startswith(PNG)
    monkeypatch.setattr(pictures, "_drawn", lambda *_: pytest.fail("drawn twice"))
    assert PagePictures(tmp_path).picture(PDF.read_bytes(), 1, "") == drawn


def test_what_cannot_be_drawn_is_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that kills its child does not kill one for each reader."""
    assert PagePictures(tmp_path).picture(b"no PDF", 1, "") is None
    monkeypatch.setattr(pictures, "_drawn", lambda *_: pytest.fail("tried twice"))
    assert PagePictures(tmp_path).picture(b"no PDF", 1, "") is None


def test_a_child_that_does_not_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader gets the text without the picture; the next one may find a machine that is less busy."""
    with monkeypatch.context() as hurried:
        hurried.setattr(pictures, "WALL_S", 0.001)
        assert PagePictures(tmp_path).picture(PDF.read_bytes(), 1, "") is None
    drawn = PagePictures(tmp_path).picture(PDF.read_bytes(), 1, "")
    assert drawn is not None and drawn.startswith(PNG)


def test_the_folder_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond its size the pictures drawn first are dropped."""
    monkeypatch.setattr(pictures, "MOST_BYTES", 2500)
    monkeypatch.setattr(pictures, "_drawn", lambda _pdf, page, _quote: bytes([page]) * 1000)
    keeper = PagePictures(tmp_path)
    for page in range(1, 6):
        keeper.picture(b"", page, "")
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 2500


def test_a_picture_that_is_dropped_meanwhile_is_given_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is a cache that anybody may empty at any time."""
    monkeypatch.setattr(pictures, "MOST_BYTES", 0)
    monkeypatch.setattr(pictures, "_drawn", lambda *_: PNG)
    assert PagePictures(tmp_path).picture(b"", 1, "") == PNG


def test_a_full_disk_costs_no_reader_the_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is drawn and given, only not kept."""
    monkeypatch.setattr(pictures, "_drawn", lambda *_: PNG)
    (tmp_path / "no folder").write_bytes(b"")
    assert PagePictures(tmp_path / "no folder" / "pictures").picture(b"", 1, "") == PNG


def test_the_page_of_a_pdf_is_served_as_a_picture_that_can_do_nothing(tmp_path: Path) -> None:
    """PNG with a policy of its own; 404 where there is no such page, 422 where it is no page at all."""
    service = ScriptedService(originals={HANDBOOK_ID: PDF.read_bytes()})
    client = TestClient(scripted_app(service, tmp_path))
    passage = HANDBOOK_PASSAGES[0].id
    found = client.get(f"/documents/{HANDBOOK_ID}/pages/3.png", params={"passage": passage, "quote": "0-12"})
    assert (found.status_code, found.headers["content-type"]) == (200, "image/png")
    assert found.headers["content-security-policy"] == "default-src 'none'"
    assert client.get(f"/documents/{HANDBOOK_ID}/pages/999.png").status_code == 404
    assert client.get(f"/documents/{HANDBOOK_ID}/pages/0.png").status_code == 422
    assert client.get("/documents/nothing/pages/1.png").status_code == 404
