"""Does a folder become a release, a changed folder only what changed, and a broken document only its own receipt?"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from itertools import islice, permutations
from pathlib import Path

import pytest

from corpus.catalog import Catalog, read_catalog
from indexes.embedding.embedder import FloatArray
from indexes.embedding.hashing import HashingEmbedder
from indexes.engines import open_shelf
from indexes.manifest import ModelIdentity
from indexes.passage import Filters
from indexes.settings import IndexSettings
from indexes.storage import sha256_of
from ingest.pipeline import BuildReport, Progress, build_release, write_release
from ingest.reading_pool import ReaderPool
from ingest.reasons import Outcome, Reason
from ingest.receipt import Receipt
from ingest.settings import IngestSettings
from ingest.store import ReadingStore
from qa_service.query import Query
from qa_service.retrieval import Retriever
from tests.fakes import StrictMemoryIndex, StrictMemoryWriter

STORY = (
    "Zkušenosti obce {name}\n\nObec {name} otevřela v roce 2021 poradnu pro cizince. Poradna pomáhá s úřady a s bydlením. "
    "Koordinátorka z obce {name} vede kurzy češtiny každé úterý a čtvrtek odpoledne.\n\n"
    "Dalším krokem obce {name} bude spolupráce se základní školou, kam chodí děti z mnoha zemí.\n"
)


class CountingEmbedder(HashingEmbedder):
    """Counts the texts that it embeds."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def embed_passages(self, texts: list[str]) -> FloatArray:  # type: ignore[override]
        """Embed and remember."""
        self.texts += texts
        return super().embed_passages(texts)


