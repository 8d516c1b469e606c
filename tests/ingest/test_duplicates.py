"""Are copies, near copies and editions told apart, and is the right one preferred?"""

from __future__ import annotations

import random

from ingest.duplicates import Candidate, Likeness, find_relations, fingerprint

_WORDS = [
    f"{a}{b}"
    for a in ("obec", "kurz", "úřad", "škol", "děti", "rada", "plán")
    for b in ("ní", "ech", "ům", "ové", "ská", "nost")
]


def text(seed: int, words: int = 400) -> str:
    """Return a text that no other seed gives."""
    return " ".join(random.Random(seed).choices(_WORDS, k=words))


def candidate(name: str, content: str, title: str = "", year: int | None = None) -> Candidate:
    """Return a document to compare."""
    return Candidate(name, title or f"Název {name}", year, fingerprint(content))


def relations(*candidates: Candidate) -> list[tuple[str, str, str]]:
    """Return (document, preferred document, likeness)."""
    return [(r.id, r.other, r.likeness.value) for r in find_relations(candidates)]


def changed(content: str, count: int) -> str:
    """Return a text with so many words replaced, evenly spread."""
    words = content.split()
    for index in range(0, len(words), max(len(words) // count, 1)):
        words[index] = f"změna{index}"
    return " ".join(words)


def test_the_same_words_are_a_copy_whatever_their_case_and_marks() -> None:
    """A PDF and the web page of one text differ in line ends and quotation marks alone."""
    assert relations(candidate("a", text(1)), candidate("b", text(1).upper().replace(" ", ",\n"))) == [
        ("b", "a", "exact")
    ]


def test_a_few_changed_words_make_a_near_copy_and_many_make_another_document() -> None:
    """400 words with 5 changed share over 80 % of their five-word runs, with 60 changed under half."""
    assert relations(candidate("a", text(1)), candidate("b", changed(text(1), 5))) == [("b", "a", "near")]
    assert relations(candidate("a", text(1)), candidate("b", changed(text(1), 60))) == []
    assert relations(candidate("a", text(1)), candidate("b", text(2))) == []


def test_editions_of_one_title_are_versions_and_the_newest_is_preferred() -> None:
    """The year in the title does not hide that it is one document; an older copy never wins over a newer one."""
    old = candidate("a", text(1), "Strategie integrace 2014–2017", 2014)
    new = candidate("b", changed(text(1), 20), "Strategie integrace 2018–2021", 2018)
    assert relations(old, new) == [("a", "b", "version")]
    assert find_relations([new, old])[0].likeness is Likeness.VERSION


def test_pages_of_the_same_title_with_other_content_are_not_related() -> None:
    """Every town has a page "Pro obce"."""
    assert relations(candidate("a", text(1), "Pro obce"), candidate("b", text(2), "Pro obce")) == []


def test_one_of_several_copies_is_kept() -> None:
    """Three copies point to the same one."""
    copies = [candidate(name, text(1)) for name in ("c", "a", "b")]
    assert relations(*copies) == [("b", "a", "exact"), ("c", "a", "exact")]


def test_empty_and_short_texts_can_be_compared() -> None:
    """A text shorter than one run of words has a fingerprint, too."""
    assert relations(candidate("a", ""), candidate("b", "dvě slova")) == []
