"""What sort of thing must an answer hold, and how surely does a sentence hold one?

"Kdo ..." wants somebody, "kolik stojí ..." an amount of money, "na jaký e-mail ..." an address. A sentence that merely
repeats the names and figures of the question answers nothing, so only what the question does not say counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from indexes.analysis import is_stop_word
from qa_service.answering.facts import (
    ENGLISH_WEEKDAYS,
    body_words,
    counting_ends,
    folded_words,
    has_date,
    has_number,
    names,
    number_keys,
)
from qa_service.answering.places import places
from qa_service.answering.understanding import QuestionKind, Understanding

SURE = 1.0
LIKELY = 0.75
POSSIBLE = 0.5
"""How surely a sentence holds what is sought: a name itself, an institution for a "who", a mere office."""
COUNTED_WORDS, COUNTED_CHARS = 4, 80
"""So near behind a number stands what it counts: "čtrnáct krátkých publikací"."""
POST_CHARS = 60
"""A post and the words that join it to its place are shorter."""
KIN_LETTERS = 5
"""Words that share so many first letters name the same thing for our purpose."""


class Sought(StrEnum):
    """A sort of thing by which an answer can be recognised."""

    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    HOURS = "hours"
    WEEKDAY = "weekday"
    MONEY = "money"
    SHARE = "share"
    DURATION = "duration"
    AGE = "age"
    OFFICE = "office"
    """What somebody does: a job, a post, a function."""
    DATE = "date"
    NUMBER = "number"
    BODY = "body"
    PERSON = "person"
    HOLDER = "holder"
    """Who holds an office that only a person can: nobody is told where no name stands, or no word of an office."""
    PLACE = "place"
    DEFINITION = "definition"

    @property
    def is_exact(self) -> bool:
        """Whether it has a form that is not mistaken: a text without that form answers nothing."""
        return self in _EXACT


def sought(understood: Understanding) -> Sought | None:
    """Return what an answer must hold; None for a question whose answer cannot be told by its sort."""
    if understood.kind is QuestionKind.YES_NO:
        return None
    return _sought(understood.text, understood.kind)


def fits(understood: Understanding, text: str) -> float:
    """Return how surely, 0..1, a text holds what is sought and the question does not itself say; 0 if nothing is."""
    wanted = sought(understood)
    if wanted is None:
        return 0.0
    held = _HOLDS[wanted](text, understood.text)
    return POSSIBLE if wanted.is_exact and not held and _UNTOLD.search(" ".join(folded_words(text))) else held


@lru_cache(maxsize=256)
def _sought(question: str, kind: QuestionKind) -> Sought | None:
    flat = " ".join(folded_words(question))
    if _HOW_OFTEN.search(flat):
        return None
    for wanted, pattern in _ASKED.items():
        if pattern.search(flat):
            return wanted
    return _OF_KIND.get(kind)


def _holder(text: str, question: str) -> float:
    known = _stems(question)
    named = (_personal_words(name.text) - known for name in names(text) if not _is_thing(name.text))
    return SURE if any(len(words) > 1 for words in named) else 0.0


def _post_holder(text: str, question: str) -> float:
    """Tell whether a text names somebody and a post, and not only the posts of other places than the question's."""
    if not _HELD.search(" ".join(folded_words(text))):
        return 0.0
    asked, told = _places_of_posts(question), _places_of_posts(text)
    return 0.0 if asked and told and asked.isdisjoint(told) else _holder(text, question)


def _places_of_posts(text: str) -> frozenset[int]:
    """Return the numbers of the places whose posts a text names: "starosta Kolína", "the mayor of the city of Brno"."""
    before = ((place.number, text[max(0, place.start - POST_CHARS) : place.start]) for place in places(text))
    return frozenset(number for number, words in before if _POST_OF.search(" ".join(folded_words(words))))


