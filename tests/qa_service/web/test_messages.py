"""Do the pages speak both languages completely, with the right forms?"""

from __future__ import annotations

import json
import re
import string
from datetime import date
from pathlib import Path

import pytest

from qa_service.web import messages as room
from qa_service.web.assets import MESSAGES_OF_WIDGET, SCRIPT_MESSAGES
from qa_service.web.messages import Messages, format_date, format_number, messages, plural_category, preferred_language

WEB = Path(room.__file__).parent
CALL = re.compile(r"""\b(?:t|say|tell)\(\s*["'`]([a-z0-9_.]+)(%d|\$\{|["'`]\s*~|["'`])""")
FORMATTED = re.compile(r"""\bt\(f["']([a-z0-9_.]+)\{""")
QUOTED = re.compile(r"""["'`]([a-z]+(?:\.[a-z0-9_]+)+)["'`]""")
CATEGORIES = {"cs": {"one", "few", "many", "other"}, "en": {"one", "other"}}


def sources() -> dict[str, str]:
    """Return the text of every template, script and module of the pages, by path."""
    files = [f for f in WEB.rglob("*") if f.suffix in {".html", ".js", ".py"}]
    return {str(file.relative_to(WEB)): file.read_text(encoding="utf-8") for file in files}


def used_keys(text: str) -> tuple[set[str], set[str]]:
    """Return the message keys and the beginnings of keys put together at run time that a source uses."""
    keys, beginnings = set(QUOTED.findall(text)), set(FORMATTED.findall(text))
    for key, ending in CALL.findall(text):
        (keys if ending in {'"', "'", "`"} else beginnings).add(key)
    return keys, beginnings


def placeholders(message: room.Message) -> set[str]:
    """Return the names in braces of a message, whatever its plural forms."""
    forms = [message] if isinstance(message, str) else list(message.values())
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    """A reader of either language is told the same."""
    czech, english = messages("cs").by_key, messages("en").by_key
    assert list(czech) == list(english)
    assert {key: placeholders(czech[key]) for key in czech} == {key: placeholders(english[key]) for key in english}


@pytest.mark.parametrize("language", room.LANGUAGES)
def test_every_counted_message_has_the_plural_forms_of_its_language(language: str) -> None:
    """1 dokument, 2 dokumenty, 5 dokumentů; 1 document, 2 documents."""
    counted = [forms for forms in messages(language).by_key.values() if not isinstance(forms, str)]
    assert counted
    assert all(set(forms) == CATEGORIES[language] for forms in counted)


def test_every_used_key_exists_and_every_key_is_used() -> None:
    """No page says a raw key, and no message lies about unused."""
    known = set(messages("cs").by_key)
    used, beginnings, missing = set(), set(), {}
    for path, text in sources().items():
        keys, starts = used_keys(text)
        called = {key for key, ending in CALL.findall(text) if ending in {'"', "'", "`"} and "." in key}
        if called - known:
            missing[path] = called - known
        used |= keys
        beginnings |= starts
    assert missing == {}
    assert {b for b in beginnings if not any(key.startswith(b) for key in known)} == set()
    assert {key for key in known if key not in used and not key.startswith(tuple(beginnings))} == set()


@pytest.mark.parametrize(
    ("rooms", "prefixes"),
    [
        (("page/", "viewer/"), SCRIPT_MESSAGES["page"]),
        (("admin/",), SCRIPT_MESSAGES["admin"]),
        (("widget/",), MESSAGES_OF_WIDGET),
    ],
)
def test_scripts_are_given_the_messages_that_they_say(rooms: tuple[str, ...], prefixes: tuple[str, ...]) -> None:
    """All of them, and none for nothing."""
    found = [used_keys(text) for path, text in sources().items() if path.startswith(rooms) and path.endswith(".js")]
    keys = {key for each, _ in found for key in each} & set(messages("cs").by_key)
    beginnings = tuple(start for _, each in found for start in each)
    given = set(messages("cs").starting_with(*prefixes))
    assert keys
    assert keys - given == set()
    assert {key for key in given - keys if not key.startswith(beginnings)} == set()


def test_the_search_for_keys_sees_all_ways_of_writing_one() -> None:
    """Negative control: a planted call is found however it is written."""
    assert used_keys('{{ t("a.b") }}') == ({"a.b"}, set())
    assert used_keys("t('a.b', {count: 1})")[0] == {"a.b"}
    assert used_keys('t("kind." ~ document.kind)')[1] == {"kind."}
    assert used_keys("t(`kind.${kind}`)")[1] == {"kind."}
    assert used_keys('t(f"kind.{value}")')[1] == {"kind."}
    assert used_keys('t("search.example.%d" % n)')[1] == {"search.example."}


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 pasáž"), (2, "2 pasáže"), (4, "4 pasáže"), (5, "5 pasáží"), (0, "0 pasáží"), (22, "22 pasáží")],
)
def test_czech_counts_take_the_right_form(count: int, words: str) -> None:
    """The Czech forms follow the number as a Czech says it."""
    assert messages("cs")("results.count", count=count) == words


def test_plural_categories_are_those_of_the_cldr() -> None:
    """Checked against the cardinal rules of the Unicode CLDR for whole numbers."""
    assert [plural_category("cs", n) for n in (0, 1, 2, 4, 5, 101)] == ["other", "one", "few", "few", "other", "other"]
    assert [plural_category("en", n) for n in (0, 1, 2, 5)] == ["other", "one", "other", "other"]


def test_numbers_and_dates_are_written_as_the_language_writes_them() -> None:
    """A Czech reads 1 500 and 14. 5. 2019 without a line break inside."""
    assert format_number("cs", 1500) == "1\u00a0500"
    assert format_number("en", 1500) == "1,500"
    assert format_date("cs", date(2019, 5, 14)) == "14.\u00a05.\u00a02019"
    assert format_date("en", date(2019, 5, 14)) == "14 May 2019"


def test_a_one_letter_word_never_ends_a_line() -> None:
    """Czech typesetting binds prepositions and conjunctions of one letter to the next word."""
    raw = json.loads((WEB / "shared" / "messages.cs.json").read_text(encoding="utf-8"))
    assert "o integraci" in raw["site.tagline"]
    assert "o\u00a0integraci" in messages("cs")("site.tagline")


def test_an_unknown_key_is_an_error() -> None:
    """A message that is not there never shows as its key."""
    with pytest.raises(KeyError):
        Messages("cs", {})("no.such.key")


@pytest.mark.parametrize(
    ("asked", "accept", "language"),
    [
        ("en", "cs", "en"),
        (None, "en-GB,en;q=0.9,cs;q=0.8", "en"),
        (None, "de, cs;q=0.4, en;q=0.3", "cs"),
        (None, "de", "cs"),
        ("fr", "", "cs"),
        (None, "en;q=0, cs;q=x", "cs"),
        (None, "cs; q=0.8, en ; q = 0.9", "en"),
        (None, "", "cs"),
        (None, "en", "en"),
        (None, "de, en;q=0.5", "en"),
        (None, "en;q=0.1, cs;q=0.2", "cs"),
        (None, "*", "cs"),
    ],
)
def test_the_address_wins_over_the_browser_and_czech_is_the_default(
    asked: str | None, accept: str, language: str
) -> None:
    """The language of a page is remembered in its address, not in a cookie."""
    assert preferred_language(asked, accept) == language
