"""Is a question told from a heading, and its nearest sentence found?"""

from __future__ import annotations

import numpy as np
import pytest

from indexes.contract import SENTENCE_SCALE
from qa_service.sentences import is_question, nearest_sentences


class StoredSentences:
    """Stands in for a release: the sentence vectors of three passages, one of which has no sentences."""

    ROWS = np.eye(4, dtype=np.float32)

    def sentence_vectors(self, ids: list[str]) -> list[np.ndarray[tuple[int, int], np.dtype[np.int8]]]:
        """Return rows 0 and 1 for a, row 2 for b, none for c."""
        places = {"a": [0, 1], "b": [2], "c": []}
        return [(self.ROWS[places[name]] * SENTENCE_SCALE).astype(np.int8).reshape(-1, 4) for name in ids]


@pytest.mark.parametrize(
    "text",
    [
        "Kolik stojí povolení",
        "kolik stoji povoleni",
        "V jakém roce vznikla komise",
        "o cem je zprava",
        "Může cizinec volit?",
        "who pays for it",
        "In which city",
        "How to register a child",
    ],
)
def test_a_question_is_known_by_its_mark_or_its_asking_word(text: str) -> None:
    """With and without diacritics, behind a preposition too."""
    assert is_question(text)


@pytest.mark.parametrize(
    "text", ["Povolení k pobytu – Postup", "Film, ve kterém hrají", "He said that he knew who they were", "§ 46", ""]
)
def test_a_heading_or_a_statement_is_no_question(text: str) -> None:
    """Relative pronouns further on ask nothing."""
    assert not is_question(text)


def test_the_nearest_sentence_of_each_passage_is_found() -> None:
    """The largest cosine of its sentences; a passage without sentences has none."""
    vector = np.array([0.6, 0.8, 0.0, 0.0], dtype=np.float32)
    found = nearest_sentences(StoredSentences(), ["c", "b", "a"], vector)  # type: ignore[arg-type]
    assert found == {"b": pytest.approx(0.0), "a": pytest.approx(0.8, abs=0.01)}
    assert nearest_sentences(StoredSentences(), ["c"], vector) == {}  # type: ignore[arg-type]
