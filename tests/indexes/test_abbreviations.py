"""Are abbreviations understood where a document explains them, and nowhere else?"""

from __future__ import annotations

import pytest

from indexes.analysis import passage_terms
from indexes.analysis.abbreviations import Abbreviation, explained_abbreviations, missing_forms


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Pomáhá i Organizace pro pomoc uprchlíkům (OPU).", "OPU", "Organizace pro pomoc uprchlíkům"),
        ("Podle Ministerstva práce a sociálních věcí (MPSV) ano.", "MPSV", "Ministerstva práce a sociálních věcí"),
        ("žáci s odlišným mateřským jazykem (OMJ)", "OMJ", "odlišným mateřským jazykem"),
        ("Česká školní inspekce (ČŠI)", "ČŠI", "Česká školní inspekce"),
        ("the Asylum, Migration and Integration Fund (AMIF)", "AMIF", "Asylum, Migration and Integration Fund"),
    ],
)
def test_initials_in_brackets_stand_for_the_words_before_them(text: str, short: str, long: str) -> None:
    """In both languages, inflected, with function words that have no letter."""
    assert [(found.short, found.long) for found in explained_abbreviations(text, None)] == [(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "Přijela z Lvova (UA) s dětmi.",
        "Kurz (A1) je zdarma.",
        "Úřad vysokého komisaře (UNHCR)",
        "Obec (viz) platí.",
        "Je tu Petr. Obec Mníšek (POM)",
    ],
)
def test_other_brackets_explain_nothing(text: str) -> None:
    """Letters that are not the initials of the words before them, in the same sentence."""
    assert list(explained_abbreviations(text, "cs")) == []


def test_a_passage_gets_the_form_that_it_lacks() -> None:
    """The long form for the short one and the other way round, in any inflection; nothing where it has both or none."""
    known = [Abbreviation("OPU", "Organizace pro pomoc uprchlíkům", "cs")]
    assert missing_forms("Poradna OPU je zdarma.", "cs", known) == passage_terms(known[0].long, "cs")
    assert missing_forms("Sídlo Organizace pro pomoc uprchlíkům", "cs", known) == passage_terms("OPU", "cs")
    assert missing_forms("Organizaci pro pomoc uprchlíkům (OPU)", "cs", known) == []
    assert missing_forms("Organizace, která nabízí pomoc", "cs", known) == []
