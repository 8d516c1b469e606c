"""Are answers made of verbatim, well-chosen quotations, and are questions without evidence declined?"""

from __future__ import annotations

from datetime import date

import pytest

from corpus.document import Metadata
from qa_service.answering.answerer import NoteKind, Question, Reason, Status
from qa_service.answering.calibration import UNLEARNT
from qa_service.answering.extractive import ExtractiveAnswerer
from tests.qa_service.answering.collection import EMBEDDER, search

CONFERENCE = (
    "Konsorcium 14. května 2019 pořádalo mezinárodní konferenci Města, migrace a integrace. "
    "Konference se zúčastnilo téměř 150 lidí. "
    "Účastníky na konferenci uvítal starosta městské části Pavel Čižinský. "
    "Konference se konala v Kaiserštejnském paláci na Malostranském náměstí."
)
COURSE = "Kurz češtiny pro cizince trvá čtyři hodiny. Kurz je zdarma. Přihláška se podává na úřadu městské části."


@pytest.fixture(autouse=True)
def two_documents(collection):
    """Two documents that share no subject."""
    collection.add(
        "konference", CONFERENCE, metadata=Metadata(title="Konference Města, migrace a integrace", year=2019)
    )
    collection.add("kurz", COURSE, metadata=Metadata(title="Kurzy češtiny"))


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("Kdy se konala konference Města, migrace a integrace?", "14. května 2019"),
        ("kdy se konala konference mesta, migrace a integrace", "14. května 2019"),
        ("Kolik lidí se zúčastnilo konference?", "téměř 150 lidí"),
        ("Kdo uvítal účastníky na konferenci?", "Pavel Čižinský"),
        ("Kde se konala konference?", "Kaiserštejnském paláci"),
        ("Jak dlouho trvá kurz češtiny?", "čtyři hodiny"),
    ],
)
def test_the_first_quotation_holds_the_fact_asked_for(ask, question, fact) -> None:
    """Also where the question is typed without diacritics."""
    answer = ask(question)
    assert answer.status is Status.ANSWERED
    assert fact in answer.citations[0].quote


def test_every_quotation_is_verbatim_and_every_claim_is_its_quotations(ask) -> None:
    """The promise of the contract, on every answer that this collection gives."""
    for question in ("Kdy byla konference?", "Kde se podává přihláška na kurz?", "Kdo uvítal účastníky konference?"):
        answer = ask(question)
        assert answer.claims
        sources = {source.number: source for source in answer.citations}
        for source in answer.citations:
            assert source.passage.text[source.start : source.end] == source.quote
        for claim in answer.claims:
            assert claim.text == " ".join(sources[number].quote for number in claim.citations)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Kdy se konala konference Města, migrace a integrace v Ostravě?", "Ostravě"),
        ("kdy se konala konference mesta, migrace a integrace v ostrave", "ostrave"),
        ("Kolik lidí se zúčastnilo konference Města, migrace a integrace v roce 2017?", "2017"),
        ("Jak dlouho trvá kurz češtiny organizace META?", "META"),
    ],
)
def test_another_place_year_or_institution_is_a_near_miss(ask, question, missing) -> None:
    """The passages are still shown, and what no evidence mentions is named."""
    answer = ask(question)
    assert (answer.status, answer.reason) == (Status.NO_ANSWER, Reason.NEAR_MISS)
    assert answer.missing == (missing,)
    assert not answer.claims
    assert not answer.citations
    assert answer.hits


def test_a_question_about_something_else_is_not_found(ask) -> None:
    """Nothing of the collection comes near."""
    answer = ask("Jaká je výše minimální mzdy zedníků?")
    assert (answer.status, answer.reason) == (Status.NO_ANSWER, Reason.NOT_FOUND)


@pytest.mark.parametrize(
    "question",
    ["Kdo přeložil publikace konference Města, migrace a integrace?", "Kdo tlumočil kurz češtiny v roce 2019?"],
)
def test_what_is_not_told_of_a_thing_that_the_collection_knows_is_not_found(ask, question) -> None:
    """However well the passages speak of the conference or the course itself."""
    answer = ask(question)
    assert (answer.status, answer.reason, answer.probability) == (Status.NO_ANSWER, Reason.NOT_FOUND, 0.0)


def test_another_place_in_a_question_about_something_else_is_no_near_miss(ask) -> None:
    """Without the place it would not be answered either."""
    answer = ask("Jaká je výše minimální mzdy zedníků v Ostravě?")
    assert (answer.status, answer.reason, answer.missing) == (Status.NO_ANSWER, Reason.NOT_FOUND, ())


