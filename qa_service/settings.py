"""What can an operator set about the running service?"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path

from limits import parse_many

from indexes.settings import setting
from qa_service.glossary import GLOSSARY

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?", re.ASCII)
_PUBLIC_URL = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?", re.ASCII)
_MOST, _DAY_S, _YEAR_H = 1_000_000, 86_400, 8_784
_BOUNDS = (
    ("port", 0, 65_535),
    *((name, 1, _MOST) for name in ("search_slots", "answer_slots", "max_upload_mb", "max_upload_files")),
    *((name, 0, _MOST) for name in ("search_queue", "answer_queue")),
    *((name, 0, _DAY_S) for name in ("search_wait_s", "answer_wait_s", "shutdown_timeout_s")),
    *((name, 0.01, _DAY_S) for name in ("embedding_timeout_s", "request_timeout_s")),
    ("session_hours", 0.01, _YEAR_H),
)
"""The least and the most that a figure may be; beyond that it is a slip."""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Who may ask, how much at once, and what stands around the service.

    A rate is written as in "30 per second; 5000 per hour" (the notation of the library `limits`): all parts hold
    together. It counts for each key, and for each address of those without a key. Raises ValueError for a value that
    makes no sense.
    """

    host: str = setting("127.0.0.1", "Address to listen on")
    port: int = setting(8000, "Port to listen on; 0 takes a free one")
    contact: str | None = setting(None, "E-mail address that a reader whose question has no answer may write to")
    public_url: str | None = setting(
        None, "Address by which readers reach the service; makes links in citations absolute"
    )
    allowed_origins: tuple[str, ...] = setting(
        (), "Exact origins of sites whose pages may call the API, comma-separated"
    )
    trusted_proxies: tuple[str, ...] = setting(
        (), "Addresses or networks of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto count"
    )
    anonymous_search: bool = setting(True, "Whether searching and reading need no key")
    admin_token: str | None = setting(
        None, "Token of the administrator, long and random; without it all admin routes are closed", secret=True
    )
    session_hours: float = setting(8.0, "How long a sign-in to the console lasts")

    start_worker: bool = setting(
        True, "Whether the service starts its worker itself; false where `pramen work` runs apart from it"
    )

    search_rate: str = setting("200 per second; 500000 per day", "Rate of searching and reading")
    answer_rate: str = setting("100 per second; 200000 per day", "Rate of answers")
    feedback_rate: str = setting("30 per minute; 1000 per day", "Rate of feedback")
    admin_rate: str = setting("200 per second; 100000 per day", "Rate of admin requests, uploads included")
    failed_sign_in_rate: str = setting("60 per minute; 1000 per day", "Rate of wrong tokens, for each address")

    search_slots: int = setting(2, "How many searches and answers run at once; more than two do not end sooner")
    search_queue: int = setting(20, "How many more may wait; beyond that a request is refused at once (503)")
    search_wait_s: float = setting(0.9, "Longest wait for a slot, in seconds; who has waited so long is refused (503)")
    answer_slots: int = setting(4, "How many answers by a model endpoint run at once")
    answer_queue: int = setting(32, "How many more of them may wait")
    answer_wait_s: float = setting(30.0, "Longest wait of an answer by a model endpoint for a slot, in seconds")
    embedding_timeout_s: float = setting(1.0, "After so many seconds a search goes on by words alone")
    request_timeout_s: float = setting(30.0, "Longest time of a search or an extractive answer, in seconds")
    shutdown_timeout_s: float = setting(10.0, "Longest time for running requests to finish after SIGTERM, in seconds")

    max_upload_mb: int = setting(64, "Largest upload, all files of one request together, in MiB")
    max_upload_files: int = setting(50, "Most files in one upload")
    keep_questions: bool = setting(
        True, "Whether questions and ratings are kept for staff, without personal data and without who asked"
    )
    log_questions: bool = setting(False, "Whether the text of questions is written to the log")

    glossary: Path = setting(
        GLOSSARY,
        "File of terms that mean the same in English and Czech, with which the glossary of the staff begins",
        shown="the bundled one",
    )

    llm_url: str | None = setting(None, "Base address of an OpenAI-compatible endpoint for worded answers")
    llm_model: str | None = setting(None, "Model that the endpoint runs")
    llm_key: str | None = setting(None, "Key of the endpoint", secret=True)

    def __post_init__(self) -> None:
        """Refuse what would surprise later: an origin that never matches, a rate that cannot be read."""
        for origin in self.allowed_origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"PRAMEN_ALLOWED_ORIGINS holds {origin!r}: write scheme, host in lower case and a port if it is not"
                    " the usual one, as in https://www.example.org, and nothing after it"
                )
        if self.public_url and not _PUBLIC_URL.fullmatch(self.public_url):
            raise ValueError(f"PRAMEN_PUBLIC_URL is {self.public_url!r}: write it as in https://search.example.org")
        for name, value in asdict(self).items():
            if name.endswith("_rate"):
                _require_rate(f"PRAMEN_{name.upper()}", value)
        for name, least, most in _BOUNDS:
            if not least <= getattr(self, name) <= most:
                raise ValueError(
                    f"PRAMEN_{name.upper()} is {getattr(self, name)}: write a number from {least} to {most}"
                )


def _require_rate(variable: str, rate: str) -> None:
    try:
        parse_many(rate)
    except ValueError as error:
        raise ValueError(f"{variable} is {rate!r}: write it as in 30 per second; 5000 per hour") from error
