"""How often may one key or one address ask?

The counting is that of the library `limits` (sliding windows); here is only where it counts: in a table of bounded
size, so that a flood from a million addresses costs no more memory than one from a thousand.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict

from limits import RateLimitItem, parse_many
from limits.storage import Storage
from limits.storage.base import SlidingWindowCounterSupport, TimestampedSlidingWindow
from limits.strategies import SlidingWindowCounterRateLimiter

COUNTERS = 100_000
"""Most counters kept; the one that has not been touched for longest goes first. About 25 MB when full."""
IPV6_PREFIX = 64
"""One subscriber holds at least this network (RFC 6177), so it counts as one address."""


class BoundedStorage(Storage, SlidingWindowCounterSupport, TimestampedSlidingWindow):
    """Counters in memory, at most `capacity` of them."""

    STORAGE_SCHEME = ["pramen-memory"]  # noqa: RUF012 - declared so by the library

    def __init__(self, capacity: int = COUNTERS) -> None:
        super().__init__()
        self._capacity = capacity
        self._counters: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._counters)

    @property
    def base_exceptions(self) -> type[Exception]:
        """Errors of the store itself; memory has none of its own."""
        return MemoryError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count `amount` and return the new count, which is forgotten after `expiry` seconds."""
        with self._lock:
            count, ends = self._counters.pop(key, (0, 0.0))
            if ends <= time.time():
                count, ends = 0, time.time() + expiry
            self._counters[key] = (count + amount, ends)
            if len(self._counters) > self._capacity:
                self._counters.popitem(last=False)
            return count + amount

    def get(self, key: str) -> int:
        """Return the count, 0 for one that was never made or has ended."""
        count, ends = self._counters.get(key, (0, 0.0))
        return count if ends > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the count ends, in seconds since 1970."""
        return self._counters.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        """Whether the store works: memory does."""
        return True

    def reset(self) -> int:
        """Forget everything and return how many counters there were."""
        with self._lock:
            count = len(self._counters)
            self._counters.clear()
            return count

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self._lock:
            self._counters.pop(key, None)

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` unless the sliding window would then hold more than `limit`; return whether it was counted."""
        before, rest, now, _ = self.get_sliding_window(key, expiry)
        if before * rest / expiry + now + amount > limit:
            return False
        self.incr(self.sliding_window_keys(key, expiry, time.time())[1], 2 * expiry, amount)
        return True

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Return count and remaining seconds of the previous window, then of the current one."""
        at = time.time()
        previous, current = self.sliding_window_keys(key, expiry, at)
        rest = expiry - at % expiry
        return self.get(previous), rest, self.get(current), rest + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget both windows of a key."""
        for window in self.sliding_window_keys(key, expiry, time.time()):
            self.clear(window)


class Rates:
    """Counts requests against named rates, written as in "30 per second; 5000 per hour"."""

    def __init__(self, rates: dict[str, str], capacity: int = COUNTERS) -> None:
        self._rates: dict[str, list[RateLimitItem]] = {name: parse_many(rate) for name, rate in rates.items()}
        self._storage = BoundedStorage(capacity)
        self._limiter = SlidingWindowCounterRateLimiter(self._storage)

    def seconds_to_wait(self, rate: str, caller: str) -> int:
        """Count one request of `caller` and return 0, or after how many seconds another one makes sense."""
        for item in self._rates[rate]:
            if not self._limiter.hit(item, rate, caller):
                return self._wait(item, rate, caller)
        return 0

    def seconds_until_free(self, rate: str, caller: str) -> int:
        """Return after how many seconds a request of `caller` would be allowed, without counting one; 0 for now."""
        for item in self._rates[rate]:
            if not self._limiter.test(item, rate, caller):
                return self._wait(item, rate, caller)
        return 0

    def _wait(self, item: RateLimitItem, rate: str, caller: str) -> int:
        """Return after how many whole seconds the sliding window has room for one more."""
        expiry = item.get_expiry()
        before, rest, now, _ = self._storage.get_sliding_window(item.key_for(rate, caller), expiry)
        room = item.amount - 1 - now
        if room >= 0:
            return max(1, math.ceil(rest - room * expiry / before))
        return math.ceil(rest + expiry * (1 - (item.amount - 1) / now))


def caller_of(address: str | None) -> str:
    """Return what an address counts as: IPv4 as it is, IPv6 by its network."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if parsed.version == 4:  # noqa: PLR2004 - the version of the protocol
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
