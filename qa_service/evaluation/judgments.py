"""Which passages did people judge to be right for which queries?

Folders in the form of BEIR (Thakur et al., arXiv 2104.08663): `queries.jsonl`, `qrels/test.tsv`, and `corpus.jsonl`
where the texts come along. In judgments on a collection a corpus-id is a document id, or `<document_id>:<page>`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexes.passage import PageSpan, Passage
from qa_service.errors import UnreadableJudgments
from qa_service.query import QUERY_LANGUAGES, clean_text

HELD_OUT = "held-out"
"""Value of `metadata.part` of a query that is kept for measuring."""
QUERIES, QRELS, CORPUS = "queries.jsonl", Path("qrels") / "test.tsv", "corpus.jsonl"


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query; `language` is cs, en or None, `pair` joins it to the language of the evidence ("cs-en") where known."""

    id: str
    text: str
    language: str | None
    pair: str | None
    answers: tuple[str, ...]
    is_answerable: bool
    is_held_out: bool = False
    """Kept for measuring: nothing may be learnt from it."""


@dataclass(frozen=True, slots=True)
class Judgments:
    """Queries in the order of their file, and for each the targets that are right with their grades (from 1)."""

    name: str
    queries: tuple[JudgedQuery, ...]
    relevant: Mapping[str, Mapping[str, int]]

    def renamed(self, names: Mapping[str, str]) -> Judgments:
        """Return the same judgments on documents that bear other ids; a document without a new name keeps its own."""
        relevant = {
            query: {names.get(target, target): grade for target, grade in targets.items()}
            for query, targets in self.relevant.items()
        }
        return Judgments(self.name, self.queries, relevant)

    def part(self, *, held_out: bool) -> Judgments:
        """Return the judgments on the queries that are held out for measuring, or on those that may be learnt from."""
        queries = tuple(query for query in self.queries if query.is_held_out is held_out)
        return Judgments(f"{self.name} held out" if held_out else self.name, queries, self.relevant)


@dataclass(frozen=True, slots=True)
class TextRow:
    """One document of an evaluation corpus."""

    id: str
    title: str
    text: str


def read_judgments(folder: Path) -> Judgments:
    """Return the queries and judgments of a BEIR folder. Raises UnreadableJudgments, naming file and line."""
    queries = tuple(_query(values, where) for values, where in _lines(folder / QUERIES))
    relevant: dict[str, dict[str, int]] = {}
    for query_id, target, grade in _qrels(folder / QRELS):
        if grade > 0:
            relevant.setdefault(query_id, {})[target] = grade
    return Judgments(folder.name, queries, relevant)


def read_rows(folder: Path) -> Iterator[TextRow]:
    """Yield the documents of a BEIR folder. Raises UnreadableJudgments."""
    for values, where in _lines(folder / CORPUS):
        if "_id" not in values or "text" not in values:
            raise UnreadableJudgments(f"{where}: a row needs _id and text")
        yield TextRow(str(values["_id"]), str(values.get("title") or ""), str(values["text"]))


def document_of(target: str) -> str:
    """Return the document id of a target."""
    return target.partition(":")[0]


def satisfies(passage: Passage, target: str) -> bool:
    """Return whether a passage is what a target asks for."""
    return lies_at(passage.document_id, passage.pages, target)


def lies_at(document_id: str, pages: PageSpan | None, target: str) -> bool:
    """Return whether a place is what a target asks for: of that document and, where one is named, on that page."""
    document, _, page = target.partition(":")
    if document_id != document:
        return False
    return not page or (pages is not None and page in {str(number) for number in range(pages.first, pages.last + 1)})


def read_lines(file: Path) -> list[str]:
    """Return the lines of a file, each ended by a line feed alone. Raises UnreadableJudgments."""
    try:
        return file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableJudgments(f"{file} cannot be read: {error}") from error


def _query(values: Mapping[str, Any], where: str) -> JudgedQuery:
    if "_id" not in values or not str(values.get("text") or "").strip():
        raise UnreadableJudgments(f"{where}: a query needs _id and text")
    about = values.get("metadata") or {}
    language = about.get("language")
    return JudgedQuery(
        id=str(values["_id"]),
        text=clean_text(str(values["text"])),
        language=language if language in QUERY_LANGUAGES else None,
        pair=about.get("pair"),
        answers=tuple(map(str, about.get("answers") or ())),
        is_answerable=bool(about.get("answerable", True)),
        is_held_out=about.get("part") == HELD_OUT,
    )


def _lines(file: Path) -> Iterator[tuple[Mapping[str, Any], str]]:
    for number, line in enumerate(read_lines(file), start=1):
        if not line.strip():
            continue
        where = f"{file}, line {number}"
        try:
            values = json.loads(line)
        except ValueError as error:
            raise UnreadableJudgments(f"{where} is no JSON: {error}") from error
        if not isinstance(values, dict):
            raise UnreadableJudgments(f"{where} is no JSON object")
        yield values, where


def _qrels(file: Path) -> Iterator[tuple[str, str, int]]:
    for number, line in enumerate(read_lines(file), start=1):
        cells = line.split("\t")
        if not line.strip() or (number == 1 and cells[:2] == ["query-id", "corpus-id"]):
            continue
        try:
            query_id, target, grade = cells
            judged = query_id, target, int(grade)
        except ValueError as error:
            raise UnreadableJudgments(
                f"{file}, line {number}: write query-id, corpus-id and grade, parted by tabs"
            ) from error
        yield judged