def _person(text: str, question: str) -> float:
    if _holder(text, question):
        return SURE
    if _body(text, question):
        return LIKELY
    return 0.0 if any(map(_OFFICE.match, folded_words(question))) else _office(text, question) * POSSIBLE


def _personal_words(name: str) -> frozenset[str]:
    """Return the stems of the words of a name that may be a person's: no abbreviation, and no "Up" or "The"."""
    words = (word for word in name.replace("/", " ").split() if len(word) > 1 and not word.isupper())
    return frozenset(_stem(word) for word in words if folded_words(word) and not is_stop_word(word, "en"))


def _is_thing(name: str) -> bool:
    """Tell whether a name says that it is an institution's, a building's or an event's."""
    return bool(body_words(name)) or any(_THING.match(word) for word in folded_words(name))


def _body(text: str, question: str) -> float:
    known = _stems(question)
    kinds = any(word[:KIN_LETTERS] not in known for word in body_words(text))
    short = any(name.text.isupper() and not _stems(name.text) <= known for name in names(text))
    return LIKELY if kinds or short else 0.0


def _office(text: str, question: str) -> float:
    known = _stems(question)
    return float(any(_OFFICE.match(word) and word[:KIN_LETTERS] not in known for word in folded_words(text)))


def _place(text: str, question: str) -> float:
    asked = {place.number for place in places(question)}
    if any(place.number not in asked for place in places(text)):
        return SURE
    known = _stems(question)
    named = any(not _stems(match.group(1)) <= known for match in _PLACE.finditer(text))
    return SURE if named or _ADDRESS.search(text) else 0.0


def _definition(text: str, question: str) -> float:
    """Tell whether a text says what something in the question is: "X je ...", "X, a ...", "Zkratka: X; Význam: ..."."""
    known = _stems(question)
    is_explained = bool(_MEANING.search(text)) or any(_stem(one[1]) in known for one in _APPOSITION.finditer(text))
    return float(is_explained or any(_defines(folded_words(part), known) for part in _STATEMENT.split(text)))


def _defines(words: Sequence[str], known: frozenset[str]) -> bool:
    """Tell whether a copula opens a statement or follows little more than words of the question."""
    place = next((number for number, word in enumerate(words) if word in _COPULAS), None)
    if place is None:
        return False
    others = sum(word[:KIN_LETTERS] not in known for word in words[:place])
    return place == 0 or (place == 1 and words[0] in _POINTING) or (others <= 1 and others < place)


def _new_figure(test: Callable[[str], bool]) -> Callable[[str, str], float]:
    """Return a test for a text that passes `test` and names a figure or month that the question does not."""
    return lambda text, question: float(test(text) and bool(number_keys(text) - number_keys(question)))


def _number(text: str, question: str) -> float:
    """Tell whether a text names a number, surely where it counts the very things that the question counts."""
    if not _new_figure(has_number)(text, question):
        return 0.0
    counted = _COUNTED.search(" ".join(folded_words(question)))
    if counted is None:
        return SURE
    asked = _PEOPLE if counted[1].startswith(_PEOPLE) else (counted[1][:KIN_LETTERS],)
    return SURE if any(_counts(asked, text, end) for end in counting_ends(text)) else POSSIBLE


