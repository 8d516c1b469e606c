"""Is what a person wrote kept, what is missing inferred and marked, and no fact made up?"""

from __future__ import annotations

import datetime
import unicodedata

import pytest

from corpus.document import DocumentKind, Metadata
from ingest.metadata import Origin, complete
from ingest.readers.reading import Block, BlockKind

BODY = Block(BlockKind.PARAGRAPH, "Obec otevřela poradnu pro cizince a rozšířila kurzy češtiny.")


def known(*texts: str, given: Metadata | None = None, found: Metadata | None = None, name: str = "soubor.txt"):  # type: ignore[no-untyped-def]
    """Return what is known of a document with these first lines."""
    blocks = (
        [Block(BlockKind.HEADING, texts[0], 1), *(Block(BlockKind.PARAGRAPH, text) for text in texts[1:])]
        if texts
        else []
    )
    return complete(given or Metadata(), found or Metadata(), [*blocks, BODY], name, "cs")


def test_what_a_person_gave_wins_and_a_conflict_is_shown() -> None:
    """The sidecar says 2020, the title 2018: 2020 stands, and staff is told."""
    result = known("Zpráva o integraci 2018", given=Metadata(title="Zpráva", year=2020))
    assert (result.title, result.metadata.year) == ("Zpráva", 2020)
    assert result.facts["year"].origin is Origin.GIVEN
    assert result.facts["year"].conflict == "2018"
    assert not {"title", "year"} & result.inferred


def test_the_year_of_a_given_date_wins_over_what_the_text_says() -> None:
    """A person who writes the day need not write the year; the title's other year is told as a conflict."""
    result = known("Zpráva o integraci 2017", given=Metadata(date=datetime.date(2018, 3, 1)))
    assert (result.metadata.year, result.facts["year"].conflict) == (2018, "2017")


@pytest.mark.parametrize(
    ("texts", "name", "year"),
    [
        (("Zpráva o integraci 2018",), "a.txt", 2018),
        (("Zpráva", "Zveřejněno 12. 3. 2021"), "a.txt", 2021),
        (("Zpráva", "Akce se konala 14. května 2019 v Praze."), "a.txt", 2019),
        (("Report", "Held on 24 November 2021 in Brno."), "a.txt", 2021),
        (("Report", "On June 8 and 9, 2017, experts met."), "a.txt", 2017),
        (("Zpráva", "Text bez data."), "shrnuti-2016.pdf", 2016),
        (("Zpráva", "Zákon č. 326/1999 Sb. platí dosud."), "a.txt", None),
        (("Zpráva", "Kurz stojí 2000 Kč."), "a.txt", None),
    ],
)
def test_a_year_is_found_where_the_document_states_one(texts: tuple[str, ...], name: str, year: int | None) -> None:
    """In the title, at a date, in the file name; the number of an act or a price is none."""
    result = known(*texts, name=name)
    assert result.metadata.year == year
    assert ("year" in result.inferred) == (year is not None)


@pytest.mark.parametrize(
    ("title", "name", "first", "last"),
    [
        ("Strategie integrace 2024–2026", "a.pdf", 2024, "2026"),
        ("Strategie integrace na roky 2024 až 2026", "a.pdf", 2024, "2026"),
        ("Action plan 2021-27", "a.pdf", 2021, "2027"),
        ("Strategie", "strategie_2018_2021.pdf", 2018, "2021"),
    ],
)
def test_a_range_of_years_is_no_year_of_publication(title: str, name: str, first: int, last: str) -> None:
    """A plan of 2024 to 2026 was hardly published in 2026: the first year is an unsure guess, shown with the last."""
    result = known(title, name=name)
    fact = result.facts["year"]
    assert (result.metadata.year, fact.conflict) == (first, last)
    assert fact.confidence < 0.5
    assert known(title, "Konala se 14. května 2023.", name=name).metadata.year == 2023
    assert known(title, name=name, given=Metadata(year=2023)).facts["year"].conflict == ""


def test_a_day_in_a_file_name_is_no_range() -> None:
    """The hyphens of 2024-05-12 and 2010-12 part days and months."""
    assert known("Zpráva", name="zprava-2024-05-12.pdf").facts["year"].confidence > 0.5
    assert known("Zpráva", name="zprava-2010-12.pdf").metadata.year == 2010


def test_a_count_behind_a_year_makes_no_range() -> None:
    """A dash with blanks parts two things, unless years stand on both sides."""
    fact = known("Integrace 2020 – 45 příběhů").facts["year"]
    assert (known("Integrace 2020 – 45 příběhů").metadata.year, fact.conflict) == (2020, "")
    assert fact.confidence > 0.5


def test_a_range_of_history_tells_no_year() -> None:
    """A study of 1918 to 1938 was written much later."""
    assert known("Dějiny migrace 1918–1938").metadata.year is None


def test_the_day_of_publication_is_found_below_a_menu() -> None:
    """A page printed from a browser begins with a dozen lines of its menu; another day so far down is one of the text."""
    menu = [f"Nabídka {number}" for number in range(10)]
    assert known("Jak získat tlumočníka", *menu, "Zveřejněno 5. 9. 2023").metadata.year == 2023
    assert known("Jak získat tlumočníka", *menu, "Kurz začíná 5. 9. 2023").metadata.year is None


