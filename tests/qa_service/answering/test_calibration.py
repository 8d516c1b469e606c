"""Does a calibration give probabilities that mean something, and thresholds that keep their promise?"""

from __future__ import annotations

import numpy as np
import pytest

from qa_service.answering.calibration import (
    ANY_PAIR,
    Example,
    calibration_text,
    fit,
    parsed_calibration,
)
from qa_service.answering.calibrations import ShelfCalibrations, bundled
from qa_service.answering.signals import Signals
from qa_service.errors import CalibrationUnreadable, NothingToCalibrate
from tests.qa_service.answering.collection import MODEL, Collection


def signals(meaning: float) -> Signals:
    """Return the signs of evidence that differs in one of them."""
    return Signals(meaning, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0)


def examples(count: int = 400, pair: str = "cs-cs", shift: float = 0.0) -> list[Example]:
    """Return questions whose chance of an answer rises with the cosine as a logistic curve of slope 12."""
    random = np.random.default_rng(7)
    cosines = random.uniform(0.1, 0.9, count)
    chances = 1 / (1 + np.exp(-12 * (cosines + shift - 0.5)))
    truths = random.uniform(size=count) < chances
    return [Example(pair, signals(float(c)), bool(t)) for c, t in zip(cosines, truths, strict=True)]


def test_probabilities_are_those_by_which_the_examples_were_made() -> None:
    """Reference: the curve that drew them, to a tenth; ridge and chance allow no more."""
    learnt = fit(examples(4000), "m")
    for cosine in (0.3, 0.5, 0.7):
        true = 1 / (1 + np.exp(-12 * (cosine - 0.5)))
        assert learnt.probability("cs-cs", signals(cosine)) == pytest.approx(true, abs=0.1)


def test_at_most_the_allowed_share_of_answerable_questions_is_refused() -> None:
    """Of those it was learnt from; the next higher example would break it."""
    known = examples()
    learnt = fit(known, "m", false_refusals=0.05)
    answerable = [learnt.probability("cs-cs", one.signals) for one in known if one.is_answerable]
    refused = sum(probability < learnt.threshold("cs-cs") for probability in answerable) / len(answerable)
    assert 0.03 <= refused <= 0.05


def test_a_pair_with_lower_cosines_gets_its_own_curve_and_threshold() -> None:
    """Across languages the same evidence looks weaker."""
    learnt = fit(examples() + examples(pair="cs-en", shift=0.2), "m")
    assert learnt.probability("cs-en", signals(0.4)) > learnt.probability("cs-cs", signals(0.4)) + 0.1
    assert learnt.probability("en-cs", signals(0.4)) == learnt.probability(ANY_PAIR, signals(0.4))


def test_near_misses_do_not_bend_the_curve() -> None:
    """They are refused for what they name, whatever their cosine."""
    misses = [Example("cs-cs", signals(0.9), False, is_settled=True)] * 200
    assert fit(examples() + misses, "m").coefficients == fit(examples(), "m").coefficients


def test_questions_of_one_sort_alone_teach_nothing() -> None:
    """The message says which sort is missing."""
    with pytest.raises(NothingToCalibrate, match="unanswerable"):
        fit([one for one in examples() if one.is_answerable], "m")


@pytest.mark.parametrize("false_refusals", [0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1])
def test_a_file_says_all_of_a_calibration(false_refusals) -> None:
    """A threshold rounded up in the file would refuse the very question that it was taken from."""
    known = examples()
    learnt = fit(known, "m", false_refusals)
    again = parsed_calibration(calibration_text(learnt))
    assert again == learnt
    answerable = [again.probability("cs-cs", one.signals) for one in known if one.is_answerable]
    promised = int(false_refusals * (len(answerable) - 1))
    assert sum(probability < again.threshold("cs-cs") for probability in answerable) == promised


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format_version": 99}', "nonsense", "[" * 100_000])
def test_a_broken_file_is_an_error_with_what_to_do(text) -> None:
    """Never a silent default inside the reading."""
    with pytest.raises(CalibrationUnreadable, match="pramen calibrate"):
        parsed_calibration(text)


class FakeShelf:
    """A shelf that holds nothing but calibrations."""

    def __init__(self, texts):
        self._texts = texts

    def history(self):
        """Return the ids, oldest first."""
        return list(self._texts)

    def calibration(self, release_id):
        """Return a text or None."""
        return self._texts.get(release_id)


def test_a_release_without_its_own_takes_the_newest_earlier_one_of_its_model() -> None:
    """A broken one, and one of another model, are passed over; at last the bundled one holds."""
    collection = Collection()
    collection.add("a", "Text.")
    index = collection.index
    own = calibration_text(fit(examples(), MODEL.fingerprint))
    foreign = calibration_text(fit(examples(), "another"))
    assert ShelfCalibrations(FakeShelf({"1": own, "2": foreign, "3": "broken"}))(index) == parsed_calibration(own)
    assert ShelfCalibrations(FakeShelf({"2": foreign}))(index) == bundled()
