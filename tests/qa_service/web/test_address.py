"""Is every state of the search page an address?"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import ValidationError

from qa_service.api.inputs import AnswerInput
from qa_service.web.address import read_address

PAIRS = [
    ("q", " kurzy češtiny "), ("kind", "guide"), ("kind", "report"), ("kind", "guide"), ("year_from", "2019"),
    ("without", "Czech course"), ("publisher", ""), ("unknown", "x"), ("offset", "10"),
]  # fmt: skip


def pairs(address: str) -> list[tuple[str, str]]:
    """Return the parameters of an address."""
    return parse_qsl(urlsplit(address).query)


def test_empty_foreign_and_repeated_parameters_are_left_out() -> None:
    """What the page passes on is what a reader chose, once."""
    address = read_address(PAIRS, "cs")
    assert address.search_parameters() == (
        ("q", "kurzy češtiny"), ("k", "10"), ("kind", "guide"), ("kind", "report"), ("without", "Czech course"),
        ("year_from", "2019"), ("offset", "10"),
    )  # fmt: skip


def test_reading_the_link_of_an_address_gives_the_address_back() -> None:
    """A state that is shared or reloaded is the same state."""
    address = read_address(PAIRS, "en")
    again = read_address(pairs(address.link(offset="10")), "en")
    assert again == address


def test_another_question_starts_at_the_first_hit_and_keeps_the_filters() -> None:
    """Following a suggestion keeps what was chosen."""
    link = read_address(PAIRS, "cs").link(question="kurz")
    assert ("q", "kurz") in pairs(link)
    assert ("kind", "guide") in pairs(link)
    assert "offset" not in dict(pairs(link))


def test_a_term_can_be_taken_back_and_brought_back() -> None:
    """The chip of an also-searched term is a link in both directions."""
    address = read_address([("q", "kurz")], "cs")
    without = address.with_value("without", "course")
    assert ("without", "course") in pairs(without)
    assert read_address(pairs(without), "cs").without_value("without", "course") == address.link()


def test_the_filters_of_a_question_are_those_of_the_search() -> None:
    """Answer and passages are narrowed alike."""
    assert read_address(PAIRS, "cs").filters() == {"kind": ["guide", "report"], "year_from": 2019}


def test_the_api_takes_the_filters_of_every_address() -> None:
    """A year of the address is a number in the body; what is no year is for the API to refuse, in its words."""
    every = [("q", "kurz"), ("document", "a"), ("year_from", "2019"), ("year_to", "2021"), ("valid_on", "2020-05-14")]
    question = AnswerInput.model_validate({"question": "kurz", "filters": read_address(every, "cs").filters()})
    assert question.filters is not None and question.filters.year_to == 2021
    wrong = read_address([("q", "kurz"), ("year_from", "dva tisíce")], "cs")
    with pytest.raises(ValidationError):
        AnswerInput.model_validate({"question": "kurz", "filters": wrong.filters()})


@pytest.mark.parametrize("written", ["14. 5. 2020", "14.5.2020", "14.\u00a05.\u00a02020", "2020-05-14"])
def test_a_day_may_be_written_in_czech(written: str) -> None:
    """It is searched, shared and asked in the international form."""
    address = read_address([("q", "kurz"), ("valid_on", written)], "cs")
    assert address.filters() == {"valid_on": "2020-05-14"}
    assert ("valid_on", "2020-05-14") in pairs(address.link())


def test_a_day_that_is_none_is_left_for_the_search_to_refuse() -> None:
    """Nothing is guessed."""
    assert read_address([("q", "kurz"), ("valid_on", "31. 2. 2020")], "cs").values("valid_on") == ["31. 2. 2020"]


def test_what_was_said_stays_with_the_question_that_says_it_in_full() -> None:
    """Paging and filters keep it; another question and taking it at its word do not."""
    address = read_address([("q", "Kdo platí koordinátora v Brně?"), ("said", "A v Brně?")], "cs")
    assert dict(pairs(address.link(offset="10")))["said"] == "A v Brně?"
    assert dict(pairs(address.with_value("without", "x")))["said"] == "A v Brně?"
    assert "said" not in dict(pairs(address.link(question=address.said)))
