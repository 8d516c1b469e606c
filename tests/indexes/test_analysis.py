"""Do the keys of a text let a query meet the passages it means, whatever their spelling?"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes.analysis import (
    Highlighter,
    analysed_words,
    document_terms,
    fold,
    number_expressions,
    passage_terms,
    query_terms,
    words,
)
from indexes.passage import Passage, passage_id


def shared(first: tuple[str, str], second: tuple[str, str]) -> set[str]:
    """Return the keys that two texts, each with its language, have in common."""
    return set(passage_terms(*first)) & set(passage_terms(*second))


@pytest.mark.parametrize("text", ["1 500", "1.500", "1,500", "1\u00a0500", "1500", "1 500,- Kč", "1.500Kč"])
def test_an_amount_is_one_number_however_it_is_grouped(text: str) -> None:
    """Groups of three digits are joined, whatever separates them."""
    assert "n1500" in passage_terms(text, "cs")


@pytest.mark.parametrize(
    ("text", "key"),
    [("3,5 %", "n3.5"), ("3.50 %", "n3.5"), ("€37 782 466.35", "n37782466.35"), ("007", "n7"), ("10th", "n10")],
)
def test_decimals_and_ordinals_are_numbers_too(text: str, key: str) -> None:
    """A part after the separator is kept unless it has three digits; ordinal endings and leading zeros go."""
    assert passage_terms(text, "en")[0] == key


@pytest.mark.parametrize(
    "text",
    [
        "21. 9. 2021",
        "21.9.2021",
        "21.09.2021",
        "2021-09-21",
        "21. září 2021",
        "21. zari 2021",
        "21 September 2021",
        "21st September 2021",
        "September 21, 2021",
        "Sept. 21, 2021",
    ],
)
def test_a_date_is_one_day_in_both_languages(text: str) -> None:
    """All ways of writing a day share the key of the day, of its month, and of its year."""
    assert {"d2021-09-21", "d2021-09", "n2021", "d09-21"} <= set(passage_terms(text, "cs"))


def test_a_month_with_its_year_meets_the_days_in_it() -> None:
    """A query for "September 2021" finds "21. 9. 2021"."""
    assert "d2021-09" in shared(("September 2021", "en"), ("dne 21. 9. 2021", "cs"))


@pytest.mark.parametrize(
    "text",
    [
        "8. a 9. června 2017",
        "8. a 9. cervna 2017",
        "8.–9. června 2017",
        "8.-9.6.2017",
        "8. až 9. 6. 2017",
        "8./9. června 2017",
        "8. 6. – 9. 6. 2017",
        "8. června až 9. června 2017",
        "8 and 9 June 2017",
        "8th – 9th June 2017",
        "8 to 9 June 2017",
        "June 8–9, 2017",
    ],
)
def test_each_of_two_days_counts(text: str) -> None:
    """A day takes its month and year from the one behind it, in both languages."""
    (date,) = number_expressions(text)
    assert (date.start, date.end) == (0, len(text))
    assert date.keys == ("d2017-06-08", "d2017-06-09", "d2017-06", "n2017", "d06-08", "d06-09")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1. až 3. 5.", ["d05-01", "d05-02", "d05-03"]),
        ("ve dnech 1.-3.5.", ["d05-01", "d05-02", "d05-03"]),
        ("od 1. do 3. května", ["d05-01", "d05-02", "d05-03"]),
        ("May 1–3", ["d05-01", "d05-02", "d05-03"]),
        ("1 until 3 May", ["d05-01", "d05-02", "d05-03"]),
        ("1. a 3. května", ["d05-01", "d05-03"]),
        ("1., 2. a 4. května", ["d05-01", "d05-02", "d05-04"]),
        ("30. dubna až 2. května", ["d04-30", "d05-02"]),
        ("30 April to 2 May", ["d04-30", "d05-02"]),
    ],
)
def test_a_range_holds_the_days_within_it_and_a_list_does_not(text: str, days: list[str]) -> None:
    """Within one month, with a year or without one; of a range over months its ends are keys."""
    assert [key for key in passage_terms(text, "cs") if key[0] == "d"] == days


def test_a_day_meets_the_range_that_holds_it_in_the_other_language() -> None:
    """A query for the middle day finds the range, also where either leaves out the year."""
    assert "d2021-10-12" in shared(("12 October 2021", "en"), ("Konference: 11.–13. října 2021", "cs"))
    assert "d10-12" in shared(("Oct. 12", "en"), ("Konference: 11.–13. října 2021", "cs"))
    assert "d10-12" in shared(("12. 10. 2021", "cs"), ("Conference, 11 to 13 October", "en"))


@pytest.mark.parametrize(
    "text",
    [
        "persons over 18 may",
        "1. 2. 3.",
        "kapitola 3.5.",
        "kapitola 3. 5. 1",
        "od 5. do 8. třídy",
        "8 people",
        "Table 5",
    ],
)
def test_figures_that_name_no_day_are_numbers(text: str) -> None:
    """Without a year it takes the name of a month, or a point, a space and a month in figures."""
    assert not [key for key in passage_terms(text, "en") if key[0] == "d"]


@pytest.mark.parametrize("text", ["sál 3 a 9. června 2021", "8 people and 9 June 2021", "v 10:30 – 9. června 2021"])
def test_a_number_before_a_date_need_be_no_day(text: str) -> None:
    """A count, a room, or a time of day joins no date."""
    assert [key for key in passage_terms(text, "cs") if key.startswith("d2021-06-")] == ["d2021-06-09"]


def test_words_that_look_like_dates_are_left_alone() -> None:
    """A word before a year is a month only when it names one."""
    assert passage_terms("rozpočet 2021", "cs")[-1] == "n2021"


@pytest.mark.parametrize("text", ["15:30", "15.30 hod.", "15.30 h", "15.30 hodin"])
def test_a_time_of_day_is_one_number_and_holds_its_hour(text: str) -> None:
    """The minutes of "15:00" alone are no nought, and who writes "15 hodin" finds it by the hour."""
    assert passage_terms(text, "cs")[:2] == ["n15:30", "n15"]
    assert "n0" not in passage_terms("v 15:00", "cs")
    assert passage_terms("15.30 Kč", "cs")[0] == "n15.3"


@pytest.mark.parametrize("text", ["§ 15a", "§15a", "§\u00a015a", "Section 15a", "section 15(a)", "paragraf 15a"])
def test_a_section_of_an_act_is_one_reference(text: str) -> None:
    """The sign and the words for it share a key with the number."""
    assert "p15a" in passage_terms(text, "en")


def test_an_act_is_found_by_its_number_in_both_languages() -> None:
    """The number of an act and its year stay together, and each can be found alone."""
    assert shared(("zákon č. 326/1999 Sb.", "cs"), ("Act No. 326/1999 Coll.", "en")) == {"n326/1999", "n326", "n1999"}


def test_footnote_marks_and_units_do_not_hide_a_word() -> None:
    """A figure glued to a word, or a unit to a figure, are two words."""
    assert passage_terms("programme2", "en") == ["eprogramm", "n2"]
    assert passage_terms("500Kč", "cs")[0] == "n500"


@pytest.mark.parametrize("form", ["Janouška", "Janouškem", "Janouskovi", "JANOUŠEK"])
def test_inflected_names_meet(form: str) -> None:
    """A surname is found in any case, with or without diacritics."""
    assert shared(("Jan Janoušek", "cs"), (form, "cs"))


@pytest.mark.parametrize(
    ("czech", "english"), [("v Lounech", "Louny"), ("u Janouška", "Janoušek"), ("na Kladně", "Kladno")]
)
def test_an_inflected_czech_name_meets_itself_in_an_english_text(czech: str, english: str) -> None:
    """A capital makes a word a name, and a name gets both analyses; a common word does not."""
    assert shared((czech, "cs"), (english, "en"))
    assert not shared((czech.lower(), "cs"), (english.lower(), "en"))


def test_function_words_stand_for_themselves_so_a_flat_is_no_form_of_to_be() -> None:
    """The verb "být" has a key of its own; "byt" is the flat, typed or meant."""
    assert passage_terms("být byl byt bytu", "cs") == ["c-byt", "c-byl", "cbyt", "cbyt"]


def test_function_words_count_less_unless_there_are_no_others() -> None:
    """In "co je azyl" the asylum decides; "co to je" is looked for all the same."""
    assert [term.weight for term in query_terms("co je azyl", "cs")] == [0.5, 0.5, 1.0]
    assert {term.weight for term in query_terms("co to je", "cs")} == {1.0}


def passage(text: str, *heading: str) -> Passage:
    """Return a Czech passage below headings."""
    return Passage(
        passage_id("pobyt", None, text, 0), "pobyt", text, "cs", heading, None, 0, len(text), ((0, len(text)),)
    )


def test_words_above_a_passage_count_more_than_those_of_its_text() -> None:
    """Twice in the title, three times in a heading."""
    ((body, around),) = document_terms("pobyt", "cs", [passage("Pas.", "doklady", "doklady k pobytu")])
    assert body == passage_terms("Pas.", "cs")
    assert Counter(around) == {"cdoklad": 6, "cpobyt": 2 + 3, "c-k": 3}


def test_both_forms_of_an_abbreviation_stand_for_each_other_in_its_document() -> None:
    """Wherever it is explained, before or after; another document knows nothing of it."""
    uses = passage("Poradna OPU je zdarma.")
    explains = passage("Organizace pro pomoc uprchlíkům (OPU) radí.")
    (_, around), _ = document_terms("zpráva", "cs", [uses, explains])
    assert set(passage_terms("Organizace pro pomoc uprchlíkům", "cs")) <= set(around)
    ((_, alone),) = document_terms("zpráva", "cs", [uses])
    assert alone == passage_terms("zpráva", "cs") * 2


def test_unknown_language_gets_both_analyses_as_alternatives_of_one_word() -> None:
    """Where the language is unknown, each word carries its Czech and its English key."""
    terms = query_terms("integrace migrants", None)
    assert {term.term[0] for term in terms if term.word == 0} == {"c", "e"}
    assert {term.word for term in terms} == {0, 1}


def test_highlights_cover_other_forms_and_keep_their_place() -> None:
    """The words of the query are marked in any inflection, by code points of the text as it stands."""
    text = "Povinnosti cizinců 🙂 podle § 15a."
    terms = [term.term for term in query_terms("cizinec § 15A", "cs")]
    assert [text[start:end] for start, end in Highlighter(terms).spans(text, "cs")] == ["cizinců", "§ 15a"]


def test_the_vocabulary_is_made_of_words_as_written() -> None:
    """Words keep their diacritics; numbers are no words."""
    assert words("Žádost č. 12 v Praze") == ["žádost", "č", "v", "praze"]


@pytest.mark.parametrize(("word", "folded"), [("Žďár", "zdar"), ("ŘEŘICHA", "rericha"), ("Łódź", "lodz"), ("ﬁ", "fi")])
def test_folding_drops_marks_and_case(word: str, folded: str) -> None:
    """Folded words are what an official types without diacritics."""
    assert fold(word) == folded


@given(st.text(max_size=300), st.sampled_from(["cs", "en", "de", None]))
def test_any_text_gives_keys_without_spaces_and_spans_in_order(text: str, language: str | None) -> None:
    """Whatever the text, keys hold no white space, and highlights are sorted, apart, and within the text."""
    terms = passage_terms(text, language)
    assert all(term and not any(char.isspace() for char in term) for term in terms)
    spans = Highlighter(terms).spans(text, language)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))


@pytest.mark.parametrize(
    "query", ["v roce 2021", "21. 9. 2021", "20. září", "1500 Kč", "§ 15a", "kurzy pro cizince", "č. 326/1999 Sb."]
)
def test_highlights_are_those_of_the_whole_analysis(query: str) -> None:
    """Numbers are looked for only where one that is asked for may stand, and none is missed by that."""
    text = "Ve dnech 19. až 21. září 2021 stál kurz pro cizince 1 500 Kč podle § 15a zákona č. 326/1999 Sb.; v roce 2020 kurzy nebyly."
    wanted = {term.term for term in query_terms(query, "cs")}
    reference = {(word.start, word.end) for word in analysed_words(text, "cs") if wanted & set(word.keys)}
    covered = {position for start, end in Highlighter(wanted).spans(text, "cs") for position in range(start, end)}
    assert covered == {position for start, end in reference for position in range(start, end)}
    assert covered
