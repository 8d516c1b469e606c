"""Languages are known by their codes, however people name them."""

from __future__ import annotations

from pathlib import Path

import pytest
from langdetect.detector_factory import PROFILES_DIRECTORY

from corpus.languages import language_code


def test_every_language_that_text_can_be_told_to_be_in_has_its_code() -> None:
    """The library that detects languages names them by the same standard."""
    detected = [profile.name for profile in Path(PROFILES_DIRECTORY).iterdir()]
    assert len(detected) > 50
    assert {name: language_code(name) for name in detected} == {name: name.partition("-")[0] for name in detected}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("cz", "cs"),
        ("Czech", "cs"),
        ("čeština", "cs"),
        ("cestina", "cs"),
        ("česky", "cs"),
        ("cs_CZ", "cs"),
        (" EN ", "en"),
        ("en-GB", "en"),
        ("English", "en"),
        ("angličtina", "en"),
        ("slovenština", "sk"),
        ("UA", "uk"),
        ("němčina", "de"),
    ],
)
def test_names_tags_and_countries_are_understood(written: str, code: str) -> None:
    """With and without diacritics, in Czech and in English."""
    assert language_code(written) == code


@pytest.mark.parametrize("written", ["", "xx", "Klingon", "cs, en", "cs en", "cs-", "ces", "2"])
def test_what_names_no_language_has_no_code(written: str) -> None:
    """Nothing is guessed."""
    assert language_code(written) is None
