"""How often is a question answered with the right words from the right place, and how often rightly declined?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from statistics import median
from typing import Any

from indexes.analysis import fold
from indexes.contract import PassageIndex
from indexes.passage import Filters
from qa_service.answering.answerer import Answer, Answerer, Question, Status
from qa_service.answering.calibration import Example
from qa_service.answering.evidence import evidence
from qa_service.answering.extractive import ExtractiveAnswerer
from qa_service.evaluation.judgments import JudgedQuery, Judgments, document_of, lies_at, satisfies
from qa_service.evaluation.near_misses import near_misses
from qa_service.query import Query
from qa_service.retrieval import SearchResult

Search = Callable[[PassageIndex, Query], SearchResult]
ALL_PAIRS = "any"
WEIGHT_OF_MADE = 0.5
"""What a question counts that nobody judged and that was made of a judged one: a few can be answered after all."""
_PAGE = 500


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """What became of one question."""

    question: JudgedQuery
    targets: tuple[str, ...]
    """Where a right answer stands: `<document_id>`, or `<document_id>:<page>`."""
    answer: Answer
    seconds: float

    @property
    def is_answered(self) -> bool:
        """Whether anything was claimed."""
        return self.answer.status is Status.ANSWERED

    @property
    def fact_rank(self) -> int | None:
        """The place, from 1, of the first quotation that holds a right answer; None where none does."""
        ranks = (source.number for source in self.answer.citations if _holds(source.quote, self.question.answers))
        return next(ranks, None)

    @property
    def cites_right_document(self) -> bool:
        """Whether a quotation comes from a document judged to answer."""
        right = {document_of(target) for target in self.targets}
        return any(source.document.id in right for source in self.answer.citations)

    @property
    def cites_right_page(self) -> bool:
        """Whether a quotation comes from a place judged to answer, its page included where one was judged."""
        places = [(source.document.id, source.pages) for source in self.answer.citations]
        return any(lies_at(document_id, pages, target) for document_id, pages in places for target in self.targets)


def judge_answers(index: PassageIndex, search: Search, answerer: Answerer, judgments: Judgments) -> list[JudgedAnswer]:
    """Return what becomes of each judged question when it is asked of a release.

    Questions whose documents are all missing from the release are left out.
    """
    return [_asked(index, search, answerer, query, targets) for query, targets in _present(index, judgments)]


def figures(judged: Sequence[JudgedAnswer]) -> dict[str, Any]:
    """Return the figures of all questions and of each pair of languages, as shares 0..1 and milliseconds.

    Shares of facts and documents count over all answerable questions, wrongly refused ones included.
    """
    pairs = sorted({one.question.pair or ALL_PAIRS for one in judged})
    by_pair = {pair: _figures([one for one in judged if (one.question.pair or ALL_PAIRS) == pair]) for pair in pairs}
    return _figures(judged) | {"pairs": by_pair}


def examples_of(
    index: PassageIndex, search: Search, answerer: ExtractiveAnswerer, judgments: Judgments
) -> list[Example]:
    """Return what a release shows for judged questions, to learn a calibration from.

    Each answerable question is asked again without the documents that answer it, and without no more than the passages
    that hold the answer; its near misses are asked of these documents. So a collection teaches what it does not answer,
    also where nobody judged any such question.
    """
    everything = frozenset(_document_ids(index))
    examples = []
    for query, targets in _present(index, judgments):
        asked = Question(query.text, query.language)
        examples += _example(index, search, answerer, asked, is_answerable=query.is_answerable)
        right = {document_of(target) for target in targets}
        if not query.is_answerable:
            continue
        if everything - right:
            without = replace(asked, filters=Filters(document=tuple(sorted(everything - right))))
            examples += _example(index, search, answerer, without, is_answerable=False)
        texts = [text.text for name in sorted(right) if (text := index.document_text(name)) is not None]
        if query.answers:
            elsewhere = _without_answer(search, query, targets)
            examples += _example(index, elsewhere, answerer, asked, is_answerable=False, weight=WEIGHT_OF_MADE)
        for wording in near_misses(query, texts):
            trap = Question(wording, query.language, Filters(document=tuple(sorted(right))))
            examples += _example(index, search, answerer, trap, is_answerable=False, weight=WEIGHT_OF_MADE)
    return examples


def _without_answer(search: Search, query: JudgedQuery, targets: Sequence[str]) -> Search:
    """Return a search that passes over what holds the answer: what is left often speaks of the same things."""
    pages = [target for target in targets if target != document_of(target)]

    def searched(index: PassageIndex, wanted: Query) -> SearchResult:
        found = search(index, replace(wanted, k=2 * wanted.k))
        left = (
            hit
            for hit in found.hits
            if not _holds(hit.passage.text, query.answers) and not any(satisfies(hit.passage, page) for page in pages)
        )
        return replace(found, hits=tuple(islice(left, wanted.k)))

    return searched


def _example(
    index: PassageIndex,
    search: Search,
    answerer: ExtractiveAnswerer,
    asked: Question,
    *,
    is_answerable: bool,
    weight: float = 1.0,
) -> list[Example]:
    found = evidence(lambda query: search(index, query), asked)
    assessed = answerer.assess(index, asked, found)
    if assessed.signals is None:
        return []
    return [
        Example(assessed.pair, assessed.signals, is_answerable, bool(assessed.missing) or assessed.is_untold, weight)
    ]


def _document_ids(index: PassageIndex) -> Iterator[str]:
    page = index.documents(_PAGE)
    while page:
        yield from (document.id for document in page)
        page = index.documents(_PAGE, after=page[-1].id)


def _present(index: PassageIndex, judgments: Judgments) -> Iterator[tuple[JudgedQuery, tuple[str, ...]]]:
    """Yield the questions without an answer, and those of which the release holds a judged document."""
    for query in judgments.queries:
        targets = tuple(judgments.relevant.get(query.id, ()))
        if not query.is_answerable or any(index.document(document_of(target)) for target in targets):
            yield query, targets


def _asked(
    index: PassageIndex, search: Search, answerer: Answerer, query: JudgedQuery, targets: tuple[str, ...]
) -> JudgedAnswer:
    asked = Question(query.text, query.language)
    began = time.perf_counter()
    found = evidence(lambda wanted: search(index, wanted), asked)
    answer = answerer.answer(index, asked, found)
    return JudgedAnswer(query, targets, answer, time.perf_counter() - began)


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


def _holds(quote: str, facts: Sequence[str]) -> bool:
    flat = " ".join(fold(quote).split())
    return any(" ".join(fold(fact).split()) in flat for fact in facts)
