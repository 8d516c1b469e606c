"""A small collection made for the contract suite, with one trap for each promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import numpy as np

from corpus.document import Document, DocumentKind, Metadata
from indexes.contract import SENTENCE_SCALE, EmbeddedPassage
from indexes.embedding.embedder import FloatArray
from indexes.manifest import ModelIdentity
from indexes.passage import (
    DocumentText,
    HeadingSpan,
    PageSegment,
    PageSpan,
    Passage,
    PassageKind,
    embedding_input,
    passage_id,
)

DIMENSION = 16
MODEL = ModelIdentity("made-for-tests", "f" * 64, DIMENSION)

SENTENCES = [
    "Cizinci žádají o povolení k pobytu.",
    "Povolení se vydává na dva roky.",
    "The municipality offers language courses.",
    "Courses are free for newcomers.",
    "Škola přijímá žáky s odlišným mateřským jazykem.",
    "Asistent pedagoga pomáhá dětem.",
    "Health insurance is a frequent obstacle.",
    "Poplatek činí 500 Kč podle § 46 zákona.",
    'AND OR NOT title:x (unbalanced "quotes',
    "Interpreters help at the counter.",
]


@dataclass(frozen=True)
class Entry:
    """One document with everything that a writer is given for it."""

    document: Document
    text: DocumentText
    source: bytes
    passages: list[EmbeddedPassage]


def unit_vector(seed: str) -> FloatArray:
    """Return float32[DIMENSION] of unit length, always the same for the same seed."""
    numbers = np.random.default_rng(int(sha256(seed.encode()).hexdigest()[:12], 16)).normal(size=DIMENSION)
    vector: FloatArray = (numbers / np.linalg.norm(numbers)).astype(np.float32)
    return vector


def entry(document_id: str, texts: list[list[str]], metadata: Metadata, *, has_pages: bool = True) -> Entry:
    """Return a document whose passages are the given lists of sentences."""
    source = "\n".join(" ".join(sentences) for sentences in texts).encode()
    title = metadata.title or document_id
    embedded, segments, start = [], [], 0
    ordinals: dict[str, int] = {}
    full = "\n".join(" ".join(sentences) for sentences in texts)
    for number, sentences in enumerate(texts, start=1):
        text = " ".join(sentences)
        ordinal = ordinals.get(text, 0)
        ordinals[text] = ordinal + 1
        passage = Passage(
            id=passage_id(document_id, None, text, ordinal),
            document_id=document_id,
            text=text,
            language="cs" if any(char in text for char in "řžěáíýš") else "en",
            heading=("Úvod", f"Oddíl {number}"),
            pages=PageSpan(number, number + 1, ("iv", str(number + 1))) if has_pages else None,
            start=start,
            end=start + len(text),
            sentences=_spans(sentences),
            kind=PassageKind.LIST if number == 2 else PassageKind.PROSE,
        )
        whole = embedding_input(title, passage.heading, text)
        vectors = np.array([np.round(unit_vector(s) * SENTENCE_SCALE) for s in sentences], dtype=np.int8)
        embedded.append(EmbeddedPassage(passage, sha256(whole.encode()).hexdigest(), unit_vector(text), vectors))
        segments.append(PageSegment(start, start + len(text), number, str(number)))
        start += len(text) + 1
    document = Document(
        document_id,
        title,
        metadata,
        f"{document_id}.txt",
        "text/plain",
        sha256(source).hexdigest(),
        frozenset({"year"}),
    )
    return Entry(document, DocumentText(document_id, full, tuple(segments), (HeadingSpan(0, 5, 1),)), source, embedded)


def _spans(sentences: list[str]) -> tuple[tuple[int, int], ...]:
    spans, start = [], 0
    for sentence in sentences:
        spans.append((start, start + len(sentence)))
        start += len(sentence) + 1
    return tuple(spans)


def collection() -> list[Entry]:
    """Return twelve documents: Czech and English, dated and undated, with equal texts and pages of every kind."""
    kinds = list(DocumentKind)
    publishers = ["Ministerstvo vnitra", "Caritas", None]
    entries = []
    for number in range(12):
        texts = [
            [SENTENCES[(number + step) % 10], SENTENCES[(number * 3 + step * 7) % 10]] for step in range(number % 4 + 1)
        ]
        texts.append([SENTENCES[number % 10]] * (number % 3 + 1))
        entries.append(
            entry(
                f"dokument-{number:02}",
                texts,
                Metadata(
                    title=f"Zpráva o pobytu {number}",
                    authors=("Nováková, J.", "Smith, A."),
                    publisher=publishers[number % 3],
                    year=None if number == 5 else 2010 + number,
                    date=date(2020, 1, number + 1),
                    kind=kinds[number % len(kinds)],
                    language="cs",
                    url="https://example.org/x",
                    valid_from=date(2020, 1, 1) if number % 4 == 0 else None,
                    valid_to=date(2020 + number, 6, 30) if number % 2 == 0 else None,
                    tags=("azyl",),
                ),
                has_pages=number % 2 == 0,
            )
        )
    # the same words in three documents: equal scores, which only the id can put in order
    entries += [entry(f"kopie-{name}", [["Úplně stejná věta o kurzech."]], Metadata(title="Kopie")) for name in "cab"]
    return entries
