"""What does a person, and what does a program, read about a judged release?

The report in Markdown shows the figures, the language pairs and every lost query with what was found in its place; the
one in JSON holds the value of each query too, so that a later run can be compared with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qa_service.errors import UnreadableJudgments
from qa_service.evaluation.metrics import MEASURES
from qa_service.evaluation.run import LostQuery, SetScores
from qa_service.evaluation.significance import Comparison, compare

COMPARED_LEG, COMPARED_MEASURE = "fused", "nDCG@10"
SIGNIFICANT = 0.05
"""Below this p-value a difference is called one."""


def write_report(file: Path, scores: Sequence[SetScores], earlier: Mapping[str, Any] | None = None) -> None:
    """Write the report in Markdown to `file`, and in JSON beside it; `earlier` is what `read_report` gave."""
    comparisons = compare_with(earlier, scores) if earlier else {}
    file.write_text("\n".join(_markdown(scores, comparisons)) + "\n", encoding="utf-8")
    file.with_suffix(".json").write_text(
        json.dumps(report_json(scores), ensure_ascii=False, indent=1), encoding="utf-8"
    )


def read_report(file: Path) -> Mapping[str, Any]:
    """Return an earlier report in JSON. Raises UnreadableJudgments, naming the file."""
    try:
        report = json.loads(file.read_text(encoding="utf-8"))
        for one in report["sets"]:
            one["name"], one["values"][COMPARED_LEG][COMPARED_MEASURE]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableJudgments(f"{file} is no report of an evaluation in JSON: {error}") from error
    checked: Mapping[str, Any] = report
    return checked


def report_json(scores: Sequence[SetScores]) -> dict[str, Any]:
    """Return the report as JSON values; figures are fractions 0..1."""
    return {
        "sets": [
            {
                "name": one.name,
                "release": one.release_id,
                "judged": one.judged_count,
                "skipped": one.skipped_count,
                "legs": one.legs,
                "pairs": one.pairs,
                "lost": [_lost_json(query) for query in one.lost],
                "values": one.values,
            }
            for one in scores
        ]
    }


def compare_with(earlier: Mapping[str, Any], scores: Sequence[SetScores]) -> dict[str, Comparison]:
    """Return for each set that both runs judged how the fused nDCG@10 has changed."""
    before = {one["name"]: one["values"][COMPARED_LEG][COMPARED_MEASURE] for one in earlier["sets"]}
    return {
        one.name: compare(before[one.name], one.values[COMPARED_LEG][COMPARED_MEASURE])
        for one in scores
        if before.get(one.name, {}).keys() & one.values[COMPARED_LEG][COMPARED_MEASURE].keys()
    }


def _markdown(scores: Sequence[SetScores], comparisons: Mapping[str, Comparison]) -> Iterator[str]:
    yield "# Evaluation of search\n"
    yield "Figures in per cent. A passage is right where people judged its document, or its page, to be right.\n"
    for one in scores:
        yield f"## {one.name}\n"
        yield f"Release {one.release_id}; {one.judged_count} queries judged, {one.skipped_count} skipped.\n"
        yield from _table(one.legs)
        for pair, legs in sorted(one.pairs.items()):
            yield f"\n### {pair}\n"
            yield from _table(legs)
        if one.name in comparisons:
            yield f"\n{_sentence(comparisons[one.name])}"
        yield f"\n### Lost queries ({len(one.lost)})\n"
        yield from (_lost_line(query) for query in one.lost)
        yield ""


def _table(legs: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    yield f"| leg | {' | '.join(MEASURES)} |"
    yield f"| --- | {' | '.join('---:' for _ in MEASURES)} |"
    for leg, figures in legs.items():
        yield f"| {leg} | {' | '.join(f'{100 * figures[measure]:.1f}' for measure in MEASURES)} |"


def _sentence(found: Comparison) -> str:
    verdict = "a difference" if found.p_value < SIGNIFICANT else "no significant difference"
    return (
        f"Compared with the earlier run, {COMPARED_MEASURE} went from {100 * found.first:.1f} to {100 * found.second:.1f} "
        f"({found.better} queries better, {found.worse} worse of {found.query_count}; p = {found.p_value:.3f}, "
        f"paired randomisation test: {verdict})."
    )


def _lost_line(query: LostQuery) -> str:
    pair = f" ({query.pair})" if query.pair else ""
    found = ", ".join(query.found) or "nothing"
    return f"- `{query.id}`{pair} {query.text} — wanted {', '.join(query.wanted)}; found {found}"


def _lost_json(query: LostQuery) -> dict[str, Any]:
    return {
        "id": query.id,
        "text": query.text,
        "pair": query.pair,
        "wanted": list(query.wanted),
        "found": list(query.found),
    }
