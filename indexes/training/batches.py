"""Which examples make up step n of the training?

Every batch is a function of the seed and of the step alone. So a run that was killed goes on with exactly the batches
that it would have seen, and nothing but the number of the step has to be remembered.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate

from indexes.training.examples import SearchExample, article_examples, document_examples, is_heading, slip
from indexes.training.kept import fingerprint
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
MAX_PAIRS = 512
"""In one batch of sentences, however short."""
ONE_FILE = 0.5
"""Share of the batches of sentences that come from one file: sentences of one kind are harder to tell apart."""
NEXT_FILE = 0.2
"""How often the next article of a batch comes from a file drawn anew; texts of one kind are harder to tell apart."""
WINDOW = 40
"""Lines that the sections of one document, or an article, are cut from."""


class Task(StrEnum):
    """What a batch teaches."""

    SENTENCES = "sentences"
    DOCUMENTS = "documents"
    ARTICLES = "articles"
    QUESTIONS = "questions"


MINED_TASKS = frozenset({Task.SENTENCES, Task.QUESTIONS})
"""Those whose queries stand in the files word for word, so that wrong answers can be mined for them."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts of which the i-th query belongs to the i-th passage; of sentences, the Czech to the English one."""

    task: Task
    queries: tuple[str, ...]
    passages: tuple[str, ...]
    english: tuple[str, ...]
    """What the teacher reads in place of the passages."""
    english_queries: tuple[str, ...] = ()
    """What the teacher reads in place of the queries; none where they need not be like the teacher's."""
    wrong_passages: tuple[str, ...] = ()
    """Mined: what a model took for an answer to one of the queries; of sentences, English ones."""
    wrong_queries: tuple[str, ...] = ()
    """Of sentences, the Czech ones that a model took for the translation of an English one."""


