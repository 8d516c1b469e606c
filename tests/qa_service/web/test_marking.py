"""Is the right part of a passage shown, with the right words marked?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.web.marking import EXCERPT_CHARS, Run, excerpt, marked_runs


def test_marks_stand_where_the_offsets_say() -> None:
    """Offsets count code points, end exclusive."""
    assert marked_runs("žít v 🏙 městě", [(0, 3), (8, 13)]) == (
        Run("žít", True),
        Run(" v 🏙 ", False),
        Run("městě", True),
    )


@given(st.text(max_size=60), st.lists(st.integers(0, 60), max_size=8))
def test_the_runs_of_a_text_join_to_the_text(text: str, edges: list[int]) -> None:
    """Marking adds and loses nothing."""
    inside = sorted({edge for edge in edges if edge <= len(text)})
    spans = list(zip(inside[::2], inside[1::2], strict=False))
    assert "".join(run.text for run in marked_runs(text, spans)) == text


def test_a_short_text_is_shown_whole() -> None:
    """Nothing is cut where there is room."""
    shown = excerpt("Kurzy češtiny", [(0, 5)])
    assert (shown.cut_before, shown.cut_after) == (False, False)


def test_a_long_text_is_cut_between_words_around_its_marks() -> None:
    """The reader sees the words that were looked for, and whole words only."""
    text = "slovo " * 200 + "koordinátor integrace " + "slovo " * 200
    start = text.index("koordinátor")
    shown = excerpt(text, [(start, start + 11), (start + 12, start + 21)])
    words = "".join(run.text for run in shown.runs)
    assert [run.text for run in shown.runs if run.marked] == ["koordinátor", "integrace"]
    assert shown.cut_before and shown.cut_after
    assert len(words) <= 430
    assert set(words.split()) == {"slovo", "koordinátor", "integrace"}


def test_the_lines_of_an_excerpt_are_joined_as_in_print() -> None:
    """A list takes no more room than a paragraph: a slash stands for a line end that ends no sentence."""
    shown = excerpt("Partneři:\nPaříž\nTurín\nPrvní věta.\nDruhá.", [])
    assert "".join(run.text for run in shown.runs) == "Partneři: Paříž / Turín / První věta. Druhá."


@pytest.mark.parametrize("place", [0, 300, 800, 990])
def test_a_text_without_spaces_is_shown_all_the_same(place: int) -> None:
    """A long address, or the dots of a table of contents, hold no place between words to cut at."""
    shown = excerpt("." * 1000, [(place, place + 10)])
    assert any(run.marked for run in shown.runs)
    assert sum(len(run.text) for run in shown.runs) <= EXCERPT_CHARS
