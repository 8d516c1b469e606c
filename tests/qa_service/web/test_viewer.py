"""Does the layout of a document keep every character, page, heading and passage in its place?"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexes.passage import DocumentText, HeadingSpan, PageSegment, Passage
from qa_service.web.viewer import Stretch, contents, lay_out
from tests.scripted_service import HANDBOOK, HANDBOOK_PASSAGES


def words(stretches: list[Stretch]) -> str:
    """Return the text of a layout without its spaces."""
    return "".join("".join(run.text for block in s.blocks for run in block.runs) for s in stretches).replace(" ", "")


def passage(number: int, start: int, end: int, text: str) -> Passage:
    """Return a passage of a text."""
    return Passage(f"{number:016x}", "d", text[start:end], "cs", (), None, start, end, ())


def test_each_passage_is_one_stretch_under_its_id() -> None:
    """What `#passage=` points to is the whole passage and nothing else."""
    stretches = lay_out(HANDBOOK.text, HANDBOOK.passages)
    found = {s.passage.id: words([s]) for s in stretches if s.passage}
    assert found == {p.id: p.text.replace("\n", "").replace(" ", "") for p in HANDBOOK_PASSAGES} | found
    assert [s.passage and s.passage.id for s in stretches] == [
        None, HANDBOOK_PASSAGES[0].id, None, HANDBOOK_PASSAGES[1].id,
    ]  # fmt: skip


def test_a_page_begins_once_at_its_first_block() -> None:
    """Page breaks are milestones in the text."""
    blocks = [block for s in lay_out(HANDBOOK.text, HANDBOOK.passages) for block in s.blocks]
    assert [(block.page.number, block.page.label) for block in blocks if block.page] == [(3, "iii"), (4, "iv")]


def test_the_quote_is_marked_and_nothing_else() -> None:
    """The marked runs join to the quotation."""
    start = HANDBOOK.text.text.index("Jeho plat")
    stretches = lay_out(HANDBOOK.text, HANDBOOK.passages, (start, start + 9))
    assert [run.text for s in stretches for b in s.blocks for run in b.runs if run.marked] == ["Jeho plat"]


def test_a_passage_that_ends_inside_a_paragraph_is_continued_by_the_next() -> None:
    """The second half of a cut paragraph says that it is one."""
    text = "První věta. Druhá věta.\nTřetí."
    stretches = lay_out(DocumentText("d", text), [passage(1, 0, 11, text), passage(2, 12, 23, text)])
    second = next(s for s in stretches if s.passage and s.passage.id.endswith("2"))
    assert second.blocks[0].is_continued


def test_heading_levels_have_no_holes() -> None:
    """A document that begins with a third-level heading starts its outline at the second level of the page."""
    text = "A\nB\nC"
    headings = (HeadingSpan(0, 1, 3), HeadingSpan(2, 3, 5), HeadingSpan(4, 5, 1))
    lines = contents(lay_out(DocumentText("d", text, (), headings), []))
    assert [(line.text, line.level) for line in lines] == [("A\n", 2), ("B\n", 3), ("C", 2)]


@given(
    st.text("ab \n", max_size=80), st.lists(st.integers(0, 80), max_size=10), st.lists(st.integers(0, 80), max_size=6)
)
def test_no_character_is_lost_whatever_the_passages_and_pages(text: str, edges: list[int], pages: list[int]) -> None:
    """Passages may touch, leave gaps, cut words and run across pages."""
    cuts = sorted({edge for edge in edges if edge <= len(text)})
    passages = [passage(n, a, b, text) for n, (a, b) in enumerate(zip(cuts[::2], cuts[1::2], strict=False))]
    edges_of_pages = [0, *sorted({page for page in pages if page < len(text)} - {0}), len(text)]
    bounds = pairwise(edges_of_pages)
    segments = tuple(PageSegment(a, b, n + 1, str(n + 1)) for n, (a, b) in enumerate(bounds) if a < b)
    stretches = lay_out(replace(HANDBOOK.text, text=text, segments=segments, headings=()), passages)
    assert words(stretches).replace("\n", "") == text.replace(" ", "").replace("\n", "")
