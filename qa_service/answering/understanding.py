"""What does a question ask for, and what must evidence speak of to answer it?

Rules over folded words, so Czech is understood with and without diacritics; both languages are tried on every
question, because many come without a language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from indexes.analysis import AnalysedWord, analysed_words, fold, is_stop_word, number_expressions
from indexes.language import detect_language
from qa_service.answering.facts import FactKind, Named, names, years
from qa_service.answering.places import places

LAST_LATIN_LETTER = "\u024f"


class QuestionKind(StrEnum):
    """What sort of answer a question wants."""

    COMPARISON = "comparison"
    HOW_MANY = "how_many"
    WHEN = "when"
    WHO = "who"
    WHERE = "where"
    WHAT_IS = "what_is"
    LIST = "list"
    HOW_TO = "how_to"
    WHY = "why"
    YES_NO = "yes_no"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question taken apart.

    `words` carry its meaning, without the words that only ask. `named` are the particular things (names, years,
    numbers) that evidence has to mention; places come with or without a capital letter.
    """

    text: str
    language: str | None
    kind: QuestionKind
    words: tuple[AnalysedWord, ...]
    named: tuple[Named, ...]

    @property
    def is_clear(self) -> bool:
        """Whether it says anything that could be looked for."""
        return bool(self.words)


def understand(text: str, language: str | None) -> Understanding:
    """Return the question taken apart; `language` is cs, en or None where unknown."""
    kind = question_kind(text)
    words = tuple(_telling(analysed_words(text, language)))
    return Understanding(text, language, kind, words, _named(text))


def is_in_our_languages(text: str) -> bool:
    """Tell whether a question is in Czech, English or Slovak as far as can be told; short ones get the benefit."""
    letters = [char for char in text if char.isalpha()]
    latin = sum(char <= LAST_LATIN_LETTER for char in letters)
    return latin * 2 >= len(letters) and detect_language(text) in (None, "cs", "en", "sk")


def question_kind(text: str) -> QuestionKind:
    """Return what sort of answer is wanted; of a question with a second part (", a kdy?") the second part decides."""
    flat = " ".join(fold(word) for word in re.findall(r"[^\W_]+|[,?]", text))
    second = _SECOND_PART.search(flat)
    if _YES_OR_NO.match(flat) and not second:
        return QuestionKind.YES_NO
    asked = second.group(1) if second else flat
    found = {kind: match.start() for kind, pattern in _PATTERNS.items() if (match := pattern.search(asked))}
    if not found:
        return QuestionKind.YES_NO if "?" in text else QuestionKind.OPEN
    first = next(iter(found))
    rivals = [kind for kind in _ASKED_FIRST if kind in found]
    return min(rivals, key=lambda kind: found[kind]) if first in rivals else first


def _telling(words: Sequence[AnalysedWord]) -> Iterator[AnalysedWord]:
    """Yield the words that evidence should repeat: not those that only ask, nor those of "take place"."""
    folded = ["", *(fold(word.surface) for word in words), ""]
    for word, (before, own, behind) in zip(words, zip(folded, folded[1:], folded[2:], strict=False), strict=True):
        is_phrase = (own in _TAKE and behind in _TAKEN) or (before in _TAKE and own in _TAKEN)
        if not is_phrase and own not in _ASKING_WORDS and not _is_stop_word(word.surface):
            yield word


def _is_stop_word(surface: str) -> bool:
    return is_stop_word(surface, "cs") or is_stop_word(surface, "en")


def _named(text: str) -> tuple[Named, ...]:
    found = [_with_its_noun(text, name) for name in names(text) if not _GENERIC.fullmatch(fold(name.text))]
    for place in places(text):
        _add_unless_named(found, Named(text[place.start : place.end], FactKind.PLACE, place.start))
    for date in number_expressions(text):
        if any(key.startswith("d") for key in date.keys):
            _add_unless_named(found, Named(text[date.start : date.end], FactKind.DATE, date.start))
    for match in _FIGURE.finditer(text):
        kind = FactKind.YEAR if years(match.group()) else FactKind.NUMBER
        _add_unless_named(found, Named(match.group(), kind, match.start()))
    return tuple(sorted(found, key=lambda name: name.start))


def _with_its_noun(text: str, name: Named) -> Named:
    """Return a name that is one Czech adjective together with its noun: "Sociologický ústav" has one capital letter."""
    noun = _NOUN_BEHIND.match(text, name.end)
    if noun is None or not _ADJECTIVE.fullmatch(fold(name.text)) or places(name.text):
        return name
    return Named(text[name.start : noun.end()], name.kind, name.start)


def _add_unless_named(found: list[Named], new: Named) -> None:
    """Add something named; a name already found that covers it stays, one that it covers gives way."""
    if any(one.start <= new.start and new.end <= one.end and one.text != new.text for one in found):
        return
    found[:] = [one for one in found if one.end <= new.start or new.end <= one.start]
    found.append(new)


