"""Are scores told apart as far as they mean something, and no further?"""

from __future__ import annotations

from indexes.local.index import _rounded


def test_tiny_scores_are_not_one_great_tie() -> None:
    """A word of nearly every passage scores near zero: those scores differ, and a tie would fetch every passage."""
    assert _rounded(1.2345e-5) > _rounded(1.2344e-5)


def test_the_last_bits_of_float32_do_not_put_equal_passages_in_order() -> None:
    """Equal vectors compared in another batch differ by a few parts in ten million."""
    assert _rounded(0.70710678) == _rounded(0.70710681)
    assert _rounded(12.345678) == _rounded(12.345679)
