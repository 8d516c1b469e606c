"""How often is a question answered with the right words from the right place, and how often rightly declined?

Judgments come as a BEIR folder: `queries.jsonl` with `metadata.answers` (any one of them is right) and
`metadata.answerable`, and `qrels/test.tsv` naming documents, or documents with a page as `<document_id>:<page>`.
"""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from indexes.analysis import fold
from indexes.contract import PassageIndex
from qa_service.answering.answerer import Answer, Answerer, Question, QuotedSource, Status
from qa_service.answering.calibration import Calibration, Example, fit
from qa_service.answering.evidence import evidence
from qa_service.answering.extractive import ExtractiveAnswerer
from qa_service.errors import UnreadableJudgments
from qa_service.query import Query
from qa_service.retrieval import SearchResult

Search = Callable[[PassageIndex, Query], SearchResult]


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question with what a right answer says and where it stands; `pages` counts from 1, None for any page."""

    id: str
    text: str
    language: str | None
    pair: str
    is_answerable: bool
    facts: tuple[str, ...]
    places: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """What became of one question."""

    question: JudgedQuestion
    answer: Answer
    seconds: float

    @property
    def is_answered(self) -> bool:
        """Whether anything was claimed."""
        return self.answer.status is Status.ANSWERED

    @property
    def fact_rank(self) -> int | None:
        """The place, from 1, of the first quotation that holds a right answer; None where none does."""
        ranks = (source.number for source in self.answer.citations if _holds(source.quote, self.question.facts))
        return next(ranks, None)

    @property
    def cites_right_document(self) -> bool:
        """Whether a quotation comes from a document judged to answer."""
        right = {document for document, _ in self.question.places}
        return any(source.document.id in right for source in self.answer.citations)

    @property
    def cites_right_page(self) -> bool:
        """Whether a quotation comes from a place judged to answer, its page included where one was judged."""
        return any(_stands_at(source, place) for source in self.answer.citations for place in self.question.places)


def read_questions(folder: Path) -> tuple[JudgedQuestion, ...]:
    """Return the judged questions of a folder. Raises UnreadableJudgments."""
    try:
        places: dict[str, list[tuple[str, int | None]]] = {}
        with (folder / "qrels" / "test.tsv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                if int(row["score"]) > 0:
                    places.setdefault(row["query-id"], []).append(_place(row["corpus-id"]))
        lines_of_queries = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
        return tuple(_question(json.loads(line), places) for line in lines_of_queries if line.strip())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableJudgments(f"{folder} holds no judged questions that can be read ({error!r})") from error


def judge(
    index: PassageIndex, search: Search, answerer: Answerer, questions: Iterable[JudgedQuestion]
) -> list[JudgedAnswer]:
    """Return what becomes of each question when it is asked of a release."""
    return [_asked(index, search, answerer, question) for question in questions]


def figures(judged: Sequence[JudgedAnswer]) -> dict[str, Any]:
    """Return the figures of all questions and of each pair of languages, as shares 0..1 and milliseconds.

    Shares of facts and documents count over all answerable questions, wrongly refused ones included.
    """
    pairs = sorted({one.question.pair for one in judged})
    by_pair = {pair: _figures([one for one in judged if one.question.pair == pair]) for pair in pairs}
    return _figures(judged) | {"pairs": by_pair}


def calibrated(
    index: PassageIndex, search: Search, answerer: ExtractiveAnswerer, questions: Iterable[JudgedQuestion]
) -> Calibration:
    """Return the calibration learnt from what a release shows for judged questions. Raises ValueError."""
    examples = []
    for question in questions:
        asked = Question(question.text, question.language)
        found = evidence(lambda query: search(index, query), asked)
        assessed = answerer.assess(index, asked, found)
        if assessed.signals is not None:
            near_miss = bool(assessed.missing)
            examples.append(Example(assessed.pair, assessed.signals, question.is_answerable, near_miss))
    return fit(examples, index.manifest.model.fingerprint)


def _asked(index: PassageIndex, search: Search, answerer: Answerer, question: JudgedQuestion) -> JudgedAnswer:
    asked = Question(question.text, question.language)
    began = time.perf_counter()
    found = evidence(lambda query: search(index, query), asked)
    answer = answerer.answer(index, asked, found)
    return JudgedAnswer(question, answer, time.perf_counter() - began)


def _figures(judged: Sequence[JudgedAnswer]) -> dict[str, Any]:
    answerable = [one for one in judged if one.question.is_answerable]
    others = [one for one in judged if not one.question.is_answerable]
    sources = [source for one in judged for source in one.answer.citations]
    ranking = [one.answer.probability if not one.answer.missing else 0.0 for one in answerable]
    return {
        "questions": len(judged),
        "fact_quoted": _share(one.fact_rank is not None for one in answerable),
        "fact_quoted_first": _share(one.fact_rank == 1 for one in answerable),
        "right_document": _share(one.cites_right_document for one in answerable),
        "right_page": _share(one.cites_right_page for one in answerable),
        "right_document_of_answered": _share(one.cites_right_document for one in answerable if one.is_answered),
        "refused_answerable": _share(not one.is_answered for one in answerable),
        "refused_unanswerable": _share(not one.is_answered for one in others),
        "refusal_auc": _auc(ranking, [0.0 if one.answer.missing else one.answer.probability for one in others]),
        "verbatim": _share(source.passage.text[source.start : source.end] == source.quote for source in sources),
        "p50_ms": round(median(one.seconds for one in judged) * 1000, 2) if judged else None,
    }


def _share(truths: Iterable[bool]) -> float | None:
    seen = list(truths)
    return round(sum(seen) / len(seen), 4) if seen else None


def _auc(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """Return the probability that an answerable question is ranked above another one (Mann and Whitney, 1947)."""
    if not higher or not lower:
        return None
    wins = sum((one > other) + (one == other) / 2 for one in higher for other in lower)
    return round(wins / (len(higher) * len(lower)), 4)


def _question(line: dict[str, Any], places: dict[str, list[tuple[str, int | None]]]) -> JudgedQuestion:
    meta = line.get("metadata", {})
    language = meta.get("language")
    return JudgedQuestion(
        id=line["_id"],
        text=line["text"],
        language=language,
        pair=meta.get("pair") or f"{language or 'any'}-any",
        is_answerable=bool(meta.get("answerable", True)),
        facts=tuple(meta.get("answers") or ()),
        places=tuple(places.get(line["_id"], ())),
    )


def _place(judged: str) -> tuple[str, int | None]:
    document, _, page = judged.partition(":")
    return document, int(page) if page else None


def _holds(quote: str, facts: Sequence[str]) -> bool:
    flat = " ".join(fold(quote).split())
    return any(" ".join(fold(fact).split()) in flat for fact in facts)


def _stands_at(source: QuotedSource, place: tuple[str, int | None]) -> bool:
    document, page = place
    if source.document.id != document:
        return False
    return page is None or (source.pages is not None and source.pages.first <= page <= source.pages.last)
