"""In which language is each block of a document?

Documents mix languages by the paragraph, and a heading or a short line tells none by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from ingest.text import BlockSpan

Detect = Callable[[str], str | None]
"""Returns the ISO 639-1 code of a text, None where it cannot be told."""

_DETECT_CHARS = 40
"""Shorter texts are judged with their neighbours, or have their language."""
_WHOLE_CHARS = 4000


def block_languages(spans: Sequence[BlockSpan], text: str, detect: Detect) -> list[str | None]:
    """Return the language of each block; one that cannot be told has that of the block above, at the top the commonest."""
    found = _detected([text[span.start : span.end] for span in spans], detect)
    sizes: Counter[str] = Counter()
    for span, language in zip(spans, found, strict=True):
        sizes[language or ""] += span.end - span.start
    del sizes[""]
    last = sizes.most_common(1)[0][0] if sizes else detect(text[:_WHOLE_CHARS])
    filled = []
    for language in found:
        last = language or last
        filled.append(last)
    return filled


def _detected(texts: Sequence[str], detect: Detect) -> list[str | None]:
    """Return the language of each text; neighbours that are too short to tell are judged together."""
    found = [detect(text) if len(text) >= _DETECT_CHARS else None for text in texts]
    start = 0
    while start < len(texts):
        end = start
        while end < len(texts) and found[end] is None:
            end += 1
        together = " ".join(texts[start:end])[:_WHOLE_CHARS]
        if len(together) >= _DETECT_CHARS and end - start > 1:
            found[start:end] = [detect(together)] * (end - start)
        start = end + 1
    return found
