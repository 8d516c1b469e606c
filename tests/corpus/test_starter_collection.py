"""Is the starter collection what its README claims, and can it be made again from its sources?"""

from __future__ import annotations

import re
import tomllib
import zipfile
from io import BytesIO
from pathlib import Path

import pypdf
import pypdfium2
import pytest

from corpus.catalog import read_catalog
from corpus.starter.source import Source, read_source, read_sources

ROOT = Path(__file__).resolve().parents[2]
PUBLICATIONS = ROOT / "corpus" / "publications"
SOURCES = {source.id: source for source in read_sources()}
OURSELVES = {"cs": "samotn", "en": "Pramen itself"}
EVENT_DATES = {
    "cs": r"8\. a 9\. června 2017|z let 2017 a 2018|červn[au] 2017|14\. května 2019|21\. září 2021|13\. října 2021",
    "en": r"8 and 9 June 2017|of 2017 and 2018|October 2018|14 May 2019|21 September 2021|13 October 2021",
}
ORGANISERS = r"IOM|International Organization for Migration|Program\w* migrace|Migration Programme|Konsorci|Consortium|SIMI|Eurocities"


def file_of(document_id: str) -> Path:
    """Return the publication's file beside its sidecar."""
    return next(path for path in (PUBLICATIONS / document_id).iterdir() if path.name != "document.toml")


def pdf_pages(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def source_section(source: Source) -> str:
    """Return what stands under the last heading that announces sources."""
    return re.split(r"^(?:#+ )?(?:Zdroj|Source|Sources|Prameny přehledu)$", source.text, flags=re.MULTILINE)[-1]


def names_its_source(source: Source) -> bool:
    """Tell whether the text ends by naming an event's organiser and date, or Pramen itself."""
    section, language = source_section(source), source.sidecar["language"]
    if section == source.text:
        return False
    event = re.search(EVENT_DATES[language], section) and re.search(ORGANISERS, section)
    return bool(event) or OURSELVES[language] in section


def test_the_catalog_reads_every_publication_without_a_finding() -> None:
    """Sidecars are valid and each publication is one folder named by its id."""
    catalog = read_catalog(PUBLICATIONS)
    assert catalog.findings == ()
    assert [publication.id for publication in catalog.publications] == sorted(SOURCES)
    assert 14 <= len(SOURCES) <= 24


def test_every_kind_of_file_is_there_and_all_are_small() -> None:
    """The collection shows each format that can be read and weighs less than three megabytes."""
    files = [file_of(document_id) for document_id in SOURCES]
    assert {file.suffix for file in files} == {".pdf", ".docx", ".pptx", ".html", ".md", ".txt"}
    assert sum(file.stat().st_size for file in files) < 3_000_000


def test_both_languages_are_served_alike() -> None:
    """Neither language has fewer than nine publications."""
    languages = [source.sidecar["language"] for source in SOURCES.values()]
    assert min(languages.count("cs"), languages.count("en")) >= 9


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_publication_names_its_source(source: Source) -> None:
    """Whoever reads a fact can see which event, organiser and date it comes from."""
    assert names_its_source(source)


def test_a_text_without_a_source_is_noticed() -> None:
    """Negative control: neither a missing section nor one without a date passes."""
    good = SOURCES["vyzvy-integrace-2017"]
    cut = good.text.split("## Zdroj")[0]
    for text in (cut, f"{cut}## Zdroj\n\nZpráva IOM.\n"):
        assert not names_its_source(Source(good.id, "md", "", "utf-8", good.sidecar, text))


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_the_sidecar_is_that_of_the_source(source: Source) -> None:
    """What the author wrote at the head of the source is what the catalogue reads."""
    written = tomllib.loads((PUBLICATIONS / source.id / "document.toml").read_text(encoding="utf-8"))
    assert written == source.sidecar


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_the_file_can_be_made_again_from_its_source(source: Source) -> None:
    """The committed file has the content that the workshop makes today; nobody edited it by hand."""
    if source.form == "pdf":
        pytest.importorskip("weasyprint", reason="the optional dependencies `starter` are not installed")
    from corpus.starter.__main__ import make_file

    made, committed = make_file(source, list(SOURCES.values())), file_of(source.id).read_bytes()
    assert content(source, made) == content(source, committed)


def content(source: Source, file: bytes) -> object:
    """Return what must not differ between two makings: page texts, parts of an office file, or the bytes themselves."""
    if source.form == "pdf":
        return pdf_pages(file)
    if source.form in {"docx", "pptx"}:
        with zipfile.ZipFile(BytesIO(file)) as parts:
            return {name: parts.read(name) for name in parts.namelist()}
    return file


def test_a_changed_source_changes_the_file() -> None:
    """Negative control: the comparison above sees one word."""
    from corpus.starter.__main__ import make_file

    source = SOURCES["mesta-migrace-integrace-2019"]
    other = Source(
        source.id, source.form, "", "utf-8", source.sidecar, source.text.replace("sedm workshopů", "osm workshopů")
    )
    assert content(source, make_file(source, [])) != content(source, make_file(other, []))


def test_the_windows_1250_text_is_what_it_claims_to_be() -> None:
    """Its bytes are no UTF-8, and read as Windows-1250 they are the source's text."""
    file = file_of("cizinci-jako-soucast-spolecnosti").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        file.decode("utf-8")
    assert file.decode("windows-1250") == SOURCES["cizinci-jako-soucast-spolecnosti"].text


def test_the_paper_prints_roman_numbers_before_its_body() -> None:
    """Page labels are i to iv for the front matter, then start again from 1, and stand printed on the pages."""
    file = file_of("guests-from-abroad")
    labels = pypdf.PdfReader(file).page_labels
    assert labels == ["i", "ii", "iii", "iv", "1", "2"]
    for label, text in zip(labels, pdf_pages(file.read_bytes()), strict=True):
        assert label in text.split()


def test_the_report_has_an_outline_contents_and_footnotes() -> None:
    """The long report offers what readers of books expect, and its contents lead to the right pages."""
    file = file_of("setkani-o-integraci-2017-2021")
    reader, pages = pypdf.PdfReader(file), pdf_pages(file.read_bytes())
    chapters = [item for item in reader.outline if not isinstance(item, list)]
    assert len(chapters) == 10
    for chapter in chapters:
        number = reader.get_destination_page_number(chapter)
        assert re.search(rf"{re.escape(chapter.title)}\W+{number + 1}\b", pages[1])
        assert chapter.title in pages[number]
    assert "1. Stránka „Spolupráce s veřejnou správou“" in " ".join(pages[3].split())


def test_a_superseded_publication_points_at_its_successor() -> None:
    """The first rules end on the day before the second begin."""
    first, second = (SOURCES[f"pravidla-startovni-sbirky-{edition}"].sidecar for edition in (1, 2))
    assert first["superseded_by"] == "pravidla-startovni-sbirky-2"
    assert (second["valid_from"] - first["valid_to"]).days == 1


def test_a_source_without_a_head_is_refused(tmp_path: Path) -> None:
    """The workshop says which file it cannot read."""
    (tmp_path / "plain.md").write_text("# Bez hlavičky\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"plain\.md does not begin with a head"):
        read_source(tmp_path / "plain.md")