def _counts(asked: tuple[str, ...], text: str, end: int) -> bool:
    """Tell whether the number that ends at `end` counts what is asked for, or things called "jich" or "of them"."""
    if _OF_THEM.search(text[max(0, end - COUNTED_CHARS // 2) : end]):
        return True
    return any(word.startswith(asked) for word in folded_words(text[end : end + COUNTED_CHARS])[:COUNTED_WORDS])


def _matches(pattern: re.Pattern[str]) -> Callable[[str, str], float]:
    return lambda text, _: float(bool(pattern.search(text)))


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:KIN_LETTERS] for word in folded_words(text))


def _stem(word: str) -> str:
    """Return the stem of a word as written; a double name counts once."""
    return folded_words(word)[0][:KIN_LETTERS]


_OFFICE = re.compile(
    r"starost|primator|hejtman|reditel|vedouc|sef[aouy]?\b|predsed|ministr|poslan|poslank|senator|namest|koordinator|specialist|poradc|poradkyn|expert|"
    r"odborni[ck]|zastup|zmocnen|uredni|pracovni[ck]|ucitel|lektor|metodi[ck]|autor|organizator|poradatel|moderator|"
    r"dobrovol|tlumoc|asistent|clen[aouy]?\b|clenk|mayor|director|head\b|chair|minister\b|deput|member|coordinat|"
    r"advis|represent|official|worker|staff|teacher|author|organi[sz]er|founder|volunteer|interpreter|patron|manager|led\b"
)
"""Beginnings of folded words for what people do."""
_POST = (
    r"(?:starost|primator|hejtman|reditel|predsed|ministr|namestk|prezident|premier|kral|mayor|director|head\b|chair"
    r"|minister\b|president\b|deputy\b|prime\b|king\b|queen\b)"
)
"""Beginnings of folded words for posts that only a person can hold."""
_HELD = re.compile(rf"\b(?:{_POST}|ved[el]|ridi|lead|led\b|heads\b|headed\b)")
"""How a text says, in folded words, that somebody holds one."""
_POST_OF = re.compile(rf"\b{_POST}\w*(?: (?:of|the|mest[ao]|obce|city|town|hlavniho|statutarniho|capital))*$")
"""A post right before the place it belongs to, in folded words."""
_ASKED: Mapping[Sought, re.Pattern[str]] = {
    Sought.HOLDER: re.compile(
        rf"\b(?:(?:kdo|kym) (?:je|byla?|jsou|byli)|jak se jmen(?:uje|oval\w*|uji)|who (?:is|was|are|were)"
        rf"|what (?:is|was|are|were) the names? of) (?:the |a )?(?:\w+ )?{_POST}"
    ),
    Sought.EMAIL: re.compile(r"\b(?:jak\w+|kter\w+|what|which) (?:\w+ ){0,3}(?:e ?mail|mail|mejl)"),
    Sought.PHONE: re.compile(
        r"\b(?:jak\w+|kter\w+|what|which) (?:\w+ ){0,3}(?:telefon|phone)|\bkam (?:\w+ )?(?:volat|zavolat)"
    ),
    Sought.ADDRESS: re.compile(
        r"\badres(?:a|u|e|y|ou)\b|\b(?:what|which) (?:\w+ ){0,3}address(?:es)?\b|\baddress(?:es)? of\b"
    ),
    Sought.HOURS: re.compile(
        r"\b(?:otevirac\w+|opening|office|uredni) (?:dob|hodin|hour)|\bv kolik hodin\b|\bwhat time\b"
    ),
    Sought.WEEKDAY: re.compile(r"\b(?:den v tydnu|day of the week|weekday)\b"),
    Sought.MONEY: re.compile(
        r"\bkolik (?:\w+ )?(?:stoji|stal|korun|eur[ao]?\b)|\bkolik (?:se )?plati|\bza kolik\b"
        r"|\b(?:jak\w+|what)(?: \w+){0,3} (?:rozpoc|cen[aeuy]\b|poplat|castk|plat\b|mzd|pokut|budget|price|cost|fee|salar|wage|fine\b)"
        r"|\bhow much (?:is|are|was|were)\b|\bhow much\b.*\b(?:cost|costs|pay|paid|charge)\b|\bhow (?:high|large) (?:\w+ ){0,2}(?:budget|fee|grant|allowance)"
    ),
    Sought.SHARE: re.compile(
        r"\b(?:podil|procent\w*|percent\w*|share of)\b|\b(?:what|which) (?:\w+ )?(?:share|proportion)\b"
    ),
    Sought.AGE: re.compile(r"\bjak star(?:y|a|e|i)\b|\bhow old\b|\bkolik (?:\w+ )?je (?:\w+ ){0,2}let\b"),
    Sought.DURATION: re.compile(
        r"\bjak dlouh\w+\b|\bhow long\b|\b(?:kolik|how many) (?:dn[iy]|dnu|hodin|tydnu|mesicu|let|minut|days|hours|weeks|months|years)\b"
    ),
    Sought.OFFICE: re.compile(
        r"\bjak\w+ (?:\w+ ){0,2}(?:funkc|pozic|prac[ei]\b|povolan|profes)|\b(?:what|which) (?:\w+ ){0,4}(?:position|job|occupation|function)\b"
        rf"|\b(?:who (?:is|was)|(?:kdo|cim) (?:je|byla?)) (?!the\b|{_OFFICE.pattern})\w+ \w+$"
    ),
    Sought.BODY: re.compile(
        r"\b(?:kter\w+|jak\w+) (?:organizac|instituc|urad|ministerstv|spol[ek]|sdruzen|firm)"
        r"|\b(?:what|which) (?:organi[sz]ation|institution|ministry|office|company|association|agency)"
    ),
}
"""How a question asks for each, in folded words; tried in this order, before the kind of the question is asked."""
_HOW_OFTEN = re.compile(r"\b(?:jak casto|how often)\b")
"""What is answered by "pravidelně" as well as by a figure."""
_OF_KIND: Mapping[QuestionKind, Sought] = {
    QuestionKind.WHO: Sought.PERSON,
    QuestionKind.WHEN: Sought.DATE,
    QuestionKind.HOW_MANY: Sought.NUMBER,
    QuestionKind.WHERE: Sought.PLACE,
    QuestionKind.WHAT_IS: Sought.DEFINITION,
}
_UNTOLD = re.compile(
    r"\b(?:neuvad\w+|nerik\w+|nezmin\w+|nesdel\w+|(?:not|nor) (?:say|state|give|mention|tell)|(?:is|are) not (?:given|known|stated))\b"
)
"""How a text says, in folded words, that something cannot be told: an honest answer to a question for a figure."""
_COUNTED = re.compile(r"\b(?:kolik|how many) (?:\w+ych )?(\w{4,})")
_PEOPLE = ("lid", "osob", "ucast", "host", "navst", "clov", "peop", "person", "parti", "guest", "visit", "attend")
"""Beginnings of folded words for people who come, which count each other: of "how many people", "150 účastníků" tells."""
_OF_THEM = re.compile(r"\b(?:jich|nich|of them|of whom)\b[^.!?;:]*$")
_CURRENCY = r"(?:Kč|kč|korun\w*|CZK|EUR|eur\w*|€|crowns?|dollars?|\$|£|tisíc\w*|tisic\w*|milion\w*|million\w*)"
_FREE = r"\b(?:zdarma|bezplatn\w*|free of charge|free)\b"
_UNIT = (
    r"(?:minut|hodin|dn[iíyů]|dnech|den\b|týd|tyd|měsíc|mesic|rok[uůy]?\b|roce|let\b|letech|minute|hour|day|week|month|year"
    r"|znak|stran[auy]?\b|slov[ao]?\b|metr|character|page|word|metre)"
)
"""Of time, and of what else is long: texts and ways."""
_ALL_DAY = re.compile(
    r"\b(?:celodenní|půldenní|(?:jedno|dvou|tří|čtyř|pěti)denní|all-day|half-day|\w+-day)\b", re.IGNORECASE
)
_CZECH_WEEKDAYS = "pondeli utery streda stredu ctvrtek patek sobota sobotu nedele nedeli"
_WEEKDAYS = frozenset({*ENGLISH_WEEKDAYS, *_CZECH_WEEKDAYS.split()})
_HOLDS: Mapping[Sought, Callable[[str, str], float]] = {
    Sought.EMAIL: _matches(re.compile(r"\S@\S")),
    Sought.PHONE: _matches(re.compile(r"(?:\+\d{2,3}[ \u00a0]?)?\b\d{3}[ \u00a0-]?\d{3}[ \u00a0-]?\d{3}\b")),
    Sought.ADDRESS: _matches(
        re.compile(
            r"\d{3} ?\d{2}\b|\b(?:ul\.|ulic|nám|třída|street|square|road|avenue)|://|@|\b\d+\.\d+\.\d+|(?<!\w)/\w|#\w|\bwww\.",
            re.IGNORECASE,
        )
    ),
    Sought.HOURS: _matches(re.compile(r"\b\d{1,2}[:.]\d{2}\b|\b\d{1,2} ?(?:hod|h\b|a\.?m\b|p\.?m\b|o[’']clock)")),
    Sought.MONEY: _matches(
        re.compile(rf"{_CURRENCY}[ \u00a0]?\d|(?:\d|\w[ \u00a0]){_CURRENCY}|[\d,.-][ \u00a0]?{_CURRENCY}|{_FREE}")
    ),
    Sought.SHARE: _matches(
        re.compile(
            r"\d[ \u00a0]?%|\b(?:procent|percent|per cent|polovin|třetin|tretin|čtvrtin|ctvrtin|pětin|petin|half\b|third\b|quarter\b|fifth\b)"
        )
    ),
    Sought.DURATION: lambda text, question: max(
        float(bool(_ALL_DAY.search(text))),
        _new_figure(lambda one: bool(re.search(_UNIT, one)) or has_date(one))(text, question),
    ),
    Sought.AGE: _matches(
        re.compile(r"\d[ \u00a0-]?(?:let|lety|roků|years?)\b|\byears old\b|\bnarozen|\bnarodil|\bborn\b|\baged\b")
    ),
    Sought.OFFICE: _office,
    Sought.DATE: _new_figure(has_date),
    Sought.NUMBER: _number,
    Sought.BODY: _body,
    Sought.PERSON: _person,
    Sought.HOLDER: _post_holder,
    Sought.PLACE: _place,
    Sought.DEFINITION: _definition,
    Sought.WEEKDAY: lambda text, _: float(not _WEEKDAYS.isdisjoint(folded_words(text))),
}
_EXACT = frozenset(Sought) - {Sought.OFFICE, Sought.BODY, Sought.PERSON, Sought.PLACE, Sought.DEFINITION}
_COPULAS = frozenset(
    {"je", "jsou", "znamena", "oznacuje", "rozumi", "predstavuje", "jde", "is", "are", "means", "refers"}
)
_POINTING = frozenset({"it", "this", "they", "these", "to", "ten", "ta", "ti"})
"""Folded words that stand for what was spoken of: "Je to ...", "It is ..."."""
_STATEMENT = re.compile(r"(?<=[.!?;])\s+|\n")
_APPOSITION = re.compile(r"\b([^\W\d_]+), (?:an?|the|one of) ")
_MEANING = re.compile(r"\b(?:význam|definice|meaning|definition|what it is): ", re.IGNORECASE)
_THING = re.compile(
    r"palac|palace|dum\b|dome|domu|city|mest[oaeu]\b|conferenc|konferenc|forum|projekt|project|program|koncepc|concept|manual|guide|"
    r"manifest|administrat|facilit|inclusion|zaclen|interior|vnitr|migra[ct]|integra[ct]|refugee|uprchl|municip|regions?\b|european|evropsk|czech|cesk|nationa|narodn|internat|mezinar|rights\b|prava\b|univers|skol[aeuy]\b|school|street|square|namest|republi|unie|union"
)
_PLACE = re.compile(r"\b(?:v|ve|na|do|z|ze|u|in|at|near|from|to|on)\s+(?:the\s+)?(?:\w+\s+)?([A-ZÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ]\w+)")
_ADDRESS = re.compile(r"\b(?:adres|address|ulic|street|náměstí|square)")
