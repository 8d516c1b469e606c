"""Does a search give the right passages of one release, with everything that a reader needs to judge them?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from corpus.document import Document, DocumentKind, Metadata
from indexes.contract import EmbeddedPassage
from indexes.embedding.embedder import FloatArray
from indexes.embedding.hashing import HashingEmbedder
from indexes.errors import EmbeddingError
from indexes.manifest import ModelIdentity
from indexes.passage import DocumentText, Filters, Leg, Passage, embedding_input, passage_id
from qa_service.assembly import open_retriever
from qa_service.errors import InvalidQuery
from qa_service.query import Query, parse_query
from qa_service.retrieval import CANDIDATES, Retriever
from tests.fakes import StrictMemoryIndex, StrictMemoryWriter

TEXTS = [
    ("poplatky", "cs", "law", 2023, "Za vydání povolení k pobytu se platí poplatek 2 500 Kč podle § 46."),
    ("kurzy", "cs", "guide", 2021, "Obec pořádá kurzy češtiny pro cizince zdarma."),
    ("fees", "en", "guide", 2022, "The fee for a residence permit is CZK 2,500."),
    ("courses", "en", "report", 2020, "Language courses for foreigners are free of charge in many towns."),
    ("zahrada", "cs", "news", None, "Komunitní zahrada spojuje sousedy z různých zemí."),
]

HEADINGS = {"pobyt-postup": ("Postup",), "pobyt-poplatky": ("Poplatky",)}
"""Documents whose passage stands under a heading."""


class BrokenEmbedder(HashingEmbedder):
    """An embedder that fails."""

    def embed_query(self, text: str) -> FloatArray:
        """Fail."""
        raise EmbeddingError("out of memory")


def add(
    writer: StrictMemoryWriter,
    embedder: HashingEmbedder,
    entry: tuple[str, str, str, int | None, str],
    copy_of: str | None = None,
    newer: str | None = None,
) -> None:
    """Write a document of one passage."""
    name, language, kind, year, text = entry
    metadata = Metadata(
        title=name, kind=DocumentKind(kind), year=year, language=language, publisher="Město", superseded_by=newer
    )
    source = text.encode()
    digest = sha256(source).hexdigest()
    document = Document(name, name, metadata, f"{name}.txt", "text/plain", digest, copy_of=copy_of)
    heading, whole = HEADINGS.get(name, ()), (0, len(text))
    passage = Passage(passage_id(name, None, text, 0), name, text, language, heading, None, *whole, (whole,))
    context = embedding_input(name, heading, text)
    embedded = EmbeddedPassage(
        passage,
        sha256(context.encode()).hexdigest(),
        embedder.embed_query(context),
        np.zeros((1, embedder.dimension), dtype=np.int8),
    )
    writer.add(document, DocumentText(name, text), source, [embedded])


@contextmanager
def opened(
    entries: Sequence[tuple[str, str, str, int | None, str]],
    copy_of: Mapping[str, str] | None = None,
    newer: Mapping[str, str] | None = None,
) -> Iterator[StrictMemoryIndex]:
    """Lend a release of these documents; the mappings name the document of which one is a copy, and its newer version."""
    embedder = HashingEmbedder()
    committed: dict[str, StrictMemoryIndex] = {}
    writer = StrictMemoryWriter(committed, ModelIdentity(embedder.name, embedder.fingerprint, embedder.dimension))
    for entry in entries:
        add(writer, embedder, entry, (copy_of or {}).get(entry[0]), (newer or {}).get(entry[0]))
    index = committed[writer.commit()]
    yield index
    index.close()


@pytest.fixture(scope="module")
def index() -> Iterator[StrictMemoryIndex]:
    """Five passages in two languages."""
    with opened(TEXTS) as index:
        yield index


@pytest.fixture(scope="module")
def retriever() -> Retriever:
    """A retriever with all that is shipped, but for a model that knows no meaning."""
    return open_retriever(HashingEmbedder())


def found(retriever: Retriever, index: StrictMemoryIndex, query: Query) -> list[str]:
    """Return the document ids of the hits."""
    return [hit.document.id for hit in retriever.search(index, query).hits]


@pytest.mark.parametrize(
    ("text", "language", "first"),
    [
        ("poplatek za povolení", "cs", "poplatky"),
        ("poplatku za povoleni k pobytu", None, "poplatky"),
        ("popaltek", "cs", "poplatky"),
        ("§46", "cs", "poplatky"),
        ("kurz češtiny", "cs", "kurzy"),
        ("residence permit fee", "en", "fees"),
        ("free language courses", None, "courses"),
    ],
)
def test_the_right_passage_comes_first(
    retriever: Retriever, index: StrictMemoryIndex, text: str, language: str | None, first: str
) -> None:
    """Inflected, undiacritised and mistyped words find their passage."""
    assert found(retriever, index, Query(text, language))[0] == first


@pytest.mark.parametrize(
    ("text", "language", "twins"),
    [("poplatek za povolení k pobytu", "cs", {"poplatky", "fees"}), ("language course", "en", {"courses", "kurzy"})],
)
def test_words_find_passages_of_the_other_language(
    retriever: Retriever, index: StrictMemoryIndex, text: str, language: str, twins: set[str]
) -> None:
    """Through the translation table, without a model that knows meaning."""
    assert set(found(retriever, index, Query(text, language))[:2]) == twins


def test_highlights_cover_inflected_and_translated_words(retriever: Retriever, index: StrictMemoryIndex) -> None:
    """Offsets point into the text of the passage as it is given."""
    hits = retriever.search(index, Query("poplatky za povolení", "cs")).hits
    marked = {hit.document.id: [hit.passage.text[start:end] for start, end in hit.highlights] for hit in hits}
    assert {"povolení", "poplatek"} <= set(marked["poplatky"])
    assert "fee" in marked["fees"]


def test_filters_narrow_and_facets_count_what_is_left(retriever: Retriever, index: StrictMemoryIndex) -> None:
    """Total and facets count the ranked candidates after filters."""
    result = retriever.search(index, Query("kurzy", "cs", Filters(source_lang=("cs",), year_from=2021), k=1))
    assert (result.total, len(result.hits)) == (2, 1)
    assert result.facets == {
        "kind": {"guide": 1, "law": 1},
        "source_lang": {"cs": 2},
        "publisher": {"Město": 2},
        "year": {"2021": 1, "2023": 1},
    }


def test_pages_of_results_fit_together(retriever: Retriever, index: StrictMemoryIndex) -> None:
    """Rank counts over all candidates, and an offset skips exactly the hits before it."""
    whole = retriever.search(index, Query("cizinci", "cs", k=5)).hits
    rest = retriever.search(index, Query("cizinci", "cs", k=5, offset=2)).hits
    assert rest == whole[2:]
    assert [hit.rank for hit in whole] == [1, 2, 3, 4, 5]
    assert retriever.search(index, Query("cizinci", "cs", offset=CANDIDATES - 1)).hits == ()


def test_scores_fall_and_explain_themselves(retriever: Retriever, index: StrictMemoryIndex) -> None:
    """A score is the weighted mean of its legs times the factors of later steps, between 0 and 1."""
    hits = retriever.search(index, Query("poplatek za povolení", "cs")).hits
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        why = hit.explanation
        expected = why.dense_weight * why.dense + (1 - why.dense_weight) * why.lexical
        for _, factor in why.adjustments:
            expected *= factor
        assert hit.score == pytest.approx(expected)
        assert 0 <= hit.score <= 1


def test_only_a_question_is_compared_with_sentences(retriever: Retriever, index: StrictMemoryIndex) -> None:
    """A heading speaks of as much as a passage does; the explanation tells which way it went."""
    asked = retriever.search(index, Query("Kolik je poplatek za povolení?", "cs")).hits
    named = retriever.search(index, Query("Poplatek za povolení", "cs")).hits
    assert all(hit.explanation.sentence is not None for hit in asked)
    assert all(hit.explanation.sentence is None for hit in named)


def test_equal_requests_give_equal_answers(index: StrictMemoryIndex) -> None:
    """Also from another retriever over the same release."""
    results = [Retriever(HashingEmbedder()).search(index, Query("povoleni")) for _ in range(2)]
    assert results[0].hits == results[1].hits


def test_without_the_model_words_decide_and_the_result_says_so(index: StrictMemoryIndex) -> None:
    """A failing model degrades search instead of ending it."""
    result = Retriever(BrokenEmbedder()).search(index, Query("poplatek", "cs"))
    assert result.degraded
    assert result.query_vector is None
    assert [hit.document.id for hit in result.hits] == ["poplatky"]


def test_what_was_added_can_be_taken_back(retriever: Retriever, index: StrictMemoryIndex) -> None:
    """Without the correction a mistyped word finds nothing by words; the query is never changed."""
    result = retriever.search(index, Query("popaltek", "cs"))
    assert [(item.term, item.source_word, item.source) for item in result.also_searched] == [
        ("poplatek", "popaltek", "spelling")
    ]
    assert result.query.text == "popaltek"
    assert result.suggestions
    alone = retriever.search(index, Query("popaltek", "cs", without=("*",)))
    assert alone.also_searched == ()
    assert all(hit.explanation.bm25 is None for hit in alone.hits)


def test_a_section_that_is_named_in_the_other_language_is_known(retriever: Retriever) -> None:
    """Translations name a heading as the words of the query do, and the explanation says so."""
    text = "Podrobnosti sdělí každý úřad na vyžádání."
    with opened([(name, "cs", "guide", 2022, text) for name in HEADINGS]) as index:
        first, second = retriever.search(index, Query("residence permit: fees", "en")).hits
    assert first.passage.heading == ("Poplatky",)
    assert "named_heading" in dict(first.explanation.adjustments)
    assert "named_heading" not in dict(second.explanation.adjustments)


def test_a_copy_is_folded_into_the_preferred_document_which_names_it(retriever: Retriever) -> None:
    """With its title, as a reader is told of it."""
    text = "Obec pořádá kurzy češtiny pro cizince zdarma každé úterý a čtvrtek odpoledne v budově knihovny na náměstí."
    editions = [("nove", "cs", "guide", 2022, text), ("stare", "cs", "guide", 2019, text)]
    with opened(editions, copy_of={"stare": "nove"}) as index:
        (hit,) = retriever.search(index, parse_query("kurzy češtiny")).hits
    assert (hit.document.id, [copy.title for copy in hit.copies]) == ("nove", ["stare"])


def test_a_superseded_document_leads_to_its_successor_where_the_release_holds_it(retriever: Retriever) -> None:
    """As far as the successor can be read here."""
    texts = [
        (name, "cs", "guide", 2020, f"Poplatek za {name} kartu se platí na úřadě.") for name in ("modrou", "bílou")
    ]
    with opened(texts, newer={"modrou": "bílou", "bílou": "nikde"}) as index:
        hits = retriever.search(index, parse_query("poplatek za kartu")).hits
    newer = {hit.document.id: hit.newer and hit.newer.id for hit in hits}
    assert newer == {"modrou": "bílou", "bílou": None}


def test_rankings_are_those_of_the_search(retriever: Retriever, index: StrictMemoryIndex) -> None:
    """What is measured is what is served."""
    query = Query("poplatek za povolení", "cs", k=50)
    rankings = retriever.rankings(index, query)
    assert rankings[Leg.FUSED] == [hit.passage.id for hit in retriever.search(index, query).hits]
    assert rankings[Leg.LEXICAL][0] == rankings[Leg.FUSED][0]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["queries", "naughty_strings"])
def test_hostile_queries_get_a_normal_answer(
    retriever: Retriever, index: StrictMemoryIndex, shared: Path, name: str
) -> None:
    """Whatever passes the parser is searched: no syntax of any engine, no empty list in place of an error."""
    file = shared / "data" / "bad-inputs" / "payloads" / f"{name}.jsonl"
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            query = parse_query(json.loads(line)["q"])
        except InvalidQuery:
            continue
        result = retriever.search(index, query)
        assert result.total == len(TEXTS)
        assert not result.degraded