@pytest.mark.parametrize("question", ["Kdo?", "a co to je?", "when?"])
def test_a_question_that_says_nothing_is_unclear(ask, question) -> None:
    """No word of it could be looked for."""
    assert ask(question).reason is Reason.UNCLEAR_QUESTION


@pytest.mark.parametrize(
    "question",
    [
        "Коли відбулася конференція?",
        "Wann hat die Konferenz über Städte, Migration und Integration in Prag eigentlich stattgefunden, und wer kam?",
    ],
)
def test_a_question_in_another_language_is_told_so(ask, question) -> None:
    """Better than a guess about words that merely look alike."""
    assert ask(question, None).reason is Reason.UNSUPPORTED_LANGUAGE


def test_an_empty_collection_declines(ask, collection) -> None:
    """Without passages nothing is found, and nothing breaks."""
    collection.clear()
    assert ask("Kdy byla konference?").reason is Reason.NOT_FOUND


def test_a_sentence_that_leans_on_the_one_before_brings_it_along(ask, collection) -> None:
    """A pronoun alone would leave the reader without its noun."""
    collection.add("a", "Pražská poradní platforma vznikla při magistrátu. Ta se schází čtvrtletně nad tématy škol.")
    answer = ask("Jak často se schází platforma nad tématy škol?")
    assert answer.citations[0].quote.startswith("Pražská poradní platforma vznikla")


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("Zahájila výstavu fotografií ze Sýrie.", "Kdo zahájil výstavu fotografií ze Sýrie?"),
        ("V roce 2017 přispělo na výstavu fotografií ze Sýrie.", "Kdo přispěl na výstavu fotografií ze Sýrie?"),
        ("Pak zahájila výstavu fotografií ze Sýrie.", "Kdo zahájil výstavu fotografií ze Sýrie?"),
        ("On this day she opened a show of photographs from Syria.", "Who opened a show of photographs from Syria?"),
    ],
)
def test_a_sentence_without_a_subject_brings_the_one_that_names_it(ask, collection, sentence, question) -> None:
    """Czech leaves the subject out where the sentence before has named it."""
    collection.add("a", f"Do knihovny přijela spisovatelka Alena Dvořáková. {sentence}")
    assert ask(question).citations[0].quote.startswith("Do knihovny přijela")


def test_a_sentence_that_names_its_subject_behind_the_verb_stands_alone(ask, collection) -> None:
    """Negative control: what stands before it is not needed."""
    collection.add(
        "a", "Do knihovny přijelo mnoho hostů z ciziny. Uvítala Alena Dvořáková z výboru knihovny tyto hosty."
    )
    assert ask("Kdo uvítal hosty z výboru knihovny?").citations[0].quote.startswith("Uvítala Alena")


@pytest.mark.parametrize(
    ("before", "sentence", "question", "language"),
    [
        ("Úřad sídlí v centru.", "Zaměstnavatel hlásí nástup cizince úřadu práce.", "Kdo hlásí nástup cizince úřadu práce?", "cs"),
        ("The office is in town.", "Local authorities register foreign employees.", "Who registers foreign employees?", "en"),
    ],
)  # fmt: skip
def test_a_subject_that_ends_like_a_verb_is_one(ask, collection, before, sentence, question, language) -> None:
    """Czech nouns in -tel, and all English words that end in an l."""
    collection.add("a", f"{before} {sentence}", language=language)
    assert ask(question).citations[0].quote == sentence


def test_a_line_that_adds_a_figure_to_the_words_of_the_question_is_a_claim(ask, collection) -> None:
    """Rows of tables have no full stop."""
    collection.add("a", "Počet cizinců v obci Lhota: 410")
    assert [source.quote for source in ask("Jaký je počet cizinců v obci Lhota?").citations] == [
        "Počet cizinců v obci Lhota: 410"
    ]


@pytest.mark.parametrize(
    ("question", "line", "told"),
    [
        (
            "Proč je důležitá spolupráce s veřejnou správou?",
            "Spolupráce s veřejnou správou",
            "O spolupráci s veřejnou správou se mluví dlouho. Radnice bez ní nezná potřeby spolků.",
        ),
        (
            "Why does cooperation with public administration matter?",
            "On cooperation with the public administration",
            "Cooperation with public administration matters because offices learn what associations need.",
        ),
    ],
)
def test_a_line_that_only_repeats_the_question_is_no_claim(ask, collection, question, line, told) -> None:
    """It is a heading, whatever its file made of it; with a full stop, or with more in it, it may tell something."""
    collection.add("a", f"{line}\n\n{told}")
    answer = ask(question)
    assert answer.claims
    assert all(source.quote != line for source in answer.citations)


