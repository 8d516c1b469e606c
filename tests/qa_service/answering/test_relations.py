"""Is it seen where a text tells nothing of what a question asks about the things it speaks of?"""

from __future__ import annotations

import pytest

from indexes.analysis import fold
from qa_service.answering.relations import is_over, untold
from qa_service.answering.understanding import understand

UNTOLD = [
    ("Kdo přeložil příručku pro obce?", "Příručku pro obce vydala nadace v roce 2020."),
    ("Who translated the handbook?", "Příručku pro obce vydala nadace v roce 2020."),
    ("Kdo vede spolek Most?", "Spolek Most zve na setkání sousedů."),
    ("Kdo zaplatil studijní cestu?", "Studijní cesta vedla do Vídně a trvala tři dny."),
    ("Kdy vznikl spolek Most?", "Spolek Most pořádal setkání 3. května 2019."),
    ("Where did Jana Nová study?", "Jana Nová works for the city of Brno."),
    ("How many foreigners live in Brno?", "Do Brna přijelo 120 cizinců na konferenci."),
]
TOLD = [
    ("Kdo přeložil příručku pro obce?", "The handbook was translated by the foundation."),
    ("Who leads the association?", "Starostkou spolku je Jana Nová."),
    ("Who is the director of the office?", "Ředitelkou úřadu je Jana Nová."),
    ("Kdo zaplatil studijní cestu?", "The trip was funded by the European Union."),
    ("Kdy vznikl spolek Most?", "The association was set up in 2011."),
    ("Kde studovala Jana Nová?", "Jana Nová is a graduate of Masaryk University."),
    ("Kolik obyvatel má Brno?", "V Brně je 400 tisíc lidí."),
    ("How many foreigners live in Brno?", "Brno má 30 000 obyvatel cizí národnosti."),
    ("Kolik cizinců žije v Brně?", "V Brně je evidováno 30 000 cizinců."),
    ("Kdo řídí integraci v obci?", "Integraci má na starosti odbor školství."),
    ("Kdy končí dočasná ochrana?", "Dočasná ochrana trvá do března příštího roku."),
    ("When did the project end?", "The project ran from May to August."),
    ("Jak získat trvalý pobyt?", "Formulář podáte po pěti letech."),
    ("Kde si prodloužím kartu?", "S kartou zajděte na pracoviště, kde podáte žádost."),
    ("Kdo mluvil o městě Mechelen?", "Prezentace hostů: Jana Nová, město Mechelen"),
    ("Kdo hradí kurz češtiny?", "Kurz je pro cizince zdarma."),
    ("Who pays for the course?", "Kurz je bezplatný."),
    ("Jaká je pokuta za práci načerno?", "Za přestupek hrozí až 100 000 Kč."),
]
NOT_ASKED = [
    ("Kde se konala konference?", "Konference se konala v Brně."),
    ("Jak dlouho platí vízum?", "Vízum má platnost 90 dnů."),
    ("Od kdy platí zákon?", "Zákon nabyl účinnosti v lednu."),
    ("Kolik zaplatím za kartu?", "Poplatek je 2 500 Kč."),
    ("Co vede cizince k odchodu?", "Důvodem odchodu je drahota."),
    ("What led to the rise of migration?", "It was caused by the war."),
    ("Whom did people on the study trip meet?", "They met the minister."),
    ("Is the director a woman?", "The office has five rooms."),
    ("Co nabízí Sdružení tlumočníků?", "Sdružení pořádá kurzy."),
    ("What do the Founders of Hope offer?", "They offer courses."),
]


@pytest.mark.parametrize(("question", "text"), UNTOLD)
def test_a_relation_of_which_a_text_says_no_word_is_untold(question, text) -> None:
    """However much is said of the very thing; in both languages, across them, and without diacritics."""
    assert untold(understand(question, None), text)
    assert untold(understand("".join(fold(char) if char.isalpha() else char for char in question), None), text)


@pytest.mark.parametrize(("question", "text"), TOLD)
def test_a_relation_may_be_told_in_other_words_of_either_language(question, text) -> None:
    """A founder was one who set something up, and a graduate has studied."""
    assert not untold(understand(question, None), text)


@pytest.mark.parametrize(("question", "text"), NOT_ASKED)
def test_where_no_relation_is_asked_for_none_is_untold(question, text) -> None:
    """Other questions, a yes or a no, and words that are part of a name."""
    assert not untold(understand(question, None), text)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Kdy bude další fórum?", "Fórum proběhlo 21. září 2021.", True),
        ("kdy bude dalsi forum", "Fórum proběhlo 21. září 2021.", True),
        ("When will the forum be held?", "Fórum proběhlo 21. září 2021.", True),
        ("When is the next forum?", "The forum took place in 2019 and 2021.", True),
        ("Kdy bude další fórum?", "Fórum se sejde 21. září 2026.", False),
        ("Kdy bude další fórum?", "Fórum se schází v září.", False),
        ("Kdy bude projekt končit?", "Projekt začal v roce 2020 a končit bude v roce 2022.", False),
        ("Kdy bylo fórum?", "Fórum proběhlo 21. září 2021.", False),
        ("When was the next forum?", "The next forum took place in 2021.", False),
        ("Kdo bude na fóru?", "Na fóru 2021 byla Jana Nová.", False),
        ("Kdy mi bude vyplacena dávka?", "Podle zákona č. 117/1995 Sb. se dávka vyplácí do konce měsíce.", False),
        ("When will the benefit be paid?", "Under Act No. 117/1995 Coll. it is paid by the end of the month.", False),
        ("Kdy bude vyplacen příspěvek?", "Příspěvek 2000 Kč se vyplácí do konce měsíce.", False),
        ("Kdy bude setkání?", "Setkání podle zákona č. 117/1995 Sb. se konalo 3. 5. 2018.", True),
        ("When is the next meeting?", "The last one was on 3/5/2018.", True),
    ],
)
def test_what_is_over_does_not_tell_when_something_is_to_come(question, text, expected) -> None:
    """Unless it spoke of what was to come itself; where no year is named, it may well."""
    assert is_over(understand(question, None), text, 2026) is expected
