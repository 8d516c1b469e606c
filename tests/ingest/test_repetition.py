"""Is what a site repeats told from what its documents say, and does every sentence stay somewhere?"""

from __future__ import annotations

import pytest

from ingest.furniture import clear_furniture
from ingest.readers.reading import Block, BlockKind
from ingest.repetition import Holder, blocks_to_leave_out, candidate_keys, is_sentence, site_key

MENU = "Úvod Novinky Projekty Kontakty pro média"
TEASER = "Obec vydala nový přehled služeb pro cizince, který obsahuje kontakty…"
DEFINITION = "Cizincem se rozumí fyzická osoba, která není státním občanem České republiky."


def paragraphs(*texts: str, page: int | None = None) -> list[Block]:
    """Return these paragraphs."""
    return [Block(BlockKind.PARAGRAPH, text, page=page) for text in texts]


def editions(*years: int, publisher: str = "Ministerstvo", page: int | None = None) -> list[Holder]:
    """Return reports of these years that share a menu, a teaser and a definition, and have a sentence of their own."""
    return [
        Holder(publisher, year, f"text {n}", candidate_keys(paragraphs(MENU, TEASER, DEFINITION, own(n), page=page)))
        for n, year in enumerate(years)
    ]


def own(number: int) -> str:
    """Return the sentence that one report alone has."""
    return f"Kurzy češtiny v obci Lhota navštívilo {number} lidí z mnoha různých zemí světa."


def left_out(*texts: str) -> frozenset[str]:
    """Return the keys of these blocks."""
    return frozenset(site_key(block) for block in paragraphs(*texts))


def test_a_sentence_stays_in_the_newest_document_and_a_menu_in_none() -> None:
    """Three editions of a report; two documents of another publisher are too few to repeat anything."""
    found = blocks_to_leave_out([*editions(2019, 2022, 2021), *editions(2020, 2021, publisher="Obec")])
    assert found == [
        left_out(MENU, TEASER, DEFINITION),
        left_out(MENU, TEASER),
        left_out(MENU, TEASER, DEFINITION),
        *[frozenset()] * 2,
    ]


def test_of_documents_without_a_year_the_first_keeps_the_sentence() -> None:
    """The order is that of the catalog."""
    assert blocks_to_leave_out(editions(0, 0, 0))[0] == left_out(MENU, TEASER)
    assert all(site_key(paragraphs(DEFINITION)[0]) in keys for keys in blocks_to_leave_out(editions(0, 0, 0))[1:])


def test_nothing_that_is_said_is_lost() -> None:
    """Every sentence of every document is found in some document; without a keeper it would not be (negative control)."""
    holders = editions(2019, 2020, 2021, 2022)
    texts = [paragraphs(MENU, DEFINITION, own(n), own(n + 10), own(n + 20)) for n in range(4)]

    def kept(site_blocks: list[frozenset[str]]) -> set[str]:
        cleared = [clear_furniture(blocks, keys).blocks for blocks, keys in zip(texts, site_blocks, strict=True)]
        return {block.text for blocks in cleared for block in blocks}

    said = {block.text for blocks in texts for block in blocks if is_sentence(block)}
    assert kept(blocks_to_leave_out(holders)) == said
    assert said - kept([left_out(MENU, DEFINITION)] * 4) == {DEFINITION}


def test_copies_of_the_keeper_keep_the_sentence_too() -> None:
    """One of two documents with the same text is refused as a copy, and nobody knows yet which."""
    first, second, third = editions(2021, 2020, 2020)
    copy = Holder(first.publisher, 0, first.text_hash, first.keys)
    assert blocks_to_leave_out([copy, third, second, first]) == [
        left_out(MENU, TEASER),
        left_out(MENU, TEASER, DEFINITION),
        left_out(MENU, TEASER, DEFINITION),
        left_out(MENU, TEASER),
    ]


def test_sentences_on_printed_pages_stay_wherever_they_stand() -> None:
    """A report is quoted by its year and page; what surrounds web pages is not printed."""
    assert blocks_to_leave_out(editions(2019, 2020, 2021, page=3)) == [left_out(MENU, TEASER)] * 3


def test_documents_of_nobody_known_share_nothing() -> None:
    """A folder without publishers is no site."""
    assert blocks_to_leave_out(editions(2019, 2020, 2021, publisher="")) == [frozenset()] * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DEFINITION, True),
        ("„Integrace je dlouhý proces,“ řekla ředitelka úřadu.", True),
        ("What can a municipality do for newcomers?", True),
        ("Cizincem se rozumi osoba, ktera neni obcanem.", True),
        (TEASER, False),
        (TEASER.replace("…", "..."), False),
        (MENU, False),
        ("pokračování věty z předchozího odstavce na další straně.", False),
        ("Praha 7, 2021.", False),
    ],
)
def test_a_sentence_begins_and_ends_and_has_words(text: str, expected: bool) -> None:
    """With and without diacritics, in both languages; menus, teasers, labels and pieces of sentences are none."""
    assert is_sentence(paragraphs(text)[0]) is expected
    assert not is_sentence(Block(BlockKind.HEADING, text, level=1))