class BatchSource:
    """Makes the batch of any step from the texts it holds.

    In one step every process has a batch of the same task, and running text from other places of the files.
    """

    def __init__(
        self,
        recipe: Recipe,
        sentences: Sequence[PairFile],
        running: Sequence[PairFile],
        questions: Sequence[PairFile],
        mined: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """Take the texts; `mined` are wrong answers by their query, as `read_wrong_answers` gives them."""
        self._recipe = recipe
        self._mined = mined or {}
        self._sentences = sentences
        self._sentence_bounds = list(accumulate(shares(sentences, recipe.sentences)))
        self._running = running
        self._running_bounds = list(accumulate(shares(running, recipe.running)))
        self._questions = questions
        self._question_bounds = list(accumulate(shares(questions, recipe.questions)))
        self._headings = {file.name: _headings(file, running) for file in running}

    @property
    def digest(self) -> str:
        """Fingerprint of all texts that the batches are made of."""
        files = (*self._sentences, *self._running, *self._questions)
        return fingerprint(*(file.digest for file in files), str(sorted(self._mined.items())))

    def batch(self, step: int, worker: int = 0, workers: int = 1) -> Batch:
        """Return the batch of a step for one of the processes, both counted from 0."""
        seed = self._recipe.seed
        turn = _Turn(_random(seed, step), _random(seed, step, worker), worker, workers)
        made_by = {
            Task.SENTENCES: self._sentence_batch,
            Task.DOCUMENTS: self._document_batch,
            Task.ARTICLES: self._article_batch,
            Task.QUESTIONS: self._question_batch,
        }
        batch = made_by[turn.together.choices(tuple(Task), weights=self._recipe.task_shares)[0]](turn)
        if batch.task not in MINED_TASKS:
            return batch
        wrong = self._wrong_answers(turn, batch.queries), self._wrong_answers(turn, batch.passages)
        return replace(batch, wrong_passages=wrong[0], wrong_queries=wrong[1])

    def _sentence_batch(self, turn: _Turn) -> Batch:
        """Draw many pairs, sort them by length and take a run of them, so that little of the batch is padding."""
        files: Sequence[PairFile] = self._sentences
        bounds: Sequence[float] = self._sentence_bounds
        if turn.together.random() < ONE_FILE:
            files, bounds = [turn.together.choices(files, cum_weights=bounds)[0]], [1.0]
        drawn = {_draw(turn.own, files, bounds) for _ in range(POOL)}
        pool = sorted(drawn, key=lambda pair: (len(pair[CZECH]), pair))
        place = int(turn.together.random() * len(pool))
        start = max(0, min(place, len(pool) - MAX_PAIRS // 2))
        batch: dict[str, str] = {}
        longest = 0
        for english, czech in pool[start : start + MAX_PAIRS]:
            longest = max(longest, len(czech) + len(english))
            if (len(batch) + 1) * longest > self._recipe.tokens_per_batch * CHARS_PER_TOKEN:
                break
            batch.setdefault(english, slip(turn.own, czech, rate=SLIP_RATE))
        return Batch(Task.SENTENCES, tuple(batch.values()), tuple(batch), tuple(batch))

    def _document_batch(self, turn: _Turn) -> Batch:
        examples: list[SearchExample] = []
        for file, lines in self._windows(turn, turn.own, next_file=1.0):
            headings = _near(turn.own, self._headings[file.name])
            examples += document_examples(turn.own, lines, headings, self._recipe.sections)
            if self._is_full(examples):
                break
        return _search_batch(Task.DOCUMENTS, examples)

    def _article_batch(self, turn: _Turn) -> Batch:
        """Cut articles; all queries have one language and all passages one, so that it tells nothing of the answer."""
        sides = turn.together.randrange(2), turn.together.randrange(2)
        examples: list[SearchExample] = []
        for _, lines in self._windows(turn, turn.together, next_file=NEXT_FILE):
            examples += article_examples(turn.own, lines, sides)
            if self._is_full(examples):
                break
        return _search_batch(Task.ARTICLES, examples)

    def _windows(
        self, turn: _Turn, first: random.Random, next_file: float
    ) -> Iterator[tuple[PairFile, Sequence[Pair]]]:
        """Yield windows of running lines that do not overlap; of n processes, w takes every n-th from the w-th on.

        `first` draws the first file and where the windows of all files begin.
        """
        files = range(len(self._running))
        chosen = first.choices(files, cum_weights=self._running_bounds)[0]
        shift = first.randrange(WINDOW)
        used: set[tuple[int, int]] = set()
        for _ in range(MAX_DRAWS):
            if next_file == 1 or turn.own.random() < next_file:
                chosen = turn.own.choices(files, cum_weights=self._running_bounds)[0]
            file = self._running[chosen]
            size = max(1, min(WINDOW, len(file.pairs) // turn.workers))
            window = turn.own.randrange(turn.worker, max(turn.workers, len(file.pairs) // size), turn.workers)
            if (chosen, window) not in used:
                used.add((chosen, window))
                start = window * size + shift % size
                yield file, file.pairs[start : start + size]

    def _question_batch(self, turn: _Turn) -> Batch:
        """Take questions of one file, whose passages are the hardest to tell apart, each once: others answer it too."""
        file = turn.together.choices(self._questions, cum_weights=self._question_bounds)[0]
        examples: dict[str, SearchExample] = {}
        for _ in range(MAX_DRAWS):
            if self._is_full(examples.values()):
                break
            question, passage = _draw(turn.own, [file], [1.0])
            cut = passage[: self._recipe.passage_chars]
            examples.setdefault(question, SearchExample(slip(turn.own, question), cut, cut, question))
        return _search_batch(Task.QUESTIONS, list(examples.values()))

    def _wrong_answers(self, turn: _Turn, texts: Sequence[str]) -> tuple[str, ...]:
        """Draw one mined wrong answer to each text that has any, up to a share of the batch; a slip hides a text."""
        asked = [text for text in texts if self._mined.get(text)]
        turn.own.shuffle(asked)
        drawn = [turn.own.choice(self._mined[text])[: self._recipe.passage_chars] for text in asked]
        limit = self._recipe.mined_share * self._recipe.tokens_per_batch * CHARS_PER_TOKEN
        fitting = (text for text, chars in zip(drawn, accumulate(map(len, drawn)), strict=True) if chars <= limit)
        return tuple(dict.fromkeys(fitting))

    def _is_full(self, examples: Iterable[SearchExample]) -> bool:
        chars = sum(len(example.query) + len(example.passage) for example in examples)
        return chars >= self._recipe.tokens_per_batch * CHARS_PER_TOKEN


@dataclass(frozen=True, slots=True)
class _Turn:
    """What decides a batch beside the texts."""

    together: random.Random
    """Falls alike for all processes of a step."""
    own: random.Random
    worker: int
    workers: int


def _random(*seed: int) -> random.Random:
    return random.Random(" ".join(map(str, seed)))  # noqa: S311 (a shuffle, no secret)


def _search_batch(task: Task, examples: Sequence[SearchExample]) -> Batch:
    # A passage that stood twice in the batch would be its own wrong answer.
    unique = {example.passage: example for example in examples}
    kept = sorted(unique.values(), key=lambda example: len(example.passage))
    return Batch(
        task,
        tuple(example.query for example in kept),
        tuple(example.passage for example in kept),
        tuple(example.passage_english for example in kept),
        tuple(example.query_english for example in kept if task is Task.ARTICLES),
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
