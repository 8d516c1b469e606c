"""How is a model endpoint asked so that no fault of it can hurt us?

Any endpoint that speaks the chat completions of the OpenAI API (Ollama, vLLM, llama.cpp, a vendor). What comes back is
untrusted: it is limited in time and size, never decompressed, never followed to another address.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any

import httpx2

from qa_service.errors import EndpointFailed

TIMEOUT_S = 20.0
LONGEST_REPLY_BYTES = 256_000
LONGEST_ANSWER_TOKENS = 600
_DONE = b"[DONE]"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model listens. `url` is the base address ("http://127.0.0.1:11434/v1"); `key` is never shown."""

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    timeout_s: float = TIMEOUT_S
    """For a whole reply, from the first byte sent to the last one read."""

    def stream(self, messages: Sequence[Mapping[str, str]]) -> Iterator[str]:
        """Yield the reply in pieces as they come. Raises EndpointFailed; pieces already yielded stay true."""
        pieces = _Pieces()
        for chunk in self._chunks(messages):
            yield from pieces.read(chunk)
        yield from pieces.end()

    def _chunks(self, messages: Sequence[Mapping[str, str]]) -> Iterator[bytes]:
        """Yield the bytes of the reply; a thread reads them, so that not even a slow header outlasts the time limit."""
        queue: Queue[bytes | EndpointFailed | None] = Queue(maxsize=16)
        given_up = Event()
        Thread(target=self._read, args=(messages, queue, given_up), name="model-endpoint", daemon=True).start()
        ends = time.monotonic() + self.timeout_s
        try:
            while True:
                item = queue.get(timeout=max(0.0, ends - time.monotonic()))
                if item is None:
                    return
                if isinstance(item, EndpointFailed):
                    raise item
                yield item
        except Empty:
            raise EndpointFailed(f"the model endpoint did not finish within {self.timeout_s:g} seconds") from None
        finally:
            given_up.set()

    def _read(
        self, messages: Sequence[Mapping[str, str]], queue: Queue[bytes | EndpointFailed | None], given_up: Event
    ) -> None:
        """Put the bytes of the reply into `queue`, at last None or what went wrong."""
        last: EndpointFailed | None = None
        try:
            for chunk in self._request(messages):
                if not _put(queue, chunk, given_up):
                    return
        except EndpointFailed as error:
            last = error
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError, ValueError) as error:
            last = EndpointFailed(f"the model endpoint failed ({type(error).__name__}): see that it runs")
        _put(queue, last, given_up)

    def _request(self, messages: Sequence[Mapping[str, str]]) -> Iterator[bytes]:
        headers = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        body = {
            "model": self.model,
            "messages": list(messages),
            "temperature": 0,
            "max_tokens": LONGEST_ANSWER_TOKENS,
            "stream": True,
        }
        address = f"{self.url.rstrip('/')}/chat/completions"
        with (
            httpx2.Client(timeout=self.timeout_s, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", address, json=body, headers=headers) as response,
        ):
            if response.status_code != httpx2.codes.OK:
                raise EndpointFailed(f"the model endpoint answered with status {response.status_code}")
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise EndpointFailed("the model endpoint sent a compressed reply, which it was asked not to do")
            yield from _limited(response.iter_raw())


class _Pieces:
    """Puts a reply together: events of a stream one by one, a plain JSON body at its end."""

    def __init__(self) -> None:
        self._rest = b""
        self._is_stream: bool | None = None
        self._done = False

    def read(self, chunk: bytes) -> Iterator[str]:
        self._rest += chunk
        if self._is_stream is None and self._rest.strip():
            self._is_stream = not self._rest.lstrip().startswith((b"{", b"[", b"<"))
        if self._is_stream:
            *lines, self._rest = self._rest.split(b"\n")
            for line in lines:
                yield from self._event(line)

    def end(self) -> Iterator[str]:
        if self._is_stream:
            yield from self._event(self._rest)
            if not self._done:
                raise EndpointFailed("the model endpoint ended its stream without saying so")
        else:
            yield _content(_parsed(self._rest), "message")

    def _event(self, line: bytes) -> Iterator[str]:
        name, _, data = line.strip().partition(b":")
        if name != b"data" or self._done:
            return
        if data.strip() == _DONE:
            self._done = True
        else:
            yield _content(_parsed(data), "delta")


def _put(queue: Queue[bytes | EndpointFailed | None], item: bytes | EndpointFailed | None, given_up: Event) -> bool:
    """Put an item unless the asker has left; return whether it was put."""
    while not given_up.is_set():
        try:
            queue.put(item, timeout=0.1)
        except Full:
            continue
        return True
    return False


def _limited(chunks: Iterator[bytes]) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > LONGEST_REPLY_BYTES:
            raise EndpointFailed(f"the model endpoint sent more than {LONGEST_REPLY_BYTES} bytes")
        yield chunk


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise EndpointFailed(f"the model endpoint sent no JSON ({type(error).__name__})") from None


def _content(reply: Any, part: str) -> str:
    """Return the text of the first choice. A stream may send pieces without text; a whole reply may not."""
    try:
        content = reply["choices"][0][part].get("content")
    except (LookupError, TypeError, AttributeError):
        content = None
        if part == "delta" and isinstance(reply, dict) and reply.get("choices") == []:
            return ""
    if isinstance(content, str):
        return content
    if part == "delta" and content is None and isinstance(reply, dict) and reply.get("choices"):
        return ""
    raise EndpointFailed("the model endpoint sent a reply without text")
