"""Is every sentence of the five real documents kept, and no teaser or menu line in any passage?

`shared_documents.json` says line by line what a person expects; it holds no text of the documents.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from corpus.catalog import read_catalog
from corpus.document import Document
from indexes.embedding.hashing import HashingEmbedder
from indexes.manifest import ModelIdentity
from indexes.passage import Passage
from ingest.cleaning import clean_text
from ingest.pipeline import write_release
from ingest.receipt import Receipt
from ingest.settings import IngestSettings
from tests.fakes import StrictMemoryIndex, StrictMemoryWriter

pytestmark = pytest.mark.shared

EXPECTED: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "shared_documents.json").read_text())[
    "documents"
]


@dataclass
class Real:
    """A real document and what we made of it."""

    lines: dict[int, str]
    expected: dict[str, Any]
    document: Document
    passages: list[Passage]
    receipt: Receipt

    @property
    def article(self) -> dict[int, str]:
        """The lines that belong to the article."""
        named = self.expected
        left_out = {named["title"], *named["headings"], *named["furniture"], *named.get("again", [])}
        return {number: text for number, text in self.lines.items() if number not in left_out}

    @property
    def text(self) -> str:
        """All passages, one behind the other: a long paragraph may be parted between two."""
        return " ".join(" ".join(passage.text.split("\n")) for passage in self.passages)


@pytest.fixture(scope="module")
def built(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Real]:
    """The folder of the five documents, built as it stands."""
    folder = shared / "data" / "documents"
    embedder = HashingEmbedder()
    committed: dict[str, StrictMemoryIndex] = {}
    report = write_release(
        read_catalog(folder),
        embedder,
        StrictMemoryWriter(committed, ModelIdentity(embedder.name, embedder.fingerprint, embedder.dimension)),
        previous=None,
        state=tmp_path_factory.mktemp("state"),
        ingest=IngestSettings(readers=1),
        progress=lambda _: None,
    )
    assert report.release_id is not None
    index = committed[report.release_id]
    found = {}
    for receipt in report.receipts:
        document = index.document(receipt.document_id)
        assert document is not None
        raw = (folder / receipt.file_name).read_text(encoding="utf-8").split("\n")
        lines = {number: clean_text(line) for number, line in enumerate(raw, start=1) if line.strip()}
        expected = EXPECTED[receipt.file_name]
        found[receipt.file_name] = Real(lines, expected, document, index.passages_of(document.id), receipt)
    return found


@pytest.fixture(params=sorted(EXPECTED))
def real(request: pytest.FixtureRequest, built: dict[str, Real]) -> Real:
    """One of the five."""
    return built[request.param]


def test_every_line_of_the_article_stands_in_a_passage(real: Real) -> None:
    """Word for word, without the bullet and without the link word that was glued to it."""
    for number, line in real.article.items():
        wanted = line.removeprefix("•").strip().removeprefix(real.expected["glued"].get(str(number), "\0"))
        assert wanted in real.text, f"line {number}"


def test_no_furniture_stands_in_a_passage(real: Real) -> None:
    """No teaser, no link word, no copyright line, no picture name; the receipt counts what was left out."""
    furniture = [real.lines[number] for number in real.expected["furniture"] if number in real.lines]
    lines = {line for passage in real.passages for line in passage.text.split("\n")}
    teasers = [line.removeprefix("Více") for line in furniture]
    assert [line for line in [*furniture, *teasers] if line and line in lines] == []
    assert not any(line.startswith(tuple(real.expected["glued"].values()) or "\0") for line in lines)
    assert not any(teaser[:60] in real.text for teaser in teasers if len(teaser) > 60)


def test_title_headings_year_and_language_are_as_a_person_reads_them(real: Real) -> None:
    """The title is the first line that is no furniture; headings are in the paths, not in the text alone."""
    assert real.document.title == real.lines[real.expected["title"]]
    assert real.document.metadata.year == real.expected["year"]
    assert real.document.metadata.language == real.expected["language"]
    paths = {part for passage in real.passages for part in passage.heading}
    assert {real.lines[number] for number in real.expected["headings"]} <= paths


def test_sentences_are_as_many_as_a_person_counts(real: Real) -> None:
    """Each line of the article is parted into the sentences that a person counted."""
    for number, count in real.expected["sentence_counts"].items():
        line = real.lines[int(number)].removeprefix(real.expected["glued"].get(number, "\0")).removeprefix("•").strip()
        sentences = [passage.text[a:b] for passage in real.passages for a, b in passage.sentences]
        inside = [sentence for sentence in sentences if sentence in line]
        assert len(inside) == count, f"line {number}: {inside}"
        assert " ".join(inside) == line


def test_an_editors_note_is_flagged(built: dict[str, Real]) -> None:
    """One page ends in a remark of its editors; staff is told, in the document that has it and in no other."""
    flagged = {name for name, real in built.items() if "editors_note" in {f.code for f in real.receipt.findings}}
    assert flagged == {name for name, expected in EXPECTED.items() if "editors_note" in expected}
