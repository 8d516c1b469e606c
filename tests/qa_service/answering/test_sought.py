"""Is it known what sort of thing an answer must hold, and whether a sentence holds one that the question does not?"""

from __future__ import annotations

import pytest

from indexes.analysis import fold
from qa_service.answering.sought import LIKELY, POSSIBLE, SURE, Sought, fits, sought
from qa_service.answering.understanding import understand

SORTS = [
    ("Kdo uvítal účastníky?", Sought.PERSON),
    ("Která organizace pořádala fórum?", Sought.BODY),
    ("Which organisations took part?", Sought.BODY),
    ("Jakou funkci měla Anca Covrigová?", Sought.OFFICE),
    ("What is Jan's position?", Sought.OFFICE),
    ("Kdy se konala konference?", Sought.DATE),
    ("Kde se konala konference?", Sought.PLACE),
    ("Kolik lidí přišlo?", Sought.NUMBER),
    ("Kolik stojí kurz češtiny?", Sought.MONEY),
    ("Jaký je rozpočet projektu?", Sought.MONEY),
    ("How much is the allowance?", Sought.MONEY),
    ("Jak dlouho trvá kurz?", Sought.DURATION),
    ("Kolik dní trval workshop?", Sought.DURATION),
    ("How long may it last?", Sought.DURATION),
    ("Jaký je podíl cizinců v Praze?", Sought.SHARE),
    ("What share of pupils are foreigners?", Sought.SHARE),
    ("Jaké je telefonní číslo na policii?", Sought.PHONE),
    ("What is the phone number of the centre?", Sought.PHONE),
    ("Na jaký e-mail se mám hlásit?", Sought.EMAIL),
    ("What are the opening hours?", Sought.HOURS),
    ("Jaká je adresa centra?", Sought.ADDRESS),
    ("On what day of the week was it?", Sought.WEEKDAY),
    ("Co je mainstreaming?", Sought.DEFINITION),
    ("Jaký je plat interkulturního pracovníka?", Sought.MONEY),
    ("What is the salary of a coordinator?", Sought.MONEY),
    ("Jak starý je Jan Janoušek?", Sought.AGE),
    ("How old is Jan Janoušek?", Sought.AGE),
    ("Kolik let se tím zabývá?", Sought.DURATION),
    ("Kdo je Anca Covrigová?", Sought.OFFICE),
    ("Kdo je primátorem Prahy?", Sought.HOLDER),
    ("Who is the mayor of Prague?", Sought.HOLDER),
    ("Who is the prime minister?", Sought.HOLDER),
    ("Jak se jmenuje ministryně pro integraci v Sasku?", Sought.HOLDER),
    ("What is the name of the mayor of Utrecht?", Sought.HOLDER),
    ("Jak se jmenuje projekt?", None),
    ("Which German city hosted it?", Sought.PLACE),
    ("Které město hraje stejnou roli?", Sought.PLACE),
    ("Which cities took part?", None),
    ("Jak zapojit rodiče?", None),
    ("Jak často se scházejí?", None),
    ("How do cities address integration?", None),
    ("Did they share their experience?", None),
    ("Kolik lidí platí pojištění?", Sought.NUMBER),
]


