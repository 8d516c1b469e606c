"""From when and until when is a document valid, as far as it says so itself?"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.dates import first_date

_FROM = re.compile(
    r"(?:(?:s\s)?(?:platnost|účinnost)\w*\s(?:ode dne|od|dnem|nabývá dne)|nabývá\s(?:platnosti|účinnosti)(?:\sdnem|\sdne|\sod)?|"
    r"\bplat(?:í|n[ýáé])\sod|účinn[ýáé]\sod|(?:platnost|účinnost):(?:\sod)?|valid(?:ity)?:?\s(?:from|since)|in force\s(?:from|since)|"
    r"effective:?\s(?:from|as of|since)|(?:enters|comes)\sinto\sforce\son|takes\seffect\son|validity:)(?:\sdne)?:?",
    re.IGNORECASE,
)
_TO = re.compile(
    r"(?:(?:s\s)?(?:platnost|účinnost)\w*\sdo|\bplat(?:í|n[ýáé])\sdo|účinn[ýáé]\sdo|pozbývá\s(?:platnosti|účinnosti)(?:\sdnem|\sdne)?|"
    r"valid(?:ity)?:?\s(?:until|till|to|through)|in force\suntil|expires\son|effective:?\suntil)(?:\sdne)?:?",
    re.IGNORECASE,
)
_THROUGH = re.compile(r"\s?(?:–|-|až|do|až do|to|until|till|through)\s", re.IGNORECASE)
_OTHER_ACT = re.compile(
    r"\b\d{1,4}/(?:19|20)\d{2}\s?(?:Sb\.|Coll\.)|(?:zákon|novel|vyhlášk|směrnic|nařízení|directive|\bact\b)",
    re.IGNORECASE,
)
_BEGINS, _WITHIN = 0.8, 0.6
"""Confidence in a statement that begins its line, and in one within a sentence."""


@dataclass(frozen=True, slots=True)
class Validity:
    """One date that a document states of itself: `field` is `valid_from` or `valid_to`."""

    field: str
    date: datetime.date
    confidence: float


def stated_validity(lines: Sequence[str], *, is_law: bool = False) -> Iterator[Validity]:
    """Yield what the lines say of validity, in order.

    A line that speaks of an act says when that act is valid, so it counts only where the document is a law itself.
    """
    for line in lines:
        for name, pattern in (("valid_from", _FROM), ("valid_to", _TO)):
            for match in pattern.finditer(line[:2000]):
                found = first_date(line[match.end() : match.end() + 40])
                if found is None or (not is_law and _OTHER_ACT.search(line[: match.end() + 40])):
                    continue
                date, length = found
                sure = _BEGINS if match.start() == 0 else _WITHIN
                yield Validity(name, date, sure)
                end = _end_of_range(line[match.end() + length :]) if name == "valid_from" else None
                if end is not None:
                    yield Validity("valid_to", end, sure)


def _end_of_range(rest: str) -> datetime.date | None:
    through = _THROUGH.match(rest)
    found = first_date(rest[through.end() :][:40]) if through else None
    return found[0] if found else None
