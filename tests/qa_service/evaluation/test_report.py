"""Can people and programs read how search was judged, and whether it has changed?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa_service.errors import UnreadableJudgments
from qa_service.evaluation.metrics import MEASURES
from qa_service.evaluation.report import read_report, write_report
from qa_service.evaluation.run import LostQuery, SetScores
from qa_service.evaluation.significance import compare


def scores(values: dict[str, float]) -> SetScores:
    """Return the scores of one set whose measures all have the given values."""
    legs = ("dense", "lexical", "fused")
    means = {leg: dict.fromkeys(MEASURES, sum(values.values()) / len(values)) for leg in legs}
    of_queries = {leg: dict.fromkeys(MEASURES, values) for leg in legs}
    lost = LostQuery("q9", "kde je úřad", "cs-en", ("office",), ("garden", "park"))
    return SetScores("town", "r1", means, {"cs-en": means}, of_queries, (lost,), len(values), 2)


def test_the_report_shows_figures_pairs_and_lost_queries(tmp_path: Path) -> None:
    """A lost query is shown with what was wanted and what was found in its place."""
    write_report(tmp_path / "report.md", [scores({"a": 1.0, "b": 0.5})])
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "| fused | 75.0 |" in text
    assert "### cs-en" in text
    assert "- `q9` (cs-en) kde je úřad — wanted office; found garden, park" in text
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["sets"][0]["values"]["fused"]["nDCG@10"] == {"a": 1.0, "b": 0.5}


def test_a_later_report_says_whether_the_change_is_one(tmp_path: Path) -> None:
    """The same queries are compared in pairs."""
    write_report(tmp_path / "before.md", [scores({str(n): 0.2 for n in range(30)})])
    earlier = read_report(tmp_path / "before.json")
    write_report(tmp_path / "after.md", [scores({str(n): 0.4 for n in range(30)})], earlier)
    text = (tmp_path / "after.md").read_text(encoding="utf-8")
    assert "went from 20.0 to 40.0 (30 queries better, 0 worse of 30; p = 0.000" in text
    assert "test: a difference" in text


@pytest.mark.parametrize("content", ["", "{}", '{"sets": [{"name": "x"}]}', "[1]"])
def test_what_is_no_report_is_named(tmp_path: Path, content: str) -> None:
    """An unreadable report is an error with its name."""
    file = tmp_path / "odd.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableJudgments, match=r"odd\.json"):
        read_report(file)


def test_a_clear_difference_is_significant_and_luck_is_not() -> None:
    """Many small gains in one direction are one thing, gains and losses that balance another."""
    base = {str(n): 0.5 for n in range(40)}
    better = compare(base, {name: value + 0.1 for name, value in base.items()})
    assert (better.better, better.worse) == (40, 0)
    assert better.p_value < 0.001
    mixed = compare(base, {name: value + (0.1 if int(name) % 2 else -0.1) for name, value in base.items()})
    assert mixed.p_value > 0.9


def test_the_p_value_is_that_of_all_swaps() -> None:
    """With four queries all sixteen swaps can be counted: two of them are as extreme as four gains in a row."""
    found = compare(dict.fromkeys("abcd", 0.0), {"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1})
    assert found.p_value == pytest.approx(2 / 16, abs=0.01)


def test_runs_without_common_queries_cannot_be_compared() -> None:
    """That is an error, not a draw."""
    with pytest.raises(ValueError, match="no query in common"):
        compare({"a": 1.0}, {"b": 1.0})
