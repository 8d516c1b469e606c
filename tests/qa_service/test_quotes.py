"""Is a pasted sentence found again, whatever pasting did to it?"""

from __future__ import annotations

import pytest

from qa_service.quotes import locate
from tests.qa_service.answering.collection import TODAY, Collection, search

SENTENCE = "Žádost o „dlouhodobý pobyt“ se podává nejpozději 14. den před uplynutím platnosti průkazu."


NEXT = "Úřad o ní rozhodne do šedesáti dnů od podání."


@pytest.fixture
def index():
    """A report of two pages and a leaflet about something else."""
    collection = Collection()
    collection.add("zprava", "", pages=["Úvodní slovo ředitele úřadu k této zprávě.", f"Lhůty jsou pevné. {SENTENCE}"])
    collection.add("letak", "Kurzy češtiny začínají v září na radnici a jsou zdarma pro všechny nově příchozí.")
    return collection.index


@pytest.mark.parametrize(
    "pasted",
    [
        SENTENCE,
        "Zadost o dlouhodoby pobyt se podava nejpozdeji 14. den pred uplynutim platnosti prukazu",
        'Žádost o "dlouho-\ndobý pobyt" se podává nej\u00adpozději 14. den před uply- nutím platnosti průkazu.',
        "ŽÁDOST O DLOUHODOBÝ POBYT SE PODÁVÁ NEJPOZDĚJI 14. DEN PŘED UPLYNUTÍM PLATNOSTI PRŮKAZU",
        "Žádost o dlouhodobý pobit se podáva nejpozději 14.den před uplynutím platnosti prukazu.",
    ],
)
def test_a_pasted_sentence_leads_to_its_document_and_page(index, pasted) -> None:
    """Without diacritics, hyphenated, with other quotation marks, in capitals, with two slips."""
    places = locate(index, lambda query: search(index, query.text), pasted, TODAY)
    source = places[0].source
    assert source.document.id == "zprava"
    assert (source.pages.first, source.pages.last) == (2, 2)
    assert source.quote == SENTENCE
    assert source.passage.text[source.start : source.end] == source.quote
    assert places[0].similarity >= 0.9


def test_the_same_letters_are_wholly_similar_and_slips_less(index) -> None:
    """The reader can tell a copy from a resemblance."""

    def similarity(text):
        return locate(index, lambda query: search(index, query.text), text, TODAY)[0].similarity

    assert similarity(SENTENCE) == 1.0
    assert similarity(SENTENCE.replace("nejpozději", "nejpozdejc")) < 1.0


@pytest.mark.parametrize(
    "pasted",
    [
        "Žádost o azyl se podává v přijímacím středisku do sedmi dnů od příjezdu.",
        "den",
        "…",
        "Lhůty jsou pevné, ale soudy je často prodlužují a nikdo neví, jak dlouho to potrvá v každém kraji.",
    ],
)
def test_what_stands_nowhere_is_not_found(index, pasted) -> None:
    """Alike subjects, single words, mere signs, and a true beginning with an invented end."""
    assert locate(index, lambda query: search(index, query.text), pasted, TODAY) == ()


def test_text_over_the_end_of_a_passage_leads_to_both_passages() -> None:
    """Each part with its own page; in the order of the document."""
    collection = Collection()
    collection.add_parts("kniha", [f"Lhůty jsou pevné. {SENTENCE}", f"{NEXT} Karta se vydává na dva roky."])
    collection.add("letak", "Kurzy češtiny začínají v září na radnici a jsou zdarma pro všechny nově příchozí.")
    index = collection.index
    places = locate(index, lambda query: search(index, query.text), f"{SENTENCE} {NEXT}", TODAY)
    assert [place.source.quote for place in places] == [SENTENCE, NEXT]
    assert [place.source.number for place in places] == [1, 2]
    assert all(one.source.passage.text[one.source.start : one.source.end] == one.source.quote for one in places)


def test_text_of_which_only_a_part_is_in_the_collection_is_not_found() -> None:
    """Negative control: an invented sentence between two true ones."""
    collection = Collection()
    collection.add_parts("kniha", [f"Lhůty jsou pevné. {SENTENCE}", f"{NEXT} Karta se vydává na dva roky."])
    index = collection.index
    invented = "Soudy ji však nesmějí nikdy prodloužit o více než tři měsíce, a to ani na žádost."
    assert locate(index, lambda query: search(index, query.text), f"{SENTENCE} {invented} {NEXT}", TODAY) == ()