_ADJECTIVE = re.compile(r"[a-z]{2,}(?:sk|ck|n)(?:y|a|e|i|eho|emu|em|ym|ou|iho|imu|im)")
_NOUN_BEHIND = re.compile(r" [a-záčďéěíňóřšťúůýž]{4,}")
"""A folded word that looks like a Czech adjective, and what may be its noun: a small word of four letters or more."""
_FIGURE = re.compile(r"\d+(?:[/.,:]\d+)*")
_SECOND_PART = re.compile(
    r", (?:a |and )?((?:kdy|kde|kdo|kolik|jak|proc|kam|komu|when|where|who|how|why)\b[^,?]{0,20})\??$"
)
_YES_OR_NO = re.compile(
    r"(?:do|does|did|is|are|was|were|can|could|may|must|should|has|have|will|je|jsou|byl[aoiy]?|ma|maji|mel[aoiy]?|smi|smeji"
    r"|muze|muzu|muzou|mohu|mohou|musi|musim|lze|existuje|existuji|plati|potrebuj\w+)\b(?!.*\b(?:rozdil|differ|compar|nek(?:do|oho|omu|de)|any(?:one|body)|some(?:one|body)))"
)
"""How a question begins that wants a yes or a no, in folded words, whatever it asks of behind that."""
_PATTERNS: Mapping[QuestionKind, re.Pattern[str]] = {
    QuestionKind.COMPARISON: re.compile(
        r"\bjak se lis|\b(?:v cem|cim) se\b.*\blis|\brozdil\w*|\bporovn|\bsrovn|\bcompar|\bdifferen|\bdiffer\b|\bversus\b|\bvs\b"
    ),
    QuestionKind.HOW_MANY: re.compile(
        r"\bkolik|\bjak (?:dlouh|cast|velk|vysok|sirok|hlubok|daleko|mnoho|star|hodne)|\b(?:jaky|jaka|jake|jakou) (?:podil|pocet|procent|castk|vys)"
        r"|\b(?:jaky|jaka|jake) (?:je |byl[ao]? |ma )?(?:\w+ )?(?:rozpocet|cena|poplatek|telefon\w*|cislo)\b"
        r"|\bwhat (?:is|was|are) the (?:\w+ )?(?:budget|price|cost|fee|phone|number)\b"
        r"|\bhow (?:many|much|long|often|old|large|high|tall|wide|deep|big|far)\b|\b(?:what|which) (?:share|percent\w*|number|proportion|amount)"
    ),
    QuestionKind.WHEN: re.compile(
        r"\b(?:kdy|odkdy|dokdy)\b|\b(?:ktere?m|jake?m|jakeho|ktereho) (?:roce|roku|mesici|dni|dne|datu|terminu)\b"
        r"|\b(?:jaky|jake) (?:je |byl[oa]? )?(?:termin|datum)"
        r"|^(?!(?:what|how|why|which|who|whom)\b)(?:[\w,]+ ){0,4}when\b|\b(?:what|which) (?:year|date|day|month|time)\b"
    ),
    QuestionKind.WHO: re.compile(
        r"\b(?:kdo|koho|komu|kym|kom|ci)\b|\b(?:who|whom|whose)\b"
        r"|\b(?:ktera|jaka|kterou|ktere|jake) (?:organizac|instituc|osob|urad|ministerstv)"
        r"|\b(?:what|which) (?:organi[sz]ation|institution|person|ministry|office)\b"
    ),
    QuestionKind.WHERE: re.compile(
        r"\b(?:kde|kam|odkud)\b|\b(?:ktere?m|jake?m|ktere|jake) (?:meste|miste|zemi|kraji|budove|palaci)\b|\bwhere\b"
        r"|\b(?:ktere|jake) (?:\w+ )?mesto\b|\b(?:ktera|jaka) (?:\w+ )?zeme\b"
        r"|\b(?:what|which) (?:\w+ )?(?:city|country|place|town|building|region)\b"
    ),
    QuestionKind.WHAT_IS: re.compile(
        r"\bco (?:to )?(?:je|jsou|znamena|byl\w*|obnasi|se rozumi)\b|^(?:vysvetl|definuj|definice)"
        r"|^what (?:is|are|was|were) (?:a|an|the|meant)?\b(?!.* (?:steps|members|conditions|types|kinds))|\bwhat does\b.*\bmean|^define"
    ),
    QuestionKind.LIST: re.compile(
        r"\b(?:vyjmenuj|vypis|uved|seznam|ktere|jake|kteri|jaci|kterych|jakych|kterymi|jakymi)\b"
        r"|^(?:list|name)\b|\bwhat are\b|\b(?:what|which) \w+s\b"
    ),
    QuestionKind.WHY: re.compile(r"\bproc\b|\bz jakeho duvodu\b|\bwhy\b|\bfor what reason\b"),
    QuestionKind.HOW_TO: re.compile(r"\bjak\b|\bjakym zpusobem\b|\bhow\b"),
    QuestionKind.OPEN: re.compile(r"\b(?:co|ceho|cemu|cim|cem|kter\w+|jak(?!o\b|mile\b)\w+|what|which)\b"),
}
"""Tried in this order on folded words separated by single spaces."""

_ASKED_FIRST = (QuestionKind.WHEN, QuestionKind.WHO, QuestionKind.WHERE)
"""Of these the one asked for first is meant: "Where is a doctor who speaks English?" wants a place."""

_ASKING = """
kolik dlouho casto jmenuje rikejte rekni prosim vyjmenuj vyjmenujte uved uvedte vypis seznam
many much often please tell list name give explain define mean means znamena vysvetli definice
roce roku mesici year rozdil rozdily lisi difference differ compare porovnani srovnani
procent procenta percent share podil
odkdy dokdy odkud ktereho kdo koho komu kym cim cem ceho
"""
_ASKING_WORDS = frozenset(_ASKING.split())
"""Folded words that say what is wanted, and that no answer repeats."""
_TAKE, _TAKEN = frozenset({"take", "takes", "took", "taken", "taking"}), frozenset({"place", "part"})
"""What takes place or part is said in other words, and not by those for places and parts."""
_GENERIC = re.compile(r"(?:czech(?: republic)?|czechia|cesk\w*(?: republi\w+)?|cr|eu|evrops\w+|europe\w*|i)")
"""The home of the collection: naming it narrows nothing."""