@pytest.mark.parametrize(("question", "sort"), SORTS)
def test_the_sort_of_thing_is_that_of_the_question(question, sort) -> None:
    """Also typed without diacritics."""
    assert sought(understand(question, None)) is sort
    bare = "".join(fold(char) if char.isalpha() else char for char in question)
    assert sought(understand(bare, None)) is sort


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Kdo je uvítal?", "Uvítal je Pavel Čižinský.", SURE),
        ("Kdo je uvítal?", "Uvítalo je Ministerstvo vnitra.", LIKELY),
        ("Kdo je uvítal?", "Uvítal je starosta.", POSSIBLE),
        ("Kdo je uvítal?", "Bylo to milé setkání.", 0.0),
        ("Kdo mluvil za Brno Expat Centre?", "Mluvilo také Brno Expat Centre.", 0.0),
        ("Kdy byla konference?", "Bylo to 14. května 2019.", SURE),
        ("Kdy byla konference v roce 2019?", "Konference v roce 2019 měla úspěch.", 0.0),
        ("Kolik lidí přišlo?", "Přišlo sto padesát lidí.", SURE),
        ("Kolik lidí přišlo?", "Bylo to 14. května 2019.", 0.0),
        ("Kolik stojí kurz?", "Kurz stojí 500 Kč.", SURE),
        ("Kolik stojí kurz?", "Kurz je zdarma.", SURE),
        ("Kolik stojí kurz?", "Kurz má 500 hodin.", 0.0),
        ("Jaký je podíl cizinců?", "Cizinci tvoří 15 % obyvatel.", SURE),
        ("Jaký je podíl cizinců?", "Cizinců je 15.", 0.0),
        ("Jak dlouho trvá kurz?", "Kurz trvá čtyři hodiny.", SURE),
        ("Jak dlouho trvá kurz?", "Setkání bylo celodenní.", SURE),
        ("Jak dlouho trvá kurz?", "Kurz má čtyři lektory.", 0.0),
        ("Jak dlouhý může být dotaz?", "Dotaz má nejvýš 500 znaků.", SURE),
        ("Jaké telefonní číslo má policie?", "Volejte 974 211 111.", SURE),
        ("Jaké telefonní číslo má policie?", "Zákon č. 326/1999 Sb.", 0.0),
        ("Na jaký e-mail psát?", "Pište na info@example.org.", SURE),
        ("Kdo přišel?", "Přišlo Brno Expat Centre.", LIKELY),
        ("Kdo přišel?", "Bylo to v Clam-Gallasově paláci.", 0.0),
        ("Jaká je adresa centra?", "Centrum sídlí v Praze, Žitná ulice 51, 110 00.", SURE),
        ("Jaká je adresa centra?", "Centrum je v pramenech třikrát.", 0.0),
        ("Kolik publikací má sbírka?", "Sbírka má nejméně čtrnáct krátkých publikací.", SURE),
        ("Kolik publikací má sbírka?", "Publikace čerpají z pěti textů.", POSSIBLE),
        ("Kolik částí má koordinátora?", "Mluvila Praha 14 a Praha 7.", 0.0),
        ("Kolik lidí přišlo?", "Přišlo jich téměř sto padesát.", SURE),
        ("How many people came?", "Dorazilo 150 účastníků.", SURE),
        ("How many people came?", "Bylo tam sedm workshopů.", POSSIBLE),
        ("Co je mainstreaming?", "Mainstreaming znamená přirozené začleňování.", SURE),
        ("Co je mainstreaming?", "Příručka o mainstreamingu vyšla loni.", 0.0),
        ("What is Eurocities?", "Eurocities, an international network of cities, runs it.", SURE),
        ("What is Eurocities?", "Díky projektům sítě Eurocities je Praha vidět i v zahraničí.", 0.0),
        ("Co znamená SIMI?", "Zkratka: SIMI; Význam: Sdružení pro integraci a migraci", SURE),
        ("Kolik setkání stála?", "Žádný z textů neuvádí, kolik setkání stála.", POSSIBLE),
        ("Kolik setkání stála?", "Setkání se povedla.", 0.0),
        ("Který den v týdnu to bylo?", "Bylo to v úterý 21. září.", SURE),
        ("Kde se konala?", "Konala se v Kaiserštejnském paláci.", SURE),
        ("Kde v Praze se konala?", "Konala se v Praze.", 0.0),
        ("Jak starý je Jan?", "Jan se narodil v Brně.", SURE),
        ("How old is Jan?", "Jan is 40 years old.", SURE),
        ("How old is Jan?", "Jan came in the year 2019.", 0.0),
        ("Kdo je starostou Kolína?", "Starostou Kolína je Vít Rakušan.", SURE),
        ("Kdo je starostou Kolína?", "Kolín má dobrého ředitele.", 0.0),
        ("Kdo je ministr vnitra?", "Přišel i úřad Refugee Facilities Administration a skupina Viet Up.", 0.0),
        ("Kdo je ministr vnitra?", "Mluvil Vít Rakušan.", 0.0),
        ("Kdo je ministr vnitra?", "Mluvil ministr Vít Rakušan.", SURE),
        ("Kdo je primátor Brna?", "Mluvil starosta Kolína Vít Rakušan a Jan Kopkáš (Brno Expat Centre).", 0.0),
        ("Kdo je starosta Kolína?", "Mluvil starosta Kolína Vít Rakušan a Jan Kopkáš (Brno Expat Centre).", SURE),
        ("kdo je primatorka brna", "Za Brno mluvila primátorka Markéta Vaňková, za Kolín starosta Vít Rakušan.", SURE),
        ("Who is the mayor of Utrecht?", "Jan Braat met the mayor of the city of Kolín, Vít Rakušan.", 0.0),
        ("Who is the mayor of Kolín?", "Jan Braat met the mayor of the city of Kolín, Vít Rakušan.", SURE),
        ("Kdo je ředitelem centra?", "The centre is headed by Jana Nová.", SURE),
        ("Jak se jmenuje ministryně pro integraci?", "Setkali se s ministryní pro integraci.", 0.0),
        ("Co je kurz češtiny?", "Pramen je služba nad literaturou v češtině.", 0.0),
        ("Co je kurz češtiny?", "Je to výuka pro začátečníky.", SURE),
        ("Kde se přihlásím?", "Zájemcům z českých samospráv nabídla SIMI dvě cesty.", 0.0),
        ("Co?", "Cokoli.", 0.0),
    ],
)
def test_only_what_the_question_does_not_say_answers_it(question, sentence, expected) -> None:
    """A sentence that repeats the names and years of the question holds nothing new."""
    assert fits(understand(question, "cs"), sentence) == expected


def test_what_has_a_form_of_its_own_is_exact() -> None:
    """A text without digits and @ holds no address; one without a capital letter may still name somebody."""
    assert {sort for sort in Sought if not sort.is_exact} == {
        Sought.OFFICE,
        Sought.BODY,
        Sought.PERSON,
        Sought.PLACE,
        Sought.DEFINITION,
    }


@pytest.mark.parametrize("question", ["Smí být ve sbírce e-mailové adresy?", "Do the texts say how much it cost?"])
def test_a_question_for_a_yes_or_a_no_wants_nothing_of_a_sort(question) -> None:
    """Whatever it speaks of: "Žádný z textů neuvádí, kolik setkání stála" answers it."""
    assert sought(understand(question, None)) is None
