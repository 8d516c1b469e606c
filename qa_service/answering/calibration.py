"""How probable is it that the collection answers a question, and from which probability on do we answer?

Logistic regression on a few signs of the evidence (Platt, "Probabilistic outputs for support vector machines", 1999),
fitted by Newton's method with a ridge. Each pair of languages, question first, has its own intercept and threshold:
across languages the same evidence gives lower cosines.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace

import numpy as np
import numpy.typing as npt

from qa_service.answering.signals import Signals
from qa_service.errors import CalibrationUnreadable, NothingToCalibrate

FORMAT_VERSION = 3
ANY_PAIR = "any"
FALSE_REFUSALS = 0.025
"""The share of answerable questions that may be refused; the threshold is the largest that keeps to it. With those that
name what no passage mentions, and on questions that taught nothing, it comes to the one in twenty that we aim at."""
RIDGE = 3.0
"""Weight of the squared distance from EXPECTED: a few dozen examples must not make a steep curve."""
EXPECTED = (3.0, 2.0, 1.7, 1.5, 1.5, 4.0, 0.8, 2.0, 0.8, 1.5, 0.7)
"""What each sign of `Signals` counts before anything was seen: each something, so that few examples make no odd curve."""
FEWEST_EXAMPLES = 60
"""Answerable questions that a pair of languages needs for a threshold of its own."""
DECIMALS = 4
"""Of all numbers of a calibration, so that its file says all of it."""

_NEWTON_STEPS = 50
_CONVERGED = 1e-8

Float64Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A question whose answer is known to be in the collection, or known not to be."""

    pair: str
    signals: Signals
    is_answerable: bool
    is_settled: bool = False
    """Refused whatever its probability: for what it names, or for want of what it asks for."""
    weight: float = 1.0
    """What it counts beside a question that somebody judged."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The curve and the thresholds; `intercepts` and `thresholds` are by pair ("cs-en"), ANY_PAIR for all others."""

    model: str
    """Fingerprint of the embedding model whose cosines were seen."""
    coefficients: tuple[float, ...]
    intercepts: Mapping[str, float]
    thresholds: Mapping[str, float]
    examples: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """How many answerable and unanswerable questions of each pair it was learnt from."""

    def probability(self, pair: str, signals: Signals) -> float:
        """Return the estimated probability, 0..1, that the collection answers."""
        intercept = self.intercepts.get(pair, self.intercepts[ANY_PAIR])
        return float(_logistic(np.dot(self.coefficients, signals.as_row()) + intercept))

    def threshold(self, pair: str) -> float:
        """Return the probability below which a question of this pair of languages is refused."""
        return self.thresholds.get(pair, self.thresholds[ANY_PAIR])


UNLEARNT = Calibration("", EXPECTED, {ANY_PAIR: 0.0}, {ANY_PAIR: 0.0})
"""Declines nothing for being improbable: what questions are asked with in order to learn a calibration."""


def fit(examples: Sequence[Example], model: str, false_refusals: float = FALSE_REFUSALS) -> Calibration:
    """Return the calibration learnt from questions of both sorts; those that are settled are left out of it.

    Raises NothingToCalibrate where one sort is missing.
    """
    examples = [example for example in examples if not example.is_settled]
    answerable = [example for example in examples if example.is_answerable]
    if not answerable or len(answerable) == len(examples):
        raise NothingToCalibrate(
            f"calibration needs answerable and unanswerable questions, and got {len(answerable)} and "
            f"{len(examples) - len(answerable)}: add judged questions of the missing sort"
        )
    pairs = sorted({example.pair for example in examples})
    signs = np.array([example.signals.as_row() for example in examples])
    own = np.array([[float(example.pair == pair) for pair in pairs] for example in examples])
    labels = np.array([float(example.is_answerable) for example in examples])
    weights = np.array([example.weight for example in examples])
    coefficients, shared, offsets = _curve(signs, own, labels, weights)
    intercepts = {ANY_PAIR: shared + float(own.mean(axis=0) @ np.array(offsets))} | {
        pair: shared + offset for pair, offset in zip(pairs, offsets, strict=True)
    }
    curve = Calibration(
        model,
        tuple(round(one, DECIMALS) for one in coefficients),
        {pair: round(one, DECIMALS) for pair, one in intercepts.items()},
        {ANY_PAIR: 0.5},
        _counts(examples),
    )
    return replace(curve, thresholds=_thresholds(curve, answerable, false_refusals))


