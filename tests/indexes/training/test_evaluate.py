"""Does training judge its models by the program's own figures?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexes.settings import BUNDLED_MODEL
from indexes.training.evaluate import EvaluationFailed, evaluate_model, set_arguments


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """One BEIR folder of two rows, one file of two pairs, and something else."""
    beir = tmp_path / "offices"
    (beir / "qrels").mkdir(parents=True)
    (beir / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tpermits\t1\n")
    rows = [("permits", "Povolení k pobytu vydává ministerstvo."), ("trains", "Vlak jede v poledne.")]
    (beir / "corpus.jsonl").write_text("\n".join(json.dumps({"_id": i, "title": "", "text": t}) for i, t in rows))
    (beir / "queries.jsonl").write_text(json.dumps({"_id": "q1", "text": "Who issues residence permits?"}))
    (tmp_path / "words.tsv").write_text("train\tvlak\npermit\tpovolení\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("no set")
    return tmp_path


def test_every_set_of_a_folder_is_named_once(sets: Path) -> None:
    """Other files are left out."""
    assert set_arguments(sets) == ["--beir", str(sets / "offices"), "--pairs", str(sets / "words.tsv")]


def test_a_folder_without_sets_is_refused(tmp_path: Path) -> None:
    """No figures are not good figures."""
    with pytest.raises(EvaluationFailed, match=tmp_path.name):
        set_arguments(tmp_path)


@pytest.mark.model
@pytest.mark.slow
def test_the_figures_are_those_of_the_program(sets: Path) -> None:
    """The bundled model tells permits from trains in both languages."""
    figures = evaluate_model(BUNDLED_MODEL, sets)
    assert figures["offices"]["nDCG@10"] == 1.0
    assert figures["words"] == {"en->cs": 1.0, "cs->en": 1.0}


@pytest.mark.slow
def test_an_error_of_the_program_is_passed_on(sets: Path, tmp_path: Path) -> None:
    """A model folder that cannot be used is named, and gives no figures."""
    with pytest.raises(EvaluationFailed, match="no-such-model"):
        evaluate_model(tmp_path / "no-such-model", sets)
