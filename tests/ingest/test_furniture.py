"""Is furniture told from text, and is nothing of the text lost with it?"""

from __future__ import annotations

import pytest

from ingest.furniture import clear_furniture
from ingest.readers.reading import Block, BlockKind
from ingest.repetition import site_key

TEASER = "Obec vydala nový přehled služeb pro cizince, který obsahuje kontakty…"
BODY = "Obec otevřela poradnu pro cizince v prvním patře radnice."


def cleared(*texts: str, kind: BlockKind = BlockKind.PARAGRAPH) -> list[str]:
    """Return what is left of these paragraphs."""
    return [block.text for block in clear_furniture([Block(kind, text) for text in texts]).blocks]


@pytest.mark.parametrize(
    "word",
    ["Více", "Read more", "Celý text", "Celý text Méně textu", "Více »", "Skip to main content", "zobrazit více"],
)
def test_link_words_alone_are_left_out(word: str) -> None:
    """In both languages, in any case, several in a row, with an arrow."""
    assert cleared(BODY, word) == [BODY]


@pytest.mark.parametrize("word", ["Více", "Read more", "Celý text"])
def test_a_link_word_is_parted_from_the_sentence_it_was_glued_to(word: str) -> None:
    """The sentence stays, the word goes; the teaser before it goes with it."""
    assert cleared(TEASER, f"{word}{BODY}") == [BODY]


@pytest.mark.parametrize("word", ["Více", "Read more", "Více informací »"])
def test_a_link_word_behind_the_text_of_its_paragraph_is_parted_from_it(word: str) -> None:
    """Web pages link the last word of a teaser; a whole sentence with such a link stays, and so does the paragraph above."""
    assert cleared(BODY, f"{TEASER} {word}") == [BODY]
    assert cleared("A tak se čekalo…", f"{BODY} {word}") == ["A tak se čekalo…", BODY]
    assert cleared(TEASER + word, BODY) == [BODY]


@pytest.mark.parametrize(
    "text",
    [
        "Ceny rostou. Ptejte se na více",
        "Více informací získáte na úřadě.",
        "Více než sto lidí přišlo.",
        "Read more books in Czech.",
        "Moreover, it helps.",
    ],
)
def test_sentences_that_begin_with_such_a_word_stay(text: str) -> None:
    """Negative control: only a word that stands alone or is glued is a link."""
    assert cleared(BODY, text) == [BODY, text]


def test_a_table_of_contents_is_left_out_and_a_price_list_is_not() -> None:
    """Dots lead to pages that grow line by line, below a heading or to titles that follow; other figures say something."""
    contents = ["Obsah", "Úvod ........ 3", "1 Kdo je cizinec … … 4", "1.1 Pobyt . . . . . . . 4", "Závěr.......12"]
    assert cleared(*contents, BODY) == [BODY]
    assert cleared(BODY, "Úvod ........ 3", "Závěr ........ 5") == [BODY, "Úvod ........ 3", "Závěr ........ 5"]
    prices = ["Kurz ........ 500", "Překlad ........ 300", "Doprovod ........ 150"]
    assert cleared(*prices) == prices
    assert cleared(*reversed(prices)) == [*reversed(prices)]
    assert cleared(*contents[1:], "Úvod", BODY) == ["Úvod", BODY]
    findings = clear_furniture([Block(BlockKind.PARAGRAPH, text) for text in contents]).findings
    assert [(finding.code, finding.count) for finding in findings] == [("table_of_contents", 5)]


def test_repeated_teasers_are_left_out_and_an_ellipsis_alone_is_no_teaser() -> None:
    """Cut short and repeated, or cut short before a link word; a single open sentence is the author's."""
    assert cleared(TEASER, BODY, TEASER) == [BODY]
    assert cleared(BODY, "A tak se čekalo…", "Nakonec přišla odpověď z ministerstva.") == [
        BODY,
        "A tak se čekalo…",
        "Nakonec přišla odpověď z ministerstva.",
    ]


def test_a_paragraph_that_stands_twice_is_kept_once_and_numbers_make_it_another() -> None:
    """Two paragraphs that differ in one number are two facts."""
    assert cleared(BODY, "Jiný odstavec o kurzech češtiny.", BODY) == [BODY, "Jiný odstavec o kurzech češtiny."]
    years = [f"V roce {year} navštívilo poradnu celkem dvě stě lidí." for year in (2020, 2021, 2022)]
    assert cleared(*years) == years


@pytest.mark.parametrize(
    "text", ["erasmus_1603208363.jpg", "© Program migrace", "Tento web používá cookies a žádá o souhlas."]
)
def test_picture_names_copyright_and_cookie_lines_are_left_out(text: str) -> None:
    """Lines that a page shows around its article."""
    assert cleared(BODY, text) == [BODY]


def test_a_breadcrumb_that_ends_in_the_title_is_left_out_and_the_title_stays_once() -> None:
    """Section names run together with the title, then the title as a heading, and again."""
    assert cleared("Úvod Novinky Nová poradna", "Nová poradna", "Nová poradna", BODY) == ["Nová poradna", BODY]


def test_equal_rows_of_a_table_are_all_kept() -> None:
    """Two towns may have the same numbers."""
    row = "Obec: Lhota; Rok: 2021; Počet kurzů: 12; Rozpočet: 240 000 Kč"
    assert cleared(row, row, kind=BlockKind.TABLE_ROW) == [row, row]


@pytest.mark.parametrize("line", ["…" * 500, "* * *", "— — —", "_" * 40, "||||", "-\n-\n-"])
def test_lines_without_a_letter_or_digit_are_decoration(line: str) -> None:
    """They say nothing, and passages of them would make every other passage look long."""
    assert cleared(BODY, line, "§ 1") == [BODY, "§ 1"]


def test_a_document_that_would_lose_most_of_itself_is_a_version_not_furniture() -> None:
    """Three editions of one rule share nearly all blocks and keep them."""
    blocks = [
        Block(BlockKind.PARAGRAPH, f"Odstavec číslo {number} o pobytu cizinců a jejich právech.") for number in range(6)
    ]
    site = {site_key(block) for block in blocks[:5]}
    assert clear_furniture(blocks, site).blocks == tuple(blocks)
    assert len(clear_furniture(blocks, {site_key(blocks[0])}).blocks) == 5
