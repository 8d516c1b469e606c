"""Are scores told apart as far as they mean something, and no further?"""

from __future__ import annotations

from indexes.local.index import _rounded


def test_tiny_scores_are_not_one_great_tie() -> None:
    """A word of nearly every passage scores near zero: those scores differ, and a tie would fetch every passage."""
    more, less = _rounded([(0, 1.2345e-5), (1, 1.2344e-5)])
    assert more > less > 0


def test_the_last_bits_of_float32_do_not_put_equal_passages_in_order() -> None:
    """Equal vectors compared in another batch differ by a few parts in ten million."""
    here, there, far, farther = _rounded([(0, 0.70710678), (1, 0.70710681), (2, 12.345678), (3, 12.345679)])
    assert here == there
    assert far == farther
    assert list(_rounded([(0, 0.0)])) == [0.0]
