"""Are the terms of the staff found in a query, in any inflection and in both languages?"""

from __future__ import annotations

from pathlib import Path

import pytest

from indexes.analysis import analysed_words
from indexes.manifest import ModelIdentity
from qa_service.errors import GlossaryUnreadable
from qa_service.glossary import GLOSSARY, Glossary, glossary_of
from tests.fakes import StrictMemoryIndex, StrictMemoryWriter

LINES = """# a remark

Labour Office\túřad práce
pupil with a different mother tongue\tžák s odlišným mateřským jazykem (OMJ)
asylum\tazyl
asylum seeker\tžadatel o azyl
"""


@pytest.fixture
def glossary(tmp_path: Path) -> Glossary:
    """A small glossary."""
    file = tmp_path / "terms.tsv"
    file.write_text(LINES, encoding="utf-8")
    return Glossary.read(file)


def variants(glossary: Glossary, text: str, language: str | None) -> list[list[str]]:
    """Return the other variants of each match of a query."""
    return [[variant.text for variant in match.variants] for match in glossary.matches(analysed_words(text, language))]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("na úřadu práce", "cs", [["Labour Office"]]),
        ("uradem prace", None, [["Labour Office"]]),
        ("the labour office", "en", [["úřad práce"]]),
        ("žáci s OMJ", "cs", [["pupil with a different mother tongue", "žák s odlišným mateřským jazykem"]]),
        ("žadatelé o azyl", "cs", [["asylum seeker"]]),
        ("azyl", "cs", [["asylum"]]),
        ("práce na úřadě", "cs", []),
    ],
)
def test_terms_are_found_in_any_inflection(
    glossary: Glossary, text: str, language: str | None, expected: list[list[str]]
) -> None:
    """The longest stretch counts; the order of its words matters; function words between them do not."""
    assert variants(glossary, text, language) == expected


def test_a_line_that_is_not_two_columns_is_named(tmp_path: Path) -> None:
    """Staff are told which line to mend."""
    file = tmp_path / "terms.tsv"
    file.write_text("asylum\tazyl\nhousing, bydlení\n", encoding="utf-8")
    with pytest.raises(GlossaryUnreadable, match="line 2"):
        Glossary.read(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """An unreadable file is an error that names it, not an empty glossary."""
    with pytest.raises(GlossaryUnreadable, match="nowhere"):
        Glossary.read(tmp_path / "nowhere.tsv")


def test_an_edit_changes_no_answer_of_a_release() -> None:
    """A release is searched with the glossary that it holds, one without with the shipped one."""
    holding, plain = (_release(text) for text in ("buddy programme\tmentorský program\n", None))
    assert variants(glossary_of(holding), "mentorské programy", "cs") == [["buddy programme"]]
    assert glossary_of(holding) is glossary_of(holding), "read once, not for every query"
    assert variants(glossary_of(plain), "SIMI", "cs") != []


def _release(glossary: str | None) -> StrictMemoryIndex:
    committed: dict[str, StrictMemoryIndex] = {}
    writer = StrictMemoryWriter(committed, ModelIdentity("none", "0" * 64, 4))
    if glossary is not None:
        writer.add_glossary(glossary)
    return committed[writer.commit()]


def test_the_shipped_glossary_knows_the_institutions_of_the_field() -> None:
    """Abbreviations of the bodies that practitioners write about meet their names."""
    shipped = Glossary.read(GLOSSARY)
    for short, long in [("SIMI", "Sdružení pro integraci a migraci"), ("ICP", "Integrační centrum Praha")]:
        assert long in variants(shipped, short, "cs")[0]
