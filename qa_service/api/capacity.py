"""How much does the service do at once, as its settings say?"""

from __future__ import annotations

from dataclasses import dataclass

from qa_service.settings import ServiceSettings
from qa_service.slots import Places, Slots


@dataclass(frozen=True, slots=True)
class Capacity:
    """The slots of each kind of work, and the places of pages that are drawn or wait for it."""

    embedding: Slots
    searching: Slots
    answering: Slots
    pages: Places

    @classmethod
    def of(cls, settings: ServiceSettings) -> Capacity:
        """Return the capacity that the settings ask for."""
        threads, queue = settings.search_slots, settings.search_queue
        # To quote is work of this machine, like searching; to let an endpoint word an answer is mostly waiting.
        answer_threads = settings.answer_slots if settings.llm_url else threads
        embedding_s, longest_s = settings.embedding_timeout_s, settings.request_timeout_s
        return cls(
            embedding=Slots("embedding", threads, queue, embedding_s, embedding_s),
            searching=Slots("search", threads, queue, settings.search_wait_s, longest_s),
            answering=Slots("answer", answer_threads, settings.answer_queue, settings.answer_wait_s, longest_s),
            # Fewer than the threads in which the framework draws pages: it would let any number wait for one of those.
            pages=Places("page", threads + queue, settings.search_wait_s),
        )

    @property
    def slots(self) -> tuple[Slots, ...]:
        """All that runs in threads of its own."""
        return self.embedding, self.searching, self.answering

    def close(self) -> None:
        """Take no more work and let the threads end."""
        for slots in self.slots:
            slots.close()
