"""Is each paragraph of a mixed document labelled with its own language?

The paragraphs are made of sentences written for this test: each sentence alone, and each with those that follow it in
steps of one to five, so that a slip on one sentence shows.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from indexes.language import detect_language

LEAST_CHARS = 80
SENTENCES: dict[str, list[str]] = defaultdict(list)
for _line in (Path(__file__).parent / "language_sentences.tsv").read_text(encoding="utf-8").splitlines():
    SENTENCES[_line.split("\t")[0]].append(_line.split("\t")[1])


def paragraphs(language: str) -> list[str]:
    """Return the paragraphs of a language, all of at least 80 characters."""
    own = SENTENCES[language]
    pairs = [f"{one} {own[(index + step) % len(own)]}" for step in range(1, 6) for index, one in enumerate(own)]
    return [text for text in [*own, *pairs] if len(text) >= LEAST_CHARS]


def bare(text: str) -> str:
    """Return a text as officials type it, without diacritics."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def test_the_set_is_large_enough() -> None:
    """At least 400 paragraphs in five languages, no two alike."""
    texts = [text for language in SENTENCES for text in paragraphs(language)]
    assert set(SENTENCES) == {"cs", "en", "sk", "de", "uk"}
    assert len(set(texts)) == len(texts) >= 400


@pytest.mark.parametrize(("language", "least"), [("cs", 0.99), ("en", 0.99), ("sk", 0.95), ("de", 0.95), ("uk", 0.99)])
def test_paragraphs_are_recognised(language: str, least: float) -> None:
    """Czech and English at least 99 %; Slovak, German and Ukrainian as themselves, not as Czech."""
    found = Counter(detect_language(text) for text in paragraphs(language))
    assert found[language] >= least * found.total(), found


def test_czech_without_diacritics_is_still_czech() -> None:
    """At least 95 % of the paragraphs that were typed without diacritics."""
    found = Counter(detect_language(bare(text)) for text in paragraphs("cs"))
    assert found["cs"] >= 0.95 * found.total(), found
