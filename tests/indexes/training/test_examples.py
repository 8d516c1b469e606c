"""Do the examples made from running text ask for what their passages hold?"""

from __future__ import annotations

import random

import pytest

from indexes.training.examples import article_examples, ask, document_examples, is_heading, slip
from indexes.training.pairs import CZECH, ENGLISH

LINES = [(f"English sentence number {n} of the text.", f"Česká věta číslo {n} toho textu.") for n in range(150)]
HEADINGS = [
    ("Who needs it", "Kdo to potřebuje"),
    ("Required documents", "Potřebné doklady"),
    ("Procedure", "Postup"),
    ("Fees", "Poplatky"),
    ("Deadlines", "Lhůty"),
]


@pytest.mark.parametrize("seed", range(30))
def test_every_section_of_a_document_has_its_own_lines(seed: int) -> None:
    """The passages are each other's wrong answers, so they may not share a sentence."""
    examples = document_examples(random.Random(seed), LINES, HEADINGS, 4)
    assert len(examples) == 4
    numbers = [{word for word in example.passage_english.split() if word.isdigit()} for example in examples]
    assert all(numbers)
    assert sum(map(len, numbers)) == len(set.union(*numbers))


@pytest.mark.parametrize("seed", range(30))
def test_an_opening_sentence_is_taken_out_of_its_passage(seed: int) -> None:
    """A query that stood in its passage word for word would teach comparing letters, not meaning."""
    for example in document_examples(random.Random(seed), LINES, HEADINGS, 4):
        assert example.query not in example.passage


def test_queries_and_passages_come_in_all_pairs_of_languages() -> None:
    """Czech to Czech, to English, and back."""
    met = set()
    for seed in range(60):
        for example in document_examples(random.Random(seed), LINES, HEADINGS, 2):
            met.add(("vět" in example.query.lower(), "věta" in example.passage))
    assert met == {(False, False), (False, True), (True, False), (True, True)}


@pytest.mark.parametrize("sides", [(CZECH, CZECH), (CZECH, ENGLISH), (ENGLISH, CZECH), (ENGLISH, ENGLISH)])
def test_an_article_is_asked_for_by_its_opening(sides: tuple[int, int]) -> None:
    """Query and passage have the languages asked for, the teacher reads both in English, and lines follow each other."""
    for seed in range(20):
        (example,) = article_examples(random.Random(seed), LINES, sides)
        opening = [line for line in LINES if line[ENGLISH] == example.query_english]
        after = LINES[LINES.index(opening[0]) + 1 :]
        assert example.passage_english.startswith(after[0][ENGLISH])
        assert example.passage.startswith(after[0][sides[1]])
        assert ("vět" in example.query.lower()) == (sides[0] == CZECH)


@pytest.mark.parametrize("lines", [[], LINES[:1]])
def test_too_few_lines_make_no_article(lines: list[tuple[str, str]]) -> None:
    """An opening needs something that follows."""
    assert article_examples(random.Random(1), lines, (CZECH, CZECH)) == []


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (("Required documents", "Potřebné doklady"), True),
        (("You need a passport.", "Potřebujete pas."), False),
        (("Note:", "Poznámka:"), False),
        (("x" * 71, "nadpis"), False),
    ],
)
def test_headings_are_short_and_end_without_a_mark(pair: tuple[str, str], expected: bool) -> None:
    """What tells a heading from a sentence in files without markup."""
    assert is_heading(pair) is expected


def test_a_question_replaces_a_name_or_a_number() -> None:
    """The asked thing is no longer in the question, and an interrogative stands first."""
    asked = {ask(random.Random(seed), "The office in Brno opened in 1999.", ENGLISH) for seed in range(60)}
    questions = [text for text in asked if text.endswith("?")]
    assert questions
    for question in questions:
        assert "Brno" not in question or "1999" not in question
    assert ask(random.Random(1), "bez jména a čísla", CZECH)


def test_a_slip_changes_a_text_by_one_stroke_only_as_often_as_asked() -> None:
    """A rate of one slips always, a rate of nought never."""
    text = "povolení k pobytu"
    slipped = [slip(random.Random(seed), text, rate=1.0) for seed in range(50)]
    assert all(abs(len(other) - len(text)) <= 1 for other in slipped)
    assert sum(other != text for other in slipped) > 40
    assert all(slip(random.Random(seed), text, rate=0.0) == text for seed in range(50))
