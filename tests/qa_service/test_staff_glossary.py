"""Can staff keep the glossary without losing or breaking anything?"""

from __future__ import annotations

import threading
from contextlib import nullcontext
from pathlib import Path

import pytest

from indexes.errors import DiskFull
from qa_service import staff_glossary
from qa_service.errors import GlossaryChanged, GlossaryUnreadable, InvalidGlossary, UnknownEntry
from qa_service.glossary import GLOSSARY, Glossary
from qa_service.staff_glossary import COLUMN_CHARS, StaffGlossary, checked_text

ORIGINAL = "# terms of the project\n\nLabour Office\túřad práce\nforeigner; foreign national\tcizinec\n"


@pytest.fixture
def original(tmp_path: Path) -> Path:
    """A glossary to begin with, outside the state."""
    file = tmp_path / "original.tsv"
    file.write_text(ORIGINAL, encoding="utf-8")
    return file


@pytest.fixture
def glossary(tmp_path: Path, original: Path) -> StaffGlossary:
    """A glossary that nobody has edited yet."""
    return StaffGlossary(tmp_path / "state", original)


def test_an_edit_goes_into_the_state_and_leaves_the_original_alone(glossary: StaffGlossary, original: Path) -> None:
    """Remarks and empty lines stay where they stood."""
    glossary.add("asylum", "azyl")
    assert original.read_text(encoding="utf-8") == ORIGINAL
    assert glossary.read().text == ORIGINAL + "asylum\tazyl\n"
    assert glossary.file.parent.name == "state"


def test_an_entry_is_changed_and_removed_by_its_id(glossary: StaffGlossary) -> None:
    """The other lines stay as they are."""
    office = glossary.read().entries[0]
    changed = glossary.change(office.id, "Labour Office; Job Centre", "úřad práce")
    glossary.remove(glossary.read().entries[1].id)
    assert glossary.read().text == "# terms of the project\n\nLabour Office; Job Centre\túřad práce\n"
    assert glossary.read().entries == (changed,)


def test_entries_are_kept_tidy(glossary: StaffGlossary) -> None:
    """Composed characters, single spaces, no empty and no repeated variant."""
    decomposed = "azylový  dům ;; azylový dům;u\u0301tulek"
    assert glossary.add(" shelter ", decomposed).line == "shelter\tazylový dům; útulek"


@pytest.mark.parametrize(
    ("english", "czech", "expected"),
    [
        ("", "azyl", [("english", "empty_column")]),
        (" ; ", "\u00a0", [("english", "empty_column"), ("czech", "empty_column")]),
        ("asylum\tseeker", "azyl", [("english", "unwritable")]),
        ("asylum", "azyl\nbydlení", [("czech", "unwritable")]),
        ("asylum", "azyl\x1b[31m", [("czech", "unwritable")]),
        ("asy\u200blum", "azyl\u202e", [("english", "unwritable"), ("czech", "unwritable")]),
        ("#asylum", "azyl", [("english", "looks_like_a_remark")]),
        ("a" * (COLUMN_CHARS + 1), "azyl", [("english", "column_too_long")]),
        ("of the", "azyl", [("english", "no_telling_word")]),
        ("labour  OFFICE", "Urad prace", [("english", "entry_exists")]),
        ("foreigner", "cizinec", [("english", "entry_exists")]),
    ],
)
def test_what_cannot_be_taken_is_told_by_its_column(
    glossary: StaffGlossary, english: str, czech: str, expected: list[tuple[str, str]]
) -> None:
    """Every problem at once, in sentences of both languages; nothing is written."""
    with pytest.raises(InvalidGlossary) as refused:
        glossary.add(english, czech)
    assert [(problem.parameter, problem.code) for problem in refused.value.errors] == expected
    assert all("{" not in problem.message(language) for problem in refused.value.errors for language in ("cs", "en"))
    assert glossary.read().text == ORIGINAL


def test_another_meaning_of_a_known_word_is_taken(glossary: StaffGlossary) -> None:
    """Only an entry that says nothing new is refused."""
    glossary.add("alien", "cizinec")
    assert len(glossary.read().entries) == 3


def test_an_entry_may_be_changed_into_less_of_itself(glossary: StaffGlossary) -> None:
    """It is not compared with itself; with another entry it is."""
    foreigner = glossary.read().entries[1]
    changed = glossary.change(foreigner.id, "foreigner", "cizinec")
    with pytest.raises(InvalidGlossary):
        glossary.change(changed.id, "Labour Office", "úřad práce")


def test_whoever_changes_what_is_no_longer_there_is_told(glossary: StaffGlossary) -> None:
    """Of two edits of one entry the second is refused; edits of different entries both stay."""
    office, foreigner = glossary.read().entries
    glossary.change(office.id, "Job Centre", "úřad práce")
    with pytest.raises(UnknownEntry):
        glossary.change(office.id, "Employment Office", "úřad práce")
    with pytest.raises(UnknownEntry):
        glossary.remove(office.id)
    glossary.change(foreigner.id, "alien", "cizinec")
    assert [entry.english for entry in glossary.read().entries] == ["Job Centre", "alien"]


