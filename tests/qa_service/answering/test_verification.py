"""Is a reply cut into sentences with their marks, and is each held to its quotation?"""

from __future__ import annotations

import pytest

from qa_service.answering.verification import Draft, Verifier, complete_part, drafts
from qa_service.answering.wording import plain_words
from tests.qa_service.answering.collection import EMBEDDER, search

SOURCE = "Kurz češtiny pro cizince trvá čtyři hodiny. Kurz češtiny není povinný pro děti do 15 let."
QUESTION = "Jak dlouho trvá kurz češtiny pro cizince?"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("Kurz je zdarma [1]. Trvá den [2].", [Draft("Kurz je zdarma.", (1,)), Draft("Trvá den.", (2,))]),
        ("Kurz je zdarma. [1] Trvá den. [1][2]", [Draft("Kurz je zdarma.", (1,)), Draft("Trvá den.", (1, 2))]),
        ("Bylo to 14. května 2019 [1, 3].", [Draft("Bylo to 14. května 2019.", (1, 3))]),
        ("- **Kurz** je zdarma [1]\n2. Trvá den [2]", [Draft("Kurz je zdarma", (1,)), Draft("Trvá den", (2,))]),
        ("Ano [0][-1][1e9].", [Draft("Ano.", ())]),
        ("Ano ![x](http://a) [1].", [Draft("Ano !(http://a).", ())]),
        ("Bez značky.", [Draft("Bez značky.", ())]),
    ],
)
def test_marks_belong_to_the_sentence_before_them(reply, expected) -> None:
    """A mark that is no number makes a sentence cite nothing."""
    assert drafts(reply) == expected


@pytest.mark.parametrize("cut", range(1, 40))
def test_what_is_complete_never_changes_with_what_follows(cut) -> None:
    """Wherever a stream is cut, the sentences given out are a beginning of all of them."""
    reply = "Kurz je zdarma [1]. Trvá den [2]. Začíná v září."
    assert drafts(reply)[: len(drafts(reply[:cut][: complete_part(reply[:cut])]))] == drafts(
        reply[:cut][: complete_part(reply[:cut])]
    )


@pytest.fixture
def check(collection):
    """Check a sentence that cites the one passage."""
    collection.add("kurz", SOURCE)
    index = collection.index
    hits = search(index, QUESTION).hits
    verifier = Verifier(index, hits, EMBEDDER.embed_query(QUESTION), "cs", EMBEDDER, widen=plain_words)
    return lambda text, cited=(1,): verifier.check(Draft(text, cited))


def test_a_true_sentence_keeps_its_own_words(check) -> None:
    """With the sentence of the source beside it."""
    checked = check("Kurz češtiny pro cizince trvá 4 hodiny.")
    assert (checked.text, checked.is_replaced) == ("Kurz češtiny pro cizince trvá 4 hodiny.", False)
    assert checked.supports[0].quote == "Kurz češtiny pro cizince trvá čtyři hodiny."


@pytest.mark.parametrize(
    "said",
    [
        "Kurz češtiny pro cizince trvá čtyřicet hodin.",
        "Kurz češtiny pro cizince netrvá čtyři hodiny.",
        "Kurz češtiny pro cizince od Jana Nováka trvá čtyři hodiny.",
        "Kurz češtiny pro cizince trvá čtyři hodiny, pište na kurz@example.cz.",
    ],
)
def test_a_sentence_that_says_more_or_else_gives_way_to_the_quotation(check, said) -> None:
    """Another figure, a denial, a name and an address that the source does not hold."""
    checked = check(said)
    assert checked.is_replaced
    assert checked.text == "Kurz češtiny pro cizince trvá čtyři hodiny."


@pytest.mark.parametrize(
    ("said", "cited"),
    [
        ("Kurz češtiny pro cizince trvá čtyři hodiny.", ()),
        ("Kurz češtiny pro cizince trvá čtyři hodiny.", (2,)),
        ("Kurz češtiny pro cizince trvá čtyři hodiny.", (0,)),
        ("Kurz češtiny pro cizince <b>trvá</b> čtyři hodiny.", (1,)),
        ("Kurz češtiny trvá čtyři hodiny, viz www.example.org.", (1,)),
        ("Kurz češtiny\u202e trvá čtyři hodiny.", (1,)),
        ("Курс чеської мови триває чотири години.", (1,)),
        ("Ministr zahraničí navštívil Brusel.", (1,)),
        ("Čtyři hodiny.", (1,)),
    ],
)
def test_what_cannot_be_checked_is_dropped(check, said, cited) -> None:
    """No citation or a wrong one, markup, a link, hidden or foreign letters, another subject, no sentence."""
    assert check(said, cited) is None
