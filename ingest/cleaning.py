"""How does the text of a file become text as its author wrote it, letter by letter?

Only the letters: which lines are no part of the article is the question of `ingest.furniture`.
"""

from __future__ import annotations

import re
import unicodedata
from string import ascii_letters

from ingest.note_marks import without_note_marks

# The typographic forms of letters; NFKC would also turn superscripts and fractions into other numbers.
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;?]{0,16}[A-Za-z]|\x1b\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)?")
# Soft hyphen, zero-width and joining characters, direction marks, byte order mark, the hyphen mark of PDFium, tags.
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufffe\uffff\U000e0000-\U000e007f]"
)
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\ue000-\uf8ff]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SIGNS = "!-~¡-¬®-±´-¸º-ÖØ-öø-ſ„“”‚‘’–—…€"
_CLEAN = re.compile(f"[{_SIGNS}]+(?: [{_SIGNS}]+)*+")
"""Words of the Latin alphabet with single blanks between them: most lines, and nothing to be done to them."""

_SPACING_ACCENTS = {
    "ˇ": "\u030c", "´": "\u0301", "˚": "\u030a", "¨": "\u0308", "`": "\u0300", "ˆ": "\u0302", "˝": "\u030b", "¸": "\u0327",
}  # fmt: skip
_DOTLESS = {"ı": "i", "ȷ": "j"}
_ACCENT_THEN_LETTER = re.compile("([ˇ´˚¨ˆ˝]) ?([A-Za-zıȷ])")
_COMPOSED = {
    (accent, letter): unicodedata.normalize("NFC", _DOTLESS.get(letter, letter) + combining)
    for accent, combining in _SPACING_ACCENTS.items()
    for letter in (*ascii_letters, *_DOTLESS)
}
# In old fonts the carons of t and d are apostrophes; that of "it's" is followed by a lone s.
_HOOKED = re.compile("([TtDd])’(?!s\\b)(?=[a-zěščřžýáíéúů ,.;:!?)]|$)")
COMPOSED_ACCENT_MINIMUM = 20
"""From so many spacing accents before a letter on, a document is taken to be set in fonts without accented letters."""


def clean_text(text: str) -> str:
    """Return `text` in NFC on one line, without ligatures, invisible and control characters and doubled spaces.

    The marks of footnotes that are written in superior figures are left out as well.
    """
    if _CLEAN.fullmatch(text):
        return text
    text = _TERMINAL_CODES.sub(" ", text) if "\x1b" in text else text
    text = _INVISIBLE.sub("", text)
    text = _SURROGATES.sub("\ufffd", text)
    text = unicodedata.normalize("NFC", without_note_marks(text.translate(_LIGATURES)))
    return _BLANK.sub(" ", text).strip()


def count_spacing_accents(text: str) -> int:
    """Return how many accents stand as characters of their own before a letter, as old LaTeX fonts leave them."""
    if not any(accent in text for accent in _SPACING_ACCENTS):
        return 0
    return len(_ACCENT_THEN_LETTER.findall(text))


def compose_accents(text: str) -> str:
    """Return `text` with accents that stand before their letters put onto them (`pˇr´ıliˇs` becomes `příliš`).

    Fonts of the OT1 encoding draw an accented letter as two glyphs, so every extractor returns two characters.
    """
    composed = _ACCENT_THEN_LETTER.sub(lambda match: _COMPOSED[match[1], match[2]], text)
    hooked = _HOOKED.sub("\\1\u030c", composed) if "’" in composed else composed
    return unicodedata.normalize("NFC", hooked)
