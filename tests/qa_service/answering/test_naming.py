"""Is it seen whether a passage speaks of the very things that a question names?"""

from __future__ import annotations

import pytest

from corpus.document import Metadata
from indexes.translation import bundled_translations
from qa_service.answering.naming import IN_CONTEXT, NamedThings
from qa_service.answering.understanding import understand
from qa_service.answering.wording import plain_words
from qa_service.glossary import bundled_glossary
from qa_service.spelling import Spelling
from qa_service.widening import WidenedQuery, Widening
from tests.qa_service.answering.collection import search

TEXT = "V Praze se sešlo Konsorcium nevládních organizací. Jednalo se o vzdělávání."


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Kdo se sešel v Praze?", ()),
        ("Who met in Prague?", ()),
        ("kdo se sesel v praze 2019", ()),
        ("Kdo se sešel v Brně?", ("Brně",)),
        ("Kdo se sešel v Praze v roce 2018?", ("2018",)),
        ("Proč se sešla organizace META?", ("META",)),
        ("Co dělalo Konsorcium v Praze a Ostravě?", ("Ostravě",)),
        ("Co se stalo?", ()),
    ],
)
def test_what_neither_passage_nor_title_nor_date_mentions_is_missing(collection, question, missing) -> None:
    """Inflected, without diacritics, and in the other language."""
    collection.add("a", TEXT, metadata=Metadata(title="Setkání", year=2019))
    index = collection.index
    (hit,) = search(index, question).hits
    things = NamedThings(index, understand(question, None), plain_words)
    assert things.missing_around(hit) == missing
    assert things.missing_from([hit]) == missing


def test_a_thing_that_one_of_several_passages_mentions_is_not_missing(collection) -> None:
    """Two sides of a comparison stand in two passages."""
    collection.add("a", "V Praze je koncepce.")
    collection.add("b", "V Brně je koncepce.")
    index, question = collection.index, "Porovnej koncepci v Praze, Brně a Zlíně"
    things = NamedThings(index, understand(question, "cs"), plain_words)
    assert things.missing_from(search(index, question).hits) == ("Zlíně",)


@pytest.mark.parametrize(
    ("text", "is_missing"),
    [
        ("V říjnu 2018 byl kurz, v květnu 2019 konference.", True),
        ("Konference byla 14. května 2018.", False),
        ("Konference byla v květnu. Rok 2018 byl dobrý.", False),
        ("Konference byla v roce 2018.", True),
    ],
)
def test_a_month_is_spoken_of_only_in_its_year(collection, text, is_missing) -> None:
    """Month and year may be told apart, but not where the month belongs to another year."""
    collection.add("a", text)
    index, question = collection.index, "Kdo mluvil na konferenci v květnu 2018?"
    (hit,) = search(index, question).hits
    things = NamedThings(index, understand(question, "cs"), plain_words)
    assert bool(things.missing_around(hit)) is is_missing


@pytest.mark.parametrize(
    ("question", "language", "is_missing"),
    [
        ("Who spoke in September 2021?", "en", False),
        ("Kdo mluvil v září 2021?", "cs", False),
        ("kdo mluvil v zari 2021", "cs", False),
        ("Kdo mluvil 21. září 2021?", "cs", False),
        ("Kdo mluvil 22. září 2021?", "cs", True),
        ("Who spoke in October 2021?", "en", True),
    ],
)
def test_a_day_written_in_figures_is_the_same_day_in_words(collection, question, language, is_missing) -> None:
    """In both languages; another day or month is another."""
    collection.add("a", "V úterý 21. 9. 2021 proběhlo fórum.")
    index = collection.index
    (hit,) = search(index, question).hits
    things = NamedThings(index, understand(question, language), plain_words)
    assert bool(things.missing_around(hit)) is is_missing


QUOTE, OTHER = "Otevřel ji Ondřej Mirovský.", "Mluvilo i Brno."