def test_a_further_claim_holds_the_figure_asked_for_too(ask, collection) -> None:
    """A sentence without one, however near, adds nothing to the one that has it."""
    collection.add("a", "Město Nymburk má 15 000 obyvatel. Cizinců je 410.")
    collection.add("b", "Text zprávy o cizincích v Nymburce v roce 2019.")
    assert [source.document.id for source in ask("Kolik je cizinců v Nymburce?").citations] == ["a"]


def test_where_a_text_comes_from_is_quoted_after_what_a_text_tells(ask, collection) -> None:
    """A line of sources may say the question in more words than the sentence that answers."""
    source = "Zdroj: Jana Malá otevřela muzeum voskových figurín."
    collection.add("a", f"{source}\n\nMuzeum otevřel Karel Nový.")
    assert ask("Kdo otevřel muzeum voskových figurín?").citations[0].quote == "Muzeum otevřel Karel Nový."


def test_a_list_is_quoted_with_its_head_and_all_its_items(ask, collection) -> None:
    """As one verbatim stretch, line breaks included."""
    listed = "K žádosti o byt předložte:\n• platný pas,\n• potvrzení o příjmu,\n• nájemní smlouvu."
    collection.add("zadost", f"Žádosti přijímá odbor.\n{listed}\nLhůta je třicet dnů.")
    assert ask("Jaké doklady předložit k žádosti o byt?").citations[0].quote == listed


def test_sources_that_give_other_figures_stand_side_by_side(ask, collection) -> None:
    """Neither is chosen in silence; both claims are marked."""
    collection.add("drive", "Kapacita ubytovny v Letňanech je 120 lůžek.", metadata=Metadata(year=2019))
    collection.add("pozdeji", "Kapacita ubytovny v Letňanech je 80 lůžek.", metadata=Metadata(year=2022))
    answer = ask("Kolik lůžek je kapacita ubytovny v Letňanech?")
    assert {source.document.metadata.year for source in answer.citations} == {2019, 2022}
    assert [claim.differs for claim in answer.claims[:2]] == [True, True]


def test_sources_that_agree_are_not_marked_as_differing(ask, collection) -> None:
    """Negative control of the same rule."""
    collection.add("drive", "Kapacita ubytovny v Letňanech je 120 lůžek.", metadata=Metadata(year=2019))
    collection.add("pozdeji", "Dnes je kapacita ubytovny v Letňanech opět 120 lůžek.", metadata=Metadata(year=2022))
    answer = ask("Kolik lůžek je kapacita ubytovny v Letňanech?")
    assert not any(claim.differs for claim in answer.claims)


def test_a_replaced_or_expired_source_says_so(ask, collection) -> None:
    """The warning stands beside the quotation."""
    collection.add(
        "stary",
        "Pojistné činí 2 187 korun měsíčně za osobu.",
        metadata=Metadata(superseded_by="novy", valid_to=date(2020, 12, 31)),
    )
    source = ask("Kolik činí pojistné měsíčně za osobu?").citations[0]
    assert [note.kind for note in source.notes] == [NoteKind.SUPERSEDED, NoteKind.EXPIRED]
    assert source.notes[0].document_id == "novy"
    assert source.newer is None  # the collection does not hold it


def test_an_older_version_of_a_text_names_the_newer_one(ask, collection) -> None:
    """Titles that differ in the year alone are versions; the newest one carries no such note."""
    for year, fee in ((2019, "500"), (2023, "900")):
        collection.add(
            f"cenik-{year}",
            f"Správní poplatek za kartu činí {fee} korun za žádost podanou v roce {year}.",
            metadata=Metadata(title=f"Ceník poplatků {year}", year=year, publisher="Úřad", language="cs"),
        )
    collection.add("jiny", "Nic.", metadata=Metadata(title="Ceník poplatků 2024", year=2024, publisher="Jiný"))
    sources = ask("Kolik korun činí správní poplatek za kartu v roce 2019?").citations
    notes = {source.document.id: [(note.kind, note.document_id) for note in source.notes] for source in sources}
    assert notes["cenik-2019"] == [(NoteKind.NEWER_VERSION, "cenik-2023")]
    assert notes.get("cenik-2023", []) == []
    newer = {source.document.id: source.newer and source.newer.id for source in sources}
    assert (newer["cenik-2019"], newer.get("cenik-2023")) == ("cenik-2023", None)


def test_a_quotation_states_its_own_page_not_all_pages_of_its_passage(ask, collection) -> None:
    """The passage spans two pages, the sentence stands on the second."""
    collection.add("zprava", "", pages=["Úvod zprávy o činnosti.", "Sbírka vynesla sedm milionů korun."])
    pages = ask("Kolik korun vynesla sbírka?").citations[0].pages
    assert (pages.first, pages.last, pages.labels) == (2, 2, ("2",))


