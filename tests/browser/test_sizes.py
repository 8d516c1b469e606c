"""Do the widget and the pages keep their budgets?"""

from __future__ import annotations

import pytest

from tests.browser import sizes


def test_widget_and_pages_keep_their_budgets() -> None:
    """Widget at most 12 kB, what a page loads at most 60 kB, compressed."""
    assert sizes.main() == 0


def test_everything_that_a_page_imports_is_counted() -> None:
    """Scripts of scripts too, and the messages."""
    assert sizes.loaded(["search.js"]) >= {
        "search.js",
        "stream.js",
        "words.js",
        "page-messages.js",
        "page-messages.cs.js",
    }


def test_a_widget_beyond_its_budget_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: a budget of one byte is exceeded."""
    monkeypatch.setitem(sizes.BUDGETS, "widget.js", 1)
    assert sizes.main() == 1
