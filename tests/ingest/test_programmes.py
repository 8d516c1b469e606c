"""Is it found which programme paid, and not taken for one what is only spoken about?"""

from __future__ import annotations

import pytest

from ingest.programmes import paying_programmes


@pytest.mark.parametrize(
    ("text", "programmes"),
    [
        ("Projekt je spolufinancován z Azylového, migračního a integračního fondu.", ["AMIF"]),
        ("The project was co-financed by the European Union programme Erasmus+.", ["Erasmus+"]),
        ("Podpořeno z Evropského sociálního fondu plus a OPZ+.", ["ESF+", "OPZ+"]),
        ("Financováno z Operačního programu Zaměstnanost.", ["OPZ"]),
        (
            "Supported by a grant from Iceland, Liechtenstein and Norway through EEA and Norway Grants.",
            ["Fondy EHP", "Norské fondy"],
        ),
        ("Kapitola popisuje, co je AMIF.", []),
        ("Obec otevřela poradnu.", []),
    ],
)
def test_a_programme_counts_where_it_pays(text: str, programmes: list[str]) -> None:
    """By abbreviation or by full name, in the case that the sentence asks for."""
    assert paying_programmes(text) == programmes