@pytest.mark.parametrize(
    ("question", "nearness"),
    [
        ("Kdo otevřel konferenci?", 1.0),
        ("Co otevřel Ondřej Mirovský?", 1.0),
        ("Kdo otevřel konferenci v Praze?", 0.9),
        ("Kdo otevřel konferenci v Brně?", 0.4),
        ("Kdo otevřel konferenci v Ostravě?", 0.0),
    ],
)
def test_what_a_question_names_may_stand_far_from_the_quotation(collection, question, nearness) -> None:
    """Title and headings hold for all of it; another sentence of the passage may be about something else."""
    filler = "Bylo to milé. " * 60
    collection.add("a", f"{filler}{QUOTE} {OTHER}", metadata=Metadata(title="Konference v Praze"))
    index = collection.index
    (hit,) = search(index, question).hits
    assert NamedThings(index, understand(question, "cs"), plain_words).nearness([(hit, QUOTE)]) == nearness


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Kdy byl workshop v Soluni?", "Workshop v Turíně trval tři dny.", 1.0),
        ("Kdy byl workshop v Turíně?", "Workshop v Turíně trval tři dny.", 0.0),
        ("Kdy byl workshop?", "Workshop v Turíně trval tři dny.", 0.0),
        ("Kdo mluvil v roce 2017?", "V roce 2019 mluvil Jan Janoušek.", 1.0),
        ("Kdo mluvil v roce 2017?", "Mluvil Jan Janoušek.", 0.0),
        ("Kdo byl na setkání o Vietnamcích?", "Přijeli úředníci z Prahy.", 0.5),
    ],
)
def test_another_place_or_year_instead_of_the_one_asked_for_is_a_rival(collection, question, text, expected) -> None:
    """Silence is none; under a title that names the one asked for, another may be a detail."""
    collection.add("a", text, metadata=Metadata(title="Den o Vietnamcích"))
    index = collection.index
    (hit,) = search(index, question).hits
    assert NamedThings(index, understand(question, "cs"), plain_words).rivalry(hit, text) == expected


def test_of_several_quotations_each_may_speak_of_another_thing(collection) -> None:
    """So a comparison of two years is near to both; negative control: one of them alone is not."""
    collection.add("a", "Sešlo se sto lidí.", metadata=Metadata(title="Konference 2017"))
    collection.add("b", "Sešlo se dvě stě lidí.", metadata=Metadata(title="Konference 2019"))
    index, question = collection.index, "Porovnej konference v letech 2017 a 2019"
    things = NamedThings(index, understand(question, "cs"), plain_words)
    quoted = [(hit, hit.passage.text) for hit in search(index, question).hits]
    assert things.nearness(quoted) == IN_CONTEXT
    assert things.nearness(quoted[:1]) == 0.0
    assert {name for hit, text in quoted for name in things.spoken_of(hit, text)} == {"2017", "2019"}
    assert all(len(things.spoken_of(hit, text)) == 1 for hit, text in quoted)


def widened(index, text: str, language: str | None) -> WidenedQuery:
    """Return a text with what the translations and the glossary that come with the program know."""
    widening = Widening(bundled_translations(), bundled_glossary())
    return widening.widen(text, language, lambda _: 1, lambda: Spelling({}))


@pytest.mark.parametrize(
    ("text", "is_missing"),
    [
        ("Kurzy pořádá IOM.", False),
        ("The International Organization for Migration holds courses.", False),
        ("Kurzy pořádá Mezinárodní organizace pro migraci.", False),
        ("The office deals with migration.", True),
    ],
)
def test_an_abbreviation_is_spoken_of_by_the_whole_of_its_long_name(collection, text, is_missing) -> None:
    """One word of that name, even one that may translate the abbreviation, speaks of other things too."""
    collection.add("a", text)
    index, question = collection.index, "Kdo vede IOM?"
    (hit,) = search(index, question).hits
    assert bool(NamedThings(index, understand(question, "cs"), widened).missing_around(hit)) is is_missing
