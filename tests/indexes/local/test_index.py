"""Are scores told apart as far as they mean something, and what cannot be opened given up?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexes.local.index import LocalIndex, _rounded
from indexes.local.passages import PassageStore
from indexes.local.pruning import prune


def test_what_cannot_be_opened_whole_is_given_up_whole(
    build: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the last part of a release fails, the file of its rows is closed and its lease returned."""
    release_id = build()
    closed = []
    monkeypatch.setattr(PassageStore, "places", lambda store: {}[store.path])
    monkeypatch.setattr(PassageStore, "close", lambda store: closed.append(store.path.parent.name))
    with pytest.raises(KeyError):
        LocalIndex(tmp_path, release_id)
    assert closed == [release_id]
    build()
    assert prune(tmp_path, keep=1).removed == (release_id,)


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
