"""Which Czech word pieces does the English vocabulary lack?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.trainers import WordPieceTrainer

from indexes.training.pairs import CZECH, PairFile

NEW_PIECES = 26_000
NATURAL_REPEATS = 8
"""Machine-translated documentation outnumbers what people wrote; its words must not crowd out theirs."""
CONTINUED = "##"
"""Marks a piece that does not begin a word."""


def widened_tokenizer(
    english: Tokenizer, czech_texts: Iterable[str], letters: Iterable[str], new_pieces: int = NEW_PIECES
) -> Tokenizer:
    """Return the tokenizer with the most useful Czech pieces that it lacks appended to its vocabulary.

    Text is lower-cased and loses its diacritics first, as in the English vocabulary, so a query typed without them
    has the same pieces. `letters` are all that occur in the texts; equal texts give equal pieces.
    """
    settings = json.loads(english.to_str())
    vocabulary = settings["model"]["vocab"]
    learner = Tokenizer(WordPiece(unk_token="[UNK]"))  # noqa: S106 - the name of a piece
    learner.normalizer, learner.pre_tokenizer = english.normalizer, english.pre_tokenizer
    # As many again as are wanted, for about half of the Czech pieces are in the English vocabulary already.
    trainer = WordPieceTrainer(
        vocab_size=2 * new_pieces,
        min_frequency=3,
        continuing_subword_prefix=CONTINUED,
        # Else these pieces are numbered as the words come out of a hash table, and pairs of equal frequency by these numbers.
        special_tokens=_continuing_letters(english, letters),
        show_progress=False,
    )
    learner.train_from_iterator(czech_texts, trainer)
    learned = sorted(learner.get_vocab().items(), key=lambda item: item[1])
    unknown = [piece for piece, _ in learned if piece not in vocabulary][:new_pieces]
    vocabulary |= {piece: number for number, piece in enumerate(unknown, start=max(vocabulary.values()) + 1)}
    return Tokenizer.from_str(json.dumps(settings))


def _continuing_letters(english: Tokenizer, letters: Iterable[str]) -> list[str]:
    """Return, in order, the pieces of one letter that can go on with a word."""
    found: set[str] = set()
    for letter in letters:
        # Only after a letter that stays in one word with it does one show whether it can.
        words = english.pre_tokenizer.pre_tokenize_str(english.normalizer.normalize_str(f"a{letter}"))
        if len(words) == 1:
            found.update(words[0][0][1:])
    return [f"{CONTINUED}{letter}" for letter in sorted(found)]


def letters_of(files: Iterable[PairFile]) -> set[str]:
    """Return every character of the Czech sides."""
    return set().union(*(pair[CZECH] for file in files for pair in file.pairs))


def czech_texts(files: Iterable[PairFile], natural: frozenset[str]) -> Iterator[str]:
    """Yield the Czech side of all pairs, that of the files named `natural` several times."""
    for file in files:
        for _ in range(NATURAL_REPEATS if file.name in natural else 1):
            yield from (pair[CZECH] for pair in file.pairs)


def text_count(files: Iterable[PairFile], natural: frozenset[str]) -> int:
    """Return how many texts `czech_texts` yields."""
    return sum(len(file.pairs) * (NATURAL_REPEATS if file.name in natural else 1) for file in files)
