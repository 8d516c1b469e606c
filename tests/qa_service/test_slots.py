"""Is what does not fit refused at once, and what was taken done?"""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa_service.errors import Overloaded, TooSlow
from qa_service.slots import Slots


def test_what_is_asked_is_done_and_its_error_comes_back() -> None:
    """From threads and from the event loop alike."""
    slots = Slots("t", 1, 1, 1, 5)
    assert slots.call(lambda: 7) == 7
    assert asyncio.run(slots.run(lambda: 8)) == 8
    with pytest.raises(KeyError):
        slots.call(lambda: {}["x"])
    with pytest.raises(KeyError):
        asyncio.run(slots.run(lambda: {}["x"]))


def test_beyond_places_and_queue_a_request_is_refused_at_once() -> None:
    """One runs, one waits, the third is told to come back; afterwards there is room again."""
    slots, go = Slots("t", 1, 1, 600, 600), threading.Event()
    with ThreadPoolExecutor(2) as callers:
        waiting = [callers.submit(slots.call, go.wait) for _ in range(2)]
        while (slots.running, slots.waiting) != (1, 1):
            time.sleep(0.001)
        with pytest.raises(Overloaded) as caught:
            slots.call(lambda: None)
        go.set()
        assert all(each.result() for each in waiting)
    assert caught.value.facts["seconds"] == 600
    assert slots.call(lambda: "room") == "room"


def test_who_waited_too_long_for_a_place_is_refused_then_and_not_when_one_is_free() -> None:
    """From threads, from the event loop and as a stream; the work is not begun at all, and nobody waits any more."""
    slots, go, begun = Slots("t", 1, 1, 0.05, 60), threading.Event(), []

    def begin() -> None:
        begun.append(1)

    async def stream() -> None:
        async for _ in slots.stream(lambda: iter([begin()])):
            pass

    with ThreadPoolExecutor(1) as caller:
        first = caller.submit(slots.call, go.wait)
        while slots.running == 0:
            time.sleep(0.001)
        with pytest.raises(Overloaded):
            slots.call(begin)
        with pytest.raises(Overloaded):
            asyncio.run(slots.run(begin))
        with pytest.raises(Overloaded):
            asyncio.run(stream())
        assert (slots.running, slots.waiting) == (1, 0)
        go.set()
        assert first.result()
    assert begun == []


def test_work_that_takes_too_long_is_given_up_and_keeps_its_place_until_it_ends() -> None:
    """The caller goes on; the thread is not free yet, and the count says so."""
    slots, begun, go = Slots("t", 1, 0, 0.2, 0.2), threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        go.wait()

    while not begun.is_set():  # on a busy machine the thread may not have begun in time
        with pytest.raises((TooSlow, Overloaded)) as caught:
            slots.call(hold)
    assert caught.type is TooSlow
    with pytest.raises(Overloaded):
        slots.call(lambda: None)
    go.set()
    while slots.running:
        time.sleep(0.001)
    assert slots.call(lambda: 1) == 1


def test_a_stream_is_refused_before_its_first_item_or_comes_whole() -> None:
    """Its items in order, its error at its place."""

    async def follow() -> None:
        slots = Slots("t", 1, 0, 1, 600)
        assert [item async for item in slots.stream(lambda: iter(range(5)))] == [0, 1, 2, 3, 4]

        def breaks():
            yield 1
            raise ValueError("in the middle")

        seen = []
        with pytest.raises(ValueError, match="in the middle"):
            async for item in slots.stream(breaks):
                seen.append(item)  # noqa: PERF401 - what came before the error counts
        assert seen == [1]
        go = threading.Event()
        held = slots.stream(lambda: iter([go.wait()]))
        with pytest.raises(Overloaded):
            slots.stream(lambda: iter([1]))
        go.set()
        assert [item async for item in held] == [True]

    asyncio.run(follow())


def test_a_reader_who_goes_away_ends_the_stream() -> None:
    """The place is free again soon, however long the stream would have been."""

    async def leave() -> None:
        slots = Slots("t", 1, 0, 1, 600)

        def endless():
            while True:
                time.sleep(0.001)
                yield 1

        stream = slots.stream(endless)
        assert await anext(stream) == 1
        await stream.aclose()
        while slots.running:
            await asyncio.sleep(0.001)

    asyncio.run(asyncio.wait_for(leave(), 600))
