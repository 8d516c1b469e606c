"""In which encoding is this text written?

Czech offices still export Windows-1250 and ISO-8859-2 without saying so. Both are single-byte, so any bytes decode;
the right one is that whose letters look like words. Wrong letters in the index are worse than a refusal.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable

from ingest.errors import UnreadableDocument
from ingest.reasons import Reason

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TOLD = {"utf-8", *(name for _, name in _BYTE_ORDER_MARKS)}
"""UTF-8 tells itself: hardly another text is made of its sequences."""
_SINGLE_BYTE = ("cp1250", "iso8859-2", "cp1252", "cp852", "mac_latin2", "cp1251", "koi8-u")
_TAKEN_FOR = ("cp1252", "cp1250")
_MEANT = frozenset("".join(bytes(range(0x80, 0x100)).decode(name, "ignore") for name in _SINGLE_BYTE))
"""Letters of Europe, among others. "É…" and "Í" before a wide blank are UTF-8, too, but of letters that nobody uses."""
_CONTROLS = "pramen-controls"
TWICE = "twice utf-8"
"""The name of the encoding of a text that was encoded twice."""
_SAMPLE_BYTES = 200_000
_MOST_ODD = 0.15
"""Largest share of odd characters among those beyond ASCII at which a single-byte decoding is believed."""
_MOST_DAMAGE = 0.1
"""Largest share of broken sequences among the multi-byte ones at which a text still counts as UTF-8."""

_MOST_CONTROLS = 0.01
_HIGH_BYTES = (0x00, 0x01, 0x04, 0x20)
"""First bytes of Latin, Cyrillic and typographic characters in UTF-16."""
_MOST_SURE = 0.95

_LATIN = frozenset("áčďéěíňóřšťúůýžäĺľôŕöüßÁČĎÉĚÍŇÓŘŠŤÚŮÝŽÄĹĽÔŔÖÜ")
_CYRILLIC = frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэёъАБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯЫЭЁЪ")
_SIGNS = frozenset("„“”‚‘’«»‹›–—…§°©®™€·•×±½¼²³ \u00a0\u00ad")
_MIXED_CASE = re.compile(
    r"[a-záčďéěíňóřšťúůýž][A-ZÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ][a-záčďéěíňóřšťúůýž]|[a-zA-Z][А-яЁёІіЇїЄєҐґ]|[А-яЁёІіЇїЄєҐґ][a-zA-Z]"
)


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding.

    `declared` is what the file says of itself, believed only where nothing speaks against it. Raises
    UnreadableDocument (undecodable_text) where no encoding gives plausible letters.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace"), name
    wide = _wide_encoding(data)
    if wide:
        return data.decode(wide, errors="replace"), wide
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_bytes(data, declared)
    once = "\n".join(map(_encoded_once, text.split("\n")))
    return (text, "utf-8") if once == text else (once, TWICE)


def is_guess(encoding: str, declared: str | None = None) -> bool:
    """Return whether neither a mark at the beginning of a file nor its own word told the encoding that `decode` named."""
    return encoding not in _TOLD and encoding != declared


def _encoded_once(line: str) -> str:
    """Return a line whose UTF-8 a program took for another encoding and encoded again ("mÄ›sto") as it was before.

    Hardly another line is made of signs that are UTF-8 of European letters when they are written in one of those encodings.
    """
    if line.isascii():
        return line
    for name in _TAKEN_FOR:
        try:
            once = line.encode(name, errors=_CONTROLS).decode("utf-8")
        except UnicodeError:
            continue
        if all(map(_may_be_meant, unicodedata.normalize("NFKC", once))):
            return once
    return line


def _may_be_meant(char: str) -> bool:
    """Return whether a character is a sign or a letter of Europe."""
    return char.isascii() or char in _MEANT or unicodedata.category(char)[0] in "CPSZ"


def _as_control(error: UnicodeError) -> tuple[bytes, int]:
    """Return the byte of a control character, which stands for one that an encoding does not use."""
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - registered for encoding alone
    return error.object[error.start : error.end].encode("latin-1"), error.end


codecs.register_error(_CONTROLS, _as_control)


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark: in Latin text every other byte is zero, in Cyrillic it is mostly four."""
    sample = data[: _SAMPLE_BYTES // 10]
    count = len(sample) // 2
    if count < 2:  # noqa: PLR2004 - a character has two bytes, and one character shows nothing
        return None
    for name, high, low in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        in_our_scripts = sum(high.count(byte) for byte in _HIGH_BYTES)
        if in_our_scripts > _MOST_SURE * count and high.count(0) > count / 8 and low.count(0) < count / 10:
            return name
    return None


def _decode_bytes(data: bytes, declared: str | None) -> tuple[str, str]:
    damaged = data.decode("utf-8", errors="replace")
    broken = damaged.count("\ufffd")
    sound = sum(1 for byte in data if byte >= 0xC2) - broken  # noqa: PLR2004 - lead bytes of UTF-8 begin here
    if broken <= max(_MOST_DAMAGE * sound, 0):
        return damaged, "utf-8"
    text, name, odd = min(_candidates(data, declared), key=lambda candidate: candidate[2])
    if odd > _MOST_ODD and _is_binary(data):
        raise UnreadableDocument(Reason.CORRUPT, "its bytes are not text")
    if odd > _MOST_ODD and broken > 3:  # noqa: PLR2004 - a few broken bytes in plain ASCII are damage, not an encoding
        raise UnreadableDocument(Reason.UNDECODABLE_TEXT, "none of the usual encodings gives Czech or English letters")
    return (damaged, "utf-8") if odd > _MOST_ODD else (text, name)


def _is_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE_BYTES]
    controls = sum(byte < 32 and byte not in b"\t\n\x0b\x0c\r\x1b" for byte in sample)  # noqa: PLR2004 - the blank
    return controls > _MOST_CONTROLS * len(sample)


def _candidates(data: bytes, declared: str | None) -> Iterable[tuple[str, str, float]]:
    yield "", "", 1.0
    names = [declared, *_SINGLE_BYTE] if declared else _SINGLE_BYTE
    for name in names:
        try:
            text = data.decode(name)
        except (UnicodeError, LookupError):
            continue
        yield text, name, _oddness(text[:_SAMPLE_BYTES])


def _oddness(text: str) -> float:
    """Return the share of the characters beyond ASCII that do not belong where they stand, 0..1."""
    beyond = [char for char in text if ord(char) > 127]  # noqa: PLR2004 - the end of ASCII
    if not beyond:
        return 0.0
    cyrillic = sum(char in _CYRILLIC for char in beyond)
    letters = _CYRILLIC if cyrillic > len(beyond) / 2 else _LATIN
    odd = sum(char not in letters and char not in _SIGNS for char in beyond)
    inside = len(re.findall(r"(?<=[^\W\d_])[^\w\s\x00-\x7f’…–]+(?=[^\W\d_])", text))
    mixed = len(_MIXED_CASE.findall(text))
    controls = sum(unicodedata.category(char) == "Cc" for char in beyond)
    return min(1.0, (odd + inside + mixed + controls) / len(beyond))
