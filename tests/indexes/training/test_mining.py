"""Are mined wrong answers near the question, wrong by what is marked, and the ones that the library would take?"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexes.training.mining import (
    MinedModel,
    MiningRule,
    both_ways,
    mine,
    mined_text_count,
    read_wrong_answers,
    wrong_answers,
)
from indexes.training.pairs import PairFile

RULE = MiningRule(margin=0.1, skipped=1, most=3)
RNG = np.random.default_rng(3)
ASKED = PairFile(
    "asked",
    tuple((f"Who needs it {n % 25}?", f"The office {n % 30} needs it.") for n in range(60)),
)
"""Invented: a question may have several answers, and a passage answer several questions."""


def drawn(count: int) -> np.ndarray:
    """Unit vectors of four numbers, so that some are near each other."""
    rows = RNG.standard_normal((count, 4)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


VECTORS = dict(
    zip(sorted({text for pair in ASKED.pairs for text in pair}), drawn(mined_text_count(ASKED)), strict=True)
)


def embed(texts: Sequence[str]) -> np.ndarray:
    """Look the vectors up."""
    return np.stack([VECTORS[text] for text in texts])


MODEL = MinedModel(embed, 4, "a model")


def mined(folder: Path, rule: MiningRule = RULE, model: MinedModel = MODEL) -> dict[str, tuple[str, ...]]:
    """Mine the questions to the end and read what was found."""
    assert list(mine(model, ASKED, folder, rule))[-1] == mined_text_count(ASKED)
    return dict(read_wrong_answers(folder, ["asked"]))


def test_the_rule_is_kept_by_hand() -> None:
    """Scores .9 (right), .88 (too near), .8, .5, .5, .1: one is skipped, two of three are taken, equal ones in order."""
    passages = np.array([[0.5], [0.9], [0.1], [0.88], [0.5], [0.8]])
    (rows,) = wrong_answers(np.array([[1.0]]), passages, [np.array([1])], MiningRule(margin=0.05, skipped=1, most=2))
    np.testing.assert_array_equal(rows, [0, 4])
    (unlimited,) = wrong_answers(np.array([[1.0]]), passages, [np.array([1])], MiningRule(0.0, skipped=0, most=9))
    np.testing.assert_array_equal(unlimited, [3, 5, 0, 4, 2])


def test_a_right_answer_with_a_negative_score_still_has_a_margin() -> None:
    """A share of the size of the score, taken off, lowers the limit whatever its sign."""
    (rows,) = wrong_answers(
        np.array([[1.0]]), np.array([[-0.5], [-0.52], [-0.7]]), [np.array([0])], replace(RULE, skipped=0)
    )
    np.testing.assert_array_equal(rows, [2])


@pytest.mark.filterwarnings("default")
def test_the_wrong_answers_are_those_of_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`mine_hard_negatives` of sentence-transformers, over the same vectors and by the same rule."""
    datasets = pytest.importorskip("datasets", reason="the extra [training] is not installed")
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.util import mine_hard_negatives
    from torch.nn import Identity

    class LookedUp(SentenceTransformer):
        """The library's model with our vectors, to the precision that is kept."""

        def encode_document(self, inputs: Sequence[str], **settings: object) -> np.ndarray:
            return embed(inputs).astype(np.float16).astype(np.float32)

        encode_query = encode_document

    monkeypatch.chdir(tmp_path)
    columns = {"query": [query for query, _ in ASKED.pairs], "answer": [answer for _, answer in ASKED.pairs]}
    found = mine_hard_negatives(
        datasets.Dataset.from_dict(columns),
        LookedUp(modules=[Identity()]),
        range_min=RULE.skipped,
        range_max=30,
        relative_margin=RULE.margin,
        num_negatives=RULE.most,
        output_format="triplet",
        verbose=False,
    )
    expected: dict[str, list[str]] = {}
    for row in found:
        known = expected.setdefault(row["query"], [])
        if row["negative"] not in known:
            known.append(row["negative"])
    ours = mined(tmp_path / "ours")
    assert {query: list(wrong) for query, wrong in ours.items() if wrong} == expected
    assert len(expected) > 10
    other = mined(tmp_path / "other", replace(RULE, skipped=0))
    assert {query: list(wrong) for query, wrong in other.items() if wrong} != expected, "the negative control"


def test_no_answer_of_a_question_is_among_its_wrong_ones(tmp_path: Path) -> None:
    """Whichever pair of the file marks it as right."""
    found = mined(tmp_path)
    assert set(found) == {query for query, _ in ASKED.pairs}
    assert not any(answer in found[query] for query, answer in ASKED.pairs)


def test_what_was_mined_stays_until_model_texts_or_rule_are_others(tmp_path: Path) -> None:
    """A second call asks no model; a call with another rule does not take the old answers for its own."""

    def refuse(texts: Sequence[str]) -> np.ndarray:
        raise AssertionError(texts)

    first = mined(tmp_path)
    assert mined(tmp_path, model=replace(MODEL, embed=refuse)) == first
    assert mined(tmp_path, replace(RULE, skipped=0), replace(MODEL, embed=refuse)) != first, "vectors are kept"
    with pytest.raises(AssertionError, match="Who needs it"):
        mined(tmp_path, model=replace(MODEL, embed=refuse, fingerprint="another model"))


def test_equal_runs_write_equal_bytes_that_people_can_read(tmp_path: Path) -> None:
    """A line for a question, after one that says what they were made from."""
    mined(tmp_path / "one")
    mined(tmp_path / "two")
    content = (tmp_path / "one" / "asked.tsv.gz").read_bytes()
    assert content == (tmp_path / "two" / "asked.tsv.gz").read_bytes()
    first, *others = gzip.decompress(content).decode().splitlines()
    assert first.startswith("made from\t")
    assert all(line.startswith(f"Who needs it {number}?") for number, line in enumerate(others))
    assert len(others) == 25


def test_sentence_pairs_ask_in_both_languages() -> None:
    """The English sentence among the Czech ones, and the Czech one among the English."""
    there, back = both_ways(PairFile("news", (("a fee", "poplatek"),)))
    assert (there.name, there.pairs) == ("news-en-cs", (("a fee", "poplatek"),))
    assert (back.name, back.pairs) == ("news-cs-en", (("poplatek", "a fee"),))


def test_wrong_answers_that_were_never_mined_are_named(tmp_path: Path) -> None:
    """Training does not go on without them in silence."""
    with pytest.raises(FileNotFoundError, match="asked"):
        read_wrong_answers(tmp_path, ["asked"])
