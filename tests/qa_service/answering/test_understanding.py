"""Is a question understood by its kind, with and without diacritics, in Czech and English?"""

from __future__ import annotations

import pytest

from indexes.analysis import fold
from qa_service.answering.facts import FactKind
from qa_service.answering.understanding import QuestionKind, is_in_our_languages, question_kind, understand

KINDS = [
    ("What should I do when a new version comes out?", QuestionKind.OPEN),
    ("Since when does it apply?", QuestionKind.WHEN),
    ("Where can I find a doctor who speaks English?", QuestionKind.WHERE),
    ("Komu se hlásí, kde je poradna, a od koho?", QuestionKind.WHO),
    ("Čím se liší azyl od doplňkové ochrany?", QuestionKind.COMPARISON),
    ("Kdo pořádal konferenci?", QuestionKind.WHO),
    ("S kým spolupracuje obec?", QuestionKind.WHO),
    ("Which organisation held the forum?", QuestionKind.WHO),
    ("Kdy začíná projekt?", QuestionKind.WHEN),
    ("Ve kterém roce vznikla koncepce?", QuestionKind.WHEN),
    ("In what year was the centre founded?", QuestionKind.WHEN),
    ("Kolik lidí přišlo?", QuestionKind.HOW_MANY),
    ("Jak dlouho trvá kurz?", QuestionKind.HOW_MANY),
    ("jak siroka je ulice", QuestionKind.HOW_MANY),
    ("Jak daleko je úřad?", QuestionKind.HOW_MANY),
    ("How tall is the palace?", QuestionKind.HOW_MANY),
    ("What share of pupils are foreigners?", QuestionKind.HOW_MANY),
    ("Kde se konalo setkání?", QuestionKind.WHERE),
    ("Ve kterém městě působí?", QuestionKind.WHERE),
    ("Which city hosted the workshop?", QuestionKind.WHERE),
    ("Co je mainstreaming?", QuestionKind.WHAT_IS),
    ("What does mainstreaming mean?", QuestionKind.WHAT_IS),
    ("Jak zapojit rodiče?", QuestionKind.HOW_TO),
    ("How do towns cope?", QuestionKind.HOW_TO),
    ("Které kraje mají strategii?", QuestionKind.LIST),
    ("Which documents describe the role of employers?", QuestionKind.LIST),
    ("Proč obec pořádá kurzy?", QuestionKind.WHY),
    ("Může cizinec volit?", QuestionKind.YES_NO),
    ("Can a migrant association apply?", QuestionKind.YES_NO),
    ("Jak se liší azyl a doplňková ochrana?", QuestionKind.COMPARISON),
    ("Is there a difference between Brno and Prague?", QuestionKind.COMPARISON),
    ("Kdo pořádal konferenci, a kdy?", QuestionKind.WHEN),
    ("integrace cizinců", QuestionKind.OPEN),
]


@pytest.mark.parametrize(("question", "kind"), KINDS)
def test_the_kind_is_that_of_the_question_word(question, kind) -> None:
    """Also typed without diacritics; of two parts the second one decides."""
    assert question_kind(question) is kind
    bare = "".join(fold(char) if char.isalpha() else char for char in question)
    assert question_kind(bare) is kind


def test_words_that_only_ask_carry_no_meaning() -> None:
    """What is left is what evidence should say."""
    words = understand("Kolik lidí se zúčastnilo konference v roce 2019?", "cs").words
    assert [word.surface for word in words] == ["lidí", "zúčastnilo", "konference", "2019"]


def test_the_words_of_taking_place_or_part_carry_no_meaning() -> None:
    """Evidence says it otherwise; a part and a place by themselves are meant."""
    assert [word.surface for word in understand("Who took part in the trip?", "en").words] == ["trip"]
    assert [word.surface for word in understand("Which part of the city?", "en").words] == ["part", "city"]


def test_particular_things_are_named_with_their_kind() -> None:
    """Places without a capital letter too; the home of the collection narrows nothing."""
    named = understand("kdy byl v brne Jan Novák z MHMP, 2019, v České republice, 15 lidí?", None).named
    assert [(one.text, one.kind) for one in named] == [
        ("brne", FactKind.PLACE),
        ("Jan Novák", FactKind.NAME),
        ("MHMP", FactKind.NAME),
        ("2019", FactKind.YEAR),
        ("15", FactKind.NUMBER),
    ]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Co zkoumal Sociologický ústav?", "Sociologický ústav"),
        ("Kdo napsal Migrační manifest?", "Migrační manifest"),
        ("Kdo vede organizaci META v Praze?", "META"),
    ],
)
def test_a_name_of_an_adjective_has_its_noun(question, name) -> None:
    """Czech writes a capital letter in its first word alone."""
    assert understand(question, "cs").named[0].text == name


def test_a_month_of_a_year_is_one_thing() -> None:
    """So "v květnu 2018" is not spoken of where May is of 2019 and 2018 of another month."""
    named = understand("Kdo převzal záštitu nad konferencí v květnu 2018?", "cs").named
    assert [(one.text, one.kind) for one in named] == [("květnu 2018", FactKind.DATE)]


@pytest.mark.parametrize(
    "text", ["Kde je kurz?", "Where is it?", "kde je", "Kto organizoval konferenciu?", "AMIF 2019"]
)
def test_our_languages_and_short_questions_are_taken(text) -> None:
    """Too short to tell is no reason to refuse."""
    assert is_in_our_languages(text)


@pytest.mark.parametrize("text", ["Де відбулася конференція?", "会議はどこで開催されましたか"])
def test_other_scripts_are_not(text) -> None:
    """Nothing here is written in them."""
    assert not is_in_our_languages(text)
