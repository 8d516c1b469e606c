"""Are towns and countries recognised in both languages, inflected, with and without diacritics?"""

from __future__ import annotations

import pytest

from qa_service.answering.places import places


def numbers(text):
    """Return the places of a text by number."""
    return {place.number for place in places(text)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("v Praze", "in Prague"),
        ("v praze", "pražský magistrát"),
        ("z Drážďan", "from Dresden"),
        ("v Brně", "v brne"),
        ("do Vídně", "in Vienna"),
        ("v Libereckém kraji", "Liberec Region"),
        ("ve Spojených státech", "in the USA"),
        ("Vietnamců", "Vietnamese people"),
        ("na Ukrajině", "Ukrainian refugees"),
        ("v Českých Budějovicích", "České Budějovice"),
        ("Ústí nad Labem", "z Ústí nad Labem"),
    ],
)
def test_one_place_has_one_number_whatever_it_is_called(one, other) -> None:
    """Czech cases, adjectives, English names."""
    assert numbers(one) == numbers(other) != set()


def test_a_region_is_not_its_town() -> None:
    """A question about the one is not answered by the other."""
    assert numbers("v Libereckém kraji").isdisjoint(numbers("v Liberci"))


@pytest.mark.parametrize(
    "text",
    ["most people came", "Most people came", "the turkey was good", "individuální plán", "norma", "integrace cizinců"],
)
def test_ordinary_words_are_no_places(text) -> None:
    """Also where they look like one."""
    assert places(text) == ()


def test_offsets_point_to_the_name_as_written() -> None:
    """In code points."""
    text = "Kdo jel z Hradce Králové do Mnichova?"
    assert [text[place.start : place.end] for place in places(text)] == ["Hradce Králové", "Mnichova"]
