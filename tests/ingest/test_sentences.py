"""Do sentences end where a reader of Czech or English would end them?"""

from __future__ import annotations

import pytest

from ingest.sentences import split_long, split_sentences

ONE_SENTENCE = [
    "Konference se konala 14. května 2019 v Praze.",
    "Akce proběhla 21. 9. 2021 v Domě národnostních menšin.",
    "Pobyt cizinců upravuje zákon č. 326/1999 Sb., o pobytu cizinců na území České republiky.",
    "Přednášel Mgr. Jan Novák, Ph.D., z Karlovy univerzity.",
    "Specialista J. Janoušek se zúčastnil workshopu (11.-13.10.2021).",
    "Kurz stojí 1.500 Kč, resp. 10.000 Kč ročně.",
    "Podle čl. 5 odst. 2 písm. a) zákona lze žádost podat např. na úřadu.",
    "Organizace s.r.o., a.s., z.s. apod. mohou žádat také.",
    "V hl. m. Praze žije téměř 15 % cizinců.",
    "Karel IV. založil univerzitu ve 14. století.",
    "Prof. Smith of St. Mary's College spoke about e.g. housing and work.",
    "The Act No. 326/1999 Coll. applies to U.S. citizens, too.",
    "Costs rose by 3.5 per cent in 2021.",
    "Zeptal se: „Kde bydlíte?“ a čekal na odpověď.",
    "Viz tab. 3 a obr. 4 na str. 15.",
]

SEVERAL = [
    ("Začátek je v 9 hod. Vstup je volný.", ["Začátek je v 9 hod.", "Vstup je volný."]),
    ("Přišlo 150 lidí. Byli mezi nimi zástupci obcí.", ["Přišlo 150 lidí.", "Byli mezi nimi zástupci obcí."]),
    ("Platí od roku 2022. Praha se připojila.", ["Platí od roku 2022.", "Praha se připojila."]),
    ("Opravdu? Ano! Určitě.", ["Opravdu?", "Ano!", "Určitě."]),
    ("Řekl: „Děkuji.“ Odešel.", ["Řekl: „Děkuji.“", "Odešel."]),
    ("Podle zákona č. 325/1999 Sb. Azyl uděluje ministerstvo.", ["Podle zákona č. 325/1999 Sb.", "Azyl uděluje ministerstvo."]),
    ("Nabízíme kurzy, poradenství atd. Více na webu.", ["Nabízíme kurzy, poradenství atd.", "Více na webu."]),
    ("We met on 8th June. The mayor spoke.", ["We met on 8th June.", "The mayor spoke."]),
    ("He lives in Prague 14. The office is near.", ["He lives in Prague 14.", "The office is near."]),
]  # fmt: skip


@pytest.mark.parametrize("text", ONE_SENTENCE)
def test_abbreviations_ordinals_and_dates_do_not_end_a_sentence(text: str) -> None:
    """A sentence full of stops stays one sentence."""
    assert [text[start:end] for start, end in split_sentences(text)] == [text]


@pytest.mark.parametrize(("text", "expected"), SEVERAL)
def test_sentences_are_parted(text: str, expected: list[str]) -> None:
    """Each sentence comes out whole, with its closing quotation mark."""
    assert [text[start:end] for start, end in split_sentences(text)] == expected


def test_an_empty_text_has_no_sentences() -> None:
    """White space alone is no sentence."""
    assert split_sentences("   ") == []


def test_what_no_sentence_ends_is_cut_between_words_and_an_endless_word_anywhere() -> None:
    """All characters but the blanks at the cuts are kept, and no piece is too long."""
    words = "slovo " * 500
    pieces = split_long(words, 0, len(words), 300)
    assert all(end - start <= 300 for start, end in pieces)
    assert " ".join(words[start:end] for start, end in pieces).split() == words.split()
    endless = "x" * 1000
    assert "".join(endless[start:end] for start, end in split_long(endless, 0, 1000, 300)) == endless
