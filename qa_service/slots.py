"""How much work runs at once, how much may wait, and what happens to the rest?

A fixed number of threads, a short queue, and a refusal at once for whatever does not fit: an early "try again" is worth
more to everybody than an answer that comes too late.
"""

from __future__ import annotations

import asyncio
import contextvars
import math
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import NoReturn, TypeVar

from qa_service.errors import Overloaded, TooSlow

T = TypeVar("T")


class _End:
    """Stands behind the last item of a stream."""


class Places:
    """Lets in at most `count` at once, and refuses the rest before anything is done for them; for the event loop alone."""

    def __init__(self, name: str, count: int, retry_after_s: float) -> None:
        self.name = name
        self._count = count
        self._retry_after_s = retry_after_s
        self._taken = 0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a place. Raises Overloaded where there is none."""
        if self._taken >= self._count:
            raise Overloaded(self.name, max(1, math.ceil(self._retry_after_s)))
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1


class Slots:
    """Runs functions in `slots` threads; at most `queue` more wait, none longer than `wait_s` of its `timeout_s`."""

    def __init__(self, name: str, slots: int, queue: int, wait_s: float, timeout_s: float) -> None:
        self.name = name
        self._capacity = slots + queue
        self._slots = slots
        self._wait_s = min(wait_s, timeout_s)
        self._timeout_s = timeout_s
        self._pool = ThreadPoolExecutor(slots, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._taken = 0

    @property
    def waiting(self) -> int:
        """How many functions wait for a thread now."""
        return max(0, self._taken - self._slots)

    @property
    def running(self) -> int:
        """How many functions run now."""
        return min(self._taken, self._slots)

    @property
    def refusal(self) -> Overloaded | None:
        """Why nothing more is taken now; None where there is room."""
        return self._overloaded() if self._taken >= self._capacity else None

    def call(self, work: Callable[[], T]) -> T:
        """Return what `work` returns. Raises Overloaded, TooSlow, and whatever `work` raises."""
        future, patience_s = self._submit(work)
        try:
            wait([future], patience_s)
            self._require_begun(future)
            wait([future], self._timeout_s - patience_s)
            return future.result() if future.done() else self._given_up()
        finally:
            future.cancel()

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, without blocking the event loop. Raises as `call` does."""
        submitted, patience_s = self._submit(work)
        future = asyncio.wrap_future(submitted)
        try:
            await asyncio.wait([future], timeout=patience_s)
            self._require_begun(submitted)
            await asyncio.wait([future], timeout=self._timeout_s - patience_s)
            return future.result() if future.done() else self._given_up()
        finally:
            future.cancel()

    def stream(self, work: Callable[[], Iterator[T]]) -> AsyncIterator[T]:
        """Return the items of an iterator, which holds one slot from its first to its last item.

        It begins at once; a reader who goes away ends it at its next item. Raises Overloaded at once, or when the first
        item is asked for, and whatever the iterator raises when that item is asked for.
        """
        loop = asyncio.get_running_loop()
        items: asyncio.Queue[T | _End] = asyncio.Queue()
        is_wanted = threading.Event()
        is_wanted.set()

        def iterate() -> None:
            for item in work():
                if not is_wanted.is_set():
                    return
                loop.call_soon_threadsafe(items.put_nowait, item)

        future, patience_s = self._submit(iterate)
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(items.put_nowait, _End()))
        loop.call_later(patience_s, future.cancel)  # which does nothing to what has begun
        return self._handed_over(items, future, is_wanted)

    def close(self) -> None:
        """Take no more work and let the threads end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _submit(self, work: Callable[[], T]) -> tuple[Future[T], float]:
        """Return the work to come and how many seconds it may wait for a slot; who got one at once waits for none."""
        with self._lock:
            if self._taken >= self._capacity:
                raise self._overloaded()
            patience_s = self._timeout_s if self._taken < self._slots else self._wait_s
            self._taken += 1
        future = self._pool.submit(contextvars.copy_context().run, work)
        future.add_done_callback(self._give_back)
        return future, patience_s

    def _give_back(self, _: object) -> None:
        with self._lock:
            self._taken -= 1

    def _require_begun(self, future: Future[T]) -> None:
        """Take back what still waits. Raises Overloaded, at the moment when the wait is over."""
        if future.cancel():
            raise self._overloaded()

    async def _handed_over(
        self, items: asyncio.Queue[T | _End], future: Future[None], is_wanted: threading.Event
    ) -> AsyncIterator[T]:
        try:
            while not isinstance(item := await items.get(), _End):
                yield item
            if future.cancelled():
                raise self._overloaded()
            future.result()
        finally:
            is_wanted.clear()

    def _overloaded(self) -> Overloaded:
        return Overloaded(self.name, max(1, math.ceil(self._wait_s)))

    def _given_up(self) -> NoReturn:
        raise TooSlow(self.name, self._timeout_s)
