"""Publications come in, change and leave, and none is ever lost on the way."""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path

import pytest

from corpus.catalog import read_catalog
from corpus.document import Metadata
from corpus.errors import CorpusError, PublicationExists, UnknownPublication
from corpus.shelf import add_publication, bring_back, change_metadata, remove_publication, removed_publications


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file that is about to be added."""
    file = tmp_path / "Zpráva o integraci.txt"
    file.write_text("Obsah.", encoding="utf-8")
    return file


def test_an_added_file_is_copied_and_described(tmp_path: Path, source: Path) -> None:
    """The catalog then holds it, and the original stays where it was."""
    added = add_publication(tmp_path / "corpus", source, Metadata(publisher="Město"))
    assert added.id == "zprava-o-integraci"
    assert (added,) == read_catalog(tmp_path / "corpus").publications
    assert Metadata(title="Zpráva o integraci", publisher="Město") == added.given
    assert source.is_file()


def test_the_title_from_the_name_of_a_file_has_its_accents_on_its_letters(tmp_path: Path) -> None:
    """A Mac keeps the two apart in names of files."""
    file = put(tmp_path, unicodedata.normalize("NFD", "Příručka.txt"))
    added = add_publication(tmp_path / "corpus", file, Metadata())
    assert (added.id, added.given.title) == ("prirucka", "Příručka")


@pytest.mark.parametrize(
    ("name", "metadata"),
    [("README.md", Metadata()), ("readme!.md", None), (".skrytá.txt", Metadata()), ("~$zprava.docx", Metadata())],
)
def test_a_file_that_no_catalog_would_show_is_refused(tmp_path: Path, name: str, metadata: Metadata | None) -> None:
    """It would be copied, said to be added, and never be found; the message says what to do."""
    with pytest.raises(CorpusError, match="another name"):
        add_publication(tmp_path / "corpus", put(tmp_path, name), metadata)
    assert names(tmp_path / "corpus") == []


def test_a_sidecar_is_no_publication_whatever_its_editor_has_named_it(tmp_path: Path) -> None:
    """No catalog would show it, so it is not added."""
    for name in ("document.toml", "document.toml.txt"):
        with pytest.raises(CorpusError, match="can be added"):
            add_publication(tmp_path / "corpus", put(tmp_path, name), Metadata())
    assert names(tmp_path / "corpus") == []


def test_a_misnamed_sidecar_leaves_with_its_publication_and_is_not_taken_for_it(tmp_path: Path) -> None:
    """The removed are listed by their original, whichever name comes first."""
    corpus, removed = tmp_path / "corpus", tmp_path / "removed"
    for name in ("zprava/zprava.txt", "zprava/document.toml.txt"):
        put(corpus, name)
    put(corpus, "zprava/document.toml").write_text('title = "Zpráva"', encoding="utf-8")
    remove_publication(corpus, "zprava", removed)
    (listed,) = removed_publications(removed)
    assert (listed.file_name, listed.title) == ("zprava.txt", "Zpráva")
    assert bring_back(corpus, removed, listed.name).file == corpus / "zprava" / "zprava.txt"


def test_an_id_that_is_taken_is_refused_and_nothing_changes(tmp_path: Path, source: Path) -> None:
    """Replacing is never a side effect; no half-written folder is left either."""
    corpus = tmp_path / "corpus"
    first = add_publication(corpus, source, Metadata())
    with pytest.raises(PublicationExists, match="--replace"):
        add_publication(corpus, source, Metadata(title="Jiná"))
    assert (first,) == read_catalog(corpus).publications
    assert [path.name for path in corpus.iterdir()] == ["zprava-o-integraci"]


def test_a_replaced_publication_is_kept_among_the_removed(tmp_path: Path, source: Path) -> None:
    """The earlier file can be had back."""
    corpus, removed = tmp_path / "corpus", tmp_path / "removed"
    add_publication(corpus, source, Metadata())
    source.write_text("Nový obsah.", encoding="utf-8")
    replaced = add_publication(corpus, source, Metadata(), replace_existing=True, removed=removed)
    assert replaced.file.read_text(encoding="utf-8") == "Nový obsah."
    assert [file.read_text(encoding="utf-8") for file in removed.rglob("*.txt")] == ["Obsah."]


def test_a_removed_publication_moves_out_of_the_corpus(tmp_path: Path, source: Path) -> None:
    """Described or plain, the catalog forgets it and its file is kept."""
    corpus, removed = tmp_path / "corpus", tmp_path / "removed"
    add_publication(corpus, source, Metadata())
    (corpus / "plain.txt").write_text("Prostý.", encoding="utf-8")
    for name in ("zprava-o-integraci", "plain"):
        remove_publication(corpus, name, removed)
    assert read_catalog(corpus).publications == ()
    assert sorted(file.read_text(encoding="utf-8") for file in removed.rglob("*.txt")) == ["Obsah.", "Prostý."]


def test_metadata_of_a_plain_file_gives_it_a_sidecar_under_the_same_id(tmp_path: Path) -> None:
    """Staff may describe what was dropped into the folder."""
    corpus = tmp_path / "corpus"
    (corpus / "2019").mkdir(parents=True)
    (corpus / "2019" / "a b.txt").write_text("Text.", encoding="utf-8")
    change_metadata(corpus, "2019-a-b", Metadata(title="Nový název"))
    assert [(p.id, p.given.title) for p in read_catalog(corpus).publications] == [("2019-a-b", "Nový název")]


def test_metadata_of_a_described_publication_is_replaced(tmp_path: Path, source: Path) -> None:
    """The file itself is not touched."""
    corpus = tmp_path / "corpus"
    add_publication(corpus, source, Metadata(title="Starý"))
    change_metadata(corpus, "zprava-o-integraci", Metadata(title="Nový"))
    assert [(p.given.title, p.file.read_text(encoding="utf-8")) for p in read_catalog(corpus).publications] == [
        ("Nový", "Obsah.")
    ]


@pytest.mark.parametrize("identifier", ["../ven", "Velké", "", "a b"])
def test_an_id_that_could_not_stand_in_a_url_is_refused(tmp_path: Path, source: Path, identifier: str) -> None:
    """Nor can an id lead out of the corpus folder."""
    with pytest.raises(CorpusError, match="may hold only"):
        add_publication(tmp_path / "corpus", source, Metadata(), identifier=identifier)


def test_removing_what_is_not_there_names_the_id(tmp_path: Path) -> None:
    """The person is told which id was looked for."""
    with pytest.raises(UnknownPublication, match="'nic'"):
        remove_publication(tmp_path, "nic", tmp_path / "removed")


def test_a_file_that_nobody_describes_stands_by_itself_under_its_id(tmp_path: Path) -> None:
    """A build then infers its title, which a sidecar with the name of the file would forbid."""
    folder, file = tmp_path / "corpus", tmp_path / "x.txt"
    file.write_text("Zpráva", encoding="utf-8")
    added = add_publication(folder, file, None, identifier="zprava-2019")
    catalog = read_catalog(folder)
    assert added.file == folder / "zprava-2019.txt"
    assert [(each.id, each.given) for each in catalog.publications] == [("zprava-2019", Metadata())]
    assert [path.name for path in folder.iterdir()] == ["zprava-2019.txt"]


def test_a_described_publication_can_be_replaced_by_one_that_nobody_describes(tmp_path: Path) -> None:
    """The old one is moved away whole."""
    folder, file = tmp_path / "corpus", tmp_path / "x.txt"
    file.write_text("Zpráva", encoding="utf-8")
    add_publication(folder, file, Metadata(title="Stará"), identifier="zprava")
    add_publication(folder, file, None, identifier="zprava", replace_existing=True, removed=tmp_path / "removed")
    assert [each.given for each in read_catalog(folder).publications] == [Metadata()]
    assert len(list((tmp_path / "removed").glob("zprava-*/document.toml"))) == 1


def test_what_was_removed_comes_back_under_its_id(tmp_path: Path, source: Path) -> None:
    """Described or plain, with its description and every byte; it is then no longer among the removed."""
    corpus, removed = tmp_path / "corpus", tmp_path / "removed"
    add_publication(corpus, source, Metadata(title="Zpráva", year=2019))
    (corpus / "plain.txt").write_text("Prostý.", encoding="utf-8")
    before = read_catalog(corpus).publications
    for publication in before:
        remove_publication(corpus, publication.id, removed)
    listed = removed_publications(removed)
    assert [(one.id, one.title) for one in listed] == [("zprava-o-integraci", "Zpráva"), ("plain", None)]
    for one in listed:
        assert bring_back(corpus, removed, one.name).id == one.id
    assert read_catalog(corpus).publications == before
    assert removed_publications(removed) == []


def test_what_comes_back_takes_nobodys_place(tmp_path: Path, source: Path) -> None:
    """An id that is taken again, and a name that is none, are refused; nothing changes."""
    corpus, removed = tmp_path / "corpus", tmp_path / "removed"
    add_publication(corpus, source, Metadata())
    add_publication(corpus, source, Metadata(), replace_existing=True, removed=removed)
    (earlier,) = removed_publications(removed)
    with pytest.raises(PublicationExists):
        bring_back(corpus, removed, earlier.name)
    for name in ("nowhere", "../corpus/zprava-o-integraci", ".."):
        with pytest.raises(UnknownPublication):
            bring_back(corpus, removed, name)
    assert removed_publications(removed) == [earlier]
    assert [path.name for path in corpus.iterdir()] == ["zprava-o-integraci"]


def test_what_comes_back_while_the_removed_are_listed_is_passed_over(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service lists them while the worker brings one back."""
    add_publication(tmp_path / "corpus", source, None)
    (publication,) = read_catalog(tmp_path / "corpus").publications
    home = remove_publication(tmp_path / "corpus", publication.id, tmp_path / "removed")
    is_dir = Path.is_dir

    def leaving(path: Path) -> bool:
        was_there = is_dir(path)
        if path == home:
            shutil.rmtree(path)
        return was_there

    monkeypatch.setattr(Path, "is_dir", leaving)
    assert removed_publications(tmp_path / "removed") == []


