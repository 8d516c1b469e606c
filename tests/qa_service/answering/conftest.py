"""What the tests of answers share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa_service.answering.answerer import Answer, Answerer, Question
from qa_service.answering.extractive import ExtractiveAnswerer
from tests.qa_service.answering.collection import TODAY, Collection, search

Ask = Callable[..., Answer]


@pytest.fixture
def collection() -> Collection:
    """An empty collection."""
    return Collection()


@pytest.fixture
def ask(collection: Collection) -> Ask:
    """Ask the collection and return the answer."""

    def asked(text: str, language: str | None = "cs", answerer: Answerer | None = None) -> Answer:
        by = answerer or ExtractiveAnswerer(today=lambda: TODAY)
        index = collection.index
        return by.answer(index, Question(text, language), search(index, text, language))

    return asked
