"""Which Czech word pieces does the English vocabulary lack?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.trainers import WordPieceTrainer

from indexes.training.pairs import CZECH, PairFile

NEW_PIECES = 26_000
NATURAL_REPEATS = 8
"""Machine-translated documentation outnumbers what people wrote; its words must not crowd out theirs."""
CONTINUED = "##"
"""Marks a piece that does not begin a word."""


def widened_tokenizer(english: Tokenizer, czech_texts: Iterable[str], new_pieces: int = NEW_PIECES) -> Tokenizer:
    """Return the tokenizer with the most useful Czech pieces that it lacks appended to its vocabulary.

    Text is lower-cased and loses its diacritics first, as in the English vocabulary, so a query typed without them
    has the same pieces.
    """
    settings = json.loads(english.to_str())
    vocabulary = settings["model"]["vocab"]
    learner = Tokenizer(WordPiece(unk_token="[UNK]"))  # noqa: S106 - the name of a piece
    learner.normalizer, learner.pre_tokenizer = english.normalizer, english.pre_tokenizer
    # As many again as are wanted, for about half of the Czech pieces are in the English vocabulary already.
    trainer = WordPieceTrainer(vocab_size=2 * new_pieces, min_frequency=3, continuing_subword_prefix=CONTINUED)
    learner.train_from_iterator(czech_texts, trainer)
    learned = sorted(learner.get_vocab().items(), key=lambda item: item[1])
    unknown = [piece for piece, _ in learned if piece not in vocabulary][:new_pieces]
    vocabulary |= {piece: number for number, piece in enumerate(unknown, start=max(vocabulary.values()) + 1)}
    return Tokenizer.from_str(json.dumps(settings))


def czech_texts(files: Iterable[PairFile], natural: frozenset[str]) -> Iterator[str]:
    """Yield the Czech side of all pairs, that of the files named `natural` several times."""
    for file in files:
        for _ in range(NATURAL_REPEATS if file.name in natural else 1):
            yield from (pair[CZECH] for pair in file.pairs)


def write_tokenizer(tokenizer: Tokenizer, file: Path) -> None:
    """Write the tokenizer where `initialise` looks for it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(file))
