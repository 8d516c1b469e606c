"""What does an operator watch?

Latency by route and by step, queues, refusals, degraded answers, the age of the release and the outcome of jobs, in the
text format of Prometheus. No label ever holds anything that a reader wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from qa_service.slots import Slots

LATENCY_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0, 10.0, 30.0)
"""Seconds; finest around the aims of the service (a search within 100 ms)."""


class Metrics:
    """The figures of one service. Each service has its own registry, so several can live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "pramen_request_seconds",
            "Time from the head of a request to the end of its response",
            ["method", "route", "status"],
            buckets=LATENCY_BUCKETS,
            registry=self.registry,
        )
        self.steps = Histogram(
            "pramen_step_seconds", "Time of one step", ["step"], buckets=LATENCY_BUCKETS, registry=self.registry
        )
        self.refusals = Counter("pramen_refusals", "Requests refused, by code", ["code"], registry=self.registry)
        self.degraded = Counter(
            "pramen_degraded", "Answers given in a simpler way because a part failed", ["verb"], registry=self.registry
        )
        self.no_answers = Counter(
            "pramen_no_answers", "Questions declined, by reason", ["reason"], registry=self.registry
        )
        self.waiting = self._gauge("pramen_waiting", "How much waits for a place", "slots")
        self.running = self._gauge("pramen_running", "How much runs", "slots")
        self.release_age = self._gauge("pramen_release_age_seconds", "Age of the release that is served")
        self.release_faults = self._gauge("pramen_release_faults", "1 while the published release is not served")
        self.embedder_rests = self._gauge("pramen_embedder_rests", "1 while search goes on by words alone")
        self.jobs = self._gauge("pramen_jobs", "How many jobs are kept in each state", "state")
        ProcessCollector(registry=self.registry)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step."""
        with self.steps.labels(name).time():
            yield

    def watch_slots(self, slots: Slots) -> None:
        """Read queue and load of a set of slots whenever somebody looks."""
        self.waiting.labels(slots.name).set_function(lambda: slots.waiting)
        self.running.labels(slots.name).set_function(lambda: slots.running)

    def _gauge(self, name: str, description: str, *labels: str) -> Gauge:
        return Gauge(name, description, labels, registry=self.registry)

    def text(self) -> bytes:
        """Return all figures in the text format of Prometheus, version 0.0.4."""
        return generate_latest(self.registry)
