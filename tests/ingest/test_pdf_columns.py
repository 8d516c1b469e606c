"""Are the paragraphs of two columns whole, also below an abstract over both?"""

from __future__ import annotations

from ingest.readers.pdf_columns import narrow_columns
from ingest.readers.pdf_layout import layout
from ingest.readers.pdf_page import Line, PageLines

LEFT, MIDDLE, RIGHT = 50.0, 305.0, 545.0
GUTTER = 15.0
ABSTRACT = "Studie sleduje bydlení pracovníků ze zahraničí ve třech městech a vychází z rozhovorů."
SENTENCE = ("Obec zřídila poradnu, do níž od roku", "2018 chodí i sousedé a jejich děti.")
"""Its second line begins with a figure, as a paragraph could."""


def column(left: float, right: float, top: float, sentences: int) -> list[Line]:
    """Return the justified lines of one paragraph."""
    texts = [text for _ in range(sentences) for text in SENTENCE]
    return [Line(text, left, right, top - 14 * row, top - 14 * row - 10, 10, 400) for row, text in enumerate(texts)]


def page(*columns: list[Line]) -> PageLines:
    """Return a page with an abstract over its columns."""
    abstract = Line(ABSTRACT, LEFT, RIGHT, 780, 770, 10, 400)
    return PageLines(1, 595, 842, (abstract, *(line for lines in columns for line in lines)))


def test_a_line_that_fills_its_column_goes_on_below_an_abstract_over_both() -> None:
    """Each column is one paragraph; the abstract is another."""
    found = page(column(LEFT, MIDDLE - GUTTER, 700, 8), column(MIDDLE, RIGHT, 700, 8))
    blocks, _ = layout([found], ())
    whole = " ".join(SENTENCE * 8)
    assert [block.text for block in blocks] == [ABSTRACT, whole, whole]


def test_without_a_column_beside_it_a_line_is_measured_against_the_page() -> None:
    """Negative control: what one column leaves free on its right makes its lines short ones."""
    found = page(column(LEFT, MIDDLE - GUTTER, 700, 8))
    assert narrow_columns(found.lines) == []
    blocks, _ = layout([found], ())
    assert len(blocks) > 2


def test_lines_over_both_columns_are_in_neither() -> None:
    """The first column ends where the second begins, as far down as the two stand side by side."""
    found = page(column(LEFT, MIDDLE - GUTTER, 700, 8), column(MIDDLE, RIGHT, 700, 8))
    (first,) = narrow_columns(found.lines)
    assert (first.right, first.top) == (MIDDLE, 700)
    assert not first.holds(found.lines[0])
    assert set(first.edges.values()) == {MIDDLE - GUTTER}