class Workshop:
    """A corpus and everything that a build needs."""

    def __init__(self, folder: Path) -> None:
        self.corpus, self.state = folder / "corpus", folder / "state"
        self.corpus.mkdir()
        self.embedder = CountingEmbedder()
        self.releases: dict[str, StrictMemoryIndex] = {}

    def write(self, name: str, text: str | bytes) -> Path:
        """Put a file into the corpus."""
        file = self.corpus / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def build(
        self,
        progress: Callable[[Progress], None] = lambda _: None,
        glossary: str | None = None,
        catalog: Catalog | None = None,
    ) -> BuildReport:
        """Build on top of the last release, of the corpus as it is or as a catalog knew it."""
        model = ModelIdentity(self.embedder.name, self.embedder.fingerprint, self.embedder.dimension)
        return write_release(
            catalog or read_catalog(self.corpus),
            self.embedder,
            StrictMemoryWriter(self.releases, model),
            previous=list(self.releases.values())[-1] if self.releases else None,
            state=self.state,
            ingest=IngestSettings(readers=1),
            progress=progress,
            glossary=glossary,
        )

    def index(self, report: BuildReport) -> StrictMemoryIndex:
        """Return the release of a build."""
        assert report.release_id is not None
        return self.releases[report.release_id]


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An empty corpus."""
    return Workshop(tmp_path)


def receipts(report: BuildReport) -> dict[str, Receipt]:
    """Return the receipts by document."""
    return {receipt.document_id: receipt for receipt in report.receipts}


def test_every_document_is_indexed_with_its_text_passages_and_receipt(workshop: Workshop) -> None:
    """A text file comes out with title, year, language and passages that are stretches of its text."""
    workshop.write("lhota.txt", STORY.format(name="Lhota") + "\nZveřejněno 12. 3. 2021\n")
    report = workshop.build()
    index = workshop.index(report)
    document = index.document("lhota")
    assert document is not None
    assert (document.title, document.metadata.year, document.metadata.language) == ("Zkušenosti obce Lhota", 2021, "cs")
    assert {"title", "year", "language"} <= document.inferred
    text = index.document_text("lhota")
    assert text is not None
    for passage in index.passages_of("lhota"):
        assert text.text[passage.start : passage.end] == passage.text
    assert index.receipt("lhota") == receipts(report)["lhota"].to_json()


def test_a_broken_document_costs_that_document_alone(workshop: Workshop) -> None:
    """An empty file, a picture and a cut PDF are refused with their reasons; the sound one is indexed."""
    workshop.write("dobra.txt", STORY.format(name="Dobrá"))
    workshop.write("prazdna.txt", b"")
    workshop.write("obrazek.pdf", b"\x89PNG\r\n\x1a\n" + b"x" * 100)
    workshop.write("useknuta.pdf", b"%PDF-1.7\n1 0 obj <<")
    found = receipts(workshop.build())
    assert found["dobra"].outcome is Outcome.INDEXED
    assert {name: (r.outcome, r.reasons) for name, r in found.items() if name != "dobra"} == {
        "prazdna": (Outcome.REJECTED, (Reason.EMPTY_FILE,)),
        "obrazek": (Outcome.REJECTED, (Reason.UNSUPPORTED_TYPE,)),
        "useknuta": (Outcome.REJECTED, (Reason.CORRUPT,)),
    }
    assert all(r.to_json()["messages"]["cs"] != r.to_json()["messages"]["en"] for r in found.values())


def test_nothing_is_committed_where_nothing_can_be_searched(workshop: Workshop) -> None:
    """A folder of refused files gives receipts and no release."""
    workshop.write("prazdna.txt", b" \n ")
    report = workshop.build()
    assert report.release_id is None
    assert workshop.releases == {}
    assert [receipt.outcome for receipt in report.receipts] == [Outcome.REJECTED]


def test_a_release_holds_the_glossary_as_it_stood_at_its_build(workshop: Workshop) -> None:
    """A later edit changes the next release and not this one."""
    workshop.write("a.txt", STORY)
    first, second = (workshop.build(glossary=text) for text in ("asylum\tazyl\n", "housing\tbydlení\n"))
    assert workshop.index(first).glossary() == "asylum\tazyl\n"
    assert workshop.index(second).glossary() == "housing\tbydlení\n"


def test_an_unchanged_folder_is_neither_read_nor_embedded_again(workshop: Workshop) -> None:
    """The second build takes over everything, receipts included."""
    for name in ("Lhota", "Zálesí", "Březina"):
        workshop.write(f"{name}.txt", STORY.format(name=name))
    first = workshop.build()
    workshop.embedder.texts.clear()
    second = workshop.build()
    assert (second.read, second.embedded, workshop.embedder.texts) == (0, 0, [])
    assert [r.to_json() for r in second.receipts] == [r.to_json() for r in first.receipts]
    assert workshop.index(second).manifest.passage_count == workshop.index(first).manifest.passage_count


def test_an_original_that_was_lost_comes_back_from_the_corpus_with_the_next_build(
    workshop: Workshop, tmp_path: Path
) -> None:
    """Its document is written anew; nothing of it is read or embedded again, and the others are taken over."""
    settings = IndexSettings(corpus=workshop.corpus, releases=tmp_path / "releases", state=workshop.state)
    lost = workshop.write("lhota.txt", STORY.format(name="Lhota"))
    workshop.write("brezina.txt", STORY.format(name="Březina"))
    built = partial(build_release, embedder=workshop.embedder, settings=settings, ingest=IngestSettings(readers=1))
    first = built(read_catalog(workshop.corpus))
    (settings.releases / "sources" / sha256_of(lost)).unlink()
    second = built(read_catalog(workshop.corpus))
    assert second.release_id is not None
    assert (second.read, second.embedded) == (0, 0)
    assert [r.to_json() for r in second.receipts] == [r.to_json() for r in first.receipts]
    index = open_shelf(settings).open(second.release_id)
    assert index.source("lhota") == lost.read_bytes()
    index.close()


def test_after_an_upgrade_that_analyses_words_otherwise_a_build_writes_all_terms_anew(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unchanged documents cannot be taken over with terms of another kind; their vectors can."""
    workshop.write("obec.txt", STORY.format(name="Kolín"))
    workshop.build()
    embedded = len(workshop.embedder.texts)
    for place in ("ingest.work", "tests.fakes"):
        monkeypatch.setattr(f"{place}.ANALYSIS_VERSION", "of the next program", raising=False)
    report = workshop.build()
    assert workshop.index(report).manifest.analysis_version == "of the next program"
    assert len(workshop.embedder.texts) == embedded


