"""Which forms of which words does the analysis know? Makes `indexes/analysis/word_forms.npz`.

Run from the root of the repository, with the default installation:

    python -m indexes.training.word_forms

The source is the lemma lists of the library simplemma (Czech and English); their licences are named in the README of
`indexes/analysis`. A form goes into the table only where its key differs from what the endings alone tell, so the table
holds less than half of the lists. Equal lists give an equal table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from indexes.analysis.stems import WORD_FORMS, form_hash, snowball, stems_by_rule
from indexes.analysis.tokens import fold

_VERB_ENDINGS = [
    "uji",
    "uješ",
    "uje",
    "ujeme",
    "ujete",
    "ují",
    "oval",
    "ovala",
    "ovali",
    "ovalo",
    "ovaly",
    "ován",
    "ována",
    "ováno",
    "ováni",
    "ovány",
    "ovaný",
]
"""Forms of the verbs in -ovat beside the infinitive: the class is regular, and the list lacks many of them."""
_PLACE_FORMS = {"brně": "brno", "brno": "brno", "brna": "brno", "brnu": "brno", "brnem": "brno"}
"""A city that the list knows by its nominative alone and otherwise takes for the verb "brnět"."""


_ABBREVIATION = 2
"""Up to this many letters an English form is likelier an abbreviation than a word."""


def lemmas(language: str) -> dict[str, str]:
    """Return one lemma for all forms of a word of `language` (`cs` or `en`), by the form, in lower case."""
    listed = DefaultDictionaryFactory().get_dictionary(language)
    lemma_of = {form.lower(): lemma.lower() for form, lemma in listed.items() if " " not in form}
    return _czech_words(lemma_of) if language == "cs" else _english_words(lemma_of)


def _czech_words(lemma_of: dict[str, str]) -> dict[str, str]:
    """Return the list with regular forms that it lacks; a lemma that has a lemma in turn (kurzu, kurz, kurs) is resolved."""
    for verb in {lemma for lemma in lemma_of.values() if lemma.endswith("ovat")}:
        for ending in _VERB_ENDINGS:
            lemma_of.setdefault(verb.removesuffix("ovat") + ending, verb)
    lemma_of |= _PLACE_FORMS
    return {form: _last_lemma(lemma, lemma_of) for form, lemma in lemma_of.items()}


def _english_words(lemma_of: dict[str, str]) -> dict[str, str]:
    """Return the list without its abbreviations (cms, centimeter): a lemma begins as its form does."""
    return {form: lemma for form, lemma in lemma_of.items() if len(form) > _ABBREVIATION and form[0] == lemma[0]}


def _last_lemma(lemma: str, lemma_of: Mapping[str, str]) -> str:
    """Return where following the lemmas ends; of lemmas that name each other, the first in the alphabet."""
    seen = [lemma]
    while (following := lemma_of.get(seen[-1], seen[-1])) not in seen:
        seen.append(following)
    return min(seen[seen.index(following) :])


def table_of(language: str) -> dict[str, tuple[str, ...]]:
    """Return the keys of every form whose keys the endings alone do not tell, by the form.

    A folded form stands for all forms that fold to it; where these differ, each of them has its own entry too.
    """
    key_of = {form: snowball(lemma, language) for form, lemma in lemmas(language).items()}
    unfolded: dict[str, set[str]] = defaultdict(set)
    for form in key_of:
        unfolded[fold(form)].add(form)
    table: dict[str, tuple[str, ...]] = {}
    for folded, forms in unfolded.items():
        keys = tuple(sorted({key_of[form] for form in forms}))
        if any(stems_by_rule(form, language) != keys for form in forms | {folded}):
            table[folded] = keys
        if len(keys) > 1:
            table.update({form: (key_of[form],) for form in forms if form != folded})
    return table


def main() -> None:
    """Write the table of both languages."""
    entries = {form_hash(lang, form): " ".join(keys) for lang in ("cs", "en") for form, keys in table_of(lang).items()}
    hashes = sorted(entries)
    keys = sorted(set(entries.values()))
    number = {key: position for position, key in enumerate(keys)}
    np.savez(
        WORD_FORMS,
        hashes=np.array(hashes, dtype=np.uint64),
        key_numbers=np.array([number[entries[value]] for value in hashes], dtype=np.uint32),
        keys=np.frombuffer("\n".join(keys).encode(), dtype=np.uint8),
    )


if __name__ == "__main__":
    main()
