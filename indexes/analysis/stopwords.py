"""Which words are too common to find anything?

Lists of our own: the closed classes of both languages (pronouns, prepositions, conjunctions, particles) and the forms
of "být" and "to be". Words that carry meaning in our subject are left in, also frequent ones (stát, může, new).
"""

from __future__ import annotations

from indexes.analysis.tokens import fold

_CZECH = """
a aby ale ani ano asi at až bez bude budeme budete budeš budou budu by bych bychom byl byla byli bylo byly být byste
co což či další do ho i já jak jaká jaké jaký jakou jakých jakým jako je jeho jej její jejich jemu jen ještě ji jí jich
jim jimi jsem jsi jsme jsou jste k kam kde kdo kdy když ke která které který kterou kterého kterému kterém kteří kterých
kterým kterými ku má mají mezi mi mě mně mnou my na nad nám námi nás náš naše naši nebo nechť než ni ní nich ním nimi
nic o od on ona oni ono ony pak po pod podle pokud pouze pro proč proto protože před přes při s se si sice své svou svůj
svých svým svými ta tak také takže tam tato tedy ten tento této těch těchto těm těmi tím tímto to toho tohle tom tomto
tomu tu tuto tvůj ty tyto u už v vám vámi vás váš vaše ve však vy z za zda zde ze že
"""
_ENGLISH = """
a about am an and any are aren't as at be because been being but by can't did didn't do does doesn't doing don't for
from had has have having he her here hers him his how i i'm if in into is isn't it it's its itself me my no nor not of on
or our ours out over own shall she should so some such than that that's the their theirs them themselves then there
these they this those through to too under until up was wasn't we were what when where which while who whom why will with
would you your yours
"""
_UNDIACRITISED_WORDS_THAT_MEAN_SOMETHING = frozenset({"byt", "byty", "mi", "at", "jim", "ku", "dal"})
"""Folded stop words that are also words without diacritics: "být" is a stop word, "byt" is a flat."""

_STOP_WORDS = {"cs": frozenset(_CZECH.split()), "en": frozenset(_ENGLISH.split())}
_FOLDED = {
    language: frozenset(map(fold, words)) - _UNDIACRITISED_WORDS_THAT_MEAN_SOMETHING
    for language, words in _STOP_WORDS.items()
}


def is_stop_word(word: str, language: str) -> bool:
    """Whether a lower-case `word` of `language` (`cs` or `en`) is too common to find anything, accents typed or not."""
    return word.replace("’", "'") in _STOP_WORDS[language] or (word.isascii() and fold(word) in _FOLDED[language])
