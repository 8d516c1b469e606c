"""Which examples make up step n of the training?

Every batch is a function of the seed and of the step alone. So a run that was killed goes on with exactly the batches
that it would have seen, and nothing but the number of the step has to be remembered.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from indexes.training.examples import SearchExample, document_examples, is_heading, slip
from indexes.training.pairs import CZECH, Pair, PairFile, shares
from indexes.training.recipe import Recipe

POOL = 1536
"""Sentence pairs drawn, of which a batch uses some."""
SLIP_RATE = 0.05
"""Share of Czech sentences that get a slip of the keyboard."""
CHARS_PER_TOKEN = 3.6
"""Of both languages in the bundled vocabulary; only sizes batches."""
MAX_DRAWS = 400
"""Attempts at filling a batch: a small file has too few unlike passages to fill one."""
MAX_PAIRS = 384
"""In one batch of sentences, however short."""


class Task(StrEnum):
    """What a batch teaches."""

    SENTENCES = "sentences"
    DOCUMENTS = "documents"
    QUESTIONS = "questions"


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts of which the i-th query belongs to the i-th passage; of sentences, the Czech to the English one."""

    task: Task
    queries: tuple[str, ...]
    passages: tuple[str, ...]
    english: tuple[str, ...]
    """What the teacher reads in place of the passages."""


class BatchSource:
    """Makes the batch of any step from the texts it holds."""

    def __init__(
        self, recipe: Recipe, sentences: Sequence[PairFile], running: Sequence[PairFile], questions: Sequence[PairFile]
    ) -> None:
        self._recipe = recipe
        self._sentences = sentences
        self._sentence_bounds = list(accumulate(shares(sentences, recipe.sentences)))
        self._running = running
        self._running_bounds = list(accumulate(shares(running, recipe.running)))
        self._questions = questions
        self._question_bounds = list(accumulate(shares(questions, recipe.questions)))
        self._headings = {file.name: _headings(file, running) for file in running}

    def batch(self, step: int) -> Batch:
        """Return the batch of a step, counted from 0."""
        rng = random.Random(f"{self._recipe.seed} {step}")  # noqa: S311 (a shuffle, no secret)
        task = rng.choices(tuple(Task), weights=self._recipe.task_shares)[0]
        if task is Task.SENTENCES:
            return self._sentence_batch(rng)
        return self._document_batch(rng) if task is Task.DOCUMENTS else self._question_batch(rng)

    def _sentence_batch(self, rng: random.Random) -> Batch:
        """Draw many pairs, sort them by length and take a run of them, so that little of the batch is padding."""
        drawn = {_draw(rng, self._sentences, self._sentence_bounds) for _ in range(POOL)}
        pool = sorted(drawn, key=lambda pair: (len(pair[CZECH]), pair))
        start = max(0, min(rng.randrange(len(pool)), len(pool) - MAX_PAIRS // 2))
        batch: dict[str, str] = {}
        longest = 0
        for english, czech in pool[start : start + MAX_PAIRS]:
            longest = max(longest, len(czech) + len(english))
            if (len(batch) + 1) * longest > self._recipe.tokens_per_batch * CHARS_PER_TOKEN:
                break
            batch.setdefault(english, slip(rng, czech, rate=SLIP_RATE))
        return Batch(Task.SENTENCES, tuple(batch.values()), tuple(batch), tuple(batch))

    def _document_batch(self, rng: random.Random) -> Batch:
        examples: list[SearchExample] = []
        chars = 0.0
        for _ in range(MAX_DRAWS):
            if chars >= self._recipe.tokens_per_batch * CHARS_PER_TOKEN:
                break
            index = rng.choices(range(len(self._running)), cum_weights=self._running_bounds)[0]
            file = self._running[index]
            start = rng.randrange(max(1, len(file.pairs) - 40))
            headings = _near(rng, self._headings[file.name])
            found = document_examples(rng, file.pairs[start : start + 40], headings, self._recipe.sections)
            examples += found
            chars += sum(len(example.query) + len(example.passage) for example in found)
        return _search_batch(Task.DOCUMENTS, examples)

    def _question_batch(self, rng: random.Random) -> Batch:
        examples: list[SearchExample] = []
        seen: set[str] = set()
        chars = 0.0
        for _ in range(MAX_DRAWS):
            if chars >= self._recipe.tokens_per_batch * CHARS_PER_TOKEN:
                break
            question, passage = _draw(rng, self._questions, self._question_bounds)
            if passage in seen:
                continue
            seen.add(passage)
            cut = passage[: self._recipe.passage_chars]
            examples.append(SearchExample(slip(rng, question), cut, cut))
            chars += len(question) + len(cut)
        return _search_batch(Task.QUESTIONS, examples)


def _search_batch(task: Task, examples: Sequence[SearchExample]) -> Batch:
    # A passage that stood twice in the batch would be its own wrong answer.
    unique = {example.passage: example for example in examples}
    kept = sorted(unique.values(), key=lambda example: len(example.passage))
    return Batch(
        task,
        tuple(example.query for example in kept),
        tuple(example.passage for example in kept),
        tuple(example.passage_english for example in kept),
    )


def _draw(rng: random.Random, files: Sequence[PairFile], bounds: Sequence[float]) -> Pair:
    file = rng.choices(files, cum_weights=bounds)[0]
    return file.pairs[rng.randrange(len(file.pairs))]


def _headings(file: PairFile, others: Sequence[PairFile]) -> list[Pair]:
    """Return the headings of a file in its order, or those of all files where it has too few of its own."""
    own = [pair for pair in file.pairs if is_heading(pair)]
    return own if len(own) >= 100 else [pair for other in others for pair in other.pairs if is_heading(pair)]  # noqa: PLR2004


def _near(rng: random.Random, headings: Sequence[Pair], count: int = 12) -> Sequence[Pair]:
    """Return neighbouring headings, which are alike in subject and so must be told apart by their words."""
    start = rng.randrange(max(1, len(headings) - count))
    return headings[start : start + count]