def test_of_a_changed_document_only_the_changed_passages_are_embedded(workshop: Workshop) -> None:
    """A document with one more section keeps the vectors of its other sections."""
    sections = [
        "".join(STORY.format(name=f"{name}{number}") for number in range(6))
        for name in ("Lhota", "Zálesí", "Březina", "Kamenice")
    ]
    workshop.write("zprava.md", "\n".join(f"# Část {i}\n\n{text}" for i, text in enumerate(sections)))
    first = workshop.build()
    workshop.write(
        "zprava.md", "\n".join(f"# Část {i}\n\n{text}" for i, text in enumerate([*sections, "Nová věta na konec."]))
    )
    second = workshop.build()
    assert first.embedded > 3
    assert (second.read, second.embedded) == (1, 1)


def test_a_change_of_the_sidecar_alone_reads_nothing_again(workshop: Workshop) -> None:
    """Another title is embedded with its passages, but the file is known."""
    workshop.write("lhota/zprava.txt", STORY.format(name="Lhota"))
    workshop.write("lhota/document.toml", 'title = "První název"\n')
    workshop.build()
    workshop.write("lhota/document.toml", 'title = "Druhý název"\nyear = 2020\n')
    report = workshop.build()
    document = workshop.index(report).document("lhota")
    assert document is not None
    assert (document.title, document.metadata.year, report.read) == ("Druhý název", 2020, 0)


def test_a_broken_sidecar_is_a_finding_and_its_document_is_indexed(workshop: Workshop) -> None:
    """The mistake of a person in a TOML file loses no document."""
    workshop.write("lhota/zprava.txt", STORY.format(name="Lhota"))
    workshop.write("lhota/document.toml", "titulek = 3\n")
    receipt = receipts(workshop.build())["lhota"]
    assert receipt.outcome is Outcome.INDEXED
    assert "sidecar" in {finding.code for finding in receipt.findings}


def test_a_broken_sidecar_is_told_once_however_often_its_document_is_taken_over(workshop: Workshop) -> None:
    """The receipt of the last build tells of it already."""
    workshop.write("lhota/zprava.txt", STORY.format(name="Lhota"))
    workshop.write("lhota/document.toml", "titulek = 3\n")
    first, second = workshop.build(), workshop.build()
    assert second.embedded == 0
    assert receipts(second)["lhota"].findings == receipts(first)["lhota"].findings


def test_a_successor_that_the_corpus_does_not_hold_is_a_finding_until_it_does(workshop: Workshop) -> None:
    """A slip in an id would leave readers without the newer text; the document itself is taken over meanwhile."""
    workshop.write("stary/zprava.txt", STORY.format(name="Lhota"))
    workshop.write("stary/document.toml", 'title = "Starý"\nsuperseded_by = "novy"\n')

    def told(report: BuildReport) -> list[str]:
        return [each.sample for each in receipts(report)["stary"].findings if each.code == "unknown_successor"]

    assert [told(workshop.build()), told(workshop.build())] == [["novy"], ["novy"]]
    workshop.write("novy.txt", "Příručka pro školy\n\nŠkoly přijímají žáky s odlišným mateřským jazykem během roku.\n")
    assert told(workshop.build()) == []


def test_a_file_that_has_gone_before_it_is_opened_costs_itself_alone(workshop: Workshop) -> None:
    """Somebody moves files while a build begins, or one of them may not be opened by the program."""
    workshop.write("dobra.txt", STORY.format(name="Dobrá"))
    gone = workshop.write("pryc.txt", STORY.format(name="Pryč"))
    catalog = read_catalog(workshop.corpus)
    gone.unlink()
    found = receipts(workshop.build(catalog=catalog))
    assert (found["pryc"].outcome, found["dobra"].outcome) == (Outcome.QUARANTINED, Outcome.INDEXED)
    assert "No such file" in found["pryc"].detail