def test_the_title_of_a_letter_is_its_subject() -> None:
    """Offices begin with their name and the day; below a heading, "Předmět:" is a word of the text."""
    letter = [
        Block(BlockKind.PARAGRAPH, text) for text in ("Ministerstvo vnitra", "Věc: Stanovisko k ubytování", "Vážení,")
    ]
    assert complete(Metadata(), Metadata(), letter, "dopis.docx", "cs").title == "Stanovisko k ubytování"
    assert known("Výzva obcím", "Předmět: kurzy češtiny").title == "Výzva obcím"


def test_the_stated_date_of_publication_is_taken() -> None:
    """The line that says when it was published beats other dates."""
    result = known("Zpráva", "Akce se konala 14. května 2019.", "Datum vydání: 2. 6. 2020")
    assert result.metadata.date == datetime.date(2020, 6, 2)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Příručka pro obce", DocumentKind.GUIDE),
        ("Výzva k předkládání žádostí", DocumentKind.CALL),
        ("International Conference on Integration", DocumentKind.CONFERENCE),
        ("Závěrečná zpráva projektu", DocumentKind.REPORT),
        ("Zákon o pobytu cizinců", DocumentKind.LAW),
        ("Spolupráce s veřejnou správou", None),
    ],
)
def test_the_kind_is_inferred_from_the_title(title: str, kind: DocumentKind | None) -> None:
    """Where nothing names a kind there is none."""
    assert known(title).metadata.kind is kind


def test_a_page_that_names_an_act_is_no_act() -> None:
    """An office tells in its first sentence by which act it works; a guide says so too."""
    act = "Ohlášení změny pobytu se podává podle § 98 zákona č. 326/1999 Sb."
    assert known("Informace pro cizince", act).metadata.kind is None
    assert known("Informace pro cizince", act, "Tato příručka je pro obce.").metadata.kind is DocumentKind.GUIDE
    assert known("Zákon č. 326/1999 Sb.", act).metadata.kind is DocumentKind.LAW


def test_a_document_without_words_at_its_top_is_named_after_its_file() -> None:
    """The title falls back to the file name without its suffix, its accents on their letters."""
    result = complete(Metadata(), Metadata(), [], unicodedata.normalize("NFD", "slozka/Shrnutí 2019.pdf"), None)
    assert (result.title, result.facts["title"].origin) == ("Shrnutí 2019", Origin.NAME)


def test_a_first_line_without_end_is_cut_at_a_word() -> None:
    """A title has at most 200 characters."""
    title = known("slovo " * 100).title
    assert len(title) <= 200
    assert title.endswith("slovo…")


def test_place_programme_and_validity_are_inferred_with_origin_and_confidence() -> None:
    """From the title, a line of the first page and the sentence about the money."""
    result = known(
        "Pravidla pro poskytování dotací v Brně",
        "Účinnost od 1. 3. 2023 do 31. 12. 2024",
        "Vydavatel: Magistrát města Brna",
        "Autoři: Jana Nováková, Ph.D., Petr Svoboda a Eva Malá",
        "Projekt je financován z Azylového, migračního a integračního fondu.",
    )
    about = result.metadata
    assert (about.place, about.programme, about.publisher) == ("Brno", "AMIF", "Magistrát města Brna")
    assert about.authors == ("Jana Nováková, Ph.D", "Petr Svoboda", "Eva Malá")
    assert (about.valid_from, about.valid_to) == (datetime.date(2023, 3, 1), datetime.date(2024, 12, 31))
    assert {"place", "programme", "valid_from", "valid_to", "publisher", "authors"} <= result.inferred
    assert all(fact.origin is Origin.TEXT and 0.5 <= fact.confidence < 1 for fact in result.facts.values())


def test_what_the_text_says_against_the_sidecar_is_a_conflict() -> None:
    """The sidecar stands, and staff is told of the other place, programme and date."""
    given = Metadata(title="Zpráva", place="Ostrava", programme="ESF", valid_from=datetime.date(2020, 1, 1))
    result = known("Integrace v Brně", "Platí od 1. 3. 2023", "Projekt podpořil AMIF.", given=given)
    assert (result.metadata.place, result.metadata.programme) == ("Ostrava", "ESF")
    conflicts = {name: fact.conflict for name, fact in result.facts.items() if fact.conflict}
    assert conflicts == {"title": "Integrace v Brně", "place": "Brno", "programme": "AMIF", "valid_from": "2023-03-01"}


def test_several_places_are_none() -> None:
    """A comparison of two towns is about neither alone."""
    assert known("Srovnání Brna a Ostravy").metadata.place is None


def test_two_programmes_that_paid_are_a_conflict() -> None:
    """The first is taken and the other shown."""
    result = known("Zpráva", "Projekt podpořil AMIF.", "Projekt podpořil také Erasmus+.")
    assert (result.metadata.programme, result.facts["programme"].conflict) == ("AMIF", "Erasmus+")