def test_edits_at_the_same_time_lose_nothing(glossary: StaffGlossary, tmp_path: Path, original: Path) -> None:
    """Also through several objects, as several processes would have them."""
    editors = [StaffGlossary(tmp_path / "state", original) for _ in range(8)]

    def edit(number: int) -> None:
        for turn in range(5):
            editors[number].add(f"term {number} {turn}", f"termín {number} {turn}")

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(len(editors))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(glossary.read().entries) == 2 + 8 * 5


def test_without_the_lock_edits_at_the_same_time_are_lost(
    glossary: StaffGlossary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test before: an edit that comes between reading and writing is gone."""
    monkeypatch.setattr(staff_glossary, "exclusive", lambda *_, **__: nullcontext())
    (tmp_path / "state").mkdir()
    with glossary._editing() as lines:
        glossary.add("asylum", "azyl")
        lines.append("housing\tbydlení")
    assert [entry.english for entry in glossary.read().entries][2:] == ["housing"]


def test_a_file_takes_the_place_of_the_whole_glossary(glossary: StaffGlossary) -> None:
    """The report says what comes, goes and stays; a trial changes nothing."""
    wanted = "# new\nLabour Office\túřad  práce\nasylum\tazyl\n"
    version = glossary.read().version
    tried = glossary.replace(wanted, version, is_trial=True)
    assert (tried.added, tried.removed, tried.unchanged) == (1, 1, 1)
    assert glossary.read().text == ORIGINAL
    assert glossary.replace(wanted, version) == tried
    assert glossary.read().text == "# new\nLabour Office\túřad práce\nasylum\tazyl\n"


def test_a_file_made_from_another_version_is_refused(glossary: StaffGlossary) -> None:
    """What somebody added meanwhile is not lost."""
    version = glossary.read().version
    glossary.add("asylum", "azyl")
    with pytest.raises(GlossaryChanged):
        glossary.replace("housing\tbydlení\n", version)
    assert glossary.read().entries[-1].english == "asylum"


def test_wrong_lines_of_a_file_are_named(glossary: StaffGlossary) -> None:
    """All of them at once, by number and reason; nothing is written."""
    wrong = "asylum\tazyl\nhousing, bydlení\nasylum\t azyl\n\tbydlení\na\tb\tc\n"
    with pytest.raises(InvalidGlossary) as refused:
        glossary.replace(wrong, glossary.read().version)
    assert [(problem.parameter, problem.code) for problem in refused.value.errors] == [
        ("line 2", "not_two_columns"),
        ("line 3", "entry_exists"),
        ("line 4", "empty_column"),
        ("line 5", "not_two_columns"),
    ]
    assert glossary.read().text == ORIGINAL


@pytest.mark.parametrize("text", ["", "# only a remark\n", "\n\n"])
def test_an_empty_file_is_no_glossary(glossary: StaffGlossary, text: str) -> None:
    """Taking out everything by a slip is refused."""
    with pytest.raises(InvalidGlossary) as refused:
        glossary.replace(text, glossary.read().version)
    assert refused.value.errors[0].code == "no_entries"


def test_there_is_an_end_to_a_glossary(glossary: StaffGlossary, monkeypatch: pytest.MonkeyPatch) -> None:
    """By adding and by a file alike."""
    monkeypatch.setattr(staff_glossary, "MOST_ENTRIES", 2)
    with pytest.raises(InvalidGlossary, match="at most 2"):
        glossary.add("asylum", "azyl")
    with pytest.raises(InvalidGlossary, match="at most 2"):
        glossary.replace("a term\tjeden\nb term\tdva\nc term\ttři\n", glossary.read().version)


def test_the_shipped_glossary_could_have_been_imported() -> None:
    """Its lines are as tidy as those that staff write."""
    shipped = GLOSSARY.read_text(encoding="utf-8")
    assert checked_text(shipped).text == shipped


def test_a_broken_file_does_not_reach_a_release(glossary: StaffGlossary) -> None:
    """Edited by hand into something else, it is named with its line, and the check of the installation finds it."""
    glossary.add("asylum", "azyl")
    glossary.file.write_text("asylum azyl\n", encoding="utf-8")
    for look in (glossary.sound_text, glossary.described, glossary.read):
        with pytest.raises(GlossaryUnreadable, match="line 1"):
            look()


def test_a_full_disk_leaves_the_glossary_as_it_was(glossary: StaffGlossary, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says so, and is that of all other writing."""

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(staff_glossary, "write_durably", full)
    with pytest.raises(DiskFull):
        glossary.add("asylum", "azyl")
    assert glossary.read().text == ORIGINAL


def test_search_reads_what_was_written(glossary: StaffGlossary) -> None:
    """Whatever can be added can be parsed by the one who looks terms up."""
    glossary.add("pupil with a different mother tongue", "žák s odlišným mateřským jazykem (OMJ)")
    assert glossary.sound_text() == glossary.read().text
    Glossary.parsed(glossary.sound_text(), "test")
