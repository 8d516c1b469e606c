"""Which examples of searching can be made from running text in two languages, without a person asking questions?

A window of neighbouring sentences stands for a section of a document: it gets a heading and, with its neighbours, a
title, and is written as passages are embedded (title, headings, text). Three kinds of query are made from it: what a
table of contents would say (title and heading), its opening sentence (which is then missing from the text), and one
of its sentences as a question would put it. Query and passage draw their languages independently. The sections of one
document land in the same batch, where they are each other's hard negatives.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexes.passage import embedding_input
from indexes.training.pairs import CZECH, ENGLISH, Pair

HEADING_CHARS = 70
"""A heading of the sources is rarely longer, a sentence rarely shorter."""

CONTENTS, OPENING = 0.4, 0.3
"""Of the queries, the shares that are a title with a heading, and a section's first sentence; the rest ask."""
UNASKED = 0.2
"""Of the asking queries, the share that stays a sentence with words left out."""
SECTION_CHARS = (150, 250, 350, 500, 700, 1000)
"""Sections of practical guides are short, those of reports fill a passage (200 to 300 tokens)."""

_SENTENCE_END = re.compile(r"[.!?:;,…\"”“»)]$")
_NUMBER = re.compile(r"\b\d[\d., ]*\b")
_NAME = re.compile(r"(?<=[a-zá-ž,] )[A-ZÁ-Ž][\w-]+(?: [A-ZÁ-Ž][\w-]+)*")
_WORDS = re.compile(r"\w+|[^\w\s]")
_ASKED = {
    ENGLISH: {"name": ("who", "which", "what", "where"), "number": ("how many", "when", "how much")},
    CZECH: {"name": ("kdo", "který", "co", "kde"), "number": ("kolik", "kdy", "jak")},
}


@dataclass(frozen=True, slots=True)
class SearchExample:
    """A query and the passage that it should find."""

    query: str
    passage: str
    passage_english: str
    """The passage in English, for the teacher, which reads no Czech."""
    query_english: str = ""
    """The query in English, where it is one line of the text."""


def is_heading(pair: Pair) -> bool:
    """Say whether a line looks like a heading: short, and not ended like a sentence, in both languages."""
    return all(1 < len(side) <= HEADING_CHARS and not _SENTENCE_END.search(side) for side in pair)


def document_examples(
    rng: random.Random, lines: Sequence[Pair], headings: Sequence[Pair], sections: int
) -> list[SearchExample]:
    """Return one example for each of `sections` neighbouring sections cut from `lines`, fewer where they run out.

    There must be more `headings` than sections: one of them becomes the title.
    """
    query_side, passage_side = rng.randrange(2), rng.randrange(2)
    # Each section has a heading of its own: two sections of one document by one name could not be told apart.
    title, *unused = rng.sample(headings, sections + 1)
    kind = rng.random()
    found = []
    remaining = iter(lines)
    for _ in range(sections):
        section = _section(remaining, rng.choice(SECTION_CHARS))
        if len(section) > 1:
            found.append(_section_example(rng, (kind, title, unused), section, (query_side, passage_side)))
    return found


def article_examples(rng: random.Random, lines: Sequence[Pair], sides: tuple[int, int]) -> list[SearchExample]:
    """Return an example, none where `lines` run out, whose passage is how a text goes on after its opening, the query.

    `sides` are the languages of query and passage. Nothing of the same text is a wrong answer: news says a thing twice.
    """
    text = _section(iter(lines[rng.randrange(max(1, len(lines))) // 2 :]), rng.choice(SECTION_CHARS))
    if len(text) < 2:  # noqa: PLR2004 (an opening and what follows)
        return []
    opening, *rest = text
    written, english = (" ".join(pair[side] for pair in rest) for side in (sides[1], ENGLISH))
    return [SearchExample(slip(rng, opening[sides[0]]), written, english, opening[ENGLISH])]


def _section(lines: Iterator[Pair], chars: int) -> list[Pair]:
    section: list[Pair] = []
    while sum(len(pair[CZECH]) for pair in section) < chars and (line := next(lines, None)):
        section.append(line)
    return section


def _section_example(
    rng: random.Random, document: tuple[float, Pair, list[Pair]], section: list[Pair], sides: tuple[int, int]
) -> SearchExample:
    kind, title, unused = document
    query_side, passage_side = sides
    heading = section.pop(0) if is_heading(section[0]) and len(section) > 1 else unused.pop()
    if kind < CONTENTS:
        mark = rng.choice((" – ", ": ", " - ", " "))
        query = title[query_side] + mark + heading[query_side]
        context: tuple[Pair, ...] = (title, heading)
    elif kind < CONTENTS + OPENING and len(section) > 1:
        query = section.pop(0)[query_side]
        context = rng.choice(((), (), (), (title,), (title, heading)))
    else:
        query = ask(rng, rng.choice(section)[query_side], query_side)
        context = rng.choice(((), (title,), (title, heading)))
    return SearchExample(
        slip(rng, query), _written(context, section, passage_side), _written(context, section, ENGLISH)
    )


def _written(context: Sequence[Pair], section: Sequence[Pair], side: int) -> str:
    parts = [pair[side] for pair in context]
    text = " ".join(pair[side] for pair in section)
    return embedding_input(parts[0] if parts else "", tuple(parts[1:]), text)


def ask(rng: random.Random, sentence: str, side: int) -> str:
    """Return a question of sorts: a name or number of the sentence gives way to an interrogative, words are left out.

    After Lewis, Denoyer and Riedel (2019), "Unsupervised question answering by cloze translation".
    """
    pattern, asked = rng.choice(((_NAME, "name"), (_NUMBER, "number")))
    places = list(pattern.finditer(sentence))
    if not places or rng.random() < UNASKED:
        return _thinned(rng, sentence)
    place = rng.choice(places)
    rest = _thinned(rng, sentence[: place.start()] + sentence[place.end() :])
    return f"{rng.choice(_ASKED[side][asked])} {rest}?"


def _thinned(rng: random.Random, sentence: str) -> str:
    kept_share = rng.uniform(0.4, 1.0)
    words = _WORDS.findall(sentence)
    return " ".join(word for word in words if rng.random() < kept_share) or sentence


def slip(rng: random.Random, text: str, rate: float = 0.1) -> str:
    """Return `text`, in a `rate` of calls with one slip of the keyboard: a letter dropped, doubled or swapped."""
    if rng.random() >= rate or len(text) < 8:  # noqa: PLR2004 (too short to survive a slip)
        return text
    place = rng.randrange(1, len(text) - 1)
    slipped = rng.choice(("", text[place] * 2, text[place + 1] + text[place]))
    after = place + (2 if len(slipped) == 2 and slipped[0] != slipped[1] else 1)  # noqa: PLR2004
    return text[:place] + slipped + text[after:]
