"""Do the two legs agree on a ranking that neither of them spoils?"""

from __future__ import annotations

import math

import pytest

from indexes.analysis import AnalysedWord
from qa_service.fusion import DENSE_WEIGHT, SENTENCE_SHARE, Legs, fuse, lexical_query
from qa_service.widening import Alternative, QueryWord, WidenedQuery

WORD = AnalysedWord(0, 4, "azyl", ("cazyl",))


def query(*words: tuple[float, list[tuple[str, float]]]) -> WidenedQuery:
    """Return a widened query of words with their weight and (term, credit) alternatives."""
    return WidenedQuery(
        tuple(QueryWord(WORD, weight, tuple(Alternative(*item) for item in items)) for weight, items in words),
        (),
        (),
        (),
    )


def idf(frequency: float, count: int) -> float:
    """Return the idf of BM25, written again from its formula."""
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))


def test_the_ceiling_is_what_a_passage_full_of_all_words_approaches() -> None:
    """It is idf (k1 + 1) summed over the words, function words by their weight."""
    asked = query((1.0, [("cazyl", 1.0)]), (0.5, [("c-co", 1.0)]))
    found = lexical_query(asked, {"cazyl": 10, "c-co": 900}.__getitem__, 1000)
    assert found.ceiling == pytest.approx(2.2 * (idf(10, 1000) + 0.5 * idf(900, 1000)))


def test_alternatives_of_a_word_share_one_idf() -> None:
    """A rare translation of a common word scores as the common word does, by the root of its probability."""
    asked = query((1.0, [("cprac", 1.0), ("ework", 0.8), ("elabour", 0.04)]))
    frequencies = {"cprac": 400, "ework": 300, "elabour": 2}
    terms = {term.term: term.weight for term in lexical_query(asked, frequencies.__getitem__, 1000).terms}
    shared = idf(400 + 0.8 * 300 + 0.04 * 2, 1000)
    assert terms["elabour"] * idf(2, 1000) == pytest.approx(0.2 * shared)
    assert terms["ework"] * idf(300, 1000) == pytest.approx(math.sqrt(0.8) * shared)


def test_a_word_that_the_release_lacks_is_part_of_what_words_cannot_say() -> None:
    """An unknown word raises the ceiling by the idf of a term that stands nowhere; its translations are not asked for."""
    frequencies = {"cazyl": 10, "cxyz": 0, "exyz": 0}
    known = lexical_query(query((1.0, [("cazyl", 1.0)])), frequencies.__getitem__, 1000)
    both = lexical_query(
        query((1.0, [("cazyl", 1.0)]), (1.0, [("cxyz", 1.0), ("exyz", 0.5)])), frequencies.__getitem__, 1000
    )
    assert both.ceiling - known.ceiling == pytest.approx(2.2 * idf(0, 1000))
    assert [term.term for term in both.terms] == ["cazyl"]


def test_in_a_text_rare_words_count_by_their_idf_twice() -> None:
    """Few words are weighed by their idf alone; from fourteen words of content on, by its square as well."""
    frequencies = {"crare": 2, "cusual": 300}

    def lead(words: int) -> float:
        asked = query((1.0, [("crare", 1.0)]), *[(1.0, [("cusual", 1.0)])] * (words - 1))
        weights = {term.term: term.weight for term in lexical_query(asked, frequencies.__getitem__, 1000).terms}
        return weights["crare"] / weights["cusual"]

    assert lead(8) == pytest.approx(1.0)
    assert lead(14) == lead(20) == pytest.approx(idf(2, 1000) / idf(300, 1000))
    assert lead(8) < lead(11) < lead(14)


def test_related_words_share_the_idf_of_their_word() -> None:
    """A word that translates alike is looked for too, and makes the word no rarer."""
    word = QueryWord(WORD, 1.0, (Alternative("cazyl", 1.0),), (Alternative("cazylov", 0.25),))
    found = lexical_query(WidenedQuery((word,), (), (), ()), {"cazyl": 10, "cazylov": 40}.__getitem__, 1000)
    assert found.ceiling == pytest.approx(2.2 * idf(10 + 0.25 * 40, 1000))
    assert [term.term for term in found.terms] == ["cazyl", "cazylov"]


def test_the_fused_score_is_the_mean_of_cosine_and_share() -> None:
    """Each leg is scaled by what it could reach, not by what it happened to reach."""
    scores = fuse(Legs({"a": 0.6, "b": 0.8}, {"a": 5.0}, ceiling=10.0))
    assert list(scores) == ["a", "b"]
    assert scores["a"] == pytest.approx(DENSE_WEIGHT * 0.6 + (1 - DENSE_WEIGHT) * 0.5)
    assert scores["b"] == pytest.approx(DENSE_WEIGHT * 0.8)


def test_a_sentence_nearer_than_its_passage_adds_a_share_of_its_lead() -> None:
    """And one that is farther takes nothing away."""
    legs = Legs({"a": 0.4, "b": 0.6}, {}, 0.0, sentences={"a": 0.8, "b": 0.1})
    assert legs.dense(["a", "b"]) == pytest.approx([0.4 + SENTENCE_SHARE * 0.4, 0.6])


def test_scores_stay_between_zero_and_one() -> None:
    """A negative cosine counts as none, and a share is never more than all."""
    scores = fuse(Legs({"a": -0.5, "b": 1.0000001}, {"a": 30.0}, ceiling=10.0))
    assert scores == {"a": 1 - DENSE_WEIGHT, "b": DENSE_WEIGHT}


def test_one_leg_alone_is_not_halved() -> None:
    """Without any match of words the cosine is the score, and the other way round."""
    assert fuse(Legs({"a": 0.7}, {}, 0.0)) == {"a": pytest.approx(0.7)}
    assert fuse(Legs({}, {"a": 7.0}, 10.0)) == {"a": pytest.approx(0.7)}


def test_equal_scores_keep_the_order_of_ids() -> None:
    """The order does not depend on the order in which the legs found them."""
    assert list(fuse(Legs({"c": 0.5, "a": 0.5, "b": 0.5}, {}, 0.0))) == ["a", "b", "c"]


def reciprocal_ranks(rankings: list[list[str]]) -> list[str]:
    """Return names by the sum of 1 / (60 + rank) over the rankings (Cormack, Clarke and Buettcher, SIGIR 2009)."""
    sums: dict[str, float] = {}
    for ranking in rankings:
        for rank, name in enumerate(ranking, start=1):
            sums[name] = sums.get(name, 0.0) + 1 / (60 + rank)
    return sorted(sums, key=lambda name: (-sums[name], name))


def test_ranks_alone_let_a_leg_that_knows_nothing_spoil_the_order() -> None:
    """Negative control of the choice: by reciprocal ranks a passage second in both legs beats the one sure answer."""
    dense = {"right": 0.9, "other": 0.3, "third": 0.2}
    noise = {"third": 0.11, "other": 0.1}
    assert next(iter(fuse(Legs(dense, noise, ceiling=10.0)))) == "right"
    assert reciprocal_ranks([["right", "other", "third"], ["third", "other"]])[0] != "right"
