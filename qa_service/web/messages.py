"""What do the pages say, and in which words? Messages, plural forms, numbers and dates in Czech and English."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

LANGUAGES = ("cs", "en")
"""Czech first: it is the language of a reader of whom we know nothing."""

FOLDER = Path(__file__).parent / "shared"
NO_BREAK_SPACE = "\u00a0"
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

Message = str | Mapping[str, str]
"""A sentence with `{placeholders}`, or one for each plural category of its `{count}`."""

_SINGLE_LETTER_WORD = re.compile(r"(?<!\w)([AIKOSUVZaikosuvz]) (?=\S)")


def plural_category(language: str, count: int) -> str:
    """Return the plural category of a whole number: `one`, `few` or `other` (Unicode CLDR, cardinal rules of cs, en).

    The browser's Intl.PluralRules gives the same for whole numbers; `many` is for fractions, which nothing here counts.
    """
    if count == 1:
        return "one"
    return "few" if language == "cs" and count in (2, 3, 4) else "other"


def format_number(language: str, number: int) -> str:
    """Return a whole number with its thousands set apart: by a no-break space in Czech, by a comma in English."""
    separated = f"{number:,}"
    return separated.replace(",", NO_BREAK_SPACE) if language == "cs" else separated


def format_date(language: str, day: date) -> str:
    """Return a date as it is written out: `14. 5. 2019` in Czech, `14 May 2019` in English."""
    if language == "cs":
        return NO_BREAK_SPACE.join((f"{day.day}.", f"{day.month}.", str(day.year)))
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"


@dataclass(frozen=True, slots=True)
class Messages:
    """All messages of one language: call it with a key and the values of the placeholders."""

    language: str
    by_key: Mapping[str, Message]

    def __call__(self, key: str, **values: object) -> str:
        """Return the message in words, `count` choosing the plural form. Raises KeyError for an unknown key."""
        message = self.by_key[key]
        count = values.get("count")
        form = "" if isinstance(message, str) else plural_category(self.language, int(str(count)))
        pattern = message if isinstance(message, str) else message[form]
        return pattern.format(**{name: self._shown(value) for name, value in values.items()})

    def __contains__(self, key: str) -> bool:
        """Tell whether there is a message under the key."""
        return key in self.by_key

    def starting_with(self, *prefixes: str) -> dict[str, Message]:
        """Return the messages whose keys begin with one of the prefixes: what one script needs."""
        return {key: message for key, message in self.by_key.items() if key.startswith(prefixes)}

    def _shown(self, value: object) -> str:
        return format_number(self.language, value) if isinstance(value, int) else str(value)


@cache
def messages(language: str) -> Messages:
    """Return the messages of a language, read once. Raises FileNotFoundError for a language without a file."""
    by_key = json.loads((FOLDER / f"messages.{language}.json").read_text(encoding="utf-8"))
    if language == "cs":
        by_key = {key: _bind_short_words(message) for key, message in by_key.items()}
    return Messages(language, by_key)


def _bind_short_words(message: Message) -> Message:
    """Return the message with no line break after one-letter words, as Czech typesetting asks (ČSN 01 6910)."""
    if isinstance(message, str):
        return _SINGLE_LETTER_WORD.sub(rf"\1{NO_BREAK_SPACE}", message)
    return {category: str(_bind_short_words(text)) for category, text in message.items()}


def preferred_language(asked: str | None, accept_language: str) -> str:
    """Return `cs` or `en`: the one asked for, else the one that an Accept-Language header prefers, else Czech.

    Weights count as in RFC 9110, section 12.5.4.
    """
    if asked in LANGUAGES:
        return str(asked)
    preferred, weight_of_preferred = LANGUAGES[0], 0.0
    for part in accept_language.split(","):
        tag, _, parameters = part.partition(";")
        language, weight = tag.strip().lower().split("-")[0], _weight(parameters)
        if language in LANGUAGES and weight > weight_of_preferred:
            preferred, weight_of_preferred = language, weight
    return preferred


def _weight(parameters: str) -> float:
    """Return the weight of a language, 0..1; one whose weight cannot be read is not asked for."""
    name, _, value = parameters.partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
