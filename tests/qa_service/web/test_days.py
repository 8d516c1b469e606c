"""Is a day read and written as the language of the page does it?"""

from __future__ import annotations

import pytest

from qa_service.web.days import read_day, written_day


@pytest.mark.parametrize("text", ["", "2024-05-31", "31. 2. 2024", "31/5/2024", "31. 5.", "٣١. 5. 2024", "0. 1. 2024"])
def test_what_is_no_czech_day_is_left_as_it_is(text: str) -> None:
    """The search says what is wrong with it."""
    assert read_day(text) == text


@pytest.mark.parametrize("text", ["31. 5. 2024", "31.5.2024", "31.\u00a05.\u00a02024", "31. 05. 2024"])
def test_a_czech_day_is_read(text: str) -> None:
    """With and without spaces, as it is typed or copied."""
    assert read_day(text) == "2024-05-31"


@pytest.mark.parametrize("language", ["cs", "en"])
def test_what_is_written_can_be_read_again(language: str) -> None:
    """The field shows the day that was searched."""
    written = written_day(language, "2024-05-31")
    assert written == {"cs": "31.\u00a05.\u00a02024", "en": "2024-05-31"}[language]
    assert read_day(written) == "2024-05-31"
    assert written_day(language, "any") == "any"