@pytest.mark.parametrize("stage", ["read", "compare"])
def test_a_file_that_changes_during_a_build_waits_for_the_next(workshop: Workshop, stage: str) -> None:
    """Its text would not be that of the original beside it; what goes on is everything else."""
    workshop.write("dobra.txt", STORY.format(name="Dobrá"))
    workshop.write("nova.txt", STORY.format(name="Stará"))

    def replace(progress: Progress) -> None:
        if progress.stage == stage and progress.done in (0, 2):
            workshop.write("nova.txt", STORY.format(name="Nová"))

    found = receipts(workshop.build(replace))
    assert (found["nova"].outcome, found["dobra"].outcome) == (Outcome.QUARANTINED, Outcome.INDEXED)
    assert "build again" in found["nova"].detail
    again = workshop.build()
    assert receipts(again)["nova"].outcome is Outcome.INDEXED
    text = workshop.index(again).document_text("nova")
    assert text is not None
    assert "Nová" in text.text


def test_a_file_that_changed_while_it_was_read_is_not_remembered_as_anything(workshop: Workshop) -> None:
    """Neither as the text of the other file nor as a broken one: should the first come back, it is read."""
    file = workshop.write("nova.txt", STORY.format(name="Nová"))
    folder, settings = workshop.state / "readings", IngestSettings(readers=1)
    store = ReadingStore(folder, settings.limits)
    with ReaderPool(store, settings) as readers:
        assert list(readers.read_all({"0" * 64: file})) == ["0" * 64]
    known = store.summary("0" * 64)
    assert known is not None
    assert known.refusal is not None
    assert ReadingStore(folder, settings.limits).summary("0" * 64) is None


def test_the_same_text_is_indexed_once_and_editions_are_linked(workshop: Workshop) -> None:
    """A copy of the text is refused as a duplicate; an edition of another year stays and names its successor."""
    long = "\n\n".join(
        STORY.format(name=name) for name in ("Lhota", "Zálesí", "Březina", "Kamenice", "Rokytná", "Polánka")
    )
    workshop.write("a/zprava.txt", long)
    workshop.write("a/document.toml", 'title = "Strategie integrace 2018"\nyear = 2018\n')
    workshop.write("b/zprava.txt", long + "\nV roce 2022 přibyla nová opatření v oblasti bydlení.\n")
    workshop.write("b/document.toml", 'title = "Strategie integrace 2022"\nyear = 2022\n')
    workshop.write(
        "c.html",
        "<html><body><main>"
        + "".join(f"<p>{line}</p>" for line in long.splitlines() if line)
        + "</main></body></html>",
    )
    report = workshop.build()
    found = receipts(report)
    assert (found["c"].outcome, found["c"].reasons) == (Outcome.REJECTED, (Reason.DUPLICATE,))
    assert found["a"].outcome is found["b"].outcome is Outcome.INDEXED
    older = workshop.index(report).document("a")
    assert older is not None
    assert (older.metadata.superseded_by, "superseded_by" in older.inferred) == ("b", True)
    assert {"document_id": "a", "likeness": "version"} in found["b"].related


def test_a_near_copy_names_the_preferred_document_and_is_found_in_its_place(workshop: Workshop) -> None:
    """Results show the text once and name the copy; a filter by document still finds each of the two."""
    text = STORY.format(name="Lhota") + " ".join(f"Kapitola {n} popisuje další krok obce." for n in range(40))
    workshop.write("zprava.txt", text)
    workshop.write("zprava-portal.txt", text + "\n\nPřevzato z webu obce.\n")
    index = workshop.index(workshop.build())
    documents = {document.id: document for document in index.documents(10)}
    assert [document.copy_of for document in documents.values()].count(None) == 1
    copy = next(document for document in documents.values() if document.copy_of)
    retriever = Retriever(workshop.embedder)
    result = retriever.search(index, Query("poradna pro cizince"))
    assert {hit.document.id for hit in result.hits} == {copy.copy_of}
    assert [document.id for document in result.hits[0].copies] == [copy.id]
    for name in documents:
        alone = retriever.search(index, Query("poradna pro cizince", filters=Filters(document=(name,))))
        assert {hit.document.id for hit in alone.hits} == {name}


