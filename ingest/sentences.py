"""Where does one sentence end and the next begin, in Czech and in English?

A full stop ends a sentence unless it belongs to an abbreviation, an ordinal number ("14. května"), an initial or a
date. Both languages are handled by one set of rules, because our documents mix them within a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Possessive and anchored behind the run: a long run of dots must not be tried from each of its dots.
_CANDIDATE = re.compile(r"(?<![.!?…])[.!?…]++[\"'”“»’)\]]*+(?=\s)")
_WORD_BEFORE = re.compile(r"[^\s(\[„“\"'»]+$")
_OPENING = "„“”\"'‚‘«»([–—-•*¿¡ "
_CONTEXT_CHARS = 60

# Something must follow these, so their full stop never ends a sentence.
_NEVER_LAST = frozenset(
    (
        "mgr", "ing", "bc", "mudr", "judr", "rndr", "phdr", "thdr", "paeddr", "mvdr", "doc", "prof", "dr", "drsc",
        "csc", "akad", "arch", "plk", "kpt", "por", "gen", "pí", "tzv", "tj", "tzn", "např", "napr", "resp", "popř",
        "popr", "příp", "prip", "zejm", "vč", "vc", "cca", "ca", "kupř", "srov", "viz", "pozn", "odst", "písm",
        "pism", "čl", "cl", "č", "ř", "str", "s", "sv", "ul", "nám", "tř", "min", "max", "stol", "hl", "m", "mj",
        "zvl", "jm", "nar", "zast", "podn", "obr", "tab", "příl", "kap", "odd", "čj", "čís", "roč", "vyd", "sp",
        "zn", "spec", "angl", "něm", "lat", "slov", "ukr", "mr", "mrs", "ms", "messrs", "st", "no", "nos", "vol",
        "pp", "p", "fig", "figs", "art", "arts", "sec", "secs", "para", "paras", "approx", "incl", "dept", "ed",
        "eds", "cf", "vs", "e.g", "i.e", "eg", "ie", "al", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept",
        "sep", "oct", "nov", "dec", "rev", "hon", "gov", "sen", "rep", "capt", "col", "lt",
    )
)  # fmt: skip
# These end a sentence where a capital letter follows.
_MAY_BE_LAST = frozenset(
    (
        "atd", "apod", "ap", "aj", "etc", "sb", "s.r.o", "a.s", "o.p.s", "z.s", "z.ú", "v.v.i", "hod", "tis", "mil",
        "mld", "r", "l", "inc", "ltd", "co", "corp", "kč", "ods",
    )
)  # fmt: skip
_LETTERS_WITH_STOPS = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}$")
_NUMBER = re.compile(r"(?:§\s*)?\(?\d{1,3}(?:\.\d{1,3})*$|[IVXLCDM]{1,6}$")
_LONG_NUMBER = re.compile(r"\d{4,}$|.*[/,:]\d+$")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return start and end of each sentence of a paragraph, in order, without the spaces between them.

    >>> text = "Konference byla 14. května 2019. Přišlo 150 lidí."
    >>> [text[start:end] for start, end in split_sentences(text)]
    ['Konference byla 14. května 2019.', 'Přišlo 150 lidí.']
    """
    spans = []
    start = 0
    for end in _ends(text):
        if text[start:end].strip():
            spans.append(_trimmed(text, start, end))
        start = end
    if text[start:].strip():
        spans.append(_trimmed(text, start, len(text)))
    return spans


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _ends(text: str) -> Iterator[int]:
    start = 0
    for match in _CANDIDATE.finditer(text):
        if _is_end(text, start, match):
            yield match.end()
            start = match.end()


def _is_end(text: str, start: int, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + _CONTEXT_CHARS].lstrip(_OPENING)
    if not following:
        return True
    next_char = following[0]
    if next_char.islower():
        return False
    mark = match[0][0]
    if mark != "." or (len(match[0]) > 1 and match[0][1] in ".!?…"):
        return True
    if len(match[0]) > 1:  # the stop stands before a closing quote or bracket
        return not _is_abbreviation(text, start, match.start(), next_char)
    return not (
        _is_abbreviation(text, start, match.start(), next_char) or _is_ordinal(text, start, match.start(), next_char)
    )


def _word_before(text: str, start: int, stop: int) -> str:
    match = _WORD_BEFORE.search(text, max(start, stop - _CONTEXT_CHARS), stop)
    return match[0] if match else ""


def _is_abbreviation(text: str, start: int, stop: int, next_char: str) -> bool:
    word = _word_before(text, start, stop)
    folded = word.casefold()
    if folded in _MAY_BE_LAST:
        return not next_char.isupper()
    if folded in _NEVER_LAST:
        return True
    is_initial = len(word) == 1 and word.isalpha() and (word.isupper() or word in "čřs")
    return is_initial or bool(_LETTERS_WITH_STOPS.match(word) and not next_char.isupper())


def _is_ordinal(text: str, start: int, stop: int, next_char: str) -> bool:
    """A number with a stop is an ordinal before another number, and where it stands first ("3. Závěr")."""
    word = _word_before(text, start, stop)
    if _LONG_NUMBER.match(word) or not _NUMBER.match(word):
        return False
    is_first = not text[start : stop - len(word)].strip(_OPENING)
    return next_char.isdigit() or is_first


def split_long(text: str, start: int, end: int, most_chars: int) -> list[tuple[int, int]]:
    """Return the stretch as pieces of at most `most_chars` characters, cut between words where there are any.

    For what no sentence ends: tables of figures, texts without stops, a single endless word.
    """
    pieces = []
    while end - start > most_chars:
        cut = max(text.rfind(mark, start + most_chars // 2, start + most_chars) for mark in ("; ", ", ", " "))
        cut = cut + 1 if cut > start else start + most_chars
        pieces.append(_trimmed(text, start, cut))
        start = cut
    pieces.append(_trimmed(text, start, end))
    return [piece for piece in pieces if piece[0] < piece[1]]