def test_a_comparison_quotes_both_things_compared(ask, collection) -> None:
    """The second side is quoted although its sentence fits the question less well."""
    collection.add("brno", "V Brně působí čtyři interkulturní pracovníci a jejich počet roste každý rok.")
    collection.add("plzen", "Plzeň zaměstnává dva interkulturní pracovníky od roku 2019 a hledá dalšího.")
    answer = ask("Porovnej počet interkulturních pracovníků v Brně a Plzni")
    assert {"brno", "plzen"} <= {source.document.id for source in answer.citations}


@pytest.mark.parametrize(
    "question", ["Čím se lišila setkání rodičů v letech 2017 a 2019?", "porovnej setkani rodicu 2017 a 2019"]
)
def test_a_comparison_of_two_years_quotes_each_of_them(ask, collection, question) -> None:
    """Years that differ in their last figure alone are two things."""
    collection.add("sedm", "Zúčastnilo se ho sto lidí.", metadata=Metadata(title="Setkání rodičů 2017", year=2017))
    collection.add("devet", "Mělo sedm workshopů pro děti.", metadata=Metadata(title="Setkání rodičů 2019", year=2019))
    answer = ask(question, answerer=ExtractiveAnswerer(calibration_of=lambda _: UNLEARNT))
    assert answer.status is Status.ANSWERED
    assert {"sedm", "devet"} <= {source.document.id for source in answer.citations}


def test_something_of_an_exact_form_is_found_behind_many_that_lack_it(ask, collection) -> None:
    """Sixteen sentences speak of the centre better than the one that holds its number."""
    known = [f"Telefonní číslo centra zná i {chr(97 + number) * 5}." for number in range(20)]
    collection.add("linka", " ".join([*known, "Do centra volejte 974 211 111."]))
    index = collection.index
    question = "Jaké je telefonní číslo centra?"
    answer = ExtractiveAnswerer().assess(index, Question(question, "cs"), search(index, question))
    assert any("974 211 111" in one.quote for one in answer.selected)


def test_what_a_question_asks_beyond_the_names_in_it_is_looked_for(collection) -> None:
    """Reference: the cosine counted by hand after the part along the name is taken away; without a model all of it."""
    collection.add("a", "Jan Braat poradce.")
    index, text = collection.index, "Co řekl Jan Braat?"
    question = Question(text, "cs")
    found = search(index, text)
    with_model = ExtractiveAnswerer(embed=EMBEDDER.embed_query).assess(index, question, found)
    without = ExtractiveAnswerer().assess(index, question, found)
    assert with_model.signals.beyond == pytest.approx(0.0, abs=0.02)
    assert without.signals.beyond == without.signals.meaning > 0.5


@pytest.mark.parametrize(
    ("question", "told", "is_answered"),
    [
        ("Kolik stojí kurz tance?", "Kurz tance stojí 500 Kč.", True),
        ("Kolik stojí kurz tance?", "Kurz tance se koná každý týden.", False),
        ("Kdo je ředitelem tance?", "Ředitelem tance je Jan Malý.", True),
        ("Kdo je ředitelem tance?", "Ředitelem tance je někdo jiný.", False),
    ],
)
def test_without_the_price_or_the_name_asked_for_nothing_is_answered(
    ask, collection, question, told, is_answered
) -> None:
    """However near the words are, and whatever the probability; with it the same question is answered."""
    collection.add("tanec", told)
    answer = ask(question, answerer=ExtractiveAnswerer(calibration_of=lambda _: UNLEARNT))
    assert (answer.status is Status.ANSWERED) is is_answered


@pytest.mark.parametrize(
    ("told", "is_answered"),
    [
        ("Spolek Javor vede Hana Malá.", True),
        ("Za spolek Javor přijela Hana Malá.\n\nO kus dál vede most přes řeku k mlýnu.", False),
        ("Za spolek Javor přijela Hana Malá.", False),
    ],
)
@pytest.mark.parametrize("question", ["Kdo vede spolek Javor?", "kdo vede spolek javor"])
def test_a_relation_is_told_by_what_is_quoted_and_not_by_another_matter_of_its_passage(
    ask, collection, told, is_answered, question
) -> None:
    """With and without diacritics and capitals; a word of the relation elsewhere in a passage tells of something else."""
    collection.clear()
    collection.add("javor", told)
    unlearnt = ExtractiveAnswerer(calibration_of=lambda _: UNLEARNT)
    assert (ask(question, "cs", unlearnt).status is Status.ANSWERED) is is_answered
