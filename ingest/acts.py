"""Which acts, European rules and resolutions does a text refer to?"""

from __future__ import annotations

import re
from collections import defaultdict

_CZECH = re.compile(r"(?<![\d/])(\d{1,4}/(?:18|19|20)\d{2})\s?(Sb\.(?:\s?m\.\s?s\.)?|Coll\.)")
_EUROPEAN = re.compile(
    r"(?:směrnic|nařízení|rozhodnutí|directive|regulation|decision)[^.;()]{0,60}?"
    r"((?:\((?:EU|ES|EHS|EC|EEC)\)\s?)?(?:č\.\s?|No\.?\s?)?\d{2,4}/\d{2,4}(?:/(?:EU|ES|EHS|EC|EEC|SVV|JHA))?)(?![\d/]*\s?(?:Sb|Coll))",
    re.IGNORECASE,
)
_RESOLUTION = re.compile(r"(?:usnesení(?:m|ch)? vlády|government resolution)[^;§]{0,40}?\b(?:č\.|No\.?)\s?(\d{1,4}(?:/\d{4})?)", re.IGNORECASE)  # fmt: skip
_SECTION = re.compile(
    r"§{1,2}\s?(\d{1,3}[a-z]{0,2})\b(?:\s(?:odst\.|písm\.|para(?:graph)?\.?)\s?\(?[\da-z]{1,3}\)?,?){0,3}"
    r"(?:\s(?:a násl\.\s)?(?:zákona|vyhlášky|nařízení vlády|of (?:the )?Act)\b[^.;§]{0,60}?(?:č\.|No\.?)?)?\s?$",
    re.IGNORECASE,
)
_MOST_SECTIONS = 10


def referenced_acts(text: str) -> list[str]:
    """Return what a text refers to, each once, in the order of first mention.

    Czech acts are named by number with the sections cited next to them ("326/1999 Sb. (§ 15a, § 42g)"), European rules by
    their number ("2003/109/ES", "(EU) 2016/399"), resolutions of the government as "usnesení vlády č. 595/2022".
    """
    places: dict[str, int] = {}
    sections: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for match in _CZECH.finditer(text):
        name = f"{match[1]} Sb." if match[2] == "Coll." else f"{match[1]} {' '.join(match[2].split())}"
        places.setdefault(name, match.start())
        if section := _section_before(text, match.start()):
            sections[name][section] = None
    for match in _EUROPEAN.finditer(text):
        places.setdefault(_european(match[1]), match.start())
    for match in _RESOLUTION.finditer(text):
        places.setdefault(f"usnesení vlády č. {match[1]}", match.start())
    return [_with_sections(name, list(sections[name])) for name in sorted(places, key=lambda name: places[name])]


def _section_before(text: str, place: int) -> str:
    """Return the section that is cited right before the number of an act, empty where none is."""
    match = _SECTION.search(text[max(place - 120, 0) : place])
    return match[1] if match else ""


def _with_sections(name: str, sections: list[str]) -> str:
    if not sections:
        return name
    return f"{name} ({', '.join(f'§ {section}' for section in sections[:_MOST_SECTIONS])})"


def _european(number: str) -> str:
    return " ".join(re.sub(r"č\.\s?|No\.?\s?", "", number, flags=re.IGNORECASE).split())