def parsed_calibration(text: str) -> Calibration:
    """Return the calibration that a text holds. Raises CalibrationUnreadable."""
    try:
        content = json.loads(text)
        if content.pop("format_version") != FORMAT_VERSION:
            raise ValueError("it is of another version")
        calibration = Calibration(
            str(content["model"]),
            tuple(map(float, content["coefficients"])),
            {pair: float(value) for pair, value in content["intercepts"].items()},
            {pair: float(value) for pair, value in content["thresholds"].items()},
            {pair: (int(yes), int(no)) for pair, (yes, no) in content["examples"].items()},
        )
        if len(calibration.coefficients) != len(fields(Signals)) or ANY_PAIR not in calibration.intercepts:
            raise ValueError("it weighs other signs")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CalibrationUnreadable(f"the calibration cannot be read ({error}): run pramen calibrate again") from error
    return calibration


def calibration_text(calibration: Calibration) -> str:
    """Return a calibration as the text of its file."""
    return json.dumps({"format_version": FORMAT_VERSION} | asdict(calibration), indent=2) + "\n"


def _curve(
    signs: Float64Array, own: Float64Array, labels: Float64Array, weights: Float64Array
) -> tuple[tuple[float, ...], float, list[float]]:
    """Return the coefficients, the shared intercept and the offset of each pair.

    No sign speaks against an answer by design: one that seems to is noise of a small sample and is left out.
    """
    used = list(range(signs.shape[1]))
    while True:
        design = np.hstack([signs[:, used], np.ones((len(signs), 1)), own])
        weighed = np.array(EXPECTED)[used]
        middle = -float((signs[:, used] @ weighed).mean())
        expected = np.concatenate([weighed, [middle], np.zeros(own.shape[1])])
        solved = _ridge_logistic(design, labels, weights, expected)
        kept = [number for number, value in zip(used, solved, strict=False) if value > 0]
        if kept == used:
            break
        used = kept
    coefficients = np.zeros(signs.shape[1])
    coefficients[used] = solved[: len(used)]
    return tuple(map(float, coefficients)), float(solved[len(used)]), [float(one) for one in solved[len(used) + 1 :]]


def _ridge_logistic(
    design: Float64Array, labels: Float64Array, weights: Float64Array, expected: Float64Array
) -> Float64Array:
    """Return the coefficients of a logistic regression with a ridge around `expected`, by Newton's method.

    Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning" (2009), section 4.4.1.
    """
    solved = expected.copy()
    for _ in range(_NEWTON_STEPS):
        estimate = _logistic(design @ solved)
        gradient = design.T @ (weights * (labels - estimate)) - RIDGE * (solved - expected)
        curvature = (design * (weights * estimate * (1 - estimate))[:, None]).T @ design + RIDGE * np.eye(
            design.shape[1]
        )
        step = np.linalg.solve(curvature, gradient)
        solved += step
        if float(np.abs(step).max()) < _CONVERGED:
            break
    return solved


def _logistic(value: Float64Array | float) -> Float64Array:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(value, -30, 30))))


def _thresholds(curve: Calibration, answerable: Sequence[Example], false_refusals: float) -> dict[str, float]:
    by_pair: dict[str, list[float]] = {}
    for one in answerable:
        by_pair.setdefault(one.pair, []).append(curve.probability(one.pair, one.signals))
    everything = [probability for values in by_pair.values() for probability in values]
    lowest = {pair: values for pair, values in by_pair.items() if len(values) >= FEWEST_EXAMPLES}
    return {pair: _threshold(values, false_refusals) for pair, values in (lowest | {ANY_PAIR: everything}).items()}


def _threshold(probabilities: Sequence[float], false_refusals: float) -> float:
    """Return the largest threshold that refuses no more than this share, rounded down: up would refuse one more."""
    largest = float(np.quantile(probabilities, false_refusals, method="lower"))
    steps = 10.0**DECIMALS
    return math.floor(largest * steps) / steps


def _counts(examples: Sequence[Example]) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for one in examples:
        yes, no = counts.get(one.pair, (0, 0))
        counts[one.pair] = (yes + one.is_answerable, no + (not one.is_answerable))
    return counts
