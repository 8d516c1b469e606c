"""Does the command that learns a calibration mend one that cannot be read?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa_service.answering import calibrations
from qa_service.cli.application import app
from qa_service.errors import CalibrationUnreadable

TEXT = "V Lounech radí cizincům poradna. V roce 2019 do ní přišlo 412 lidí."
QUERIES = [
    {"_id": "1", "text": "Kolik lidí přišlo do poradny?", "metadata": {"language": "cs", "answers": ["412"]}},
    {"_id": "2", "text": "Proč se stěhovala knihovna?", "metadata": {"language": "cs", "answerable": False}},
]


@pytest.mark.parametrize(
    "wrong",
    [["--answers", "--report", "r.md"], ["--answers", "--pairs", "pairs.tsv"], ["--compare", "earlier.json"]],
)
def test_an_option_that_would_do_nothing_is_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: list[str]
) -> None:
    """Who asks for a report gets one, or is told why not."""
    monkeypatch.chdir(tmp_path)
    for name in ("pairs.tsv", "earlier.json"):
        Path(name).touch()
    refused = CliRunner().invoke(app, ["evaluate", *wrong])
    assert refused.exit_code == 2
    assert wrong[-2] in refused.output


@pytest.mark.model
def test_a_calibration_is_learnt_where_the_one_that_comes_with_the_program_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a change of the signs that it weighs: what is learnt then stands beside the release."""

    def unreadable() -> None:
        raise CalibrationUnreadable("it weighs other signs")

    corpus, judged = tmp_path / "corpus", tmp_path / "judged"
    corpus.mkdir()
    (judged / "qrels").mkdir(parents=True)
    (corpus / "poradna.txt").write_text(TEXT, encoding="utf-8")
    (judged / "queries.jsonl").write_text("\n".join(map(json.dumps, QUERIES)), encoding="utf-8")
    (judged / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\tporadna\t1\n", encoding="utf-8")
    for name in ("corpus", "releases", "state"):
        monkeypatch.setenv(f"PRAMEN_{name.upper()}", str(tmp_path / name))
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    built = run.invoke(app, ["build", "--publish", "--json"])
    assert built.exit_code == 0, built.output
    monkeypatch.setattr(calibrations, "bundled", unreadable)
    learnt = run.invoke(app, ["calibrate", "--judgments", str(judged), "--json"])
    assert learnt.exit_code == 0, learnt.output
    assert json.loads(learnt.stdout)["examples"]
    assert run.invoke(app, ["ask", QUERIES[0]["text"]]).exit_code == 0
