"""Are passages whole, of the right size, in one place each, and understandable by themselves?"""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import groupby, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexes.embedding.hashing import HashingEmbedder
from indexes.language import detect_language
from indexes.passage import PassageKind, embedding_input
from ingest.chunking import SplitDocument, split_into_passages
from ingest.readers.reading import Block, BlockKind
from ingest.sentences import split_sentences
from ingest.settings import PassageLimits

LIMITS = PassageLimits()
_WORDS = [
    "obec",
    "cizinec",
    "poradna",
    "kurz",
    "úřad",
    "škola",
    "bydlení",
    "práce",
    "pomoc",
    "jazyk",
    "děti",
    "rada",
    "město",
    "služba",
]


def sentence(number: int, words: int = 14) -> str:
    """Return a sentence that no other number gives."""
    chosen = random.Random(number).choices(_WORDS, k=words)
    return " ".join(chosen).capitalize() + f" {number}."


def paragraph(first: int, count: int) -> Block:
    """Return a paragraph of so many sentences."""
    return Block(BlockKind.PARAGRAPH, " ".join(sentence(number) for number in range(first, first + count)))


def heading(text: str, level: int = 1) -> Block:
    """Return a heading."""
    return Block(BlockKind.HEADING, text, level)


def split(
    blocks: list[Block], title: str = "Název", labels: tuple[str, ...] = (), limits: PassageLimits = LIMITS
) -> SplitDocument:
    """Return how the blocks are cut; tokens are words here."""
    return split_into_passages(
        "d", title, blocks, labels, embedder=HashingEmbedder(), limits=limits, detect=detect_language
    )


def test_a_long_section_is_cut_into_balanced_passages_of_whole_sentences() -> None:
    """Every passage is 150 to 300 tokens, and together they hold each sentence exactly once."""
    done = split([heading("Kapitola"), *(paragraph(10 * i, 10) for i in range(8))])
    counts = HashingEmbedder().token_counts([passage.text for passage in done.passages])
    assert all(150 <= count <= LIMITS.most_tokens for count in counts), counts
    sentences = [passage.text[a:b] for passage in done.passages for a, b in passage.sentences]
    assert sentences == [sentence(number) for number in range(80)]


def test_a_heading_is_a_path_and_never_a_passage() -> None:
    """Headings stand above their text in the path, outermost first, without the title; a bare one becomes text."""
    blocks = [
        heading("Název"),
        heading("A", 2),
        heading("A.1", 3),
        paragraph(0, 12),
        heading("B", 2),
        paragraph(20, 12),
        heading("Konec", 2),
    ]
    done = split(blocks)
    assert [passage.heading for passage in done.passages] == [("A", "A.1"), ("B",)]
    assert done.passages[-1].text.endswith("Konec")
    texts = {passage.text for passage in done.passages}
    assert not texts & {"Název", "A", "A.1", "B", "Konec"}


def test_a_title_at_the_beginning_is_in_no_passage_also_among_headings_of_its_rank() -> None:
    """Every passage carries the title of its document, so none quotes it as if it said something."""
    title, other = heading("Název"), heading("Kapitola")
    assert "Název" not in split([title, paragraph(0, 12), other, paragraph(20, 12)]).passages[0].text
    assert "Název" in split([paragraph(0, 12), title, paragraph(20, 12), other, paragraph(40, 12)]).passages[1].text


def test_tiny_sections_share_a_passage_under_their_common_heading() -> None:
    """Three questions of two lines are one passage that holds their headings; a large section stays alone."""
    blocks = [heading("Otázky", 1)]
    for number in range(3):
        blocks += [heading(f"Otázka {number}", 2), paragraph(number * 10, 2)]
    blocks += [heading("Velká", 2), paragraph(100, 12)]
    done = split(blocks, title="Jiný název")
    assert [passage.heading for passage in done.passages] == [("Otázky",), ("Otázky", "Velká")]
    assert [f"Otázka {number}" in done.passages[0].text for number in range(3)] == [True] * 3


def test_a_lead_in_stays_with_its_list_and_heads_what_does_not_fit() -> None:
    """The line that ends in a colon is in the passage of the first item, and in the path of the others."""
    lead = Block(BlockKind.PARAGRAPH, "Obec nabízí tyto služby:")
    items = [Block(BlockKind.LIST_ITEM, sentence(number, 30)) for number in range(20)]
    done = split([heading("Služby"), paragraph(100, 15), lead, *items])
    home = next(passage for passage in done.passages if items[0].text in passage.text)
    assert lead.text in home.text
    others = [p for p in done.passages if p.start > home.start]
    assert others
    assert all(p.heading[-1] == lead.text for p in others)