def test_of_what_a_publisher_repeats_sentences_stay_in_one_document_and_the_rest_in_none(workshop: Workshop) -> None:
    """Pages of one site share an invitation and a sentence; each page keeps its own sentences."""
    furniture = "Přihlaste se k odběru našeho měsíčního zpravodaje o integraci"
    for folder, name in {"lhota": "Lhota", "zalesi": "Zálesí", "brezina": "Březina", "kamenice": "Kamenice"}.items():
        workshop.write(f"{folder}/document.toml", f'title = "{name}"\npublisher = "Spolek Most"\n')
        workshop.write(
            f"{folder}/page.txt",
            f"{STORY.format(name=name)}\n\n{furniture}\n\nKancelář sídlí v ulici Dlouhá v prvním patře vlevo.\n",
        )
    workshop.write("jiny.txt", STORY.format(name="Rokytná"))
    report = workshop.build()
    index = workshop.index(report)
    names = ("lhota", "zalesi", "brezina", "kamenice")
    texts = {name: " ".join(passage.text for passage in index.passages_of(name)) for name in names}
    assert [name for name in names if "Kancelář sídlí" in texts[name]] == ["brezina"], "the first by its id"
    for name, text in texts.items():
        assert furniture not in text
        assert "vede kurzy češtiny každé úterý" in text
        assert "site_furniture" in {finding.code for finding in receipts(report)[name].findings}


def test_a_newer_document_takes_over_the_sentence_that_its_publisher_repeats(workshop: Workshop) -> None:
    """The one that kept it until then is prepared anew, though its file has not changed; so it is found once, never not."""
    shared = "Cizincem se rozumí osoba, která není státním občanem České republiky."

    def publish(name: str, year: int) -> None:
        about = f'title = "{name}"\npublisher = "Spolek Most"\nyear = {year}\n'
        workshop.write(f"{name.lower()}/document.toml", about)
        workshop.write(f"{name.lower()}/page.txt", f"{STORY.format(name=name)}\n\n{shared}\n")

    def keepers() -> list[str]:
        index = workshop.index(workshop.build())
        return [d.id for d in index.documents(limit=9) if any(shared in p.text for p in index.passages_of(d.id))]

    for name, year in {"Lhota": 2019, "Praha": 2021, "Brno": 2020}.items():
        publish(name, year)
    assert keepers() == ["praha"]
    publish("Ostrava", 2022)
    assert keepers() == ["ostrava"]


def test_a_document_that_is_quarantined_keeps_nothing_that_others_repeat(workshop: Workshop) -> None:
    """It is the newest, but its own words are garbled; the sentence stays in a document that can be searched."""
    shared = "Cizincem se rozumí osoba, která není státním občanem České republiky."
    garbled = " ".join("".join(letters) for letters in islice(permutations("bcdfghkpt"), 200))
    for name, year in {"Lhota": 2019, "Praha": 2020, "Brno": 2021, "Vadné": 2022}.items():
        text = garbled if name == "Vadné" else STORY.format(name=name)
        workshop.write(f"{name.lower()}/document.toml", f'title = "{name}"\npublisher = "Spolek Most"\nyear = {year}\n')
        workshop.write(f"{name.lower()}/page.txt", f"{text}\n\n{shared}\n")
    report = workshop.build()
    index = workshop.index(report)
    by_reason = {receipt.title: receipt.reasons for receipt in report.receipts}
    assert by_reason["Vadné"] == (Reason.LOW_QUALITY_TEXT,)
    holders = [d.title for d in index.documents(limit=9) if any(shared in p.text for p in index.passages_of(d.id))]
    assert holders == ["Brno"]


