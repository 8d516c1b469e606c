"""Which words say little to a reader when they stand by themselves?

Searches use them: "kolik žáků" and "how many pupils" look for "mnoho" and "many" too. But as a word by itself, told
as one that was also searched, none of them says anything. Lists of our own: quantities, small numbers and degrees;
modal verbs and those that lend their meaning to another word (have, get, make); adverbs of order and sequence.
"""

from __future__ import annotations

from functools import lru_cache

from indexes.analysis.terms import is_function_word, word_keys

_CZECH = """
kolik mnoho málo hodně více méně několik každý všechen všechno všichni jiný ostatní takový stejný samý celý oba obě žádný
některý nějaký velmi velký malý nový starý jeden jedna dva dvě tři čtyři pět šest sedm osm devět deset první druhý třetí
poslední další dřívější předchozí
může moci lze muset musí mít má měl chtít chce smět potřebovat potřebuje potřeba třeba dělat udělat dát dává vzít brát
získat dostat přijít jít říci říct řekl uvést vědět ví znát najít nalézt ukázat použít používat začít
také již jen právě například potom poté dříve později nyní dnes kolem vedle blízko poblíž společně
"""
_ENGLISH = """
many much more most few less several some each every all other another same such whole both none any very large big small
new old one two three four five six seven eight nine ten first second third last next previous early
can could may might must have has had do did done make made get got give given take taken come came go went say said tell
told know known find found show shown use used need want start begin let
also then later earlier now today near around example together not us his her your
off down away back again still even only just ever never
"""


def is_light(key: str) -> bool:
    """Whether a key is that of a function word, or of a word that says little by itself."""
    return is_function_word(key) or key in _light_keys()


@lru_cache(maxsize=1)
def _light_keys() -> frozenset[str]:
    words = {"cs": _CZECH.split(), "en": _ENGLISH.split()}
    return frozenset(
        key for language, listed in words.items() for word in listed for key in word_keys(word, (language,))
    )