def test_every_list_is_headed_by_its_own_lead_in() -> None:
    """What another list of the section is led by, and what stands below a heading of its own, says nothing of an item."""
    items = {name: [sentence(100 * n + i, 30) for i in range(16)] for n, name in enumerate(("Nabízíme:", "Neplatíme:"))}
    blocks = [heading("Služby")]
    for lead, texts in items.items():
        blocks += [Block(BlockKind.PARAGRAPH, lead), *(Block(BlockKind.LIST_ITEM, text) for text in texts)]
    blocks += [
        heading("Jiné", 2),
        *(Block(BlockKind.LIST_ITEM, sentence(900 + i, 30)) for i in range(16)),
        paragraph(5, 3),
    ]
    done = split(blocks)
    assert {passage.heading[-1] for passage in done.passages} == {"Služby", *items, "Jiné"}
    for passage in done.passages:
        start, end = passage.sentences[0]
        assert passage.heading[-1] not in items or passage.text[start:end] in items[passage.heading[-1]]


def test_tables_and_footnotes_keep_to_themselves() -> None:
    """Rows are not mixed with prose, and notes come last with their own kind."""
    rows = [Block(BlockKind.TABLE_ROW, f"Obec: Lhota {number}; Rok: {2000 + number}") for number in range(40)]
    note = Block(BlockKind.FOOTNOTE, sentence(500))
    done = split([paragraph(0, 12), note, *rows, paragraph(50, 12)])
    kinds = [kind for kind, _ in groupby(passage.kind for passage in done.passages)]
    assert kinds == [PassageKind.PROSE, PassageKind.TABLE, PassageKind.PROSE, PassageKind.FOOTNOTE]
    tables = [passage for passage in done.passages if passage.kind is PassageKind.TABLE]
    assert "\n".join(passage.text for passage in tables).split("\n") == [row.text for row in rows]
    assert done.passages[-1].kind is PassageKind.FOOTNOTE


def test_pages_and_labels_follow_the_text_over_a_page_break() -> None:
    """A paragraph that begins on page 2 and ends on page 3 has both, as they are printed."""
    first, second = sentence(1), sentence(2)
    text = f"{first} {second}"
    crossing = Block(BlockKind.PARAGRAPH, text, page=2, breaks=((len(first) + 1, 3),))
    done = split([Block(BlockKind.PARAGRAPH, sentence(0), page=1), crossing], labels=("i", "ii", "1"))
    assert [(s.number, s.label, done.text.text[s.start : s.end]) for s in done.text.segments] == [
        (1, "i", sentence(0)), (2, "ii", f"{first} "), (3, "1", second),
    ]  # fmt: skip
    span = done.passages[0].pages
    assert span is not None
    assert (span.first, span.last, span.labels) == (1, 3, ("i", "ii", "1"))


def test_a_paragraph_in_another_language_is_a_passage_of_its_own() -> None:
    """Czech, English and Ukrainian paragraphs of one page are labelled as themselves."""
    texts = {
        "cs": "Poradna pomáhá cizincům s hledáním bydlení, s jednáním na úřadech a také s přihlášením dětí do základní školy. "
        * 3,
        "en": "The centre helps newcomers to find housing, to deal with the authorities and to enrol their children in school. "
        * 3,
        "uk": "Центр допомагає новоприбулим знайти житло, спілкуватися з установами та записати дітей до школи у місті. "
        * 3,
    }
    done = split([Block(BlockKind.PARAGRAPH, text.strip()) for text in texts.values()])
    assert [passage.language for passage in done.passages] == ["cs", "en", "uk"]
    assert set(done.languages) == {"cs", "en", "uk"}


CZECH = "Poradna pomáhá cizincům s hledáním bydlení, s jednáním na úřadech a také s přihlášením dětí do základní školy."
ENGLISH = (
    "The centre helps newcomers to find housing, to deal with the authorities and to enrol their children in school."
)


@pytest.mark.parametrize(
    ("texts", "languages"),
    [
        ([CZECH * 4, ENGLISH, ENGLISH * 4], ["cs", "en"]),
        ([CZECH * 3, ENGLISH, ENGLISH, ENGLISH, CZECH * 3], ["cs", "en", "cs"]),
        ([ENGLISH, CZECH * 4], ["en", "cs"]),
        ([ENGLISH, CZECH, CZECH, CZECH], ["en", "cs"]),
        ([CZECH * 3, ENGLISH, CZECH * 3], ["cs"]),
    ],
)
def test_a_stretch_in_another_language_is_a_passage_however_many_paragraphs_it_has(
    texts: list[str], languages: list[str]
) -> None:
    """Short paragraphs add up; a single one stays among those that surround it."""
    done = split([Block(BlockKind.PARAGRAPH, text) for text in texts])
    assert [passage.language for passage in done.passages] == languages
    if len(languages) > 1:
        assert not any("Poradna" in passage.text and "centre" in passage.text for passage in done.passages)


