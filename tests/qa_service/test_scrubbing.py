"""Is everything that points to a person taken out of a question before it is stored, and nothing else?"""

from __future__ import annotations

import pytest

from qa_service.scrubbing import scrubbed


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Moje rodné číslo je 855412/1234, mám nárok?", "Moje rodné číslo je [rodné číslo], mám nárok?"),
        ("rc 855412 / 123 kdy mi konci pobyt", "rc [rodné číslo] kdy mi konci pobyt"),
        ("Volejte +420 777 123 456 prosím", "Volejte [telefon] prosím"),
        ("volejte 777123456", "volejte [telefon]"),
        ("call 00420 777-123-456", "call [telefon]"),
        ("Pište na jan.novak@example.cz", "Pište na [e-mail]"),
        ("Jmenuji se Jan Novák a hledám kurz.", "Jmenuji se [jméno] a hledám kurz."),
        ("My name is Olena Kovalenko, where is a course?", "My name is [jméno], where is a course?"),
        ("Kde je kurz? S pozdravem Mgr. Jana Nováková", "Kde je kurz? S pozdravem [jméno]"),
        ("Dobrý den, paní Nováková z úřadu mě odmítla", "Dobrý den, paní [jméno] z úřadu mě odmítla"),
        ("Můj pas AB1234567 propadl", "Můj pas [číslo] propadl"),
        ("narozena 1. 2. 1990 v Kyjevě", "narozena [datum] v Kyjevě"),
    ],
)
def test_what_points_to_a_person_is_replaced(written, kept) -> None:
    """By the name of what it was."""
    assert scrubbed(written) == kept


@pytest.mark.parametrize(
    "question",
    [
        "Co říká zákon 326/1999 Sb. o pobytu cizinců?",
        "Kolik stojí kurz: 1 500 Kč nebo 2 000 000 korun?",
        "Kdo je Vít Rakušan?",
        "Jaká konference byla 14. května 2019 v Praze 14?",
        "What did the 2017 conference of the IOM recommend?",
        "Jaké je číslo projektu CZ.03.2.60?",
    ],
)
def test_what_questions_are_made_of_stays(question) -> None:
    """Acts, sums, dates, public names and places are no personal data of the asker."""
    assert scrubbed(question) == question
