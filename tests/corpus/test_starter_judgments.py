"""Do the judged questions point at pages that exist and hold the answer?"""

from __future__ import annotations

import csv
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pptx
import pypdfium2
import pytest

from corpus.starter.source import blocks, plain, read_sources

ROOT = Path(__file__).resolve().parents[2]
PUBLICATIONS = ROOT / "corpus" / "publications"
JUDGMENTS = ROOT / "corpus" / "judgments"
SOURCES = {source.id: source for source in read_sources()}
QUERIES: dict[str, dict[str, Any]] = {
    query["_id"]: query for query in map(json.loads, (JUDGMENTS / "queries.jsonl").read_text("utf-8").splitlines())
}
EARLIER_QUESTIONS = 154
ANSWERABLE = [query for query in QUERIES.values() if query["metadata"]["answerable"]]


def qrels() -> list[tuple[str, str]]:
    """Return the pairs of query id and corpus id of the judgments."""
    with (JUDGMENTS / "qrels" / "test.tsv").open(encoding="utf-8", newline="") as file:
        return [(row["query-id"], row["corpus-id"]) for row in csv.DictReader(file, delimiter="\t")]


def words(text: str) -> str:
    """Return the text with line breaks and broken words mended."""
    return " ".join(text.replace("\ufffe", "").split())


def page_texts(document_id: str) -> list[str]:
    """Return the texts of the pages or slides of a publication; none where its kind of file has no pages."""
    form, file = SOURCES[document_id].form, PUBLICATIONS / document_id / document_id
    if form == "pptx":
        slides = pptx.Presentation(str(file.with_suffix(".pptx"))).slides
        return [words(" ".join(shape_texts(slide))) for slide in slides]
    if form == "pdf":
        document = pypdfium2.PdfDocument(file.with_suffix(".pdf"))
        try:
            return [words(page.get_textpage().get_text_range().replace("\ufffe\r\n", "")) for page in document]
        finally:
            document.close()
    return []


def shape_texts(slide: Any) -> list[str]:
    """Return the texts of a slide: its shapes and the cells of its tables."""
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    tables = [shape.table for shape in slide.shapes if shape.has_table]
    return texts + [cell.text for table in tables for row in table.rows for cell in row.cells]


def evidence(corpus_id: str) -> str:
    """Return the text that a judgment points at. Raises IndexError for a page and KeyError for a document that is not there."""
    document_id, _, page = corpus_id.partition(":")
    if page:
        return page_texts(document_id)[int(page) - 1]
    source = SOURCES[document_id]
    return words(source.text if source.form == "txt" else " ".join(plain(block) for block in blocks(source.text)))


def test_each_pair_has_at_least_forty_questions() -> None:
    """Forty questions for each pair of languages, and at least fifty that have no answer."""
    pairs = Counter(query["metadata"].get("pair") for query in QUERIES.values())
    assert all(pairs[pair] >= 40 for pair in ("cs-cs", "en-en", "cs-en", "en-cs"))
    assert pairs[None] >= 50


def test_of_the_later_questions_those_with_an_even_number_are_held_out() -> None:
    """The rule was fixed before anything was asked: the first 154 are for tuning, then every second one is held out."""
    for number, (name, query) in enumerate(QUERIES.items()):
        is_later = number >= EARLIER_QUESTIONS
        held_out = query["metadata"].get("part") == "held-out"
        assert held_out is (is_later and int(name.rpartition("-")[2]) % 2 == 0)


def test_no_question_is_asked_twice() -> None:
    """Counting a question twice would weigh it twice."""
    texts = sorted(query["text"].casefold() for query in QUERIES.values())
    assert all(first != second for first, second in pairwise(texts))


def test_exactly_the_answerable_questions_are_judged() -> None:
    """Each answerable question has a judgment, an unanswerable one has none."""
    assert {query_id for query_id, _ in qrels()} == {query["_id"] for query in ANSWERABLE}


@pytest.mark.parametrize("query", ANSWERABLE, ids=lambda query: query["_id"])
def test_the_judged_place_holds_the_answer(query: dict[str, Any]) -> None:
    """Word for word, on the very page where the kind of file has pages."""
    places = [corpus_id for query_id, corpus_id in qrels() if query_id == query["_id"]]
    for answer in query["metadata"]["answers"]:
        assert any(answer in evidence(place) for place in places)
    for place in places:
        document_id, _, page = place.partition(":")
        assert bool(page) == (SOURCES[document_id].form in {"pdf", "pptx"})


@pytest.mark.parametrize("query", ANSWERABLE, ids=lambda query: query["_id"])
def test_the_evidence_is_in_the_language_of_the_pair(query: dict[str, Any]) -> None:
    """The first judged place of a cross-language question stands in the other language."""
    first = next(corpus_id for query_id, corpus_id in qrels() if query_id == query["_id"])
    pair = f"{query['metadata']['language']}-{SOURCES[first.partition(':')[0]].sidecar['language']}"
    assert query["metadata"]["pair"] == pair


def test_a_page_that_is_not_there_is_noticed() -> None:
    """Negative control: neither a page past the end nor an unknown document has a text, and a wrong page lacks the words."""
    with pytest.raises(IndexError):
        evidence("guests-from-abroad:7")
    with pytest.raises(KeyError):
        evidence("guests-from-mars")
    assert "Vasco Malta" not in evidence("guests-from-abroad:6")