def test_a_sentence_that_points_back_brings_its_neighbour() -> None:
    """Where a passage begins with "Tato ...", the sentence before it is in both, and only there do passages overlap."""
    sentences = [sentence(number) for number in range(30)]
    plain = split([Block(BlockKind.PARAGRAPH, " ".join(sentences))]).passages
    assert [later.start > earlier.end for earlier, later in pairwise(plain)] == [True]
    border = len(plain[0].sentences)
    sentences[border] = "Tato opatření se osvědčila a obec je rozšíří do všech částí města i okolí."
    first, second = split([Block(BlockKind.PARAGRAPH, " ".join(sentences))]).passages
    assert first.text.endswith(sentences[border - 1])
    assert second.text.startswith(f"{sentences[border - 1]} Tato opatření")


@pytest.mark.parametrize("title", ["Název", "Velmi dlouhý název " * 30])
def test_no_passage_is_longer_than_the_model_takes(title: str) -> None:
    """Title and headings count; a sentence or word without end is cut, and nothing is lost."""
    blocks = [
        heading("Kapitola " * 20),
        Block(BlockKind.PARAGRAPH, "slovo " * 3000),
        Block(BlockKind.PARAGRAPH, "x" * 20_000),
        paragraph(0, 30),
    ]
    done = split(blocks, title=title.strip())
    embedder = HashingEmbedder()
    for passage in done.passages:
        whole = embedder.token_counts([embedding_input(title.strip(), passage.heading, passage.text)])[0]
        assert whole <= embedder.max_tokens
        assert len(passage.text) <= LIMITS.most_chars
    assert "".join(p.text for p in done.passages).count("slovo") == 3000


def test_a_sentence_that_fills_a_passage_leaves_room_for_its_headings() -> None:
    """Five long headings and a sentence of nearly the most tokens are together more than the model takes."""
    blocks = [
        *(heading(f"Kapitola {level} " * 10, level) for level in range(1, 6)),
        Block(BlockKind.PARAGRAPH, sentence(1, 290)),
    ]
    done = split(blocks)
    embedder = HashingEmbedder()
    wholes = [embedding_input("Název", passage.heading, passage.text) for passage in done.passages]
    assert max(embedder.token_counts(wholes)) <= embedder.max_tokens
    assert " ".join(passage.text for passage in done.passages) == sentence(1, 290)


_BLOCKS = st.lists(
    st.builds(
        Block,
        kind=st.sampled_from(BlockKind),
        text=st.text(alphabet="abcč .:!\u00e1Ž1", min_size=1, max_size=400)
        .map(lambda t: " ".join(t.split()))
        .filter(bool),
        level=st.integers(0, 4),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(_BLOCKS)
def test_whatever_the_blocks_every_passage_is_a_stretch_of_the_text(blocks: list[Block]) -> None:
    """Offsets are exact, ids differ, sentences lie in order inside, and no letter of the body is lost."""
    done = split(blocks)
    assert len({passage.id for passage in done.passages}) == len(done.passages)
    for passage in done.passages:
        assert done.text.text[passage.start : passage.end] == passage.text
        bounds = [bound for span in passage.sentences for bound in span]
        assert bounds == sorted(bounds)
        assert (bounds[0], bounds[-1]) == (0, len(passage.text))
    covered = set()
    for passage in done.passages:
        covered |= set(range(passage.start, passage.end))
    headings = {i for span in done.text.headings for i in range(span.start, span.end)}
    lost = [i for i, char in enumerate(done.text.text) if char.strip() and i not in covered | headings]
    assert lost == []


def test_the_sentences_of_a_passage_are_those_of_the_splitter() -> None:
    """One list of sentences serves passages, quotations and highlights."""
    done = split([paragraph(0, 10)])
    text = done.passages[0].text
    assert list(done.passages[0].sentences) == split_sentences(text)


def test_slides_do_not_share_a_passage() -> None:
    """A quotation names its slide, so points of two slides are not put together however few they are."""
    blocks = [
        replace(block, page=page)
        for page in (1, 2)
        for block in (heading(f"Snímek {page}"), Block(BlockKind.LIST_ITEM, sentence(page)))
    ]
    done = split(blocks, labels=("1", "2"))
    assert [(p.heading, p.pages and p.pages.labels) for p in done.passages] == [
        (("Snímek 1",), ("1",)),
        (("Snímek 2",), ("2",)),
    ]
