"""Are requests counted rightly, in memory that has a bound?"""

from __future__ import annotations

import tracemalloc

import pytest

from qa_service.api import rates as module
from qa_service.api.rates import COUNTERS, BoundedStorage, Rates, caller_of


class Clock:
    """A time that the test sets."""

    def __init__(self) -> None:
        self.now = 1_000_000_000.0

    def time(self) -> float:
        """Return the time in seconds since 1970."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the counters and of the library that reads them."""
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr("limits.strategies.time", clock)
    return clock


def test_a_steady_flood_passes_at_the_set_rate(clock: Clock) -> None:
    """Three times too many requests over ten minutes: what passes is within a tenth of the rate."""
    rates = Rates({"search": "60 per minute"})
    passed = 0
    for _ in range(3 * 60 * 10):
        passed += rates.seconds_to_wait("search", "a") == 0
        clock.now += 1 / 3
    assert passed == pytest.approx(60 * 10, rel=0.1)


def test_a_burst_at_the_edge_of_a_window_does_not_double_the_rate(clock: Clock) -> None:
    """The window slides, so waiting for the full minute gives no second helping."""
    rates = Rates({"search": "60 per minute"})
    clock.now = 1_000_000_000 // 60 * 60 + 59.0
    first = sum(rates.seconds_to_wait("search", "a") == 0 for _ in range(100))
    clock.now += 2
    second = sum(rates.seconds_to_wait("search", "a") == 0 for _ in range(100))
    assert first == 60
    assert second <= 2


def test_after_the_time_told_the_caller_is_let_in(clock: Clock) -> None:
    """Retry-After is a promise."""
    rates = Rates({"search": "5 per minute"})
    while not (wait := rates.seconds_to_wait("search", "a")):
        pass
    clock.now += wait
    assert rates.seconds_to_wait("search", "a") == 0


def test_callers_and_rates_are_counted_apart(clock: Clock) -> None:
    """One caller's flood costs nobody else anything."""
    rates = Rates({"search": "1 per minute", "answer": "1 per minute"})
    assert rates.seconds_to_wait("search", "a") == 0
    assert rates.seconds_to_wait("search", "a") > 0
    assert rates.seconds_to_wait("search", "b") == 0
    assert rates.seconds_to_wait("answer", "a") == 0


def test_a_rate_of_several_parts_holds_as_a_whole(clock: Clock) -> None:
    """The daily quota refuses what the rate per second would let in."""
    rates = Rates({"search": "2 per second; 3 per day"})
    outcomes = []
    for _ in range(5):
        outcomes.append(rates.seconds_to_wait("search", "a"))
        clock.now += 1
    assert [wait == 0 for wait in outcomes] == [True, True, True, False, False]


def test_a_million_addresses_cost_no_more_than_the_table(clock: Clock) -> None:
    """The table full of callers stays under 50 MB, and the newest are still counted."""
    capacity = 5_000
    rates = Rates({"search": "1 per day"}, capacity)
    tracemalloc.start()
    for number in range(capacity * 2):
        rates.seconds_to_wait("search", f"2001:db8:1:{number}::/64")
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert used / capacity * COUNTERS < 50e6
    assert rates.seconds_to_wait("search", f"2001:db8:1:{capacity * 2 - 1}::/64") > 0


def test_the_table_never_holds_more_than_its_capacity() -> None:
    """The oldest counter goes first."""
    storage = BoundedStorage(capacity=3)
    for name in "abcd":
        storage.incr(name, 60)
    assert len(storage) == 3
    assert (storage.get("a"), storage.get("d")) == (0, 1)


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("not an address", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_address_counts_as_what_one_subscriber_holds(address: str | None, counted_as: str) -> None:
    """An IPv6 subscriber has 2^64 addresses; they are one caller."""
    assert caller_of(address) == counted_as