def test_a_document_that_is_garbled_beside_the_menus_of_its_site_keeps_nothing(workshop: Workshop) -> None:
    """With the lines that all pages share it passes for Czech; without them it is seen before it is compared."""
    shared = "Cizincem se rozumí osoba, která není státním občanem České republiky."
    menu = "\n\n".join(
        (
            "Úvodní stránka, aktuality, kalendář akcí, fotogalerie, napsali jsme, dokumenty ke stažení",
            "Sociální poradenství, právní pomoc, tlumočení, doprovody, asistence, bydlení, zaměstnání",
            "Kurzy češtiny, doučování školáků, příměstské tábory, dobrovolnictví, mentoring, knihovna",
            "Otevírací doba: pondělí, úterý, středa, čtvrtek, pátek; sobota podle předchozí domluvy",
            "Vedení spolku, pracovníci, výroční zprávy, podporovatelé, dárci, spolupracující organizace",
            "Nabídka obcím: školení úředníků, semináře, metodiky, mapování potřeb, besedy, výstavy",
            "Hledáme nové kolegy, lektory, překladatele, účetní, koordinátorku, stážistky, fotografa",
            "Mapa webu, prohlášení přístupnosti, ochrana osobních údajů, nastavení soukromí, kontakty",
        )
    )
    garbled = " ".join("".join(letters) for letters in islice(permutations("aBeDoFi"), 90))
    for name, year in {"Lhota": 2019, "Praha": 2020, "Brno": 2021, "Vadné": 2022}.items():
        text = garbled if name == "Vadné" else " ".join(STORY.format(name=f"{name} {part}") for part in "ABCD")
        workshop.write(f"{name.lower()}/document.toml", f'title = "{name}"\npublisher = "Spolek Most"\nyear = {year}\n')
        workshop.write(f"{name.lower()}/page.txt", f"{text}\n\n{shared}\n\n{menu}\n")
    for _ in range(2):  # the second build finds all but the garbled one unchanged
        report = workshop.build()
        index = workshop.index(report)
        assert {r.title: r.reasons for r in report.receipts}["Vadné"] == (Reason.LOW_QUALITY_TEXT,)
        held = {d.title: " ".join(p.text for p in index.passages_of(d.id)) for d in index.documents(limit=9)}
        assert [title for title, text in held.items() if shared in text] == ["Brno"]
        assert not any("Mapa webu" in text for text in held.values())


class Killed(BaseException):
    """Stands for a signal that ends the build."""


def test_a_build_that_is_killed_while_embedding_goes_on_where_it_stopped(workshop: Workshop) -> None:
    """What was read and embedded before the end is not read or embedded again, and nothing is lost or doubled."""
    for number in range(6):
        workshop.write(f"obec-{number}.txt", STORY.format(name=f"Obec{number}"))

    def kill(progress: Progress) -> None:
        if progress.stage == "write" and progress.done == 3:
            raise Killed

    with pytest.raises(Killed):
        workshop.build(kill)
    assert workshop.releases == {}
    done = [text for text in workshop.embedder.texts if "\n" in text]
    workshop.embedder.texts.clear()
    report = workshop.build()
    assert report.read == 0
    assert sorted(receipts(report)) == [f"obec-{number}" for number in range(6)]
    assert len(done) == 3, "inputs begin with a line of context, sentences alone do not"
    assert not set(done) & set(workshop.embedder.texts)


def test_a_document_that_twice_took_the_machine_down_is_set_aside(workshop: Workshop) -> None:
    """The note of an attempt is on disk before reading starts; two of them without an end are enough."""
    file = workshop.write("zla.txt", STORY.format(name="Zlá"))
    workshop.write("dobra.txt", STORY.format(name="Dobrá"))
    store = ReadingStore(workshop.state / "readings", IngestSettings(readers=1).limits)
    store.attempts_note(sha256_of(file)).write_text("2")
    found = receipts(workshop.build())
    assert (found["zla"].outcome, found["dobra"].outcome) == (Outcome.QUARANTINED, Outcome.INDEXED)


def test_progress_counts_every_document_and_estimates_the_rest(workshop: Workshop) -> None:
    """Each stage ends with all documents done, and the estimate is there as soon as one document has been worked on."""
    for number in range(4):
        workshop.write(f"obec-{number}.txt", STORY.format(name=f"Obec{number}"))
    seen: list[Progress] = []
    workshop.build(seen.append)
    last = {progress.stage: progress for progress in seen}
    assert {stage: (p.done, p.total) for stage, p in last.items()} == {
        "read": (4, 4),
        "compare": (4, 4),
        "write": (4, 4),
    }
    assert all(p.seconds_left is not None for p in seen if p.stage == "write")


def test_a_receipt_survives_its_journey_through_json(workshop: Workshop) -> None:
    """What is written beside a release is read back as the same receipt."""
    workshop.write("lhota.txt", STORY.format(name="Lhota") + "\nViz zákon č. 326/1999 Sb., o pobytu cizinců.\n")
    receipt = receipts(workshop.build())["lhota"]
    assert receipt.acts == ("326/1999 Sb.",)
    assert Receipt.from_json(json.loads(json.dumps(receipt.to_json()))).to_json() == receipt.to_json()
