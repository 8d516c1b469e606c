"""Does each kind of work get the threads and places that the settings name?"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa_service.api.capacity import Capacity
from qa_service.errors import Overloaded
from qa_service.settings import ServiceSettings
from qa_service.slots import Slots


def places_of(capacity: Capacity) -> int:
    """Return how many pages are let in at once."""
    with capacity.pages.taken():
        try:
            return 1 + places_of(capacity)
        except Overloaded:
            return 1


def threads_of(slots: Slots) -> int:
    """Return how many of several pieces of work run at once."""
    go = threading.Event()
    with ThreadPoolExecutor(8) as callers:
        asked = [callers.submit(slots.call, go.wait) for _ in range(8)]
        while slots.running + slots.waiting < len(asked):
            time.sleep(0.001)
        running = slots.running
        go.set()
        assert all(each.result() for each in asked)
    return running


def test_quoting_has_the_threads_of_searching_and_wording_its_own() -> None:
    """An endpoint lets many wait at once; quoting is work of this machine."""
    settings = {"search_slots": 2, "answer_slots": 5, "search_wait_s": 60.0, "embedding_timeout_s": 60.0}
    quoting = Capacity.of(ServiceSettings(**settings))
    wording = Capacity.of(ServiceSettings(**settings, llm_url="http://127.0.0.1:9/v1", llm_model="m"))
    assert [threads_of(slots) for slots in quoting.slots] == [2, 2, 2]
    assert [threads_of(slots) for slots in wording.slots] == [2, 2, 5]


def test_as_many_pages_are_let_in_as_searches_run_and_wait() -> None:
    """No more: the framework would let any number wait for a thread."""
    assert places_of(Capacity.of(ServiceSettings(search_slots=2, search_queue=3))) == 5


def test_nothing_runs_on_when_all_is_closed() -> None:
    """The threads of the embedding too."""
    capacity = Capacity.of(ServiceSettings())
    capacity.close()
    for slots in capacity.slots:
        with pytest.raises(RuntimeError, match="shutdown"):
            slots.call(int)
