"""Are answers judged by their words, their place and their refusals, against values counted by hand?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.document import Metadata
from qa_service.answering import calibrations
from qa_service.answering.calibration import UNLEARNT
from qa_service.answering.extractive import ExtractiveAnswerer
from qa_service.errors import CalibrationUnreadable
from qa_service.evaluation.answers import WEIGHT_OF_MADE, _without_answer, examples_of, figures, judge_answers
from qa_service.evaluation.judgments import JudgedQuery, Judgments
from qa_service.query import Query
from tests.qa_service.answering.collection import Collection, search

QUERIES = (
    JudgedQuery("1", "Jak dlouho trvá kurz češtiny?", "cs", "cs-cs", ("čtyři hodiny",), True),
    JudgedQuery("2", "Kolik stojí poplatek za kartu?", "cs", "cs-cs", ("osm set",), True),
    JudgedQuery("3", "Jak dlouho trvá kurz češtiny v Ostravě?", "cs", None, (), False),
    JudgedQuery("4", "Kde je něco, co tu není?", "cs", "cs-cs", ("nikde",), True),
)
RELEVANT = {"1": {"kurz": 1}, "2": {"karta:2": 1}, "4": {"nepritomny": 1}}


@pytest.fixture
def index():
    """A leaflet, and a report whose answer stands on its second page but with another figure than judged."""
    collection = Collection()
    collection.add("kurz", "Kurz češtiny trvá čtyři hodiny. Je zdarma.", metadata=Metadata(title="Kurzy češtiny"))
    collection.add("karta", "", pages=["Úvod k zaměstnanecké kartě.", "Poplatek za kartu stojí 900 korun."])
    return collection.index


def ask(index, query):
    """Search as the fakes do."""
    return search(index, query.text, query.language)


def test_figures_are_those_counted_by_hand(index) -> None:
    """One fact of two, both documents, the page, one refusal; the question whose document is absent is left out."""
    judged = judge_answers(index, ask, ExtractiveAnswerer(), Judgments("j", QUERIES, RELEVANT))
    found = figures(judged)
    assert found["questions"] == 3
    assert found["fact_quoted"] == found["fact_quoted_first"] == 0.5
    assert found["right_document"] == found["right_page"] == 1.0
    assert (found["refused_answerable"], found["refused_unanswerable"]) == (0.0, 1.0)
    assert (found["verbatim"], found["refusal_auc"]) == (1.0, 1.0)
    assert set(found["pairs"]) == {"cs-cs", "any"}


def test_a_quotation_from_another_page_is_not_the_right_page(index) -> None:
    """Negative control: the judged page is moved."""
    moved = {**RELEVANT, "2": {"karta:1": 1}}
    judged = judge_answers(index, ask, ExtractiveAnswerer(), Judgments("j", QUERIES, moved))
    assert figures(judged)["right_page"] == 0.5


def test_each_answerable_question_also_teaches_what_its_absence_looks_like(index) -> None:
    """It is asked again without its document, and without its passages; the near miss among the questions is marked."""
    seen = []

    def watched(index, query):
        seen.append(query.filters.document)
        return search(index, query.text, query.language)

    examples = examples_of(index, watched, ExtractiveAnswerer(), Judgments("j", QUERIES[:3], RELEVANT))
    assert seen == [(), ("karta",), (), (), ("kurz",), (), ()]
    assert [one.is_answerable for one in examples] == [True, False, False, True, False, False, False]
    assert [one.weight for one in examples] == [1.0, 1.0, WEIGHT_OF_MADE, 1.0, 1.0, WEIGHT_OF_MADE, 1.0]
    assert [one.is_settled for one in examples][-1]


def test_what_is_left_without_the_answer_holds_neither_its_words_nor_its_page() -> None:
    """Negative control: with words that stand nowhere and no page judged, every passage stays."""
    collection = Collection()
    collection.add_parts("kurz", ["Kurz češtiny trvá čtyři hodiny.", "Kurz češtiny se koná v Brně."])
    collection.add("karta", "", pages=["Kurz češtiny má svou kartu."])
    index, query = collection.index, replace(QUERIES[0], answers=("čtyři hodiny",))

    def left(query, *targets):
        hits = _without_answer(ask, query, targets)(index, Query("kurz češtiny")).hits
        return {hit.passage.text for hit in hits}

    assert left(query, "kurz", "karta:1") == {"Kurz češtiny se koná v Brně."}
    assert len(left(replace(query, answers=("pět hodin",)), "kurz", "karta")) == 3


def test_what_is_held_out_is_measured_apart_from_what_may_be_learnt_from() -> None:
    """Each query is in one of the two parts, in the order of the file, and keeps its judgments."""
    queries = (QUERIES[0], replace(QUERIES[1], is_held_out=True), QUERIES[2])
    whole = Judgments("j", queries, RELEVANT)
    parts = whole.part(held_out=False), whole.part(held_out=True)
    assert [[query.id for query in part.queries] for part in parts] == [["1", "3"], ["2"]]
    assert [part.name for part in parts] == ["j", "j held out"]
    assert parts[1].relevant == RELEVANT


def test_what_a_calibration_is_learnt_from_needs_no_calibration(index, monkeypatch) -> None:
    """So one that cannot be read, because the signs have changed, is mended by learning it again."""

    def unreadable():
        raise CalibrationUnreadable("it weighs other signs")

    monkeypatch.setattr(calibrations, "bundled", unreadable)
    judgments = Judgments("j", QUERIES, RELEVANT)
    assert examples_of(index, ask, ExtractiveAnswerer(calibration_of=lambda _: UNLEARNT), judgments)
    with pytest.raises(CalibrationUnreadable):
        examples_of(index, ask, ExtractiveAnswerer(), judgments)
