"""Are the batches of a run a function of its seed and step alone?"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from indexes.training.batches import CHARS_PER_TOKEN, MINED_TASKS, BatchSource, Task
from indexes.training.pairs import PairFile
from indexes.training.recipe import Recipe

ROOT = Path(__file__).resolve().parents[3]
RECIPE = Recipe(
    tokens_per_batch=300, sentences={"news": 1.0}, running={"news": 1.0}, questions={"asked": 1.0}, sections=3
)


def source(recipe: Recipe = RECIPE, mined: dict[str, tuple[str, ...]] | None = None) -> BatchSource:
    """Batches from invented lines of which every other is a heading."""
    lines = [(f"The office {n} opened in the year {n}.", f"Úřad {n} otevřel v roce {n}.") for n in range(200)]
    headings = [(f"The fee {n}", f"Poplatek {n}") for n in range(200)]
    running = PairFile("news", tuple(pair for pairs in zip(lines, headings, strict=True) for pair in pairs))
    asked = PairFile("asked", tuple((f"Who needs it {n}?", f"The office {n} needs it.") for n in range(60)))
    return BatchSource(recipe, [running], [running], [asked], mined)


def test_every_task_has_its_turn_and_partners_stand_in_one_row() -> None:
    """No passage stands twice in a batch: it would be its own wrong answer."""
    batches = [source().batch(step) for step in range(40)]
    assert {batch.task for batch in batches} == set(Task)
    for batch in batches:
        assert len(batch.queries) == len(batch.passages) == len(batch.english) == len(set(batch.passages)) > 1


def test_batches_may_be_asked_for_in_any_order() -> None:
    """A run that goes on at step 30 sees what it would have seen; other steps and seeds see other texts."""
    expected = [source().batch(step) for step in range(31)]
    assert source().batch(30) == expected[30]
    assert len({batch.queries for batch in expected}) > 20
    assert source(replace(RECIPE, seed=8)).batch(30) != expected[30]


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_sees_the_same_batches(seed: str) -> None:
    """Python orders sets of texts differently in every process; no batch may depend on that."""
    program = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import test_batches as here; "
    program += "print([here.source().batch(step).queries for step in range(8)])"
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == str([source().batch(step).queries for step in range(8)])


def test_a_file_too_small_to_fill_a_batch_ends_it() -> None:
    """The search for unlike passages gives up rather than going on for ever."""
    recipe = replace(RECIPE, tokens_per_batch=100_000, task_shares=(0.0, 0.0, 0.0, 1.0))
    assert len(source(recipe).batch(0).passages) == 60


def test_processes_have_one_task_and_texts_of_their_own() -> None:
    """In one step; so the answers of the others can serve as wrong ones."""
    for step in range(40):
        batches = [source().batch(step, worker, workers=3) for worker in range(3)]
        assert len({batch.task for batch in batches}) == 1
        assert len({batch.queries for batch in batches}) == 3


def test_windows_of_running_text_are_not_shared_between_processes() -> None:
    """No line of an article stands in a passage of another process."""
    recipe = replace(RECIPE, task_shares=(0.0, 0.0, 1.0, 0.0))
    for step in range(20):
        lines = [
            {line for passage in source(recipe).batch(step, worker, workers=3).english for line in passage.split(". ")}
            for worker in range(3)
        ]
        assert all(not one & other for one, other in combinations(lines, 2))


def test_a_question_stands_once_in_a_batch() -> None:
    """Of several passages that answer it, the others would count as wrong."""
    asked = PairFile("asked", tuple((f"Who needs it {n % 20}?", f"The office {n} needs it.") for n in range(60)))
    recipe = replace(RECIPE, tokens_per_batch=100_000, task_shares=(0.0, 0.0, 0.0, 1.0))
    assert len(BatchSource(recipe, [], [], [asked]).batch(0).queries) == 20


def test_only_articles_hold_their_queries_to_the_teacher() -> None:
    """Questions are asked better than the teacher would, and sections by headings it never saw."""
    for batch in (source().batch(step) for step in range(40)):
        assert bool(batch.english_queries) == (batch.task is Task.ARTICLES)


MINED = {
    **{f"Who needs it {n}?": (f"The office {n + 1} needs it.", f"The office {n + 2} needs it.") for n in range(60)},
    **{f"Poplatek {n}": (f"The fee {n + 1}",) for n in range(200)},
    **{f"The fee {n}": (f"Poplatek {n + 1}",) for n in range(200)},
}


def test_mined_wrong_answers_stand_beside_their_queries() -> None:
    """Only where some were mined, in the language of the answers, drawn by seed and step, and within their share."""
    limit = RECIPE.mined_share * RECIPE.tokens_per_batch * CHARS_PER_TOKEN
    seen = set()
    for step in range(40):
        batch = source(mined=MINED).batch(step)
        assert batch == source(mined=MINED).batch(step)
        for texts, wrong in ((batch.queries, batch.wrong_passages), (batch.passages, batch.wrong_queries)):
            assert set(wrong) <= {answer for text in texts for answer in MINED.get(text, ())}
            assert sum(map(len, wrong)) <= limit
            seen |= {batch.task for _ in wrong}
    assert seen == MINED_TASKS


def test_without_mined_answers_the_batches_are_as_they_were() -> None:
    """Mining adds to a batch and changes nothing else in it."""
    for step in range(40):
        batch = source(mined=MINED).batch(step)
        assert replace(batch, wrong_passages=(), wrong_queries=()) == source().batch(step)


def test_the_digest_follows_every_text() -> None:
    """So that the state of a run is not taken up with other texts."""
    assert source().digest == source(replace(RECIPE, seed=8)).digest
    assert source().digest != source(mined=MINED).digest
