"""What of a question may be kept? Everything but what points to a person.

Birth numbers, telephone numbers, e-mail addresses, numbers of documents, dates of birth, and names as letters give them
("Jmenuji se ...", "S pozdravem ...", "paní ...") are replaced before anything is stored. Names without such a lead are
left in, since questions name authors, mayors and institutions; the list of gaps shows only what several people asked.
"""

from __future__ import annotations

import re

_NAME = r"[A-ZÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ][\w’'-]+"
_TITLES = r"(?:(?:Mgr|Bc|Ing|PhDr|JUDr|MUDr|RNDr|doc|prof|Dr|Mr|Mrs|Ms)\.?\s+)*"
_NAMES = rf"{_TITLES}{_NAME}(?:\s+{_NAME}){{0,3}}"

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?<!\d)\d{6}\s?/\s?\d{3,4}(?!\d)"), "[rodné číslo]"),
    (
        re.compile(
            r"((?:\bnarozen\w?|\bnar\.|\bdatum narození|\bborn(?: on)?|\bdate of birth)\s*:?\s*)"
            r"(?:\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}|\d{1,2}\.?\s+\w+\s+\d{4}|\w+\s+\d{1,2},?\s+\d{4})",
            re.IGNORECASE,
        ),
        r"\1[datum]",
    ),
    (re.compile(r"(?<![\w/])(?:\+|00)\d{1,3}(?:[\s-]?\d{2,4}){2,4}(?!\d)"), "[telefon]"),
    (re.compile(r"(?<![\d/])\d{3}[\s-]?\d{3}[\s-]?\d{3}(?![\d/])"), "[telefon]"),
    (re.compile(r"(?<!\w)[A-Z]{1,3}\s?\d{6,9}(?!\w)"), "[číslo]"),
    (re.compile(r"(?<!\d)\d{9,}(?!\d)"), "[číslo]"),
    (
        re.compile(
            rf"((?i:\bjmenuji se|\bjmenuju se|\bmé jméno je|\bjá jsem|\bmy name is|\bI am|\bI'm|\bI’m)\s+){_NAMES}"
        ),
        r"\1[jméno]",
    ),
    (
        re.compile(
            rf"((?i:\b(?:s pozdravem|s úctou|srdečně|děkuji|děkuju|díky|regards|sincerely|yours|thank you|thanks))[\s,.!]+){_NAMES}"
        ),
        r"\1[jméno]",
    ),
    (
        re.compile(rf"((?i:\b(?:pan|pán|paní|pana|panu|panem|pane|slečna|slečno|mr|mrs|ms|miss)\.?)\s+){_NAMES}"),
        r"\1[jméno]",
    ),
)
"""Tried in this order: what names a kind of number comes before the bare numbers."""


def scrubbed(text: str) -> str:
    """Return `text` with everything that points to a person replaced by what it was, in square brackets."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
