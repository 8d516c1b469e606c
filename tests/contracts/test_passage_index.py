"""Does every engine keep what `indexes.contract` promises? The same suite runs on each, against exact references."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from hashlib import sha256
from types import SimpleNamespace

import numpy as np
import pytest

from corpus.document import DocumentKind
from indexes.analysis import ANALYSIS_VERSION, passage_terms, query_terms
from indexes.contract import PassageIndex, PassageIndexWriter
from indexes.errors import IncompatibleRelease
from indexes.local.index import LocalIndex
from indexes.local.writer import LocalWriter
from indexes.passage import DocumentFacts, Filters, Hit, Leg, PassagePlace, WeightedTerm
from tests.contracts.collection import DIMENSION, MODEL, Entry, collection, entry, unit_vector
from tests.fakes import StrictMemoryIndex, StrictMemoryWriter

ENTRIES = collection()
EVERYTHING = Filters()
QUERIES = ["povolení k pobytu", "language courses", "500 Kč", "kurzech", "asistent žáky school", "AND OR NOT title:x"]
FILTERS = [
    Filters(kind=(DocumentKind.REPORT, DocumentKind.LAW)),
    Filters(publisher=("Caritas",)),
    Filters(source_lang=("en",)),
    Filters(source_lang=("cs", "en"), document=("dokument-03", "dokument-07")),
    Filters(year_from=2015),
    Filters(year_from=2012, year_to=2016),
    Filters(valid_on=date(2024, 7, 1)),
    Filters(valid_on=date(2019, 7, 1), kind=(DocumentKind.REPORT,)),
    Filters(document=("nowhere",)),
]


@pytest.fixture(scope="module", params=["local", "local-codes", "local-graph", "memory"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """An engine as two functions: begin a release, open a committed one."""
    if request.param == "memory":
        committed: dict[str, StrictMemoryIndex] = {}
        return SimpleNamespace(write=lambda model=MODEL: StrictMemoryWriter(committed, model), open=committed.get)
    folder = tmp_path_factory.mktemp("releases")
    exact_rows, graph_rows = {"local": (1000, 1000), "local-codes": (0, 1000), "local-graph": (0, 0)}[request.param]
    return SimpleNamespace(
        write=lambda model=MODEL: LocalWriter(folder, model, exact_rows, graph_rows),
        open=lambda release_id: LocalIndex(folder, release_id),
    )


def fill(writer: PassageIndexWriter, entries: list[Entry]) -> str:
    """Write the entries, each with a receipt, and return the id of the release."""
    for item in entries:
        writer.add(item.document, item.text, item.source, item.passages)
        writer.add_receipt(item.document.id, {"document_id": item.document.id, "outcome": "indexed"})
    writer.add_receipt("broken", {"document_id": "broken", "outcome": "quarantined", "reasons": ["encrypted"]})
    return writer.commit()


@pytest.fixture(scope="module")
def index(engine: SimpleNamespace) -> Iterator[PassageIndex]:
    """An open release of the whole collection."""
    opened = engine.open(fill(engine.write(), ENTRIES))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def reference() -> StrictMemoryIndex:
    """The same release by the plain formulas."""
    committed: dict[str, StrictMemoryIndex] = {}
    return committed[fill(StrictMemoryWriter(committed, MODEL), ENTRIES)]


def assert_same_ranking(found: list[Hit], expected: list[Hit]) -> None:
    """Require equal order and equal scores (to the precision of float32)."""
    assert [hit.passage_id for hit in found] == [hit.passage_id for hit in expected]
    assert [hit.rank for hit in found] == list(range(1, len(found) + 1))
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], rel=1e-4, abs=2e-6)


def all_ids() -> list[str]:
    """Return the ids of all passages."""
    return [item.passage.id for one in ENTRIES for item in one.passages]


@pytest.mark.parametrize("k", [1, 3, 10, 500])
@pytest.mark.parametrize("filters", [EVERYTHING, *FILTERS])
def test_nearest_gives_the_largest_cosines(
    index: PassageIndex, reference: StrictMemoryIndex, k: int, filters: Filters
) -> None:
    """The k best of the allowed passages, with their exact cosines, never padded and never short."""
    for seed in ("kurzy", "pobyt", ENTRIES[3].passages[0].passage.text):
        found = index.nearest(unit_vector(seed), k, filters)
        assert_same_ranking(found, reference.nearest(unit_vector(seed), k, filters))
        assert all(hit.leg is Leg.DENSE for hit in found)


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("filters", [EVERYTHING, *FILTERS])
def test_matching_gives_the_largest_bm25(
    index: PassageIndex, reference: StrictMemoryIndex, text: str, filters: Filters
) -> None:
    """The k best of the allowed passages by BM25 over text and context, whatever the filter does not change."""
    for k in (1, 4, 200):
        found = index.matching(query_terms(text, None), k, filters)
        assert_same_ranking(found, reference.matching(query_terms(text, None), k, filters))


def test_matching_counts_the_best_of_a_words_alternatives_once(
    index: PassageIndex, reference: StrictMemoryIndex
) -> None:
    """Alternatives of one word add nothing to each other; the same terms as two words do."""
    first, second = passage_terms("povolení", "cs")[0], passage_terms("pobytu", "cs")[0]
    alternatives = [WeightedTerm(first, 1.0, 0), WeightedTerm(second, 0.5, 0)]
    assert_same_ranking(index.matching(alternatives, 50, EVERYTHING), reference.matching(alternatives, 50, EVERYTHING))
    apart = [replace(term, word=place) for place, term in enumerate(alternatives)]
    assert index.matching(apart, 1, EVERYTHING)[0].score > index.matching(alternatives, 1, EVERYTHING)[0].score


@pytest.mark.parametrize("term", ["*", "title:x", '"', "(", "cpovolení OR", "\\", "+a -b", "", "[1 TO 2]", "a~2", "^3"])
def test_no_term_is_query_syntax(index: PassageIndex, term: str) -> None:
    """A term that looks like an operator is looked for literally and matches nothing."""
    assert index.matching([WeightedTerm(term, 1.0, 0)], 10, EVERYTHING) == []


def test_matching_without_terms_or_places_finds_nothing(index: PassageIndex) -> None:
    """No terms, unknown terms and k of 0 give an empty ranking."""
    assert index.matching([], 10, EVERYTHING) == []
    assert index.matching([WeightedTerm("cneznámý", 1.0, 0)], 10, EVERYTHING) == []
    assert index.matching(query_terms("pobyt", "cs"), 0, EVERYTHING) == []
    assert index.nearest(unit_vector("x"), 0, EVERYTHING) == []


def test_equal_scores_stand_in_the_order_of_passage_ids(index: PassageIndex) -> None:
    """Equal passages come in the order of their ids, also where k cuts through them."""
    copies = sorted(item.passage.id for one in ENTRIES for item in one.passages if one.document.id.startswith("kopie"))
    for k in (1, 2, 3):
        lexical = index.matching(query_terms("úplně stejná", "cs"), k, EVERYTHING)
        dense = index.nearest(unit_vector("Úplně stejná věta o kurzech."), k, EVERYTHING)
        assert [hit.passage_id for hit in lexical] == copies[:k]
        assert [hit.passage_id for hit in dense] == copies[:k]


def test_passages_documents_and_texts_come_back_as_they_were_given(index: PassageIndex) -> None:
    """Every value survives the disk: pages, labels, headings, offsets, dates, inferred fields."""
    for item in ENTRIES:
        name = item.document.id
        assert index.document(name) == item.document
        assert index.document_text(name) == item.text
        assert index.source(name) == item.source
        assert index.passages_of(name) == [embedded.passage for embedded in item.passages]
        assert index.places([embedded.passage.id for embedded in item.passages]) == [
            PassagePlace(found.id, found.language, DocumentFacts.of(item.document), found.heading)
            for found in (embedded.passage for embedded in item.passages)
        ]
    ids = all_ids()[::-1]
    assert [passage.id for passage in index.passages(["0" * 16, *ids])] == ids


def test_vectors_come_back_in_the_order_asked(index: PassageIndex) -> None:
    """Passage vectors and sentence vectors belong to the ids that were asked; an unknown id is a KeyError."""
    given = {item.passage.id: item for one in ENTRIES for item in one.passages}
    ids = all_ids()[::-3]
    found = index.vectors(ids)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.array([given[name].vector for name in ids]))
    for name, sentences in zip(ids, index.sentence_vectors(ids), strict=True):
        np.testing.assert_array_equal(sentences, given[name].sentence_vectors)
    assert index.vectors([]).shape == (0, DIMENSION)
    with pytest.raises(KeyError):
        index.vectors(["0" * 16])
    with pytest.raises(KeyError):
        index.sentence_vectors(["0" * 16])


def test_documents_are_listed_page_by_page(index: PassageIndex) -> None:
    """Pages in the order of ids, each beginning behind the last, reach every document once."""
    names: list[str] = []
    while page := index.documents(4, names[-1] if names else ""):
        names += [document.id for document in page]
    assert names == sorted(item.document.id for item in ENTRIES)


def test_receipts_of_refused_publications_are_kept_too(index: PassageIndex) -> None:
    """Receipts come in the order of ids, refused publications included; an unknown one is None."""
    names = [receipt["document_id"] for receipt in index.receipts()]
    assert names == sorted([item.document.id for item in ENTRIES] + ["broken"])
    assert index.receipt("broken") == {"document_id": "broken", "outcome": "quarantined", "reasons": ["encrypted"]}
    assert index.receipt("nowhere") is None


def test_a_release_keeps_the_glossary_that_its_writer_was_given(engine: SimpleNamespace, index: PassageIndex) -> None:
    """To the last character; a release of which nobody said anything has none."""
    text = "# remark\nLabour Office\túřad práce\n"
    writer = engine.write()
    writer.add_glossary("not this one\tale ten druhý\n")
    writer.add_glossary(text)
    with closing(engine.open(fill(writer, ENTRIES[:1]))) as opened:
        assert opened.glossary() == text
    assert index.glossary() is None


def test_an_unknown_document_is_none_and_has_no_passages(index: PassageIndex) -> None:
    """Nothing is made up for an id that is not there."""
    assert index.document("nowhere") is None
    assert index.document_text("nowhere") is None
    assert index.source("nowhere") is None
    assert index.passages_of("nowhere") == []
    assert index.places(["nowhere"]) == []


def test_frequencies_and_vocabulary_count_passages(index: PassageIndex, reference: StrictMemoryIndex) -> None:
    """A word counts once for each passage it stands in, however often it stands there."""
    assert index.vocabulary() == reference.vocabulary()
    for word in ("povolení", "courses", "pobytu"):
        term = passage_terms(word, "en" if word == "courses" else "cs")[0]
        assert index.document_frequency(term) == reference.document_frequency(term) > 0
    assert index.document_frequency("cneznámý") == 0


def test_known_vectors_are_found_by_the_embedded_input(index: PassageIndex) -> None:
    """An input seen before brings its vectors; one not seen is left out."""
    item = ENTRIES[2].passages[1]
    known = index.known_vectors([item.input_hash, "0" * 64])
    assert set(known) == {item.input_hash}
    np.testing.assert_array_equal(known[item.input_hash].vector, item.vector)
    np.testing.assert_array_equal(known[item.input_hash].sentence_vectors, item.sentence_vectors)


def test_the_manifest_says_what_was_written(index: PassageIndex) -> None:
    """Model, analysis and counts are those of the build."""
    manifest = index.manifest
    assert manifest.model == MODEL
    assert manifest.analysis_version == ANALYSIS_VERSION
    assert (manifest.document_count, manifest.passage_count) == (len(ENTRIES), len(all_ids()))


def test_many_threads_get_the_answers_of_one(index: PassageIndex) -> None:
    """The index may be used from several threads at once."""

    def ask(number: int) -> tuple[list[Hit], list[Hit], int]:
        filters = FILTERS[number % len(FILTERS)]
        return (
            index.nearest(unit_vector(str(number % 5)), 5, filters),
            index.matching(query_terms(QUERIES[number % len(QUERIES)], None), 5, filters),
            len(index.passages(all_ids())),
        )

    alone = [ask(number) for number in range(60)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(60))) == alone


def test_a_closed_index_refuses(engine: SimpleNamespace) -> None:
    """Use after closing is an error and never an empty answer."""
    index = engine.open(fill(engine.write(), ENTRIES[:2]))
    index.close()
    uses: list[Callable[[], object]] = [
        lambda: index.nearest(unit_vector("x"), 1, EVERYTHING),
        lambda: index.matching(query_terms("pobyt", "cs"), 1, EVERYTHING),
        lambda: index.nearest(unit_vector("x"), 1, FILTERS[0]),
        lambda: index.vectors([]),
        lambda: index.documents(1),
    ]
    for use in uses:
        with pytest.raises(Exception, match="closed"):
            use()


def test_an_empty_release_answers_with_nothing(engine: SimpleNamespace) -> None:
    """A release without documents is sound: it finds nothing and says so by its counts."""
    index = engine.open(engine.write().commit())
    assert index.manifest.passage_count == 0
    assert index.nearest(unit_vector("x"), 5, EVERYTHING) == []
    assert index.matching(query_terms("pobyt", "cs"), 5, EVERYTHING) == []
    assert index.documents(5) == []
    index.close()


def test_a_document_without_passages_is_kept(engine: SimpleNamespace) -> None:
    """A document of which nothing could be embedded is still listed."""
    empty = entry("prazdny", [], ENTRIES[0].document.metadata)
    index = engine.open(fill(engine.write(), [empty, ENTRIES[0]]))
    assert [document.id for document in index.documents(5)] == ["dokument-00", "prazdny"]
    assert index.passages_of("prazdny") == []
    index.close()


def test_a_document_is_added_once(engine: SimpleNamespace) -> None:
    """The second document of an id is refused; the first stays."""
    writer = engine.write()
    item = ENTRIES[0]
    writer.add(item.document, item.text, item.source, item.passages)
    with pytest.raises(ValueError, match="dokument-00"):
        writer.add(item.document, item.text, item.source, item.passages)
    writer.abort()


@pytest.mark.parametrize("fault", ["nan", "zero", "long", "short", "sentences", "offsets"])
def test_vectors_and_texts_that_do_not_fit_are_refused(engine: SimpleNamespace, fault: str) -> None:
    """A half-embedded document never enters a release, and the others still can."""
    item = ENTRIES[1]
    first = item.passages[0]
    broken = {
        "nan": lambda: replace(first, vector=np.full(DIMENSION, np.nan, dtype=np.float32)),
        "zero": lambda: replace(first, vector=np.zeros(DIMENSION, dtype=np.float32)),
        "long": lambda: replace(first, vector=first.vector * 2),
        "short": lambda: replace(first, vector=first.vector[:-1]),
        "sentences": lambda: replace(first, sentence_vectors=first.sentence_vectors[:-1]),
        "offsets": lambda: replace(first, passage=replace(first.passage, start=1, end=first.passage.end + 1)),
    }[fault]()
    writer = engine.write()
    with pytest.raises(ValueError):
        writer.add(item.document, item.text, item.source, [broken, *item.passages[1:]])
    release_id = fill(writer, ENTRIES[2:4])
    index = engine.open(release_id)
    assert [document.id for document in index.documents(9)] == ["dokument-02", "dokument-03"]
    index.close()


def test_a_release_of_documents_taken_over_equals_one_built_anew(
    engine: SimpleNamespace, index: PassageIndex, reference: StrictMemoryIndex
) -> None:
    """Taking over copies everything but the receipt, in any order, beside documents that are new."""
    writer = engine.write()
    for item in ENTRIES[::-1]:
        if item is ENTRIES[4]:
            writer.add(item.document, item.text, item.source, item.passages)
        else:
            assert writer.take_over(item.document.id, index) == len(item.passages)
    again = engine.open(writer.commit())
    test_passages_documents_and_texts_come_back_as_they_were_given(again)
    test_vectors_come_back_in_the_order_asked(again)
    test_known_vectors_are_found_by_the_embedded_input(again)
    test_frequencies_and_vocabulary_count_passages(again, reference)
    for filters in (EVERYTHING, *FILTERS):
        test_nearest_gives_the_largest_cosines(again, reference, 10, filters)
        test_matching_gives_the_largest_bm25(again, reference, "povolení k pobytu", filters)
    assert list(again.receipts()) == []
    again.close()


def test_originals_are_kept_for_the_releases_to_come(engine: SimpleNamespace, index: PassageIndex) -> None:
    """Those of an earlier release and of the new one; no other."""
    writer = engine.write()
    new = b"A file of no release before."
    assert writer.holds_source(ENTRIES[0].document.sha256)
    assert not writer.holds_source(sha256(new).hexdigest())
    item = ENTRIES[1]
    document = replace(item.document, sha256=sha256(new).hexdigest())
    writer.add(document, item.text, new, item.passages)
    assert writer.holds_source(document.sha256)
    writer.abort()


def test_only_what_fits_is_taken_over(engine: SimpleNamespace, index: PassageIndex) -> None:
    """An unknown document and a release of another model are refused."""
    writer = engine.write()
    with pytest.raises(KeyError):
        writer.take_over("nowhere", index)
    writer.abort()
    other = engine.write(replace(MODEL, fingerprint="0" * 64))
    with pytest.raises(IncompatibleRelease, match="pramen build --publish"):
        other.take_over(ENTRIES[0].document.id, index)
    other.abort()
