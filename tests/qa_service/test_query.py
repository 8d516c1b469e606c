"""Is every parameter from outside either understood or refused with what is wrong?"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from corpus.document import DocumentKind
from qa_service.errors import PARAMETER_MESSAGES, InvalidQuery
from qa_service.query import FILTER_NAMES, Query, parse_query


def codes(error: InvalidQuery) -> list[tuple[str, str]]:
    """Return the parameter and code of each problem."""
    return [(problem.parameter, problem.code) for problem in error.errors]


def test_a_query_is_trimmed_composed_and_freed_of_control_characters() -> None:
    """What is searched is what a person sees: one space between words, composed letters, no NUL."""
    query = parse_query("  z\u030cádost\x00 o \n azyl\ud800 ")
    assert query == Query("žádost o azyl")


def test_filters_become_values() -> None:
    """Values repeat for OR, an empty value counts as absent, and equal values count once."""
    given = {
        "kind": ["law", "guide", "law"],
        "source_lang": ["cs", ""],
        "year_from": ["2019"],
        "valid_on": ["2024-02-29"],
    }
    filters = parse_query("x", filters=given).filters
    assert filters.kind == (DocumentKind.LAW, DocumentKind.GUIDE)
    assert filters.source_lang == ("cs",)
    assert (filters.year_from, filters.year_to, filters.valid_on) == (2019, None, date(2024, 2, 29))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"text": None}, [("q", "missing")]),
        ({"text": "  "}, [("q", "empty")]),
        ({"text": "?! ---"}, [("q", "empty")]),
        ({"text": "a" * 501}, [("q", "too_long")]),
        ({"text": "x", "k": 0}, [("k", "out_of_range")]),
        ({"text": "x", "k": "51"}, [("k", "out_of_range")]),
        ({"text": "x", "k": "ten"}, [("k", "not_a_number")]),
        ({"text": "x", "k": "१"}, [("k", "not_a_number")]),
        ({"text": "x", "k": "9" * 5000}, [("k", "not_a_number")]),
        ({"text": "x", "offset": "-1"}, [("offset", "out_of_range")]),
        ({"text": "x", "language": "de"}, [("lang", "not_a_choice")]),
        ({"text": "x", "filters": {"kind": ["poem"]}}, [("kind", "not_a_choice")]),
        ({"text": "x", "filters": {"year_from": ["2020"], "year_to": ["2019"]}}, [("year_from", "years_reversed")]),
        ({"text": "x", "filters": {"year_to": ["2019", "2020"]}}, [("year_to", "repeated")]),
        ({"text": "x", "filters": {"valid_on": ["29. 2. 2024"]}}, [("valid_on", "not_a_date")]),
        ({"text": "x", "filters": {"publisher": ["a" * 201]}}, [("publisher", "value_too_long")]),
        ({"text": "x", "filters": {"document": [str(n) for n in range(51)]}}, [("document", "too_many_values")]),
        ({"text": "x", "filters": {"years_from": ["2020"]}}, [("years_from", "unknown_parameter")]),
        ({"text": "", "k": 99, "language": "xx"}, [("q", "empty"), ("lang", "not_a_choice"), ("k", "out_of_range")]),
    ],
)
def test_what_cannot_be_taken_is_named_all_at_once(arguments: dict[str, object], expected: list[object]) -> None:
    """Each problem has its parameter and code, and a sentence in both languages."""
    with pytest.raises(InvalidQuery) as raised:
        parse_query(**arguments)  # type: ignore[arg-type]
    assert codes(raised.value) == expected
    for problem in raised.value.errors:
        assert problem.message("cs") != problem.message("en")


def test_an_unknown_filter_names_the_known_ones_nearest_first() -> None:
    """A typing error is told with its correction, and a name unlike any with what there is."""
    with pytest.raises(InvalidQuery) as raised:
        parse_query("x", filters={"yearfrom": ["2020"], "wibble": ["1"]})
    typo, other = raised.value.errors
    assert "year_from" in typo.message("cs").partition("první: ")[2].split(", ")[0]
    assert all(name in other.message("en") for name in FILTER_NAMES)


def test_every_message_stands_in_both_languages() -> None:
    """No code lacks a sentence in a language of our readers."""
    assert all(set(messages) == {"cs", "en"} for messages in PARAMETER_MESSAGES.values())


@pytest.mark.shared
@pytest.mark.parametrize("name", ["queries", "naughty_strings"])
def test_hostile_queries_are_parsed_or_refused(shared: Path, name: str) -> None:
    """Nothing that is typed into the search box raises anything but InvalidQuery."""
    file = shared / "data" / "bad-inputs" / "payloads" / f"{name}.jsonl"
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            query = parse_query(json.loads(line)["q"])
        except InvalidQuery as error:
            assert codes(error)[0][0] == "q"
        else:
            assert 1 <= len(query.text) <= 500
