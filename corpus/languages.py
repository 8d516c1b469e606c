"""By which code is the language known that a person has named?"""

from __future__ import annotations

import re
import unicodedata

_ISO_639_1 = """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo
    es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg
    ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn
    no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta
    te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_CODES = frozenset(_ISO_639_1.split())
_NAMES = {
    **dict.fromkeys(("cz", "czech", "cestina", "cesky"), "cs"),
    **dict.fromkeys(("english", "anglictina", "anglicky"), "en"),
    **dict.fromkeys(("slovak", "slovenstina", "slovensky"), "sk"),
    **dict.fromkeys(("ua", "ukrainian", "ukrajinstina", "ukrajinsky"), "uk"),
    **dict.fromkeys(("german", "nemcina", "nemecky"), "de"),
}
"""What people write for the languages of this literature, folded: their names, and countries that are no codes."""
_TAG = re.compile(r"([a-z]+)(?:[-_][a-z0-9]+)*")


def language_code(written: str) -> str | None:
    """Return the ISO 639-1 code of a language named by its code, by a tag ("en-GB") or by its name, else None.

    Names are known for the languages of this literature, in Czech and English, with and without diacritics.
    """
    decomposed = unicodedata.normalize("NFKD", written.strip().lower())
    tag = _TAG.fullmatch("".join(char for char in decomposed if not unicodedata.combining(char)))
    code = _NAMES.get(tag[1], tag[1]) if tag else None
    return code if code in _CODES else None
