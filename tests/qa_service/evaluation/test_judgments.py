"""Are the folders of judged questions read as they were written, and what cannot be read named?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexes.passage import PageSpan
from qa_service.errors import UnreadableJudgments
from qa_service.evaluation.judgments import lies_at, read_judgments, read_rows
from qa_service.evaluation.pairs import read_pairs


def folder_of(folder: Path, *queries: object, qrels: str = "query-id\tcorpus-id\tscore\n") -> Path:
    """Return a folder in the form of BEIR; queries that are no text are written as JSON, in plain letters."""
    lines = [query if isinstance(query, str) else json.dumps(query, ensure_ascii=False) for query in queries]
    (folder / "qrels").mkdir(parents=True)
    (folder / "queries.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return folder


def test_queries_come_with_what_is_known_of_them_and_their_grades_above_nought(tmp_path: Path) -> None:
    """A grade of 0 says that a document is wrong, so it is no target."""
    known = {"language": "cs", "pair": "cs-en", "answers": ["412"], "part": "held-out"}
    folder = folder_of(
        tmp_path / "judged",
        {"_id": 1, "text": " Kolik? ", "metadata": known},
        {"_id": "2", "text": "Wer?", "metadata": {"language": "de", "answerable": False}},
        qrels="query-id\tcorpus-id\tscore\n1\ta:3\t2\n1\tb\t0\n",
    )
    judged = read_judgments(folder)
    first, second = judged.queries
    assert (first.id, first.text, first.language, first.pair, first.answers) == ("1", "Kolik?", "cs", "cs-en", ("412",))
    assert (second.language, second.is_answerable, first.is_answerable) == (None, False, True)
    assert judged.relevant == {"1": {"a:3": 2}}
    assert [query.id for query in judged.part(held_out=True).queries] == ["1"]
    assert judged.renamed({"b": "x"}).relevant == judged.relevant


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_what_separates_lines_elsewhere_is_a_sign_like_any_other(tmp_path: Path, separator: str) -> None:
    """JSON lets U+2028 and its like stand in a text as they are; only the line feed ends a line."""
    text = f"one{separator}two"
    folder = folder_of(tmp_path / "judged", {"_id": "1", "text": text})
    (folder / "corpus.jsonl").write_text(f'{{"_id": "a", "text": "{text}"}}\n', encoding="utf-8")
    (tmp_path / "pairs.tsv").write_text(f"{text}\tjedna\n", encoding="utf-8")
    assert [query.text for query in read_judgments(folder).queries] == ["one two"]
    assert [row.text for row in read_rows(folder)] == [text]
    assert len(read_pairs(tmp_path / "pairs.tsv")) == 1


@pytest.mark.parametrize(
    ("line", "told"),
    [("{", "line 2 is no JSON"), ("[]", "line 2 is no JSON object"), ({"_id": "2"}, "needs _id and text")],
)
def test_a_line_that_cannot_be_understood_is_named(tmp_path: Path, line: object, told: str) -> None:
    """Whoever writes judgments finds the slip."""
    with pytest.raises(UnreadableJudgments, match=told):
        read_judgments(folder_of(tmp_path / "judged", {"_id": "1", "text": "x"}, line))


@pytest.mark.parametrize("line", ["1\ta", "1\ta\tgood", "1 a 1"])
def test_a_judgment_that_is_not_three_columns_is_named(tmp_path: Path, line: str) -> None:
    """Query, document, grade."""
    with pytest.raises(UnreadableJudgments, match=r"test\.tsv, line 2"):
        read_judgments(folder_of(tmp_path / "judged", qrels=f"query-id\tcorpus-id\tscore\n{line}\n"))


@pytest.mark.parametrize(
    ("target", "is_there"), [("a", True), ("a:3", True), ("a:4", True), ("a:5", False), ("b", False), ("a:iii", False)]
)
def test_a_target_is_a_document_or_one_of_its_pages(target: str, is_there: bool) -> None:
    """Pages are counted in the file; what has no pages is on none."""
    assert lies_at("a", PageSpan(3, 4, ("iii", "iv")), target) is is_there
    assert lies_at("a", None, target) is (target == "a")