def test_strangers_among_the_removed_are_passed_over(tmp_path: Path) -> None:
    """A folder that somebody put there, or a description that is broken, breaks no list."""
    for name in ("notes", "zprava-20261121T000000000000Z", "-20261121T000000000000Z"):
        (tmp_path / name).mkdir()
    (tmp_path / "zprava-20261121T000000000000Z" / "document.toml").write_text("no = toml = at all")
    assert removed_publications(tmp_path) == []
    assert removed_publications(tmp_path / "nowhere") == []


def put(folder: Path, path: str, content: str = "Text.") -> Path:
    """Write a file below `folder` and return it."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return file


def names(folder: Path) -> list[str]:
    """Return the paths of all files below `folder`."""
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize("described", [True, False])
def test_an_addition_overwrites_no_file_and_leaves_nothing_half_done(tmp_path: Path, described: bool) -> None:
    """Two files of one name have longer ids, so their short one is free; what stands at its place is kept."""
    corpus = tmp_path / "corpus"
    for name in ("zprava.txt", "zprava.md", "nova/a.txt", "nova/b.txt"):
        put(corpus, name)
    before = names(corpus)
    file = put(tmp_path, "nova.txt" if described else "zprava.txt", "Jiný.")
    with pytest.raises(CorpusError, match="other"):
        add_publication(corpus, file, Metadata() if described else None)
    assert names(corpus) == before


def test_a_removed_publication_takes_no_other_along(tmp_path: Path) -> None:
    """Its folder may hold further publications, below it or beside a description that speaks of none of them."""
    corpus, removed = tmp_path / "corpus", tmp_path / "removed"
    for name in ("one/a.txt", "one/document.toml", "one/below/b.txt", "two/a.txt", "two/b.txt", "two/document.toml"):
        put(corpus, name, 'title = "T"')
    for identifier in ("one", "two-a"):
        home = remove_publication(corpus, identifier, removed)
        assert home.parent == removed
    assert names(corpus) == ["one/below/b.txt", "two/b.txt", "two/document.toml"]
    assert [(one.id, one.title) for one in removed_publications(removed)] == [("two-a", None), ("one", "T")]


def test_a_publication_with_others_below_it_is_replaced_by_nobody(tmp_path: Path) -> None:
    """What is below it would have no place; the refusal comes before anything moves."""
    corpus, removed = tmp_path / "corpus", tmp_path / "removed"
    for name in ("one/a.txt", "one/document.toml", "one/below/b.txt"):
        put(corpus, name, 'title = "T"')
    before = names(corpus)
    with pytest.raises(CorpusError, match="other"):
        add_publication(corpus, put(tmp_path, "one.txt"), Metadata(title="N"), replace_existing=True, removed=removed)
    assert names(corpus) == before


def test_a_description_reaches_its_publication_or_is_refused(tmp_path: Path) -> None:
    """Beside a description of nobody it gets its own folder; where that would stand, no other file may."""
    corpus = tmp_path / "corpus"
    for name in ("two/a.txt", "two/b.txt", "two/document.toml", "zprava.txt", "zprava/c.txt", "zprava/d.txt"):
        put(corpus, name, 'title = "T"')
    change_metadata(corpus, "two-a", Metadata(title="Nový"))
    before = names(corpus)
    with pytest.raises(CorpusError, match="other"):
        change_metadata(corpus, "zprava", Metadata(title="Nový"))
    assert names(corpus) == before
    assert {p.id: p.given.title for p in read_catalog(corpus).publications}["two-a"] == "Nový"


def test_what_comes_back_overwrites_no_file(tmp_path: Path) -> None:
    """Its id may be free and its place taken."""
    corpus, removed = tmp_path / "corpus", tmp_path / "removed"
    put(corpus, "zprava.txt", "Stará.")
    remove_publication(corpus, "zprava", removed)
    for name in ("zprava.txt", "zprava.md"):
        put(corpus, name, "Nová.")
    (earlier,) = removed_publications(removed)
    with pytest.raises(CorpusError, match="other"):
        bring_back(corpus, removed, earlier.name)
    assert (corpus / "zprava.txt").read_text(encoding="utf-8") == "Nová."
    assert removed_publications(removed) == [earlier]


def test_what_no_folder_can_be_named_by_is_refused_before_anything_moves(tmp_path: Path) -> None:
    """The folders of a publication are part of its id, so it may be longer than the name of a file."""
    corpus = tmp_path / "corpus"
    put(corpus, f"{'dlouhá složka ' * 9}/{'dlouhé jméno ' * 15}.txt")
    (publication,) = read_catalog(corpus).publications
    with pytest.raises(CorpusError, match="shorter name"):
        remove_publication(corpus, publication.id, tmp_path / "removed")
    with pytest.raises(CorpusError, match="shorter name"):
        change_metadata(corpus, publication.id, Metadata(title="Nový"))
    assert (publication,) == read_catalog(corpus).publications
